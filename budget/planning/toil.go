package planning

import (
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/slo"
)

// Toil returns the share of a team's time that toil took, and reports whether
// it is within the limit. Toil is manual, repetitive work that could be
// automated and grows with the service. Teams keep it below 30 to 50 % of
// their time; a zero limit means 50 %. A negative time counts as 0. Without
// any time, the share is 0.
//
// Source: Site Reliability Engineering, chapter 5, "Eliminating Toil", which
// caps toil at 50 % of each engineer's time and reports 33 % on average.
func Toil(spent, all time.Duration, limit slo.Share) (share budget.Ratio, within bool) {
	if limit == (slo.Share{}) {
		limit = defaultToil
	}
	share = budget.RatioOf(uint64(max(spent, 0)), uint64(max(all, 0)))
	return share, share.Compare(budget.RatioOf(uint64(limit.PartsPerBillion()), 1e9)) <= 0
}

var defaultToil = slo.MustParseShare("50%")
