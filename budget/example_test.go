package budget_test

import (
	"fmt"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleNew() {
	target, window := slo.MustParseTarget("99.95%"), slo.MustParseWindow("30d")
	for _, counts := range []sli.Counts{
		{Good: 39980, Valid: 40000},
		{Good: 39984, Valid: 40000},
		{Good: 39975, Valid: 40000},
		{},
	} {
		fmt.Println(budget.New(target, window, counts))
	}
	// Output:
	// 0% left: 20 of 20 bad events spent, 99.95% over 30d
	// 20% left: 16 of 20 bad events spent, 99.95% over 30d
	// 125% spent: 25 bad events, 20 allowed, 99.95% over 30d
	// no data, 99.95% over 30d
}

func ExampleBudget_Remaining() {
	b := budget.New(slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), sli.Counts{Good: 999_600, Valid: 1_000_000})
	if left, ok := b.Remaining(); ok {
		fmt.Println(left.Percent(), left.Rat(), left.Float64())
	}
	// Output:
	// 60% 3/5 0.6
}

// The SLI of a journey adds up the events of its pages. Each page spent the
// cost of its own bad events.
func ExampleBudget_Cost() {
	pages := []struct {
		name   string
		counts sli.Counts
	}{
		{"Home", sli.Counts{Good: 9994, Valid: 10000}},
		{"Search", sli.Counts{Good: 9989, Valid: 10000}},
		{"Category", sli.Counts{Good: 9997, Valid: 10000}},
		{"Detail", sli.Counts{Good: 10000, Valid: 10000}},
	}
	var browse sli.Counts
	for _, page := range pages {
		browse = browse.Add(page.counts)
	}
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	b := budget.New(slo.MustParseTarget("99.95%"), slo.MustParseWindow("30d"), browse)
	fmt.Println("browse", browse)
	for _, page := range pages {
		if spent, ok := b.Cost(now, page.counts.Bad()); ok {
			fmt.Println(page.name, "spent", spent.Percent())
		}
	}
	fmt.Println(b)
	// Output:
	// browse 39980/40000 (99.95%)
	// Home spent 30%
	// Search spent 55%
	// Category spent 15%
	// Detail spent 0%
	// 0% left: 20 of 20 bad events spent, 99.95% over 30d
}

func ExampleBurnRate() {
	lastHour := sli.Counts{Good: 98_560, Valid: 100_000}
	if burn, ok := budget.BurnRate(slo.MustParseTarget("99.9%"), lastHour); ok {
		fmt.Println("burn rate", burn)
	}
	// Output:
	// burn rate 14.4
}

func ExampleBudget_ExhaustedAt() {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	target := slo.MustParseTarget("99.9%")
	b := budget.New(target, slo.MustParseWindow("30d"), sli.Counts{Good: 999_600, Valid: 1_000_000})

	lastHour := sli.Counts{Good: 98_560, Valid: 100_000}
	burn, _ := budget.BurnRate(target, lastHour)
	if at, ok := b.ExhaustedAt(now, burn); ok {
		fmt.Println("spent in", budget.FormatDuration(at.Sub(now)))
	}
	sustainable, _ := b.SustainableBurn(now)
	fmt.Println("lasts at a burn rate of", sustainable)
	// Output:
	// spent in 1.25 days
	// lasts at a burn rate of 0.6
}

func ExampleDowntime() {
	for _, text := range []string{"99.9%", "99.95%", "99.999%"} {
		target := slo.MustParseTarget(text)
		fmt.Println(target, budget.FormatDuration(budget.Downtime(target, 30*24*time.Hour)))
	}
	// Output:
	// 99.9% 43.2 minutes
	// 99.95% 21.6 minutes
	// 99.999% 25.9 seconds
}

func ExampleFormatDuration() {
	for _, d := range []time.Duration{432 * time.Minute, 78 * time.Second, 36 * time.Hour} {
		fmt.Println(budget.FormatDuration(d))
	}
	// Output:
	// 7.2 hours
	// 1.3 minutes
	// 1.5 days
}
