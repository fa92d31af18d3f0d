package sli_test

import (
	"testing"

	"github.com/sligo-go/sligo/sli"
)

func TestRequests(t *testing.T) {
	tests := []struct {
		name     string
		requests []string
		counts   []string
		ignores  []string
	}{
		{
			name:    "empty: all operations",
			counts:  []string{"GET /users/{userid}", "/shop.Orders/List", "nightly-import", "GET unmatched", ""},
			ignores: nil,
		},
		{
			name:     "a method and a path",
			requests: []string{"GET /users/{userid}"},
			counts:   []string{"GET /users/{userid}"},
			ignores: []string{
				"POST /users/{userid}", "/users/{userid}", "GET /users/", "GET /users/{userid}/", "GET /users/{id}",
				"GET  /users/{userid}", "get /users/{userid}", "",
			},
		},
		{
			name:     "a path: any method, or no method",
			requests: []string{"/users/{userid}"},
			counts:   []string{"GET /users/{userid}", "DELETE /users/{userid}", "_OTHER /users/{userid}", "/users/{userid}"},
			ignores:  []string{"GET /users", "GET /v1/users/{userid}", "users/{userid}", "GET unmatched", ""},
		},
		{
			name:     "all paths below a path",
			requests: []string{"GET /users/*"},
			counts:   []string{"GET /users/{userid}", "GET /users/", "GET /users/{userid}/orders", "GET /users/*"},
			ignores:  []string{"GET /users", "POST /users/{userid}", "/users/{userid}", "GET /orders/users/{userid}"},
		},
		{
			name:     "every path and gRPC method",
			requests: []string{"/*"},
			counts:   []string{"GET /", "GET /users/{userid}", "/", "/shop.Orders/List"},
			ignores:  []string{"nightly-import", "GET unmatched", ""},
		},
		{
			name:     "a gRPC method",
			requests: []string{"/shop.Orders/List"},
			counts:   []string{"/shop.Orders/List"},
			ignores:  []string{"/shop.Orders/Get", "/shop.Orders/ListAll", "shop.Orders/List"},
		},
		{
			name:     "all methods of a gRPC service",
			requests: []string{"/shop.Orders/*"},
			counts:   []string{"/shop.Orders/List", "/shop.Orders/Get"},
			ignores:  []string{"/shop.OrdersAdmin/List", "/shop.Users/Get", "/shop.Orders", "/v2/shop.Orders/List"},
		},
		{
			name:     "a job, and all jobs with a prefix",
			requests: []string{"nightly-import", "report-*"},
			counts:   []string{"nightly-import", "report-sales", "report-"},
			ignores:  []string{"nightly-import-2", "nightly", "GET nightly-import", "report", "Report-sales", ""},
		},
		{
			name:     "every operation, even without a name",
			requests: []string{"*"},
			counts:   []string{"GET /", "nightly-import", ""},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ind := sli.Indicator{Name: "n", Service: "s", Requests: test.requests}
			rec := newRecorder(t, ind)
			for _, operation := range test.counts {
				checkJudge(t, ind, sli.Event{Operation: operation}, sli.VerdictGood)
				rec.Operation(operation).Record(sli.Event{})
			}
			for _, operation := range test.ignores {
				checkJudge(t, ind, sli.Event{Operation: operation}, sli.VerdictIgnored)
				rec.Operation(operation).Record(sli.Event{})
			}
			n := uint64(len(test.counts))
			checkCounts(t, rec, "n", sli.Counts{Good: n, Valid: n})
		})
	}
}

// TestSwitchingProtocols checks that connections that switched protocols count
// only for indicators that list status 101.
func TestSwitchingProtocols(t *testing.T) {
	status := func(list ...string) sli.Condition { return sli.Condition{Status: list} }
	tests := []struct {
		name        string
		valid, good sli.Condition
		want        sli.Verdict
	}{
		{"default", sli.Condition{}, sli.Condition{}, sli.VerdictIgnored},
		{"Good does not list it", sli.Condition{}, status("2xx", "3xx", "4xx"), sli.VerdictIgnored},
		{"Valid is a list of negated entries", status("!400"), sli.Condition{}, sli.VerdictIgnored},
		{"Valid lists it", status("101"), status("2xx"), sli.VerdictBad},
		{"Valid and Good list it", status("1xx"), status("101"), sli.VerdictGood},
		{"Good lists it", sli.Condition{}, status("101"), sli.VerdictGood},
		{"Good lists gRPC codes", sli.Condition{}, sli.Condition{Code: []string{"OK"}}, sli.VerdictIgnored},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ind := sli.Indicator{Name: "n", Service: "s", Valid: test.valid, Good: test.good}
			checkJudge(t, ind, sli.Event{Status: 101}, test.want)
		})
	}
}
