package forecast

import (
	"fmt"
	"math"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Outlook is an estimate of the budget that will be left if everything
// continues as before. Its fields are shares of the budget: 1 is all of it,
// and a negative share is overspent.
type Outlook struct {
	// Remaining is the expected share.
	Remaining float64 `json:"remaining"`
	// Low is the lower end of the interval that contains the actual share with
	// the course's confidence.
	Low float64 `json:"low"`
	// High is the upper end of that interval.
	High float64 `json:"high"`
}

// String returns the outlook in words: "40% expected to be left, from 12% to
// 68%".
func (o Outlook) String() string {
	// Adding 0 turns -0 into 0.
	percent := func(share float64) float64 { return math.Round(100*share) + 0 }
	return fmt.Sprintf("%v%% expected to be left, from %v%% to %v%%",
		percent(o.Remaining), percent(o.Low), percent(o.High))
}

// UnmarshalJSON reads an outlook and refuses unknown fields.
func (o *Outlook) UnmarshalJSON(text []byte) error {
	type plain Outlook
	return strictjson.Unmarshal(text, (*plain)(o))
}
