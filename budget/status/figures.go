package status

import (
	"math"
	"math/big"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
)

// HasData reports whether the objective has a budget to show.
func (o Objective) HasData() bool { return o.Budget.HasData() }

// Spent returns the share of the budget that is spent, as the policy sees it;
// see [budget.Budget.SpentOfWindow]. It returns false if there is no data.
func (o Objective) Spent(now time.Time) (budget.Ratio, bool) {
	return o.Budget.SpentOfWindow(now)
}

// Span returns the last part of the window with the given length. It returns
// false if the source has none, or if the span is known in part only.
func (o Objective) Span(length time.Duration) (Span, bool) {
	for _, s := range o.Spans {
		if s.Length == length {
			return s, s.IsKnown()
		}
	}
	return Span{}, false
}

// IsKnown reports whether the whole span is known.
func (s Span) IsKnown() bool { return s.Known >= s.Length }

// Burn returns the burn rate of the last part of the window with the given
// length. It returns false if the span is not known, or if it has no data.
func (o Objective) Burn(length time.Duration) (budget.Ratio, bool) {
	s, ok := o.Span(length)
	if !ok {
		return budget.Ratio{}, false
	}
	return budget.BurnRate(o.Objective.Target, s.Counts)
}

// ExhaustedAt returns when the budget will be spent if it burns at the rate of
// the last hour. It returns false if the budget lasts for the window, or if the
// rate is not known.
func (o Objective) ExhaustedAt(now time.Time) (time.Time, bool) {
	burn, ok := o.Burn(time.Hour)
	if !ok {
		return time.Time{}, false
	}
	return o.Budget.ExhaustedAt(now, burn)
}

// Allowed returns how many bad events the whole window's budget allows, rounded
// down, if traffic goes on as in the known part of the window. Without data it
// is 0.
func (o Objective) Allowed(now time.Time) uint64 {
	allowed, _ := o.Budget.AllowedOfWindow(now)
	whole := new(big.Int).Quo(allowed.Rat().Num(), allowed.Rat().Denom())
	if !whole.IsUint64() {
		return math.MaxUint64
	}
	return whole.Uint64()
}

// IsEstimated reports whether Allowed assumes traffic that nobody has counted,
// because the window is not over or not known completely.
func (o Objective) IsEstimated(now time.Time) bool {
	cost, ok := o.Budget.Cost(now, o.Budget.Counts().Valid)
	if !ok {
		return false
	}
	// What all events cost if the whole window is over and known.
	whole, _ := budget.BurnRate(o.Budget.Target(), sli.Counts{Valid: 1})
	return cost.Compare(whole) != 0
}

// Outage returns how long a full outage would take to spend the rest of the
// budget, at the traffic of the last hour. It is 0 if the budget is spent. It
// returns false without traffic, for an objective that judges slices of time,
// and if the last hour is not known.
func (o Objective) Outage(now time.Time) (time.Duration, bool) {
	hour, known := o.Span(time.Hour)
	allowed, ok := o.Budget.AllowedOfWindow(now)
	if !known || !ok || hour.Counts.Valid == 0 || o.Objective.Slices.Length > 0 {
		return 0, false
	}
	left := allowed.Rat()
	left.Sub(left, new(big.Rat).SetUint64(o.Budget.Counts().Bad()))
	if left.Sign() <= 0 {
		return 0, true
	}
	left.Mul(left, big.NewRat(int64(time.Hour), 1))
	left.Quo(left, new(big.Rat).SetUint64(hour.Counts.Valid))
	ns := new(big.Int).Quo(left.Num(), left.Denom())
	if !ns.IsInt64() {
		return 0, false
	}
	return time.Duration(ns.Int64()), true
}
