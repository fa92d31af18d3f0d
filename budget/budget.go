package budget

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Budget is the error budget of a target, and the events in its window. The
// zero Budget has no target, so it never has data.
type Budget struct {
	target   slo.Target
	window   slo.Window
	counts   sli.Counts
	coverage Coverage
}

// New returns the budget of a target. The counts must include every event in
// the window: of the last 30 days, or of the month so far. If they do not, say
// so by [Budget.KnownSince]; [Tracker.Budget] does.
func New(target slo.Target, window slo.Window, counts sli.Counts) Budget {
	return Budget{target: target, window: window, counts: counts}
}

// Target returns the target.
func (b Budget) Target() slo.Target { return b.target }

// Window returns the window.
func (b Budget) Window() slo.Window { return b.window }

// Counts returns the events in the window.
func (b Budget) Counts() sli.Counts { return b.counts }

// HasData reports whether there is a target and at least one valid event.
func (b Budget) HasData() bool { return b.target.IsValid() && b.counts.Valid > 0 }

// Allowed returns how many of the window's valid events may be bad without
// missing the target: their number times the error budget, rounded down to
// whole events.
func (b Budget) Allowed() uint64 {
	hi, lo := bits.Mul64(b.counts.Valid, uint64(b.target.BudgetPartsPerBillion()))
	allowed, _ := bits.Div64(hi, lo, billion)
	return allowed
}

// Left returns how many more events may be bad: Allowed minus the bad events.
// It is negative if the budget is overspent, and saturates at the limits of
// an int64.
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

// Spent returns the share of the budget that is spent: the bad events divided
// by the allowed ones, which are not rounded here. It is 1 if the target is
// just reached, and more if it is missed. It returns false if there is no
// data.
func (b Budget) Spent() (Ratio, bool) { return BurnRate(b.target, b.counts) }

// Remaining returns the share of the budget that is left, 1 - Spent. It is
// negative if the budget is overspent. It returns false if there is no data.
func (b Budget) Remaining() (Ratio, bool) {
	spent, ok := b.Spent()
	if !ok {
		return Ratio{}, false
	}
	return spent.untilOne(), true
}

// BurnRate returns how fast events spend a budget: the share of bad events
// divided by the error budget. At a rate of 1, one window spends the whole
// budget. At 14.4, a budget for 30 days lasts 50 hours. The counts can be of
// any part of a window. It returns false if there is no data: no valid event,
// or no valid target.
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs",
// section "Alert on Burn Rate".
func BurnRate(target slo.Target, counts sli.Counts) (Ratio, bool) {
	if !target.IsValid() || counts.Valid == 0 {
		return Ratio{}, false
	}
	return Ratio{
		num: product(counts.Bad(), billion),
		den: product(counts.Valid, uint64(target.BudgetPartsPerBillion())),
	}, true
}

// SpentOfWindow returns the share that the known events spent of the whole
// window's budget, assuming that traffic has the same rate in the rest of the
// window. It is Spent times the fraction of the window that is known, in whole
// seconds. For a calendar window that is at most the elapsed fraction. For a
// rolling window that is known completely, SpentOfWindow equals Spent.
//
// At the beginning of a month and after the start of a process, Spent alone
// reads high, because one bad event is a large share of few. It returns false
// if there is no data, or no valid window.
func (b Budget) SpentOfWindow(now time.Time) (Ratio, bool) {
	spent, ok := b.Spent()
	if !ok || !b.window.IsValid() {
		return Ratio{}, false
	}
	known, _, length := b.seconds(now)
	return Ratio{num: spent.num.times(known), den: spent.den.times(length)}, true
}

// AllowedOfWindow returns how many bad events the whole window's budget allows,
// exactly, if traffic goes on as in the known part of the window. It is the
// known events' budget divided by the fraction of the window that is known.
// It returns false if there is no data, no valid window, or less than a second
// of the window is known.
func (b Budget) AllowedOfWindow(now time.Time) (Ratio, bool) {
	if !b.HasData() || !b.window.IsValid() {
		return Ratio{}, false
	}
	known, _, length := b.seconds(now)
	if known == 0 {
		return Ratio{}, false
	}
	return Ratio{
		num: product(b.counts.Valid, uint64(b.target.BudgetPartsPerBillion())).times(length),
		den: product(billion, known),
	}, true
}

// Cost returns the share of the budget that a number of the window's bad
// events spent, such as the bad events of one incident. It divides by the
// same budget as [Budget.SpentOfWindow], so that all bad events together cost
// as much as is spent. It returns false if there is no data, or no valid
// window.
func (b Budget) Cost(now time.Time, bad uint64) (Ratio, bool) {
	bad = min(bad, b.counts.Valid)
	b.counts.Good = b.counts.Valid - bad
	return b.SpentOfWindow(now)
}

// seconds returns the known and the elapsed part of the window at now, and the
// window's length.
func (b Budget) seconds(now time.Time) (known, elapsed, length uint64) {
	elapsed, length = inSeconds(passed(b.window, now)), inSeconds(b.window.Length(now))
	if b.coverage.IsComplete() {
		return elapsed, elapsed, length
	}
	return min(inSeconds(b.coverage.Known), elapsed), elapsed, length
}

// passed returns the part of the window that has passed, which is all of a
// rolling window.
func passed(w slo.Window, now time.Time) time.Duration {
	start, _ := w.Bounds(now)
	return now.Sub(start)
}

// ExhaustedAt returns when the budget will be spent if it burns at the given
// rate from now on, such as the [BurnRate] of the last hour. That takes the
// share left times the window's length, divided by the rate. It returns now
// if the budget is spent already. It returns false if the budget lasts until
// the end of a calendar window or for one length of a rolling window, and if
// there is no data or no valid window.
//
// A bad event that leaves a rolling window returns its part of the budget.
// The counts do not tell when that happens, so the result is the earliest
// possible time.
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

// SustainableBurn returns the highest burn rate at which the budget lasts from
// now on, and 0 if it is spent. For a calendar window, it is the share of the
// budget left divided by the share of the time left. For a rolling window, it
// is the share left for one more length, assuming that no bad event leaves the
// window meanwhile. It returns false if there is no data, or no valid window.
func (b Budget) SustainableBurn(now time.Time) (Ratio, bool) {
	spent, ok := b.Spent()
	if !ok || !b.window.IsValid() {
		return Ratio{}, false
	}
	known, elapsed, length := b.seconds(now)
	whole, gone := spent.den.times(length), spent.num.times(known)
	if whole.less(gone) {
		return Ratio{}, true
	}
	ahead := length
	if b.window.IsCalendar() {
		ahead -= elapsed // more than 0, since now is within the window
	}
	return Ratio{num: whole.minus(gone), den: spent.den.times(ahead)}, true
}

// State returns the state for [Policy.Decide]: the share spent of the whole
// window's budget from [Budget.SpentOfWindow], and the coverage. The previous
// step is [Decision].Step of the previous decision. Add the incidents with
// their [Budget.Cost], and [ClientsLeaving], if they are known.
func (b Budget) State(now time.Time, previous string) State {
	spent, ok := b.SpentOfWindow(now)
	return State{Spent: spent, HasData: ok, Coverage: b.coverage, Previous: previous}
}

// String returns the budget of the known events in words: "20% left: 16 of 20
// bad events spent, 99.95% over 30d", "150% spent: 30 bad events, 20 allowed,
// 99.95% over 30d" if overspent, or "no data, 99.95% over 30d". It adds the
// coverage unless the whole window is known: ", known for 3h of 30d".
func (b Budget) String() string {
	spent, _ := b.Spent()
	return b.words(spent, strconv.FormatUint(b.Allowed(), 10))
}

// Summary is like String for the budget of the whole window, by which
// [Policy.Decide] decides: "99.9% left: 1 of about 1000 bad events spent, 99%
// in each month". See [Budget.AllowedOfWindow] for the estimate.
func (b Budget) Summary(now time.Time) string {
	spent, _ := b.SpentOfWindow(now)
	known, _, length := b.seconds(now)
	allowed, ok := b.AllowedOfWindow(now)
	whole := new(big.Int).Quo(allowed.Rat().Num(), allowed.Rat().Denom()).String()
	switch {
	case !ok:
		whole = ""
	case known < length:
		whole = "about " + whole
	}
	return b.words(spent, whole)
}

// words returns the budget in words, with the share spent and the number of bad
// events allowed, which is empty if it is not known.
func (b Budget) words(spent Ratio, allowed string) string {
	objective := fmt.Sprintf("%v %s", b.target, b.window.Words())
	if !b.coverage.IsComplete() {
		objective += ", " + b.coverage.String()
	}
	bad, left := b.counts.Bad(), spent.untilOne()
	switch {
	case !b.HasData():
		return "no data, " + objective
	case left.Sign() < 0:
		return fmt.Sprintf("%s spent: %s, %s allowed, %s", spent.Percent(), badEvents(bad), allowed, objective)
	case allowed == "":
		return fmt.Sprintf("%s left: %s spent, %s", left.Percent(), badEvents(bad), objective)
	}
	return fmt.Sprintf("%s left: %d of %s bad events spent, %s", left.Percent(), bad, allowed, objective)
}

// badEvents returns a number in words: "1 bad event", "16 bad events".
func badEvents(n uint64) string {
	if n == 1 {
		return "1 bad event"
	}
	return fmt.Sprintf("%d bad events", n)
}

// budgetJSON is the JSON form of a Budget.
type budgetJSON struct {
	Target slo.Target `json:"target,omitzero"`
	Window slo.Window `json:"window,omitzero"`
	Counts sli.Counts `json:"counts"`
	// Coverage is absent if the counts include every event.
	Coverage Coverage `json:"coverage,omitzero"`
	// Remaining is for readers that do not calculate. It is absent without data.
	Remaining *Ratio `json:"remaining,omitempty"`
}

func (b Budget) wire() budgetJSON {
	return budgetJSON{Target: b.target, Window: b.window, Counts: b.counts, Coverage: b.coverage}
}

// MarshalJSON writes the target, the window, the counts and the coverage unless
// it is zero. If there is data, it adds the exact share remaining, as
// [Ratio.MarshalText] does:
//
//	{
//		"target": "99.95%",
//		"window": "30d",
//		"counts": {"good": 39984, "valid": 40000},
//		"coverage": {"known": "3h", "of": "720h"},
//		"remaining": "0.2"
//	}
func (b Budget) MarshalJSON() ([]byte, error) {
	wire := b.wire()
	if remaining, ok := b.Remaining(); ok {
		wire.Remaining = &remaining
	}
	return json.Marshal(wire)
}

// UnmarshalJSON reads the form that MarshalJSON writes. The share remaining is
// optional. It returns an error if the share contradicts the counts, and for an
// unknown field.
func (b *Budget) UnmarshalJSON(text []byte) error {
	wire := b.wire()
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return err
	}
	read := New(wire.Target, wire.Window, wire.Counts).WithCoverage(wire.Coverage)
	if wire.Remaining != nil {
		if remaining, ok := read.Remaining(); !ok || remaining.Compare(*wire.Remaining) != 0 {
			return fmt.Errorf("budget: remaining share %v contradicts the counts %v", wire.Remaining.Rat(), wire.Counts)
		}
	}
	*b = read
	return nil
}
