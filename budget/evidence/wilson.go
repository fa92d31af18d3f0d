package evidence

import (
	"math"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Interval is the range in which an SLI lies with some confidence.
type Interval struct {
	// Low and High are its ends, as shares of good events from 0 to 1.
	Low, High float64
}

var defaultConfidence = slo.MustParseShare("95%")

// Wilson returns the score interval of the SLI that the counts are a sample of. The confidence is the
// share of samples whose interval contains the SLI; zero means 95 %. Unlike the interval of the normal
// approximation, it stays within 0 and 1, and is sound for few events and for none that are bad, as
// with SLIs near 100 %. It returns false when there was no valid event, and for a confidence of 100 %.
//
// Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of
// the American Statistical Association 22, 1927: the p for which (p' - p)² = z² p (1-p) / n, p' being
// the share in the sample and n its size.
func Wilson(c sli.Counts, confidence slo.Share) (Interval, bool) {
	if c.Valid == 0 || confidence.PartsPerBillion() == 1e9 {
		return Interval{}, false
	}
	if confidence == (slo.Share{}) {
		confidence = defaultConfidence
	}
	good, bad, n := float64(c.Valid-c.Bad()), float64(c.Bad()), float64(c.Valid)
	z := math.Sqrt2 * math.Erfinv(float64(confidence.PartsPerBillion())/1e9)
	// Of the bad events, whose share is small: a float64 is finer near 0 than near 1.
	return Interval{Low: 1 - upper(bad, good, n, z), High: 1 - lower(bad, good, n, z)}, true
}

// upper returns the greater p of Wilson's equation for a share of part/n.
func upper(part, rest, n, z float64) float64 {
	if rest == 0 {
		return 1 // not less by rounding
	}
	spread := z * math.Sqrt(part*(rest/n)+z*z/4)
	return min((part+z*z/2+spread)/(n+z*z), 1)
}

// lower returns the lesser p, as the quotient of their product and the greater: the difference of near
// numbers would leave noise where nothing was bad.
func lower(part, rest, n, z float64) float64 {
	if part == 0 {
		return 0
	}
	return part / n * part / (n + z*z) / upper(part, rest, n, z)
}

// Compare says how the interval relates to a target: +1 if all of it reaches the target, -1 if all of it
// misses it, and 0 if the sample does not tell.
func (i Interval) Compare(target slo.Target) int {
	at := float64(target.PartsPerBillion()) / 1e9
	switch {
	case i.Low >= at:
		return +1
	case i.High < at:
		return -1
	}
	return 0
}
