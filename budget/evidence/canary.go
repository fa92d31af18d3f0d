package evidence

import (
	"math"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Canary compares a canary release with its baseline, with given risks of a
// wrong result. The zero Canary has the usual risks.
type Canary struct {
	// Significance is the share of good canaries that may be called worse. It is
	// more than 0 and less than 50 %. Zero means 5 %.
	Significance slo.Share `json:"significance,omitzero"`
	// Power is the share of degraded canaries that Compare must detect, with the
	// traffic that [Canary.Traffic] returns. It is at least 50 % and less than
	// 100 %. Zero means 80 %.
	Power slo.Share `json:"power,omitzero"`
}

var (
	defaultSignificance = slo.MustParseShare("5%")
	defaultPower        = slo.MustParseShare("80%")
)

func (c Canary) withDefaults() Canary {
	if c.Significance == (slo.Share{}) {
		c.Significance = defaultSignificance
	}
	if c.Power == (slo.Share{}) {
		c.Power = defaultPower
	}
	return c
}

// Validate reports all values out of range at once, as joined [*sli.FieldError]
// values.
func (c Canary) Validate() error {
	var errs sli.FieldErrors
	c = c.withDefaults()
	if c.Significance.PartsPerBillion() >= 5e8 {
		errs.Addf("Significance", "invalid share %v: want less than 50%%", c.Significance)
	}
	if parts := c.Power.PartsPerBillion(); parts < 5e8 || parts >= 1e9 {
		errs.Addf("Power", "invalid share %v: want at least 50%% and less than 100%%", c.Power)
	}
	return errs.Err()
}

// Compare tests whether the canary is worse than its baseline. Without a valid
// event on either side, HasData is false and the canary is not called worse.
func (c Canary) Compare(canary, baseline sli.Counts) Comparison {
	c = c.withDefaults()
	result := Comparison{Canary: canary, Baseline: baseline, Significance: c.Significance}
	result.PValue, result.HasData = pValue(canary, baseline)
	result.Worse = result.HasData && result.PValue < fraction(c.Significance)
	return result
}

// Traffic returns the number of valid events that the canary and the baseline
// each need, so that Compare detects with the given power that the share of
// bad events rose from normal to degraded. If few bad events decide, the
// result is up to a fifth too large. It returns false unless degraded is more
// than normal.
//
// Source: J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for
// Rates and Proportions, 3rd edition, 2003, chapter 4: the sample size for
// two proportions with continuity correction, which suits the exact test.
func (c Canary) Traffic(normal, degraded slo.Share) (events uint64, ok bool) {
	c = c.withDefaults()
	p, q := fraction(normal), fraction(degraded)
	if q <= p {
		return 0, false
	}
	mean, rise := (p+q)/2, q-p
	root := quantile(1-fraction(c.Significance))*math.Sqrt(2*mean*(1-mean)) +
		quantile(fraction(c.Power))*math.Sqrt(p*(1-p)+q*(1-q))
	n := root * root / (rise * rise)
	n = n / 4 * math.Pow(1+math.Sqrt(1+4/(n*rise)), 2)
	if n >= 1<<63 {
		return math.MaxUint64, true
	}
	return uint64(math.Ceil(n)), true
}

func fraction(s slo.Share) float64 { return float64(s.PartsPerBillion()) / 1e9 }

// quantile returns the value below which a standard normal variable lies with
// probability p.
func quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// String returns the risks: "significance 5%, power 80%".
func (c Canary) String() string {
	c = c.withDefaults()
	return "significance " + c.Significance.String() + ", power " + c.Power.String()
}

// UnmarshalJSON reads a canary's risks and refuses unknown fields.
func (c *Canary) UnmarshalJSON(text []byte) error {
	type plain Canary
	return strictjson.Unmarshal(text, (*plain)(c))
}
