package lab

import "time"

// Counts are exact numbers of events.
type Counts struct{ Good, Valid int64 }

// Remaining returns the share of the error budget that is left, for an allowed
// share of bad events. Without traffic it is not known.
func (c Counts) Remaining(allowed float64) (float64, bool) {
	if c.Valid == 0 {
		return 0, false
	}
	return 1 - float64(c.Valid-c.Good)/(float64(c.Valid)*allowed), true
}

// Truth returns the events in a window that ends at t.
func (f *fleet) Truth(t time.Time, window time.Duration) Counts {
	to, from := f.slots(t), f.slots(t.Add(-window))
	return Counts{f.good[to] - f.good[from], f.valid[to] - f.valid[from]}
}

// slots returns how many slots of the run have ended at t.
func (f *fleet) slots(t time.Time) int {
	n := int(t.Sub(f.clock.start) / slot)
	return min(max(n, 0), len(f.good)-1)
}
