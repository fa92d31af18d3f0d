package slo_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// The team holds itself to more than the contract promises. Both objectives
// read the counts of one indicator.
func ExampleIndicators() {
	availability := sli.Indicator{
		Service: "users",
		Name:    "availability",
		Good:    sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
	objectives := []slo.Objective{
		{
			Indicator: availability,
			Target:    slo.MustParseTarget("99.95%"),
			Window:    slo.MustParseWindow("30d"),
		},
		{
			Name:      "contract",
			Indicator: availability,
			Target:    slo.MustParseTarget("99.9%"),
			Window:    slo.MustParseWindow("month Europe/Berlin"),
		},
	}
	recorder, err := sli.NewRecorder(slo.Indicators(objectives)...)
	if err := errors.Join(slo.Validate(objectives), err); err != nil {
		fmt.Println(err)
		return
	}
	recorder.Record(sli.Event{Status: 200})
	for _, o := range objectives {
		counts, _ := recorder.Counts(o.Indicator.Name)
		fmt.Printf("%v: %v\n", o, counts)
	}
	// Output:
	// users/availability: 99.95% over 30d: 1/1 (100.00%)
	// users/contract: 99.9% in each month, Europe/Berlin time: 1/1 (100.00%)
}

// Objectives can be kept in files and sent as JSON.
func ExampleObjective_UnmarshalJSON() {
	var o slo.Objective
	err := json.Unmarshal([]byte(`{
		"indicator": {
			"service": "users",
			"name": "latency",
			"good": {"within": "100ms"}
		},
		"target": "90%",
		"window": "30d"
	}`), &o)
	fmt.Println(o, err)
	fmt.Println(o.Validate())

	text, err := json.Marshal(slo.AlertPolicy{}.For(o.Target, 30*day).Rules[0])
	fmt.Println(string(text), err)
	// Output:
	// users/latency: 90% over 30d <nil>
	// <nil>
	// {"severity":"page","budget":"5%","long":"6h","short":"30m"} <nil>
}

// The orders cannot be available without their database. While the database
// pages, the orders need not. The objective of the database is in another
// file.
func ExampleStage() {
	o := slo.Objective{
		Indicator: sli.Indicator{
			Service: "orders",
			Name:    "availability",
			Good:    sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		},
		Target:    slo.MustParseTarget("99.95%"),
		Window:    slo.MustParseWindow("30d"),
		Stage:     slo.StageObserve, // until the team trusts the numbers
		Owner:     "orders-team",
		Tier:      "1",
		Runbook:   "https://example.com/runbooks/orders",
		DependsOn: []string{"database/availability"},
	}
	fmt.Println(o.Validate())
	o.Stage, o.DependsOn = "page-me", []string{"orders/availability"}
	fmt.Println(o.Validate())
	// Output:
	// <nil>
	// Stage: unknown stage "page-me": want one of "measure", "observe", "page"
	// DependsOn[0]: invalid ID "orders/availability": an objective cannot depend on itself
}
