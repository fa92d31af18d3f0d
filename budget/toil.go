package budget

import (
	"time"

	"github.com/sligo-go/sligo/slo"
)

// Toil returns the share of a team's time that toil took, and whether that is within the limit. Toil
// is the work that is manual, repetitive, could be automated, and grows with the service. Teams keep
// it to 30 to 50 % of their time; a zero limit means 50 %. A negative time counts as 0, and none of
// no time is within.
//
// Source: Site Reliability Engineering, chapter 5, "Eliminating Toil", which caps it at 50 % of each
// engineer's time and reports 33 % on average.
func Toil(spent, all time.Duration, limit slo.Share) (share Ratio, within bool) {
	if limit == (slo.Share{}) {
		limit = defaultToil
	}
	share = RatioOf(uint64(max(spent, 0)), uint64(max(all, 0)))
	return share, share.Compare(RatioOf(uint64(limit.PartsPerBillion()), 1e9)) <= 0
}

var defaultToil = slo.MustParseShare("50%")
