package budget

import (
	"iter"
	"math/bits"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// CountSlices returns the counts to make a [Budget] of, from those of a window's slices of time, all
// of the same length:
//
//   - without slices, OpenSLO's Occurrences, the sum;
//   - with a bound, Timeslices, how many slices there are, and how many reach it;
//   - without, RatioTimeslices, a billion parts for each slice, of which the share of its good events is
//     good, rounded down.
//
// A slice without valid events does not count. The mean of RatioTimeslices so is at most one part per
// billion too low, and is exactly 1 only if there was no bad event.
//
// Source: OpenSLO v1, "SLO", budgetingMethod.
func CountSlices(how slo.Slices, slices iter.Seq[sli.Counts]) sli.Counts {
	var sum sli.Counts
	for slice := range slices {
		if slice.Valid > 0 {
			sum = sum.Add(countSlice(how, slice))
		}
	}
	return sum
}

// countSlice returns what a slice with valid events adds to the counts.
func countSlice(how slo.Slices, slice sli.Counts) sli.Counts {
	good := slice.Valid - slice.Bad()
	switch {
	case how.Length == 0:
		return slice
	case how.Bound == (slo.Share{}):
		return sli.Counts{Good: partsPerBillion(good, slice.Valid), Valid: billion}
	case RatioOf(good, slice.Valid).Compare(ratioOfShare(how.Bound)) >= 0:
		return sli.Counts{Good: 1, Valid: 1}
	}
	return sli.Counts{Valid: 1}
}

// partsPerBillion returns part/whole rounded down, for a part of at most the whole.
func partsPerBillion(part, whole uint64) uint64 {
	hi, lo := bits.Mul64(part, billion)
	parts, _ := bits.Div64(hi, lo, whole)
	return parts
}
