package budget

import (
	"iter"
	"math/bits"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// CountSlices returns the counts for a [Budget], given the counts of the
// window's slices of time. All slices have the same length. The method of
// counting is OpenSLO's budgetingMethod:
//
//   - Without a Length it is Occurrences: the sum of the counts.
//   - With a Bound it is Timeslices: Valid is the number of slices, and Good
//     the number that reach the bound.
//   - Otherwise it is RatioTimeslices: Valid is a billion parts for each
//     slice, and Good its share of good events in these parts, rounded down.
//
// A slice without valid events does not count. The mean in RatioTimeslices is
// therefore less than one part per billion too low, and it is exactly 1 only
// if no event was bad.
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

// countSlice returns the counts for one slice with valid events.
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

// partsPerBillion returns part/whole rounded down. The part must not exceed the
// whole.
func partsPerBillion(part, whole uint64) uint64 {
	hi, lo := bits.Mul64(part, billion)
	parts, _ := bits.Div64(hi, lo, whole)
	return parts
}
