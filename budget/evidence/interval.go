package evidence

import (
	"math"
	"strconv"

	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Interval is a confidence interval of an SLI. The zero Interval is empty.
type Interval struct {
	// Low is the lower end, a share of good events from 0 to 1.
	Low float64 `json:"low"`
	// High is the upper end, a share of good events from 0 to 1.
	High float64 `json:"high"`
}

var defaultConfidence = slo.MustParseShare("95%")

// ConfidenceInterval returns the interval in which the SLI lies, given the
// counts of a sample. The confidence is the share of samples whose interval
// contains the SLI; zero means 95 %. It returns false if there is no valid
// event, or if the confidence is 100 %.
//
// It is Wilson's score interval. Unlike the normal approximation, it stays
// within 0 and 1, and is sound for few events and for SLIs near 100 %.
//
// Source: E. B. Wilson, Probable Inference, the Law of Succession, and
// Statistical Inference, Journal of the American Statistical Association 22,
// 1927. The ends are the solutions p of (p' - p)² = z² p (1-p) / n, where p'
// is the share in the sample and n its size.
func ConfidenceInterval(c sli.Counts, confidence slo.Share) (Interval, bool) {
	if c.Valid == 0 || confidence.PartsPerBillion() == 1e9 {
		return Interval{}, false
	}
	if confidence == (slo.Share{}) {
		confidence = defaultConfidence
	}
	good, bad, n := float64(c.Valid-c.Bad()), float64(c.Bad()), float64(c.Valid)
	z := math.Sqrt2 * math.Erfinv(fraction(confidence))
	// The share of bad events is small, and a float64 is finer near 0 than near 1.
	return Interval{Low: 1 - upper(bad, good, n, z), High: 1 - lower(bad, good, n, z)}, true
}

// upper returns the greater solution of Wilson's equation for a share of
// part/n.
func upper(part, rest, n, z float64) float64 {
	if rest == 0 {
		return 1 // rounding must not make it less
	}
	spread := z * math.Sqrt(part*(rest/n)+z*z/4)
	return min((part+z*z/2+spread)/(n+z*z), 1)
}

// lower returns the lesser solution: the product of both solutions divided by
// the greater one. Subtracting nearly equal numbers would leave rounding
// noise if no event was bad.
func lower(part, rest, n, z float64) float64 {
	if part == 0 {
		return 0
	}
	return part / n * part / (n + z*z) / upper(part, rest, n, z)
}

// Compare returns +1 if the whole interval reaches the target, -1 if the whole
// interval misses it, and 0 if the sample is too small to tell.
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

// String returns the interval in percent, rounded to four decimal places:
// "59.585% to 98.2124%".
func (i Interval) String() string { return percent(i.Low) + " to " + percent(i.High) }

func percent(share float64) string {
	return decimal.Trim(strconv.FormatFloat(100*share, 'f', 4, 64)) + "%"
}

// UnmarshalJSON reads an interval and refuses unknown fields.
func (i *Interval) UnmarshalJSON(text []byte) error {
	type plain Interval
	return strictjson.Unmarshal(text, (*plain)(i))
}
