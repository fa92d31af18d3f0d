package plan

import (
	"math/bits"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/slo"
)

// Toil returns the share of a team's time that toil took, and whether that is within the limit. Toil
// is the work that is manual, repetitive, could be automated, and grows with the service. Teams keep
// it to 30 to 50 % of their time; a zero limit means 50 %. A negative time counts as 0, and none of
// no time is within.
//
// Source: Site Reliability Engineering, chapter 5, "Eliminating Toil", which caps it at 50 % of each
// engineer's time and reports 33 % on average.
func Toil(spent, all time.Duration, limit slo.Share) (share budget.Ratio, within bool) {
	if limit == (slo.Share{}) {
		limit = defaultToil
	}
	share = budget.RatioOf(uint64(max(spent, 0)), uint64(max(all, 0)))
	return share, share.Compare(budget.RatioOf(uint64(limit.PartsPerBillion()), 1e9)) <= 0
}

// Commitment returns how much of a forecast demand to commit to at a provider, in the units of the
// forecast and rounded down; a zero share means 80 %. What is above the commitment is bought on
// demand, so that a forecast that is a fifth too high costs nothing.
//
// Source: at a discount of d, a committed unit is cheaper than one on demand if it is used for more
// than 1-d of the time, so one commits to what is used nearly always; 80 % of the forecast is the
// usual rule.
func Commitment(forecast uint64, share slo.Share) uint64 {
	if share == (slo.Share{}) {
		share = defaultCommitment
	}
	hi, lo := bits.Mul64(forecast, uint64(share.PartsPerBillion()))
	units, _ := bits.Div64(hi, lo, 1e9) // fits: the share is at most 1
	return units
}

var (
	defaultToil       = slo.MustParseShare("50%")
	defaultCommitment = slo.MustParseShare("80%")
)
