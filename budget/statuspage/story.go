package statuspage

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
)

const (
	// storyIncidents is the number of incidents that a chart's story tells, the
	// costliest ones.
	storyIncidents = 2
	// storyAfter is how long a release can be before a fall, so that the story
	// tells it.
	storyAfter = 24 * time.Hour
)

// storyLeast is the least share of the budget that an incident of a story
// spent.
var storyLeast = big.NewRat(1, 20)

// story tells which incidents spent most of the budget, and when the budget
// fell below the first stricter step. It is empty if there is nothing to tell.
func (v *view) story(s standing, downtime ledger.Ledger) string {
	if s.left == nil || s.isPartial() {
		return ""
	}
	begin, _ := s.Objective.Objective.Window.Bounds(v.At)
	in := downtime.Between(begin, v.At)
	var sentences []string
	for _, e := range costliest(in, s) {
		spent, _ := spentBy(e, s)
		sentences = append(sentences, v.l.text("story_incident", "day", v.storyDay(e.Start), "x", v.l.percent(spent.Rat())))
	}
	if fell, ok := v.fell(s); ok {
		step := s.policy.Steps[1]
		key, name := "story_fell", ""
		for _, e := range in {
			if e.Kind == ledger.KindDeployment && !e.Start.After(fell) && fell.Sub(e.Start) <= storyAfter {
				key, name = "story_fell_after", clean(e.Name)
			}
		}
		sentences = append(sentences, v.l.text(key, "name", name, "day", v.storyDay(fell), "step", v.stepWord(step.Name),
			"limit", v.l.percentShort(untilOne(step.From.Rat()))))
	}
	return strings.Join(sentences, " ")
}

// storyDay returns a date that does not break: "18 Nov".
func (v *view) storyDay(t time.Time) string {
	return strings.ReplaceAll(v.l.tick(t.UTC()), " ", nb)
}

// costliest returns the outages that spent the largest shares of the budget, in
// the order of their time.
func costliest(in []ledger.Entry, s standing) []ledger.Entry {
	cost := func(e ledger.Entry) *big.Rat {
		spent, ok := spentBy(e, s)
		if !ok {
			return new(big.Rat)
		}
		return spent.Rat()
	}
	in = slices.DeleteFunc(slices.Clone(in), func(e ledger.Entry) bool { return cost(e).Cmp(storyLeast) < 0 })
	slices.SortStableFunc(in, func(a, b ledger.Entry) int { return cost(b).Cmp(cost(a)) })
	in = in[:min(len(in), storyIncidents)]
	slices.SortStableFunc(in, func(a, b ledger.Entry) int { return a.Start.Compare(b.Start) })
	return in
}

// fell returns when the budget fell to the line of the first stricter step, or
// below it. It returns false if the budget is above it, or was never above it.
func (v *view) fell(s standing) (time.Time, bool) {
	if len(s.policy.Steps) < 2 {
		return time.Time{}, false
	}
	line := untilOne(s.policy.Steps[1].From.Rat())
	if s.left.Cmp(line) > 0 {
		return time.Time{}, false
	}
	begin, _ := s.Objective.Objective.Window.Bounds(v.At)
	at := v.At
	for _, p := range slices.Backward(s.History) {
		left := leftAt(p)
		switch {
		case p.At.After(v.At):
			continue
		case left == nil || p.At.Before(begin):
			return time.Time{}, false
		case left.Cmp(line) > 0:
			return at, true
		}
		at = p.At
	}
	return time.Time{}, false
}

// badOf returns how many bad events an incident has, from the share of the
// budget that it spent. It returns false if that is not a whole number, such as
// for parts of slices.
func (v *view) badOf(spent budget.Ratio, s standing) (uint64, bool) {
	one, ok := s.Budget.Cost(v.At, 1)
	if !ok || one.Sign() == 0 || s.Objective.Objective.Slices.Length > 0 {
		return 0, false
	}
	n := new(big.Rat).Quo(spent.Rat(), one.Rat())
	if !n.IsInt() || !n.Num().IsUint64() {
		return 0, false
	}
	return n.Num().Uint64(), true
}

// spentText says how much of the budget an incident spent.
func (v *view) spentText(spent budget.Ratio, s standing) (key string, args []any) {
	args = []any{"x", v.l.percent(spent.Rat())}
	n, ok := v.badOf(spent, s)
	if !ok {
		return "event_spent", args
	}
	return cmp.Or(map[uint64]string{1: "event_spent_one"}[n], "event_spent_n"), append(args, "n", v.l.count(n))
}
