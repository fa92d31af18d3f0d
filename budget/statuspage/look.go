package statuspage

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
)

// look is how a state looks: a shape, a word and a fill. It is the name of the
// CSS class and of the symbol.
type look string

const (
	lookFrozen  look = "frozen"
	lookCaution look = "caution"
	lookNoData  look = "nodata"
	lookEarly   look = "early"
	lookHealthy look = "healthy"
)

// looks are in the order of the page, the worst first.
var looks = []look{lookFrozen, lookCaution, lookNoData, lookEarly, lookHealthy}

// needsAttention reports whether somebody should act.
func (k look) needsAttention() bool {
	return k == lookFrozen || k == lookCaution || k == lookNoData
}

// standing is an objective with the values that every view of it shares.
type standing struct {
	status.Objective
	id     string
	look   look
	policy budget.Policy // with its defaults
	step   budget.Step   // zero if the state is not a step
	// left is the share of the budget that is left, nil without data.
	left  *big.Rat
	spent *big.Rat // 1 - left, nil without data
}

// board is a reading with the values that every page shares.
type board struct {
	status.Reading
	standings []standing // the worst first
}

func newBoard(r status.Reading) *board {
	b := &board{Reading: r}
	for _, o := range r.Objectives {
		b.standings = append(b.standings, b.stand(o))
	}
	slices.SortStableFunc(b.standings, worstFirst)
	return b
}

func (b *board) stand(o status.Objective) standing {
	s := standing{Objective: o, id: o.ID(), policy: b.Policy}
	if o.Policy != nil {
		s.policy = *o.Policy
	}
	s.policy = s.policy.WithDefaults()
	s.step = stepOf(s.policy, o.State)
	s.look = s.lookOf()
	if spent, ok := o.Spent(b.At); ok {
		s.spent = spent.Rat()
		s.left = untilOne(s.spent)
	}
	return s
}

func untilOne(r *big.Rat) *big.Rat { return new(big.Rat).Sub(big.NewRat(1, 1), r) }

// leftAt returns the share of the budget that was left at a point, nil without
// data.
func leftAt(p status.Point) *big.Rat {
	spent, ok := p.Budget.SpentOfWindow(p.At)
	if !ok {
		return nil
	}
	return untilOne(spent.Rat())
}

// stepOf returns the step of a policy with the given name.
func stepOf(policy budget.Policy, name string) budget.Step {
	for _, s := range policy.Steps {
		if s.Name == name {
			return s
		}
	}
	return budget.Step{}
}

// lookOf returns the look of a state. A state that the policy does not know
// shows that nothing is known.
func (s standing) lookOf() look {
	switch {
	case s.State == status.StateTooEarly:
		return lookEarly
	case !s.HasData():
		return lookNoData
	}
	switch s.step.Release {
	case budget.ReleaseFree:
		return lookHealthy
	case budget.ReleaseReviewed:
		return lookCaution
	case budget.ReleaseFrozen:
		return lookFrozen
	}
	return lookNoData
}

// worstFirst orders by look, then by the budget that is left, then by ID.
func worstFirst(a, b standing) int {
	if c := cmp.Compare(slices.Index(looks, a.look), slices.Index(looks, b.look)); c != 0 {
		return c
	}
	if a.left != nil && b.left != nil {
		if c := a.left.Cmp(b.left); c != 0 {
			return c
		}
	}
	return strings.Compare(a.id, b.id)
}

// count returns the number of objectives with a look.
func (b *board) count(k look) int {
	n := 0
	for _, s := range b.standings {
		if s.look == k {
			n++
		}
	}
	return n
}

// attention returns the number of objectives that need attention.
func (b *board) attention() int {
	n := 0
	for _, s := range b.standings {
		if s.look.needsAttention() {
			n++
		}
	}
	return n
}

// worst returns the worst look of all objectives.
func (b *board) worst() look {
	if len(b.standings) == 0 {
		return lookNoData
	}
	return b.standings[0].look
}

// find returns an objective by its ID, or by the ID of its element if the
// former is too long for a path.
func (b *board) find(id string) (standing, bool) {
	i := slices.IndexFunc(b.standings, func(s standing) bool {
		return s.id == id || len(s.id) > maxName && elementID(s.id) == id
	})
	if i < 0 {
		return standing{}, false
	}
	return b.standings[i], true
}

// journeyAt returns the name of the journey with a path, and false if there is
// no such journey.
func (b *board) journeyAt(path string) (string, bool) {
	part, ok := strings.CutPrefix(path, journeys+"/")
	if !ok {
		return "", false
	}
	for _, name := range b.journeys() {
		if name == part || len(name) > maxName && elementID(name) == part {
			return name, true
		}
	}
	return "", false
}

// journeys returns the names of the journeys, sorted.
func (b *board) journeys() []string {
	var names []string
	for _, s := range b.standings {
		if j := s.Objective.Objective.Indicator.Journey; j != "" && !slices.Contains(names, j) {
			names = append(names, j)
		}
	}
	slices.Sort(names)
	return names
}

// isPartial reports whether the window is known in part only.
func (s standing) isPartial() bool { return !s.Budget.Coverage().IsComplete() }

// burn is the burn rate of a recent span.
type burn struct {
	length time.Duration
	rate   *big.Rat // nil if it is not known
	quiet  bool     // the span is known and has no events
}

// tileSpans are the spans whose burn rates a tile shows.
var tileSpans = []time.Duration{time.Hour, 6 * time.Hour, 3 * 24 * time.Hour}

func (s standing) burnOf(length time.Duration) burn {
	b := burn{length: length}
	span, known := s.Span(length)
	b.quiet = known && span.Counts.Valid == 0
	if r, ok := s.Burn(length); ok {
		b.rate = r.Rat()
	}
	return b
}

// factors returns the burn rates at which alerts with the given long window
// fire. They are marks, so that a rate below one never reads like it.
func (s standing) factors(length time.Duration) []*big.Rat {
	var factors []*big.Rat
	for _, a := range s.Alarms {
		if a.Alert.Long == length {
			factors = append(factors, a.Factor.Rat())
		}
	}
	return factors
}
