package compose

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/slo"
)

// Balance is the error budgets of a system's components, together, beside that of the system.
type Balance struct {
	// System is the system's error budget in parts per billion, and Components the sum of theirs, which
	// may be more than all.
	System, Components int64
}

// Check returns the balance of a system that needs all of its components. The zero Target, which
// promises nothing, gives a system no budget, and makes a component one that may always fail.
func Check(system slo.Target, components ...slo.Target) Balance {
	b := Balance{System: system.BudgetPartsPerBillion()}
	for _, c := range components {
		b.Components += billion - c.PartsPerBillion()
	}
	return b
}

// Excess returns by how many parts per billion the components' budgets exceed the system's; it is
// less than 0 for what is left to give.
func (b Balance) Excess() int64 { return b.Components - b.System }

// String says how they compare: "the components' budgets add up to 0.3%, 0.2% more than the system's
// 0.1%".
func (b Balance) String() string {
	sum, system := percent(b.Components), percent(b.System)
	switch cmp.Compare(b.Excess(), 0) {
	case +1:
		return fmt.Sprintf("the components' budgets add up to %s, %s more than the system's %s", sum, percent(b.Excess()), system)
	case -1:
		return fmt.Sprintf("the components' budgets add up to %s, %s less than the system's %s", sum, percent(-b.Excess()), system)
	}
	return fmt.Sprintf("the components' budgets add up to the system's %s", system)
}

// percent writes parts per billion as a percentage with no more digits than it needs.
func percent(parts int64) string {
	const decimals, unit = 7, 10_000_000
	text := strings.TrimRight(fmt.Sprintf("%d.%0*d", parts/unit, decimals, parts%unit), "0")
	return strings.TrimSuffix(text, ".") + "%"
}
