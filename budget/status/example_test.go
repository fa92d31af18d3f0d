package status_test

import (
	"fmt"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleOpen() {
	objectives := []slo.Objective{{
		Indicator: sli.Indicator{
			Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}"},
			Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		},
		Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
	}}
	recorder, err := sli.NewRecorder(slo.Indicators(objectives)...)
	if err != nil {
		fmt.Println(err)
		return
	}
	books, err := status.Open(recorder, objectives, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer books.Close()

	recorder.RecordN(sli.Event{Operation: "GET /users/{userid}", Status: 200}, 19_999)
	recorder.RecordN(sli.Event{Operation: "GET /users/{userid}", Status: 503}, 1)
	o := books.Reading().Objectives[0]
	fmt.Println(o.ID(), o.Budget.Counts())
	// Output:
	// users/availability 19999/20000 (99.995%)
}

// A source that is not the process itself, such as one that asks Prometheus,
// names the state of each objective by the decision.
func ExampleStateOf() {
	policy := budget.Policy{}
	for _, state := range []budget.State{
		{Spent: budget.RatioOf(80, 100), HasData: true},
		{Spent: budget.RatioOf(1, 100), HasData: true, Coverage: budget.Coverage{Known: time.Hour, Of: 30 * 24 * time.Hour}},
		{},
	} {
		fmt.Println(status.StateOf(policy.Decide(state), policy))
	}
	// Output:
	// caution
	// too early to tell
	// no data
}
