package slo_test

import (
	"fmt"

	"github.com/sligo-go/sligo/slo"
)

func ExampleAlertPolicy_For() {
	target, window := slo.MustParseTarget("99.9%"), 30*day
	policy := slo.AlertPolicy{}.For(target, window)
	for _, a := range policy.Rules {
		fmt.Printf("%s: %v of the budget in %v (and %v), a burn rate of %s, %s of events bad\n",
			a.Severity, a.Budget, a.Long, a.Short, a.Factor(window).FloatString(1), a.Threshold(target, window).FloatString(4))
	}
	// Output:
	// page: 2% of the budget in 1h0m0s (and 5m0s), a burn rate of 14.4, 0.0144 of events bad
	// page: 5% of the budget in 6h0m0s (and 30m0s), a burn rate of 6.0, 0.0060 of events bad
	// ticket: 10% of the budget in 72h0m0s (and 6h0m0s), a burn rate of 1.0, 0.0010 of events bad
}
