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
	// page fires: burn rate 15 over 1h and 20 over 5m, limit 14.4, 540 bad events
	// page does not fire: burn rate 2.78 over 6h, limit 6
	// ticket does not fire: burn rate 0.31 over 72h, limit 1
}

func ExampleAlerts_DetectionTime() {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget("99.9%"), 30*24*time.Hour)
	page := alerts.Rules()[0]
	for _, bad := range []string{"100%", "10%", "1%"} {
		after, fires := alerts.DetectionTime(page, slo.MustParseShare(bad))
		fmt.Println(bad, fires, budget.FormatDuration(after))
	}
	// Output:
	// 100% true 51.8 seconds
	// 10% true 8.64 minutes
	// 1% false 0 seconds
}

func ExampleAlerts_ResetTime() {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget("99.9%"), 30*24*time.Hour)
	after, _ := alerts.ResetTime(alerts.Rules()[0], slo.MustParseShare("100%"))
	fmt.Println(budget.FormatDuration(after))
	// Output:
	// 4.93 minutes
}

func ExampleAlerts_LeastTraffic() {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget("99.9%"), 30*24*time.Hour)
	for _, a := range alerts.Rules() {
		fmt.Printf("%s: %d requests in %v\n", a.Severity, alerts.LeastTraffic(a), a.Long)
	}
	// Output:
	// page: 278 requests in 1h0m0s
	// page: 667 requests in 6h0m0s
	// ticket: 4000 requests in 72h0m0s
}

// A Tracker in the process feeds the alerts.
func ExampleAlerts_Evaluate() {
	tracker, err := budget.NewTracker(30 * 24 * time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	tracker.Add(sli.Counts{Good: 960, Valid: 1000})

	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget("99.9%"), 30*24*time.Hour)
	expected := tracker.Expected(30 * 24 * time.Hour) // 0 until a day is covered
	for _, alarm := range alerts.Evaluate(nil, tracker.Counts, expected) {
		if alarm.Firing && alarm.Alert.Severity == slo.SeverityPage {
			fmt.Println(alarm)
		}
	}
	// Output:
	// page fires: burn rate 40 over 1h and 40 over 5m, limit 14.4, 40 bad events
	// page fires: burn rate 40 over 6h and 40 over 30m, limit 6, 40 bad events
}

// An alert on a young Tracker would judge a few minutes as if they were
// hours. This one waits until its window is covered.
func ExampleTracker_Covered() {
	tracker, err := budget.NewTracker(30 * 24 * time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	tracker.Add(sli.Counts{Good: 960, Valid: 1000})

	covered := func(length time.Duration) sli.Counts {
		if tracker.Covered(length) < length {
			return sli.Counts{}
		}
		return tracker.Counts(length)
	}
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget("99.9%"), 30*24*time.Hour)
	for _, alarm := range alerts.Evaluate(nil, covered, 0) {
		fmt.Println(alarm)
	}
	// Output:
	// page does not fire: no data in 1h
	// page does not fire: no data in 6h
	// ticket does not fire: no data in 72h
}
