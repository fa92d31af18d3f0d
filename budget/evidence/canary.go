package evidence

import (
	"fmt"
	"math"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Canary is how sure a comparison must be. The zero Test has the usual values.
type Canary struct {
	// Significance is the share of good canaries that may be called worse, more than 0 and less than
	// 50 %. Zero means 5 %.
	Significance slo.Share
	// Power is the share of canaries of a given degradation that must be called worse, for
	// [Canary.Traffic], at least 50 % and less than 100 %. Zero means 80 %.
	Power slo.Share
}

var (
	defaultSignificance = slo.MustParseShare("5%")
	defaultPower        = slo.MustParseShare("80%")
)

func (t Canary) withDefaults() Canary {
	if t.Significance == (slo.Share{}) {
		t.Significance = defaultSignificance
	}
	if t.Power == (slo.Share{}) {
		t.Power = defaultPower
	}
	return t
}

// Validate reports every value out of its range at once, as joined [*sli.FieldError] values.
func (t Canary) Validate() error {
	var errs sli.FieldErrors
	t = t.withDefaults()
	if t.Significance.PartsPerBillion() >= 5e8 {
		errs.Addf("Significance", "%v is not less than 50%%", t.Significance)
	}
	if parts := t.Power.PartsPerBillion(); parts < 5e8 || parts >= 1e9 {
		errs.Addf("Power", "%v is not at least 50%% and less than 100%%", t.Power)
	}
	return errs.Err()
}

// Comparison is what a test makes of a canary and its baseline.
type Comparison struct {
	// Canary and Baseline are the counts compared.
	Canary, Baseline sli.Counts
	// HasData is whether both had valid events.
	HasData bool
	// P is the p-value of [Fisher].
	P float64
	// Significance is what P must be below for the canary to be worse.
	Significance slo.Share
	// Worse is whether the canary is worse than its baseline. If it is not, it need not be as good:
	// see [Canary.Traffic].
	Worse bool
}

// Compare tests whether the canary is worse than its baseline.
func (t Canary) Compare(canary, baseline sli.Counts) Comparison {
	t = t.withDefaults()
	c := Comparison{Canary: canary, Baseline: baseline, Significance: t.Significance}
	c.P, c.HasData = Fisher(canary, baseline)
	c.Worse = c.HasData && c.P < fraction(t.Significance)
	return c
}

// String says what the comparison found: "the canary, 190/200 (95.00%), is worse than the baseline,
// 1980/2000 (99.00%): p = 0.00018, below 5%".
func (c Comparison) String() string {
	verdict, side := "is not shown to be worse than", "not below"
	switch {
	case !c.HasData:
		return fmt.Sprintf("no data to compare the canary, %v, with the baseline, %v", c.Canary, c.Baseline)
	case c.Worse:
		verdict, side = "is worse than", "below"
	}
	return fmt.Sprintf("the canary, %v, %s the baseline, %v: p = %.2g, %s %v", c.Canary, verdict, c.Baseline, c.P, side, c.Significance)
}

// Traffic returns how many valid events the canary needs, and the baseline as many, for Compare to
// find with the test's power that the share of bad events rose from normal to degraded. That is
// enough, and up to a fifth too many where few bad events decide. It returns false unless degraded is
// more than normal.
//
// Source: J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd
// edition, 2003, chapter 4: the sample size for two proportions with continuity correction, which
// suits the exact test.
func (t Canary) Traffic(normal, degraded slo.Share) (events uint64, ok bool) {
	t = t.withDefaults()
	p, q := fraction(normal), fraction(degraded)
	if q <= p {
		return 0, false
	}
	mean, rise := (p+q)/2, q-p
	root := quantile(1-fraction(t.Significance))*math.Sqrt(2*mean*(1-mean)) +
		quantile(fraction(t.Power))*math.Sqrt(p*(1-p)+q*(1-q))
	n := root * root / (rise * rise)
	n = n / 4 * math.Pow(1+math.Sqrt(1+4/(n*rise)), 2)
	if n >= 1<<63 {
		return math.MaxUint64, true
	}
	return uint64(math.Ceil(n)), true
}

func fraction(s slo.Share) float64 { return float64(s.PartsPerBillion()) / 1e9 }

// quantile returns the value that a normal variable is below with probability p.
func quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
