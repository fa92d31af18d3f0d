package ledger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/internal/strictjson"
)

// Charge is the time that a kind or an incident spent.
type Charge struct {
	// Kind is the kind of the entries.
	Kind Kind
	// Name is the incident's name, and empty for all incidents of a kind.
	Name string
	// Spent is the time lost, rounded up to the nanosecond.
	Spent time.Duration
}

// charges returns the charges, the largest first.
func charges(of map[Charge]lost) []Charge {
	var all []Charge
	for charge, spent := range of {
		charge.Spent = spent.duration()
		all = append(all, charge)
	}
	slices.SortFunc(all, func(a, b Charge) int {
		return cmp.Or(cmp.Compare(b.Spent, a.Spent), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// String returns the charge in words: `outage "slow search" 10 minutes`, or
// "outage 19 minutes" for a kind.
func (c Charge) String() string {
	if c.Name == "" {
		return fmt.Sprintf("%s %s", c.Kind, budget.FormatDuration(c.Spent))
	}
	return fmt.Sprintf("%s %q %s", c.Kind, c.Name, budget.FormatDuration(c.Spent))
}

// chargeJSON is the JSON form of a Charge.
type chargeJSON struct {
	Kind  Kind                `json:"kind"`
	Name  string              `json:"name,omitempty"`
	Spent strictjson.Duration `json:"spent"`
}

// MarshalJSON writes the time as text: {"kind":"outage","spent":"19m"}.
func (c Charge) MarshalJSON() ([]byte, error) {
	return json.Marshal(chargeJSON{Kind: c.Kind, Name: c.Name, Spent: strictjson.Duration(c.Spent)})
}

// UnmarshalJSON reads the form that MarshalJSON writes and refuses unknown
// fields.
func (c *Charge) UnmarshalJSON(text []byte) error {
	wire := chargeJSON{Kind: c.Kind, Name: c.Name, Spent: strictjson.Duration(c.Spent)}
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return err
	}
	*c = Charge{Kind: wire.Kind, Name: wire.Name, Spent: time.Duration(wire.Spent)}
	return nil
}
