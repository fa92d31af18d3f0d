package slo_test

import (
	"fmt"

	"github.com/sligo-go/sligo/slo"
)

func ExampleAlertPolicy_For() {
	target, window := slo.MustParseTarget("99.9%"), 30*day
	policy := slo.AlertPolicy{}.For(target, window)
	for _, a := range policy.Rules {
		factor, threshold := a.Factor(window), a.Threshold(target, window)
		fmt.Println(a)
		fmt.Printf("  burn rate %s: %s of events bad\n", factor.FloatString(1), threshold.FloatString(4))
	}
	// Output:
	// page: 2% of the budget in 1h (and 5m)
	//   burn rate 14.4: 0.0144 of events bad
	// page: 5% of the budget in 6h (and 30m)
	//   burn rate 6.0: 0.0060 of events bad
	// ticket: 10% of the budget in 3d (and 6h)
	//   burn rate 1.0: 0.0010 of events bad
}
