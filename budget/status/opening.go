package status

import (
	"math/big"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/slo"
)

// opensAt returns when releases open if nothing more fails: when bad events
// have left the window, or when enough of it is known. It is zero if releases
// are free, and if the time is not known.
func (a *account) opensAt(policy budget.Policy, b budget.Budget, d budget.Decision, now time.Time) time.Time {
	if d.Release <= budget.ReleaseFree {
		return time.Time{}
	}
	if a.state == StateTooEarly {
		return knownAt(b.Coverage(), policy.WithDefaults().MinKnown, a.objective.Window, now)
	}
	cells := a.window.AppendCells(nil, a.objective.Window.Length(now))
	at, _ := policy.OpensAt(b, d, cells, now)
	return at
}

// knownAt returns when a share of the window will be known, in whole seconds.
// The known part of a calendar window grows together with the part that has
// passed.
func knownAt(c budget.Coverage, share slo.Share, window slo.Window, now time.Time) time.Time {
	missing := share.Rat()
	missing.Mul(missing, big.NewRat(int64(c.Of), 1))
	missing.Sub(missing, big.NewRat(int64(c.Known), 1))
	if rest := new(big.Rat).Sub(big.NewRat(1, 1), share.Rat()); window.IsCalendar() {
		if rest.Sign() == 0 {
			return time.Time{}
		}
		missing.Quo(missing, rest)
	}
	missing.Quo(missing, big.NewRat(int64(time.Second), 1))
	wait := new(big.Int).Quo(missing.Num(), missing.Denom()).Int64() + 1
	return now.Add(time.Duration(wait) * time.Second)
}
