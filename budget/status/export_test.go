package status

import (
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Passage is the time between two readings. The clock that tells Now may have
// been set since From.
type Passage struct {
	Events    sli.Counts
	From, Now time.Time
	Elapsed   time.Duration
}

// PeriodsAfter returns the past periods of an objective after passages.
func PeriodsAfter(o slo.Objective, now time.Time, passages ...Passage) []Period {
	a := newAccount(o, now)
	for _, p := range passages {
		a.pass(p.Events, p.From, p.Now, p.Elapsed)
	}
	return a.pastPeriods(now)
}
