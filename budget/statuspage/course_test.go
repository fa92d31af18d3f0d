package statuspage_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// step opens the books of a step of a journey.
func step(t *testing.T, service, window string) (*status.Books, *sli.Recorder) {
	t.Helper()
	o := slo.Objective{
		Indicator: sli.Indicator{
			Service: service, Name: "availability", Journey: "browse", Kind: sli.KindAvailability, Good: sli.Condition{Status: []string{"2xx"}},
		},
		Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow(window),
	}
	recorder, err := sli.NewRecorder(o.Indicator)
	if err != nil {
		t.Fatal(err)
	}
	books, err := status.Open(recorder, []slo.Objective{o}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return books, recorder
}

// Sources that are joined count in cells that begin at other times, even if two
// kits start together.
func TestJourneyOfJoinedSources(t *testing.T) {
	for name, test := range map[string]struct {
		apart  time.Duration
		window string // of the second source
	}{
		"microseconds": {7 * time.Microsecond, "1d"}, "half a cell": {time.Minute, "1d"}, "odd": {37*time.Minute + 11*time.Second, "1d"},
		"another window": {7 * time.Microsecond, "7d"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer := func(r *sli.Recorder, code int, n uint64) { r.RecordN(sli.Event{Operation: "GET /", Status: code}, n) }
				shop, first := step(t, "shop", "1d")
				defer shop.Close()
				time.Sleep(test.apart)
				users, second := step(t, "users", test.window)
				defer users.Close()
				for range 5 {
					answer(first, 200, 100)
					answer(second, 200, 98)
					answer(second, 500, 2)
					time.Sleep(time.Hour)
				}
				page := open(t, statuspage.Join(shop, users), statuspage.Options{})
				text := get(t, page, "/journey/browse").Body.String()
				if !strings.Contains(words(text), "It went from 1.0 % to 1.0 %, and was at most ") || !strings.Contains(text, `<path class="curve"`) {
					t.Fatalf("no chart in\n%s", words(text))
				}
				if !regexp.MustCompile(`Data of this chart Events of all steps.* Until Valid Good Bad Share of bad .* 400 396 4 1\.0 % .*Sat 1 Jan 0[56]:\d\d UTC 1,000 990 10 1\.0 %`).MatchString(words(text)) {
					t.Errorf("no table in\n%s", words(text))
				}
			})
		})
	}
}

// Where a history has no point, the course has a gap instead of a line.
func TestJourneyCourseWithAGap(t *testing.T) {
	r := status.Reading{At: now}
	for _, name := range []string{"home", "search"} {
		p := promise{service: "shop", name: name, target: "99%", journey: "browse", valid: 100_000, bad: 300}
		o := p.state(r.Policy)
		for i := range 20 {
			if name == "home" && i >= 8 && i < 12 {
				continue
			}
			o.History = append(o.History, status.Point{At: now.Add(time.Duration(i-20) * day), Budget: budgetOf(o.Objective, events(100_000, uint64(i)))})
		}
		r.Objectives = append(r.Objectives, o)
	}
	text := get(t, open(t, source(r), statuspage.Options{}), "/journey/browse").Body.String()
	path := regexp.MustCompile(`<path class="curve" d="([^"]*)"`).FindStringSubmatch(text)
	if path == nil || strings.Count(path[1], "M") != 2 {
		t.Errorf("got path %q, want two parts", path)
	}
}
