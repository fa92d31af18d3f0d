package ledger

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/slo"
)

// Statement is the budget of a window, and the downtime that spent it.
type Statement struct {
	// Start and End are the ends of the window. End may be in the future.
	Start, End time.Time
	// Excluded is the time up to now that the ledger excludes.
	Excluded time.Duration
	// Allowed is the error budget: the downtime that the target allows in the
	// window after Excluded is subtracted.
	Allowed time.Duration
	// Spent is the part of it that entries spent up to now, rounded up to the
	// nanosecond.
	Spent time.Duration
	// Kinds are the charges by kind, and Incidents the charges by incident, the
	// largest first. Time that several entries lost is charged to the entry with
	// the highest degree, and among equals to the first to start. The charges
	// therefore add up to Spent, except that each is rounded.
	Kinds, Incidents []Charge
}

// Statement returns the statement for the window that contains now. An entry
// that continues counts up to now. The ledger must be valid.
func (l Ledger) Statement(target slo.Target, window slo.Window, now time.Time) Statement {
	start, end := window.Bounds(now)
	until := end
	if now.Before(end) {
		until = now
	}
	s := Statement{Start: start, End: end}
	var total lost
	byKind, byIncident := make(map[Charge]lost), make(map[Charge]lost)
	for _, part := range l.partition(start, until) {
		switch e := part.charged; {
		case part.excluded:
			s.Excluded += part.length
		case e != nil:
			kind, incident := Charge{Kind: e.Kind}, Charge{Kind: e.Kind, Name: e.Name}
			total = total.plus(part.length, e.parts())
			byKind[kind] = byKind[kind].plus(part.length, e.parts())
			byIncident[incident] = byIncident[incident].plus(part.length, e.parts())
		}
	}
	s.Allowed = budget.Downtime(target, end.Sub(start)-s.Excluded)
	s.Spent = total.duration()
	s.Kinds, s.Incidents = charges(byKind), charges(byIncident)
	return s
}

// Left returns the part of the budget that is left. It is negative if the
// budget is overspent.
func (s Statement) Left() time.Duration { return s.Allowed - s.Spent }

// SpentShare returns the share of the budget that is spent. It returns false if
// there is no budget: the whole window is excluded, or the target is invalid.
func (s Statement) SpentShare() (budget.Ratio, bool) { return s.share(s.Spent) }

func (s Statement) share(spent time.Duration) (budget.Ratio, bool) {
	if s.Allowed <= 0 {
		return budget.Ratio{}, false
	}
	return budget.RatioOf(uint64(max(spent, 0)), uint64(s.Allowed)), true
}

// State returns the state for [budget.Policy.Decide], with the outages as its
// incidents. The previous step is from the previous decision.
func (s Statement) State(previous string) budget.State {
	state := budget.State{Previous: previous}
	state.Spent, state.HasData = s.SpentShare()
	for _, c := range s.Incidents {
		if c.Kind == KindOutage {
			spent, _ := s.share(c.Spent)
			state.Incidents = append(state.Incidents, budget.Incident{Name: c.Name, Spent: spent})
		}
	}
	return state
}

// String returns the statement on one line: "12 minutes of 43.2 minutes spent
// (27.78%): outage 9 minutes, deployment 3 minutes", or "no budget".
func (s Statement) String() string {
	share, ok := s.SpentShare()
	if !ok {
		return "no budget"
	}
	text := fmt.Sprintf("%s of %s spent (%s)",
		budget.FormatDuration(s.Spent), budget.FormatDuration(s.Allowed), share.Percent())
	separator := ": "
	for _, c := range s.Kinds {
		text += separator + c.String()
		separator = ", "
	}
	return text
}

// statementJSON is the JSON form of a Statement.
type statementJSON struct {
	Start     time.Time           `json:"start"`
	End       time.Time           `json:"end"`
	Excluded  strictjson.Duration `json:"excluded"`
	Allowed   strictjson.Duration `json:"allowed"`
	Spent     strictjson.Duration `json:"spent"`
	Kinds     []Charge            `json:"kinds,omitempty"`
	Incidents []Charge            `json:"incidents,omitempty"`
}

func (s Statement) wire() statementJSON {
	return statementJSON{
		Start: s.Start, End: s.End,
		Excluded: strictjson.Duration(s.Excluded),
		Allowed:  strictjson.Duration(s.Allowed),
		Spent:    strictjson.Duration(s.Spent),
		Kinds:    s.Kinds, Incidents: s.Incidents,
	}
}

// MarshalJSON writes durations as text such as "43m12s".
func (s Statement) MarshalJSON() ([]byte, error) { return json.Marshal(s.wire()) }

// UnmarshalJSON reads the form that MarshalJSON writes and refuses unknown
// fields.
func (s *Statement) UnmarshalJSON(text []byte) error {
	wire := s.wire()
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return err
	}
	*s = Statement{
		Start: wire.Start, End: wire.End,
		Excluded: time.Duration(wire.Excluded),
		Allowed:  time.Duration(wire.Allowed),
		Spent:    time.Duration(wire.Spent),
		Kinds:    wire.Kinds, Incidents: wire.Incidents,
	}
	return nil
}
