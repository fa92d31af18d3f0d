package slo_test

import (
	"encoding/json"
	"fmt"

	"github.com/sligo-go/sligo/slo"
)

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
