package budget

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Budget is the error budget of an objective, and what the events in its window made of it. It is a
// value; the zero Budget has no target, and so never has data.
type Budget struct {
	target slo.Target
	window slo.Window
	counts sli.Counts
}

// New returns the budget of a target over a window in which the counts are those of all events: of the
// last 30 days, or of the month so far.
func New(target slo.Target, window slo.Window, counts sli.Counts) Budget {
	return Budget{target: target, window: window, counts: counts}
}

// Target returns the target that leaves the budget.
func (b Budget) Target() slo.Target { return b.target }

// Window returns the window that the budget is for.
func (b Budget) Window() slo.Window { return b.window }

// Counts returns the events in the window.
func (b Budget) Counts() sli.Counts { return b.counts }

// HasData reports whether there is anything to judge: a target, and at least one valid event.
func (b Budget) HasData() bool { return b.target.IsValid() && b.counts.Valid > 0 }

// Allowed returns how many of the window's valid events may be bad with the target still reached:
// the error budget times their number, rounded down, since there is no part of an event.
func (b Budget) Allowed() uint64 {
	hi, lo := bits.Mul64(b.counts.Valid, uint64(b.target.BudgetPartsPerBillion()))
	allowed, _ := bits.Div64(hi, lo, billion)
	return allowed
}

// Left returns how many more events may be bad, Allowed less the bad ones; it is less than 0 when
// overspent. It stops at the ends of an int64.
func (b Budget) Left() int64 {
	allowed, bad := b.Allowed(), b.counts.Bad()
	if allowed >= bad {
		return int64(min(allowed-bad, math.MaxInt64))
	}
	if over := bad - allowed; over <= math.MaxInt64 {
		return -int64(over)
	}
	return math.MinInt64
}

// Spent returns the share of the budget that is spent: the bad events over the allowed ones, before
// these are rounded. It is 1 when the target is just reached and more when it is missed. It returns
// false when there is no data, which is neither a full budget nor an empty one.
func (b Budget) Spent() (Ratio, bool) { return BurnRate(b.target, b.counts) }

// Remaining returns the share of the budget that is left, 1 - Spent. It is less than 0 when
// overspent. It returns false when there is no data.
func (b Budget) Remaining() (Ratio, bool) {
	spent, ok := b.Spent()
	if !ok {
		return Ratio{}, false
	}
	return spent.untilOne(), true
}

// BurnRate returns how fast events spend a budget, as a multiple of the rate that spends all of it in
// exactly one window: the share of bad events over the error budget. It is meant for the counts of any
// part of a window. At 14.4, what is for 30 days is gone in 50 hours. It returns false when there is no
// data: no valid event, or no valid target.
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs", section "Alert on Burn Rate".
func BurnRate(target slo.Target, counts sli.Counts) (Ratio, bool) {
	if !target.IsValid() || counts.Valid == 0 {
		return Ratio{}, false
	}
	return Ratio{
		num: product(counts.Bad(), billion),
		den: product(counts.Valid, uint64(target.BudgetPartsPerBillion())),
	}, true
}

// SpentOfWindow returns the share that is spent of the budget which the window will have at its end if
// its traffic goes on as it was: of a calendar window, Spent times the share of the window that has
// passed at now, to the second. Spent alone reads high at the beginning, where one bad event is a
// large share of few. Of a rolling window, which is always whole, it is Spent. It returns false when
// there is no data, or no valid window.
func (b Budget) SpentOfWindow(now time.Time) (Ratio, bool) {
	spent, ok := b.Spent()
	if !ok || !b.window.IsValid() {
		return Ratio{}, false
	}
	passed, length := b.seconds(now)
	return Ratio{num: spent.num.times(passed), den: spent.den.times(length)}, true
}

// Cost returns the share of the budget that so many of the window's bad events spent, those of one
// incident for example, out of the same budget as that of [Budget.SpentOfWindow]: what all bad events
// cost is what is spent of the window. It returns false when there is no data, or no valid window.
func (b Budget) Cost(now time.Time, bad uint64) (Ratio, bool) {
	bad = min(bad, b.counts.Valid)
	b.counts.Good = b.counts.Valid - bad
	return b.SpentOfWindow(now)
}

// seconds returns how much of the window has passed at now, and how long it is.
func (b Budget) seconds(now time.Time) (passed, length uint64) {
	start, end := b.window.Bounds(now)
	length = uint64(end.Sub(start) / time.Second)
	if !b.window.IsCalendar() {
		return length, length
	}
	return uint64(now.Sub(start) / time.Second), length
}

// ExhaustedAt returns when the budget will be gone if from now on it burns at the given rate, such as
// [BurnRate] of the last hour: the window's length, times the share that is left of its budget, over
// the rate. It returns now when it is gone already, and false when it lasts: to the end of a calendar
// window, for one length of a rolling one, and when there is no data, or no valid window.
//
// A bad event that leaves a rolling window gives its part of the budget back. The counts do not say when
// that will be, so the moment returned is the earliest possible.
func (b Budget) ExhaustedAt(now time.Time, burn Ratio) (time.Time, bool) {
	spent, ok := b.SpentOfWindow(now)
	if !ok {
		return time.Time{}, false
	}
	left := spent.untilOne()
	if left.Sign() <= 0 {
		return now, true
	}
	if burn.Sign() <= 0 {
		return time.Time{}, false
	}
	length, latest := b.window.Length(now), b.window.Length(now)
	if b.window.IsCalendar() {
		_, end := b.window.Bounds(now)
		latest = end.Sub(now)
	}
	after := left.Rat()
	after.Quo(after, burn.Rat())
	after.Mul(after, new(big.Rat).SetInt64(int64(length)))
	if after.Cmp(new(big.Rat).SetInt64(int64(latest))) > 0 {
		return time.Time{}, false
	}
	ns := new(big.Int).Quo(after.Num(), after.Denom()) // at most latest
	return now.Add(time.Duration(ns.Int64())), true
}

// SustainableBurn returns the burn rate at which the budget just lasts from now on, 0 when it is
// gone: to the end of a calendar window, the share of its budget that is left over the share of its
// time that is; for one more length of a rolling window, the share that is left, as if nothing left
// the window meanwhile. It returns false when there is no data, or no valid window.
func (b Budget) SustainableBurn(now time.Time) (Ratio, bool) {
	spent, ok := b.Spent()
	if !ok || !b.window.IsValid() {
		return Ratio{}, false
	}
	passed, length := b.seconds(now)
	all, gone := spent.den.times(length), spent.num.times(passed)
	if all.less(gone) {
		return Ratio{}, true
	}
	ahead := length
	if b.window.IsCalendar() {
		ahead -= passed // less than length, as now is within the window
	}
	return Ratio{num: all.minus(gone), den: spent.den.times(ahead)}, true
}

// String returns what is left in words: "20% left: 16 of 20 bad events spent, 99.95% over 30d",
// "150% spent: 30 bad events where 20 are allowed, 99.95% over 30d" if overspent, or "no data, 99.95% over 30d".
func (b Budget) String() string {
	of := fmt.Sprintf("%v over %v", b.target, b.window)
	remaining, ok := b.Remaining()
	if !ok {
		return "no data, " + of
	}
	if remaining.Sign() < 0 {
		spent, _ := b.Spent()
		return fmt.Sprintf("%s spent: %d bad events where %d are allowed, %s", spent.Percent(), b.counts.Bad(), b.Allowed(), of)
	}
	return fmt.Sprintf("%s left: %d of %d bad events spent, %s", remaining.Percent(), b.counts.Bad(), b.Allowed(), of)
}
