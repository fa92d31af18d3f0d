package slo

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/bits"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
)

// Slices says how an objective judges its window by slices of time instead of
// by events, so that an hour at night counts as much as an hour at noon. It
// has OpenSLO's budgeting methods:
//
//   - Occurrences, the zero Slices: the SLI is the share of good events.
//   - Timeslices, with Length and Bound: a slice is good if the share of its
//     good events reaches Bound, and the SLI is the share of good slices.
//   - RatioTimeslices, with Length alone: the SLI is the mean of the slices'
//     shares of good events.
//
// A slice without valid events does not count.
type Slices struct {
	// Length is the length of a slice, in whole seconds, from one second to a
	// day; one minute is common. Zero means that events are judged one by one.
	Length time.Duration
	// Bound is the share of a slice's events that must be good for the slice to
	// be good. Zero means that each slice counts with its share.
	Bound Share
}

// Validate reports every mistake in the slices at once, as joined
// [*sli.FieldError] values.
func (s Slices) Validate() error {
	var errs sli.FieldErrors
	switch {
	case s.Length == 0 && s.Bound != (Share{}):
		errs.Addf("Length", `required with a bound of %v, such as "1m"`, s.Bound)
	case s.Length < 0:
		errs.Addf("Length", "invalid length %v: want zero or more", durationText(s.Length))
	case s.Length > day:
		errs.Addf("Length", "invalid length %v: want at most a day", durationText(s.Length))
	case s.Length%time.Second != 0:
		errs.Addf("Length", "invalid length %v: %w", durationText(s.Length), errWholeSeconds)
	}
	return errs.Err()
}

// String returns the method on one line: "events", "slices of 1m" or
// "slices of 1m, good from 95%".
func (s Slices) String() string {
	if s == (Slices{}) {
		return "events"
	}
	if s.Bound == (Share{}) {
		return fmt.Sprintf("slices of %v", durationText(s.Length))
	}
	return fmt.Sprintf("slices of %v, good from %v", durationText(s.Length), s.Bound)
}

// slicesJSON is the JSON form of Slices.
type slicesJSON struct {
	Length strictjson.Duration `json:"length,omitempty"`
	Bound  Share               `json:"bound,omitzero"`
}

// MarshalJSON returns an object with the fields that are not zero.
func (s Slices) MarshalJSON() ([]byte, error) {
	return json.Marshal(slicesJSON{strictjson.Duration(s.Length), s.Bound})
}

// UnmarshalJSON reads the form that MarshalJSON writes, and refuses unknown
// fields.
func (s *Slices) UnmarshalJSON(text []byte) error {
	wire := slicesJSON{strictjson.Duration(s.Length), s.Bound}
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return err
	}
	*s = Slices{time.Duration(wire.Length), wire.Bound}
	return nil
}

// Count returns the counts of a window, given the counts of its slices of time,
// which all have the same length:
//
//   - For Occurrences it returns the sum of the counts.
//   - For Timeslices, Valid is the number of slices, and Good the number that
//     reach the bound.
//   - For RatioTimeslices, Valid is a billion parts for each slice, and Good
//     its share of good events in these parts, rounded down.
//
// A slice without valid events does not count. The mean in RatioTimeslices is
// therefore less than one part per billion too low, and it is exactly 1 only
// if no event was bad.
//
// Source: OpenSLO v1, "SLO", budgetingMethod.
func (s Slices) Count(slices iter.Seq[sli.Counts]) sli.Counts {
	var sum sli.Counts
	for slice := range slices {
		if slice.Valid > 0 {
			sum = sum.Add(s.count(slice))
		}
	}
	return sum
}

// count returns the counts of one slice with valid events.
func (s Slices) count(slice sli.Counts) sli.Counts {
	if s.Length == 0 {
		return slice
	}
	good, goodLow := bits.Mul64(slice.Valid-slice.Bad(), billion)
	if s.Bound == (Share{}) {
		parts, _ := bits.Div64(good, goodLow, slice.Valid)
		return sli.Counts{Good: parts, Valid: billion}
	}
	want, wantLow := bits.Mul64(slice.Valid, uint64(s.Bound.PartsPerBillion()))
	if good > want || good == want && goodLow >= wantLow {
		return sli.Counts{Good: 1, Valid: 1}
	}
	return sli.Counts{Valid: 1}
}
