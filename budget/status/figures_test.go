package status_test

import (
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

var now = time.Date(2026, 11, 11, 0, 0, 0, 0, time.UTC)

// objective returns a state with a budget.
func objective(target, window string, counts sli.Counts, spans ...status.Span) status.Objective {
	o := slo.Objective{Target: slo.MustParseTarget(target), Window: slo.MustParseWindow(window)}
	return status.Objective{Objective: o, Budget: budget.New(o.Target, o.Window, counts), Spans: spans}
}

func TestAllowed(t *testing.T) {
	tests := []struct {
		name      string
		objective status.Objective
		want      uint64
		estimated bool
	}{
		{"rolling", objective("99.95%", "30d", sli.Counts{Good: 1_999_160, Valid: 2_000_000}), 1000, false},
		{"rolling, rounded down", objective("99.9%", "30d", sli.Counts{Good: 411_587, Valid: 412_050}), 412, false},
		{"no bad event", objective("99.9%", "30d", sli.Counts{Good: 4000, Valid: 4000}), 4, false},
		{"ten of thirty days of a month", objective("99.9%", "month", sli.Counts{Good: 9_990, Valid: 10_000}), 30, true},
		{"no data", objective("99.9%", "30d", sli.Counts{}), 0, false},
	}
	for _, test := range tests {
		if got := test.objective.Allowed(now); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
		if got := test.objective.IsEstimated(now); got != test.estimated {
			t.Errorf("%s: estimated %v", test.name, got)
		}
	}
}

// TestOutage takes the example of a service with 3,600 requests an hour, one a
// second: each second of a full outage spends one bad event.
func TestOutage(t *testing.T) {
	hour := status.Span{Length: time.Hour, Known: time.Hour, Counts: sli.Counts{Good: 3600, Valid: 3600}}
	part, quiet := hour, hour
	part.Known, quiet.Counts = time.Minute, sli.Counts{}
	counts := sli.Counts{Good: 1_999_160, Valid: 2_000_000} // 160 of 1,000 left
	sliced := objective("99.95%", "30d", counts, hour)
	sliced.Objective.Slices.Length = time.Minute
	tests := []struct {
		name      string
		objective status.Objective
		want      time.Duration
		ok        bool
	}{
		{"160 events left", objective("99.95%", "30d", counts, hour), 160 * time.Second, true},
		{"spent", objective("99.99%", "30d", counts, hour), 0, true},
		{"an hour known in part", objective("99.95%", "30d", counts, part), 0, false},
		{"no traffic", objective("99.95%", "30d", counts, quiet), 0, false},
		{"no span", objective("99.95%", "30d", counts), 0, false},
		{"no data", objective("99.95%", "30d", sli.Counts{}, hour), 0, false},
		{"slices", sliced, 0, false},
	}
	for _, test := range tests {
		if got, ok := test.objective.Outage(now); got != test.want || ok != test.ok {
			t.Errorf("%s: got %v %v, want %v %v", test.name, got, ok, test.want, test.ok)
		}
	}
}

func TestExhaustedAt(t *testing.T) {
	counts := sli.Counts{Good: 1_999_160, Valid: 2_000_000}
	// At a rate of 2.
	burning := status.Span{Length: time.Hour, Known: time.Hour, Counts: sli.Counts{Good: 999, Valid: 1000}}
	o := objective("99.95%", "30d", counts, burning)
	// 16 % of the budget last 16 % of 30 days at a rate of 1.
	if got, ok := o.ExhaustedAt(now); !ok || !got.Equal(now.Add(30*24*time.Hour*16/100/2)) {
		t.Errorf("got %v %v", got, ok)
	}
	o.Spans[0].Known = time.Minute
	if got, ok := o.ExhaustedAt(now); ok {
		t.Errorf("at an unknown rate: got %v", got)
	}
}
