package statuspage_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/slo"
)

// nullable are the fields that are null if their value is not known.
var nullable = []string{
	"since", "journey", "sli", "interval95", "budget", "latency", "release", "left", "counts", "kind", "weak_link", "left_ratio", "end",
	"exhausted_at", "opens_at", "outage_seconds", "rate", "met", "firing", "long_burn", "short_burn", "bad",
}

// nulls returns the fields that are null, but not in the definition, whose form
// package slo defines.
func nulls(value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		for key, v := range value {
			if v == nil {
				found = append(found, key)
			}
			if key != "definition" {
				found = append(found, nulls(v)...)
			}
		}
	case []any:
		for _, v := range value {
			found = append(found, nulls(v)...)
		}
	}
	return found
}

// A reading without any list has empty lists in its JSON, because null means
// that a value is not known.
func TestEmptyLists(t *testing.T) {
	bare := status.Objective{Objective: shopPromises[0].objective()}
	monthly := status.Objective{Objective: shopPromises[1].objective()}
	monthly.Objective.Window = slo.MustParseWindow("month")
	monthly.Budget = budgetOf(monthly.Objective, events(10, 1))
	monthly.Periods = []status.Period{{Start: now, End: now, Budget: budget.Budget{}}}
	page := open(t, source(status.Reading{At: now, Objectives: []status.Objective{bare, monthly}}), statuspage.Options{})
	for _, path := range []string{"/overview.json", "/users/availability.json", "/orders/checkout-availability.json", "/journey/browse.json"} {
		var doc map[string]any
		if err := json.Unmarshal(get(t, page, path).Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		for _, field := range nulls(doc) {
			if !slices.Contains(nullable, field) {
				t.Errorf("%s: %s is null", path, field)
			}
		}
	}
}
