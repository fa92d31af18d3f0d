package budget

import (
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// State is the state of a budget, from which a [Policy] decides. [Budget.State]
// returns it.
type State struct {
	// Spent is the share of the budget that is spent, from [Budget.SpentOfWindow]
	// or a ledger.
	Spent Ratio `json:"spent"`
	// HasData reports whether Spent is known.
	HasData bool `json:"has_data"`
	// ClientsLeaving reports whether clients leave before their answers are due,
	// so that Spent misses an outage: see [ClientsLeaving]. A policy then decides
	// as without data.
	ClientsLeaving bool `json:"clients_leaving,omitempty"`
	// Coverage tells for how much of the window Spent is known. Zero means all.
	Coverage Coverage `json:"coverage,omitzero"`
	// Incidents are the incidents in the window.
	Incidents []Incident `json:"incidents,omitempty"`
	// Previous is the step of the previous decision, and empty for the first one.
	// With it, a step lasts until its Until.
	Previous string `json:"previous,omitempty"`
}

// ClientsLeaving reports whether an objective has no data because its clients
// leave: in the last hour, more events of its indicator were ignored because
// the client left (reason "client_left") than were valid. If every client gives
// up before its answer, no event is valid, and the budget looks untouched.
func ClientsLeaving(clientLeft, valid uint64) bool { return clientLeft > valid }

// known reports whether a policy can decide by Spent.
func (s State) known() bool { return s.HasData && !s.ClientsLeaving }

// noData returns the reason for which Spent is not known.
func (s State) noData() string {
	if s.ClientsLeaving {
		return "no data, clients leaving"
	}
	return "no data"
}

// Incident is an incident in the window, and its cost.
type Incident struct {
	// Name identifies the incident.
	Name string `json:"name"`
	// Spent is the share of the budget that it spent alone, from [Budget.Cost]
	// or a ledger.
	Spent Ratio `json:"spent"`
}

// String returns the state in words: "104% spent, 1 incident, previously
// caution", "3% spent, known for 3h of 30d", "no data", or "no data, clients
// leaving".
func (s State) String() string {
	text := s.noData()
	if s.known() {
		text = s.Spent.Percent() + " spent"
	}
	if !s.Coverage.IsComplete() {
		text += ", " + s.Coverage.String()
	}
	switch n := len(s.Incidents); n {
	case 0:
	case 1:
		text += ", 1 incident"
	default:
		text += fmt.Sprintf(", %d incidents", n)
	}
	if s.Previous != "" {
		text += ", previously " + s.Previous
	}
	return text
}

// String returns the name and the cost: `"database failover" spent 70%`.
func (i Incident) String() string { return fmt.Sprintf("%q spent %s", i.Name, i.Spent.Percent()) }

// UnmarshalJSON reads a state and refuses unknown fields.
func (s *State) UnmarshalJSON(text []byte) error {
	type plain State
	return strictjson.Unmarshal(text, (*plain)(s))
}

// UnmarshalJSON reads an incident and refuses unknown fields.
func (i *Incident) UnmarshalJSON(text []byte) error {
	type plain Incident
	return strictjson.Unmarshal(text, (*plain)(i))
}
