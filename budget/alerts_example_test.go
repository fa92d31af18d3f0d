package budget_test

import (
	"fmt"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleNewAlerts() {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget("99.9%"), 30*24*time.Hour)
	counts := map[time.Duration]sli.Counts{ // of the windows that end now
		5 * time.Minute:  {Good: 2_940, Valid: 3_000},
		30 * time.Minute: {Good: 17_460, Valid: 18_000},
		time.Hour:        {Good: 35_460, Valid: 36_000},
		6 * time.Hour:    {Good: 215_400, Valid: 216_000},
		72 * time.Hour:   {Good: 2_591_200, Valid: 2_592_000},
	}
	for _, alarm := range alerts.Evaluate(nil, func(length time.Duration) sli.Counts { return counts[length] }, 0) {
		fmt.Println(alarm)
	}
	// Output:
	// page fires: the budget burns at 15 over 1 hour and 20 over 5 minutes, 14.4 is the limit, 540 bad events
	// page does not fire: the budget burns at 2.78 over 6 hours, 6 is the limit
	// ticket does not fire: the budget burns at 0.31 over 3 days, 1 is the limit
}

func ExampleDetectionTime() {
	target, window := slo.MustParseTarget("99.9%"), 30*24*time.Hour
	page := slo.AlertPolicy{}.For(target, window).Rules[0]
	for _, bad := range []string{"100%", "10%", "1%"} {
		after, fires := budget.DetectionTime(page, target, window, slo.MustParseShare(bad))
		fmt.Println(bad, fires, budget.FormatDuration(after))
	}
	// Output:
	// 100% true 51.8 seconds
	// 10% true 8.64 minutes
	// 1% false 0 seconds
}

func ExampleResetTime() {
	target, window := slo.MustParseTarget("99.9%"), 30*24*time.Hour
	page := slo.AlertPolicy{}.For(target, window).Rules[0]
	after, _ := budget.ResetTime(page, target, window, slo.MustParseShare("100%"))
	fmt.Println(budget.FormatDuration(after))
	// Output:
	// 4.93 minutes
}

func ExampleLeastTraffic() {
	target, window := slo.MustParseTarget("99.9%"), 30*24*time.Hour
	policy := slo.AlertPolicy{}.For(target, window)
	for _, a := range policy.Rules {
		fmt.Printf("%s: %d requests in %v\n", a.Severity, budget.LeastTraffic(a, target, window, policy.MinBad), a.Long)
	}
	// Output:
	// page: 278 requests in 1h0m0s
	// page: 667 requests in 6h0m0s
	// ticket: 4000 requests in 72h0m0s
}
