package evidence

import (
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Comparison is the result of [Canary.Compare].
type Comparison struct {
	// Canary holds the counts of the canary.
	Canary sli.Counts `json:"canary"`
	// Baseline holds the counts of the baseline.
	Baseline sli.Counts `json:"baseline"`
	// HasData reports whether both sides had valid events.
	HasData bool `json:"has_data"`
	// PValue is the probability, from 0 to 1, that a canary exactly as good as its
	// baseline would have this many of their bad events or more. It is 0 without
	// data.
	//
	// It is Fisher's one-sided exact test: it adds up the hypergeometric
	// distribution if the standard deviation of the canary's bad events is at most
	// 10,000, however large the counts are. Above, it uses the normal
	// approximation with continuity correction, whose relative error is less than
	// a hundredth for a p-value of 1e-12 or more.
	//
	// Source: R. A. Fisher, The Logic of Inductive Inference, Journal of the Royal
	// Statistical Society 98, 1935.
	PValue float64 `json:"p_value"`
	// Significance is the limit: the canary is worse if PValue is below it.
	Significance slo.Share `json:"significance"`
	// Worse reports whether the canary is worse than its baseline. A canary that
	// is not called worse may still be worse: see [Canary.Traffic].
	Worse bool `json:"worse"`
}

// String returns the result and its figures: "the canary, 190/200 (95.00%), is
// worse than the baseline, 1980/2000 (99.00%): p = 0.00018, below 5%".
func (c Comparison) String() string {
	verdict, side := "is not shown to be worse than", "not below"
	switch {
	case !c.HasData:
		return fmt.Sprintf("no data to compare the canary, %v, with the baseline, %v", c.Canary, c.Baseline)
	case c.Worse:
		verdict, side = "is worse than", "below"
	}
	return fmt.Sprintf("the canary, %v, %s the baseline, %v: p = %.2g, %s %v",
		c.Canary, verdict, c.Baseline, c.PValue, side, c.Significance)
}

// UnmarshalJSON reads a comparison and refuses unknown fields.
func (c *Comparison) UnmarshalJSON(text []byte) error {
	type plain Comparison
	return strictjson.Unmarshal(text, (*plain)(c))
}
