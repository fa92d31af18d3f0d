package planning

import (
	"math/bits"

	"github.com/sligo-go/sligo/slo"
)

// Commitment returns how much of a forecast demand to commit to at a cloud
// provider, in the forecast's unit and rounded down. A zero share means
// 80 %. The demand above the commitment is bought on demand, so a forecast
// that is up to a fifth too high costs nothing.
//
// Source: at a discount of d, a committed unit is cheaper than a unit on
// demand if it is used for more than 1-d of the time, so the commitment
// covers the demand that is nearly always there. 80 % of the forecast is
// the usual rule.
func Commitment(forecast uint64, share slo.Share) uint64 {
	if share == (slo.Share{}) {
		share = defaultCommitment
	}
	hi, lo := bits.Mul64(forecast, uint64(share.PartsPerBillion()))
	units, _ := bits.Div64(hi, lo, 1e9) // fits, since the share is at most 1
	return units
}

var defaultCommitment = slo.MustParseShare("80%")
