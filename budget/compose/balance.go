package compose

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/slo"
)

// Balance compares the error budgets of a system's components, added up, with
// the system's. The zero Balance has no budgets.
type Balance struct {
	// System is the system's error budget in parts per billion.
	System int64
	// Components is the sum of the components' error budgets in parts per billion.
	// It can be more than a billion, which is 100 %.
	Components int64
}

// BalanceOf returns the balance of a system that needs all of its components.
// For the system, the zero Target means no budget. For a component, which then
// promises nothing, it means a budget of 100 %.
func BalanceOf(system slo.Target, components ...slo.Target) Balance {
	b := Balance{System: system.BudgetPartsPerBillion()}
	for _, c := range components {
		b.Components += billion - c.PartsPerBillion()
	}
	return b
}

// Excess returns by how many parts per billion the components' budgets exceed
// the system's. It is negative if the system has budget left to give.
func (b Balance) Excess() int64 { return b.Components - b.System }

// String returns the comparison in words: "the components' budgets add up to
// 0.3%, 0.2% more than the system's 0.1%".
func (b Balance) String() string {
	sum, system := percent(b.Components), percent(b.System)
	switch cmp.Compare(b.Excess(), 0) {
	case +1:
		return fmt.Sprintf("the components' budgets add up to %s, %s more than the system's %s",
			sum, percent(b.Excess()), system)
	case -1:
		return fmt.Sprintf("the components' budgets add up to %s, %s less than the system's %s",
			sum, percent(-b.Excess()), system)
	}
	return fmt.Sprintf("the components' budgets add up to the system's %s", system)
}

// balanceJSON is the JSON form of a Balance: budgets as exact percentages.
type balanceJSON struct {
	System     string `json:"system"`
	Components string `json:"components"`
}

// MarshalJSON writes exact percentages: {"system":"0.1%","components":"0.3%"}.
func (b Balance) MarshalJSON() ([]byte, error) {
	return json.Marshal(balanceJSON{System: percent(b.System), Components: percent(b.Components)})
}

// UnmarshalJSON reads the form that MarshalJSON writes and refuses unknown
// fields.
func (b *Balance) UnmarshalJSON(text []byte) error {
	wire := balanceJSON{System: percent(b.System), Components: percent(b.Components)}
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return err
	}
	system, err := parsePercent(wire.System)
	if err != nil {
		return fmt.Errorf("compose: budget of the system: %w", err)
	}
	components, err := parsePercent(wire.Components)
	if err != nil {
		return fmt.Errorf("compose: budget of the components: %w", err)
	}
	*b = Balance{System: system, Components: components}
	return nil
}

// percentPlaces is the number of decimal places of a percentage that is exact
// to a part per billion.
const percentPlaces = 7

func percent(parts int64) string { return decimal.Format(parts, percentPlaces) + "%" }

func parsePercent(text string) (int64, error) {
	number, isPercent := strings.CutSuffix(text, "%")
	if !isPercent {
		return 0, fmt.Errorf("invalid percentage %q: want a number and a sign such as %q", text, "0.1%")
	}
	return decimal.Parse(number, percentPlaces)
}
