package statuspage_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// maxWeight is the limit in bytes of the overview of 20 objectives with all its
// assets, without compression.
const maxWeight = 60_000

var assetLinks = regexp.MustCompile(`(?:href|src)="\./([a-z]+-[0-9a-f]{12}\.\w+)"`)

// TestWeight fetches the overview of 20 objectives with all its assets, as a
// browser does at its first visit.
func TestWeight(t *testing.T) {
	for _, lang := range []string{"en", "ko"} {
		page := open(t, source(reading(manyPromises(20))), shopOptions())
		text := get(t, page, "/?lang="+lang).Body.String()
		weight := len(text)
		kinds := map[string]int{}
		for _, m := range assetLinks.FindAllStringSubmatch(text, -1) {
			w := get(t, page, "/"+m[1])
			if w.Code != http.StatusOK {
				t.Errorf("%s: got %d", m[1], w.Code)
			}
			weight += w.Body.Len()
			kinds[m[1][strings.LastIndex(m[1], "."):]]++
		}
		t.Logf("%s: page %d bytes, with assets %d", lang, len(text), weight)
		if weight > maxWeight {
			t.Errorf("%s: %d bytes, want at most %d", lang, weight, maxWeight)
		}
		if kinds[".css"] != 1 || kinds[".js"] != 1 || kinds[".svg"] != 1 {
			t.Errorf("assets %v, want a style sheet, a script and an icon", kinds)
		}
		for _, foreign := range regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//[^"]*"`).FindAllString(text, -1) {
			t.Errorf("the overview loads or links %s", foreign)
		}
		if strings.Contains(text, "style=") || strings.Contains(text, "<style") || regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(text) {
			t.Error("the overview has an inline style or script")
		}
	}
}
