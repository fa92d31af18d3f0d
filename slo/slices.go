package slo

import (
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Slices is how an objective judges its window by slices of time instead of by events, so that an
// hour counts the same at night as at noon. These are OpenSLO's budgeting methods:
//
//   - Occurrences, the zero Slices: the SLI is the share of good events.
//   - Timeslices, with Length and Bound: a slice is good if the share of its good events reaches Bound,
//     and the SLI is the share of good slices.
//   - RatioTimeslices, with Length alone: the SLI is the mean of the slices' shares of good events.
//
// A slice without valid events is no data, and does not count.
type Slices struct {
	// Length is how long a slice is, in whole seconds, from one second to a day; one minute is
	// common. Zero means that events are judged one by one.
	Length time.Duration
	// Bound is the share of its events that must be good for a slice to be good. Zero means that
	// the share itself counts.
	Bound Share
}

// Validate reports every mistake in the slices at once, as joined [*FieldError] values.
func (s Slices) Validate() error {
	var errs sli.FieldErrors
	switch {
	case s.Length == 0 && s.Bound != (Share{}):
		errs.Addf("Length", `is required with a bound of %v, like "1m"`, s.Bound)
	case s.Length < 0:
		errs.Addf("Length", "%v is negative", s.Length)
	case s.Length > day:
		errs.Addf("Length", "%v is longer than a day", s.Length)
	case s.Length%time.Second != 0:
		errs.Addf("Length", "%v is not in whole seconds", s.Length)
	}
	return errs.Err()
}
