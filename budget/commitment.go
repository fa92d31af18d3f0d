package budget

import (
	"math/bits"

	"github.com/sligo-go/sligo/slo"
)

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

var defaultCommitment = slo.MustParseShare("80%")
