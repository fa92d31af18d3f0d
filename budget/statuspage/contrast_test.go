package statuspage_test

import (
	"maps"
	"math"
	"regexp"
	"strconv"
	"testing"

	"github.com/sligo-go/sligo/budget/statuspage"
)

// luminance returns the relative luminance of a color such as "#0a6b3d".
//
// Source: WCAG 2.2, "relative luminance".
func luminance(t *testing.T, color string) float64 {
	t.Helper()
	if len(color) == 4 {
		color = "#" + color[1:2] + color[1:2] + color[2:3] + color[2:3] + color[3:] + color[3:]
	}
	rgb, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil || len(color) != 7 {
		t.Fatalf("%q is not a color", color)
	}
	linear := func(c uint64) float64 {
		v := float64(c&255) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb>>16) + 0.7152*linear(rgb>>8) + 0.0722*linear(rgb)
}

// TestContrast reads the tokens of the style sheet: text has a contrast of 4.5
// at least, and lines and fills with a meaning 3, in both themes.
func TestContrast(t *testing.T) {
	style := get(t, open(t, source(shop()), statuspage.Options{}), "/"+assetOf(t, "css")).Body.String()
	roots := regexp.MustCompile(`:root\{([^}]*--bg:[^}]*)\}`).FindAllStringSubmatch(style, -1)
	tokens := regexp.MustCompile(`--([\w-]+):(#[0-9a-f]{3,6})\b`)
	if len(roots) < 2 {
		t.Fatalf("%d themes", len(roots))
	}
	colors := map[string]string{}
	for theme, name := range []string{"light", "dark"} {
		colors = maps.Clone(colors) // a theme changes some tokens of the first
		for _, m := range tokens.FindAllStringSubmatch(roots[theme][1], -1) {
			colors[m[1]] = m[2]
		}
		for _, pair := range []struct {
			text, on string
			least    float64
		}{
			{"ink", "bg", 4.5}, {"muted", "bg", 4.5}, {"link", "bg", 4.5}, {"ok", "bg", 4.5}, {"stop-text", "bg", 4.5},
			{"warn", "warn-bg", 4.5}, {"stop", "stop-bg", 4.5}, {"none", "none-bg", 4.5}, {"ink", "ok-bg", 4.5},
			{"line", "bg", 3}, {"bar", "bg", 3}, {"warn-line", "bg", 3}, {"stop-bg", "bg", 3},
		} {
			a, b := luminance(t, colors[pair.text]), luminance(t, colors[pair.on])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < pair.least {
				t.Errorf("%s: %s %s on %s %s has a contrast of %.2f, want %.1f", name, pair.text, colors[pair.text], pair.on, colors[pair.on], ratio, pair.least)
			}
		}
	}
}

// assetOf returns the name of the asset of a kind, as the overview links it.
func assetOf(t *testing.T, ext string) string {
	t.Helper()
	for _, m := range assetLinks.FindAllStringSubmatch(get(t, open(t, source(shop()), statuspage.Options{}), "/").Body.String(), -1) {
		if regexp.MustCompile(`\.` + ext + `$`).MatchString(m[1]) {
			return m[1]
		}
	}
	t.Fatalf("the overview has no asset of the kind %s", ext)
	return ""
}
