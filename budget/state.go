package budget

import (
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// State is the state of a budget, from which a [Policy] decides.
type State struct {
	// Spent is the share of the budget that is spent, from [Budget.SpentOfWindow]
	// or a ledger.
	Spent Ratio `json:"spent"`
	// HasData reports whether Spent is known.
	HasData bool `json:"has_data"`
	// Incidents are the incidents in the window.
	Incidents []Incident `json:"incidents,omitempty"`
	// Previous is the step of the previous decision, and empty for the first one.
	// With it, a step lasts until its Until.
	Previous string `json:"previous,omitempty"`
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
// caution", or "no data".
func (s State) String() string {
	text := "no data"
	if s.HasData {
		text = s.Spent.Percent() + " spent"
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
