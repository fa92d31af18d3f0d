package statuspage_test

import (
	"encoding/json"
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs, run with -update if that is right (-want +got):\n%s", path, diff)
	}
}

var (
	unseen = regexp.MustCompile(`(?s)<(?:svg|head)\b.*?</(?:svg|head)>|<section[^>]* hidden>.*?</section>`)
	inline = regexp.MustCompile(`</?(?:time|bdi|wbr|strong|b|a|code)\b[^>]*>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
	blanks = regexp.MustCompile(`\s+`)
)

// words returns the words of a page as a reader sees them.
func words(page string) string {
	page = inline.ReplaceAllString(unseen.ReplaceAllString(page, " "), "")
	text := html.UnescapeString(tags.ReplaceAllString(page, " "))
	return strings.TrimSpace(blanks.ReplaceAllString(strings.ReplaceAll(text, "\u00a0", " "), " "))
}

// tileOf returns the tile of an objective.
func tileOf(t *testing.T, page, id string) string {
	t.Helper()
	for _, tile := range regexp.MustCompile(`(?s)<article.*?</article>`).FindAllString(page, -1) {
		if strings.Contains(tile, ` id="`+statuspage.ElementID(id)+`"`) {
			return tile
		}
	}
	t.Fatalf("the page has no tile %s", id)
	return ""
}

func TestOverviewWords(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	text := get(t, page, "/").Body.String()
	for _, want := range []string{
		"3 of 8 objectives need attention",
		"orders Stopped until Fri 4 Dec at the earliest",
		"users Reviewed 84.0 % of users/availability is spent",
		"payments Reviewed no data for payments/freshness",
		"Incident open since Wed 25 Nov 13:31 UTC: 5xx after release 2.31.0",
		"Release users 2.31.1, Thu 26 Nov 06:30 UTC to 06:40 UTC",
		"Maintenance payments database, Sun 29 Nov 16:00 UTC to 18:00 UTC: does not spend the budget",
		"counted in the process, since Wed 25 Nov 09:00 UTC",
		"all of it for 7 of 8; no data for 1 of 8",
		"Lost since the start 0 spans, 12 log lines",
		"Thu 26 Nov 05:02 UTC, example.com/", // in print
	} {
		if !strings.Contains(words(text), want) {
			t.Errorf("the page lacks %q in\n%s", want, words(text))
		}
	}
	for _, past := range []string{"2.29.0", "connection pool"} {
		if strings.Contains(text, past) {
			t.Errorf("the page announces %q, which is over", past)
		}
	}
}

func TestTileWords(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	text := get(t, page, "/").Body.String()
	tests := []struct{ id, want string }{
		{"orders/checkout-availability", "Frozen orders/checkout-availability since Wed 25 Nov 22:10 UTC 99.89 % promised 99.9 % over 30 d " +
			"95 % sure: 99.877 to 99.897 −12.4 % of the budget left 463 of 412 bad events spent More : orders/checkout-availability " +
			"Outlook Opens Fri 4 Dec 23:02 UTC if nothing more fails Burn 1 h 0× 6 h 1.2× 3 d 6.1× Releases Stopped, except repairs and security fixes. " +
			"112.4 % is spent; frozen from 100 %, until under 90 %. Alerts Ticket firing (3 d), page quiet"},
		{"users/availability", "Caution users/availability since Wed 25 Nov 13:42 UTC 99.958 % promised 99.95 % over 30 d 95 % sure: 99.955 to 99.961 " +
			"16.0 % of the budget left 840 of 1,000 bad events spent More : users/availability " +
			"Outlook Spent Fri 27 Nov 18:11 UTC, in 1 d 13 h at the last hour’s rate Burn 1 h 3.1× 6 h 1.4× 3 d 1.1× " +
			"Releases Every one reviewed. 84.0 % is spent; caution from 75 %, until under 65 %. Alerts Ticket firing (3 d), page quiet"},
		{"payments/freshness", "No data payments/freshness – No data promised 99 % over 30 d no event counted yet More : payments/freshness " +
			"Data No event counted since Wed 25 Nov 09:00 UTC (20 h 2 min ago) Releases Every one reviewed. No data is not a pass. Alerts Not judged without data"},
		{"users/latency", "Healthy users/latency 96.1 % promised 90 % over 30 d 61.0 % of the budget left 77,967 of 199,916 bad events spent " +
			"More : users/latency Outlook Lasts the window at the last hour’s rate Burn 1 h 0.4× 6 h 0.4× 3 d 0.4× Releases Free. Alerts quiet."},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, words(tileOf(t, text, test.id))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.id, diff)
		}
	}
}

// TestVerdict has a reading for each headline.
func TestVerdict(t *testing.T) {
	healthy := shopPromises[3:]
	tests := []struct {
		name   string
		change func(*status.Reading)
		want   string
		class  string
	}{
		{"several", func(r *status.Reading) { *r = shop() }, "3 of 8 objectives need attention", "frozen"},
		{"one", func(r *status.Reading) { *r = reading(shopPromises[2:]) }, "1 of 6 objectives needs attention", "nodata"},
		{"none", func(*status.Reading) {}, "All 5 objectives are met", "healthy"},
		{"a single objective", func(r *status.Reading) { r.Objectives = r.Objectives[:1] }, "The objective is met", "healthy"},
		{"no objective", func(r *status.Reading) { r.Objectives = nil }, "No objective is defined", "nodata"},
		{"too early", func(r *status.Reading) { r.Objectives[0].State = status.StateTooEarly }, "Too early to tell for 1 of 5 objectives", "early"},
		{"a single objective, too early", func(r *status.Reading) {
			r.Objectives = r.Objectives[:1]
			r.Objectives[0].State = status.StateTooEarly
		}, "Too early to tell Too early 1 May we release?", "early"},
		{"a step that the policy does not have", func(r *status.Reading) { r.Objectives[0].State = "purple" }, "1 of 5 objectives needs attention", "nodata"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := reading(healthy)
			test.change(&r)
			text := get(t, open(t, source(r), statuspage.Options{}), "/").Body.String()
			if !strings.Contains(words(text), test.want) || !strings.Contains(text, `href="./`+test.class+"-") {
				t.Errorf("want %q and the icon %s in\n%s", test.want, test.class, text)
			}
		})
	}
}

// TestTooEarly checks that a window that is barely known promises nothing.
func TestTooEarly(t *testing.T) {
	promises := manyPromises(8)
	promises[3].known = 3 * time.Hour
	r := reading(promises)
	o := &r.Objectives[3]
	if o.Decision.Release != budget.ReleaseReviewed {
		t.Fatalf("the policy decides %v", o.Decision)
	}
	o.State, o.OpensAt = status.StateTooEarly, now.Add(177*time.Hour)
	page := open(t, source(r), statuspage.Options{})
	text := get(t, page, "/").Body.String()
	tile := words(tileOf(t, text, "users/latency"))
	for _, want := range []string{"Too early", "Known for 3 h of 30 d, enough from Thu 3 Dec 14:02 UTC on", "Every one reviewed. Less than 25 % of the window is known.", "of about "} {
		if !strings.Contains(tile, want) {
			t.Errorf("the tile lacks %q: %s", want, tile)
		}
	}
	if strings.Contains(tile, "Free") || strings.Contains(tile, "Healthy") {
		t.Errorf("the tile promises too much: %s", tile)
	}
	if !strings.Contains(words(text), "3 of 8 objectives need attention") || !strings.Contains(words(text), "Too early to tell") {
		t.Errorf("the verdict counts it: %s", words(text))
	}
}

// TestPolicyOfItsOwn checks that steps show by their releases, under their own
// names and limits.
func TestPolicyOfItsOwn(t *testing.T) {
	var policy budget.Policy
	if err := json.Unmarshal([]byte(`{"steps":[{"name":"green","from":"0%","release":"free"},{"name":"red","from":"50%","until":"40%","release":"frozen"}]}`), &policy); err != nil {
		t.Fatal(err)
	}
	r := status.Reading{At: now, Policy: policy}
	for _, p := range shopPromises[:4] {
		r.Objectives = append(r.Objectives, p.state(policy))
	}
	text := get(t, open(t, source(r), statuspage.Options{}), "/").Body.String()
	tile := tileOf(t, text, "users/availability")
	if !strings.Contains(tile, `class="tile frozen"`) || !strings.Contains(words(tile), "84.0 % is spent; red from 50 %, until under 40 %.") {
		t.Errorf("got %s", words(tile))
	}
	if tile := tileOf(t, text, "users/latency"); !strings.Contains(tile, `class="tile healthy"`) || !strings.Contains(words(tile), "green") {
		t.Errorf("got %s", words(tile))
	}
}

func TestBy(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	headings := regexp.MustCompile(`<section class="group"[^>]*?( hidden)?><div class="cols"><h2[^>]*>([^<]*)`)
	tests := []struct {
		path string
		want []string
	}{
		{"/", []string{"Needs attention", "Healthy"}},
		{"/?by=nonsense", []string{"Needs attention", "Healthy"}},
		{"/?by=service", []string{"orders", "payments", "users"}},
		{"/?by=journey", []string{"browse", "Without a journey"}},
		{"/?by=service&q=USERS", []string{"users"}},
		{"/?q=latency", []string{"Healthy"}},
		{"/?q=nothing", nil},
	}
	for _, test := range tests {
		var got []string
		for _, m := range headings.FindAllStringSubmatch(get(t, page, test.path).Body.String(), -1) {
			if m[1] == "" {
				got = append(got, m[2])
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.path, diff)
		}
	}
	if text := words(get(t, page, "/?q=latency").Body.String()); !strings.Contains(text, "3 of 8 objectives match “latency”.") {
		t.Errorf("got %s", text)
	}
}

func TestOverviewJSON(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{Ledger: shopLedger})
	var indented strings.Builder
	var doc any
	if err := json.Unmarshal(get(t, page, "/overview.json?lang=ko").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	encoder := json.NewEncoder(&indented)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(doc); err != nil {
		t.Fatal(err)
	}
	golden(t, "overview.json", indented.String())
}

// TestSameDigits compares the page, the JSON and the text.
func TestSameDigits(t *testing.T) {
	promises := manyPromises(8)
	// 99.999999 % of a promise of 90 %, and less than one bad event left.
	promises[3].valid, promises[3].bad = 100_000_000, 1
	promises[4].bad = 1204
	promises[5].known = 3 * time.Hour
	page := open(t, source(reading(promises)), statuspage.Options{})
	text, lines := get(t, page, "/").Body.String(), get(t, page, "/overview.txt").Body.String()
	var doc struct {
		Objectives []struct {
			ID, SLI string
			Budget  *struct {
				LeftRatio string `json:"left_ratio"`
			}
			Shown struct {
				SLI, Left, Counts, Text string
				Burn                    map[string]string
			}
		}
	}
	if err := json.Unmarshal(get(t, page, "/overview.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Objectives) != len(promises) {
		t.Fatalf("got %d objectives", len(doc.Objectives))
	}
	for _, o := range doc.Objectives {
		tile := words(tileOf(t, text, o.ID))
		for _, digits := range []string{o.Shown.SLI, o.Shown.Left, o.Shown.Counts, o.Shown.Burn["1h"], o.Shown.Burn["6h"], o.Shown.Burn["3d"]} {
			if !strings.Contains(tile, digits) {
				t.Errorf("%s: the tile lacks %q: %s", o.ID, digits, tile)
			}
		}
		for _, digits := range []string{o.Shown.SLI, o.Shown.Left, o.Shown.Counts} {
			if !strings.Contains(o.Shown.Text, digits) || !strings.Contains(lines, o.Shown.Text+"\n") {
				t.Errorf("%s: the text lacks %q: %s", o.ID, digits, o.Shown.Text)
			}
		}
	}
}

// TestOneOfEach checks the singular of the events that no objective counts.
func TestOneOfEach(t *testing.T) {
	r := shop()
	r.Unmatched, r.Unrouted = 1, 1
	lacks(t, open(t, source(r), statuspage.Options{}), "/", "Not listed 1 event that no objective counts Without a route 1 request")
	r.Unmatched, r.Unrouted = 2, 1001
	lacks(t, open(t, source(r), statuspage.Options{}), "/", "Not listed 2 events that no objective counts Without a route 1,001 requests")
}
