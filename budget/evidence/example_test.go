package evidence_test

import (
	"encoding/json"
	"fmt"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleConfidenceInterval() {
	target := slo.MustParseTarget("95%")
	for _, counts := range []sli.Counts{{Good: 9, Valid: 10}, {Good: 900, Valid: 1000}, {Good: 1000, Valid: 1000}} {
		if interval, ok := evidence.ConfidenceInterval(counts, slo.MustParseShare("95%")); ok {
			fmt.Printf("%v: %v, %+d\n", counts, interval, interval.Compare(target))
		}
	}
	// Output:
	// 9/10 (90.00%): 59.585% to 98.2124%, +0
	// 900/1000 (90.00%): 87.9848% to 91.7091%, -1
	// 1000/1000 (100.00%): 99.6173% to 100%, +1
}

func ExampleCanary_Compare() {
	baseline := sli.Counts{Good: 1980, Valid: 2000}
	for _, canary := range []sli.Counts{{Good: 190, Valid: 200}, {Good: 19, Valid: 20}, {}} {
		result := evidence.Canary{}.Compare(canary, baseline)
		fmt.Printf("%v: data %t, p = %.5f, worse %t\n", canary, result.HasData, result.PValue, result.Worse)
	}
	// Output:
	// 190/200 (95.00%): data true, p = 0.00018, worse true
	// 19/20 (95.00%): data true, p = 0.18942, worse false
	// 0/0 (no data): data false, p = 0.00000, worse false
}

func ExampleCanary_Traffic() {
	events, ok := evidence.Canary{}.Traffic(slo.MustParseShare("0.1%"), slo.MustParseShare("1%"))
	fmt.Println(events, ok)
	// Output:
	// 1045 true
}

// A result is stored as JSON and printed later.
func ExampleComparison() {
	result := evidence.Canary{}.Compare(sli.Counts{Good: 7, Valid: 10}, sli.Counts{Good: 99, Valid: 100})
	text, err := json.Marshal(result)
	if err != nil {
		fmt.Println(err)
		return
	}
	var stored evidence.Comparison
	if err := json.Unmarshal(text, &stored); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: worse %t\n", stored.Canary, stored.Worse)
	// Output:
	// 7/10 (70.00%): worse true
}
