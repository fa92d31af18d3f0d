package statuspage_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// months returns a reading of a promise of 99 % a month in Seoul, with the
// counts and the known share in percent of the months before.
func months(window string, counts []sli.Counts, known ...time.Duration) status.Reading {
	p := shopPromises[0]
	p.target = "99%"
	o := p.state(budget.Policy{})
	o.Objective.Window = slo.MustParseWindow(window)
	o.Budget = budgetOf(o.Objective, o.Budget.Counts())
	at, _ := o.Objective.Window.Bounds(now)
	for i, c := range counts {
		start, end := o.Objective.Window.Bounds(at.Add(-1))
		coverage := budget.Coverage{Known: end.Sub(start) * known[i] / 100, Of: end.Sub(start)}
		o.Periods = append(o.Periods, status.Period{Start: start, End: end, Budget: budgetOf(o.Objective, c).WithCoverage(coverage)})
		at = start
	}
	return status.Reading{At: now, Objectives: []status.Objective{o}}
}

func TestPeriods(t *testing.T) {
	r := months("month Asia/Seoul", []sli.Counts{events(1_000, 10), events(1_000, 20), {}}, 100, 50, 0)
	page := open(t, source(r), statuspage.Options{})
	lacks(t, page, "/users/availability", "Earlier periods The last periods, each with its own budget Period Valid Good Bad SLI Budget left Known Result "+
		"October 2026 1,000 990 10 99.0 % 0 % 100 % Met September 2026 1,000 980 20 98.0 % 0 % 50.0 % Missed, as far as known "+
		"August 2026 – not known – not known – not known – not known – not known 0 % Not known")
	lacks(t, page, "/users/availability?lang=ko", "이전 기간", "2026년 10월 1,000 990 10 99.0% 0% 100% 달성", "2026년 8월", "알 수 없음")

	var doc struct {
		Periods []struct {
			Start, End time.Time
			Good       uint64
			SLI        *string
			LeftRatio  *string `json:"left_ratio"`
			KnownRatio string  `json:"known_ratio"`
			Met        *bool
		}
	}
	if err := json.Unmarshal(get(t, page, "/users/availability.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	p := doc.Periods
	if len(p) != 3 || p[0].Good != 990 || *p[0].SLI != "0.99" || *p[0].LeftRatio != "0" || !*p[0].Met || *p[1].Met || p[1].KnownRatio != "0.5" || p[2].Met != nil || p[2].SLI != nil {
		t.Errorf("got %+v", p)
	}
	if want := time.Date(2026, 9, 30, 15, 0, 0, 0, time.UTC); !p[0].Start.Equal(want) {
		t.Errorf("October begins at %v, want %v", p[0].Start, want)
	}
}

func TestPeriodNames(t *testing.T) {
	tests := []struct {
		window string
		counts []sli.Counts
		known  []time.Duration
		want   string
	}{
		{"quarter", []sli.Counts{events(100, 0), events(100, 2)}, []time.Duration{100, 100}, "Q3 2026 100 100 0 100 % 100 % 100 % Met Q2 2026 100 98 2 98.0 % −100.0 % 100 % Missed"},
		{"year", []sli.Counts{events(100, 0), {}}, []time.Duration{10, 100}, "2025 100 100 0 100 % 100 % 10.0 % Known too little 2024 0 0 0 – not known – not known 100 % No events"},
	}
	for _, test := range tests {
		page := open(t, source(months(test.window, test.counts, test.known...)), statuspage.Options{})
		lacks(t, page, "/users/availability", test.want)
	}
	if text := words(get(t, open(t, source(shop()), statuspage.Options{}), "/users/availability").Body.String()); strings.Contains(text, "Earlier periods") {
		t.Error("a rolling window has periods")
	}
	page := open(t, source(months("month", nil)), statuspage.Options{})
	lacks(t, page, "/users/availability", "Earlier periods The source does not know earlier periods.")
	if diff := cmp.Diff(true, strings.Contains(get(t, page, "/users/availability.json").Body.String(), `"periods":[]`)); diff != "" {
		t.Error("the JSON lacks the empty list of periods")
	}
}
