package evidence_test

import (
	"fmt"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleWilson() {
	target := slo.MustParseTarget("95%")
	for _, counts := range []sli.Counts{{Good: 9, Valid: 10}, {Good: 900, Valid: 1000}, {Good: 1000, Valid: 1000}} {
		if i, ok := evidence.Wilson(counts, slo.MustParseShare("95%")); ok {
			fmt.Printf("%v: from %.4f to %.4f, %+d\n", counts, i.Low, i.High, i.Compare(target))
		}
	}
	// Output:
	// 9/10 (90.00%): from 0.5958 to 0.9821, +0
	// 900/1000 (90.00%): from 0.8798 to 0.9171, -1
	// 1000/1000 (100.00%): from 0.9962 to 1.0000, +1
}

func ExampleFisher() {
	canary, baseline := sli.Counts{Good: 7, Valid: 10}, sli.Counts{Good: 99, Valid: 100}
	p, ok := evidence.Fisher(canary, baseline)
	fmt.Printf("%.5f %t\n", p, ok)
	// Output:
	// 0.00211 true
}

func ExampleCanary_Compare() {
	baseline := sli.Counts{Good: 1980, Valid: 2000}
	fmt.Println(evidence.Canary{}.Compare(sli.Counts{Good: 190, Valid: 200}, baseline))
	fmt.Println(evidence.Canary{}.Compare(sli.Counts{Good: 19, Valid: 20}, baseline))
	fmt.Println(evidence.Canary{}.Compare(sli.Counts{}, baseline))
	// Output:
	// the canary, 190/200 (95.00%), is worse than the baseline, 1980/2000 (99.00%): p = 0.00018, below 5%
	// the canary, 19/20 (95.00%), is not shown to be worse than the baseline, 1980/2000 (99.00%): p = 0.19, not below 5%
	// no data to compare the canary, 0/0 (no data), with the baseline, 1980/2000 (99.00%)
}

func ExampleCanary_Traffic() {
	events, ok := evidence.Canary{}.Traffic(slo.MustParseShare("0.1%"), slo.MustParseShare("1%"))
	fmt.Println(events, ok)
	// Output:
	// 1045 true
}
