package sli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

func TestLint(t *testing.T) {
	answered := []string{"2xx", "3xx", "4xx"}
	latency := sli.Indicator{
		Service: "users", Name: "latency", Kind: sli.KindLatency,
		Valid: sli.Condition{Status: answered},
		Good:  sli.Condition{Within: 100 * time.Millisecond},
	}
	with := func(ind sli.Indicator, change func(*sli.Indicator)) []sli.Indicator {
		change(&ind)
		return []sli.Indicator{ind}
	}
	journey := func(n int) []sli.Indicator {
		all := make([]sli.Indicator, n)
		for i := range all {
			all[i].Journey, all[i].Patience = "browse", time.Second
		}
		return all
	}
	tests := []struct {
		name       string
		indicators []sli.Indicator
		want       []string // the paths of the advice
	}{
		{"nothing", nil, nil},
		{"a good latency indicator", []sli.Indicator{latency}, nil},
		{"routes of routers", with(latency, func(i *sli.Indicator) {
			i.Requests = []string{"GET /users/{userid}", "/users/{id:[a-z]{2}}", "GET /users/{id*", "!GET /a/*", "settle {", "/shop.Orders/List"}
		}), nil},
		{"routes without a brace", with(latency, func(i *sli.Indicator) { i.Requests = []string{"GET /cart/{id", "/health", "!/cart/id}"} }),
			[]string{"indicators[0].Requests[0]", "indicators[0].Requests[2]"}},
		{"the mean of latency", with(latency, func(i *sli.Indicator) { i.Aggregation.By = "mean" }), []string{"indicators[0].Aggregation.By"}},
		{"the median of latency", with(latency, func(i *sli.Indicator) { i.Aggregation.By = "median" }), []string{"indicators[0].Aggregation.By"}},
		{"a percentile of latency", with(latency, func(i *sli.Indicator) { i.Aggregation.By = "p95" }), nil},
		{"latency of fast failures", with(latency, func(i *sli.Indicator) { i.Valid.Status = nil }), []string{"indicators[0].Valid"}},
		{"availability that ignores 5xx", []sli.Indicator{{Kind: sli.KindAvailability, Patience: 1, Valid: sli.Condition{Status: answered}}}, []string{"indicators[0].Valid.Status"}},
		{"availability with good 5xx", []sli.Indicator{{Kind: sli.KindAvailability, Patience: -1, Good: sli.Condition{Status: []string{"!404"}}}}, []string{"indicators[0].Good.Status"}},
		{"availability of HTTP without a status", []sli.Indicator{{Kind: sli.KindErrorRate, Patience: 1, Requests: []string{"GET /users/{userid}"}}}, []string{"indicators[0].Good"}},
		{"availability of a path without a status", []sli.Indicator{{Kind: sli.KindAvailability, Patience: 1, Requests: []string{"/"}}}, []string{"indicators[0].Good"}},
		{"availability of a job", []sli.Indicator{{Kind: sli.KindAvailability, Requests: []string{"nightly-import"}}}, nil},
		{"availability of gRPC without a code", []sli.Indicator{{Kind: sli.KindAvailability, Patience: 1, Requests: []string{"/shop.Orders/List"}}}, nil},
		{"no patience with all requests", []sli.Indicator{{}}, []string{"indicators[0].Patience"}},
		{"no patience with a gRPC method", []sli.Indicator{{Requests: []string{"/shop.Orders/List"}}}, []string{"indicators[0].Patience"}},
		{"no patience with a named route", []sli.Indicator{{Requests: []string{"POST getUser"}}}, []string{"indicators[0].Patience"}},
		{"no patience with every operation except one", []sli.Indicator{{Requests: []string{"!GET /healthz"}}}, []string{"indicators[0].Patience"}},
		{"no patience with a bound", []sli.Indicator{{Good: sli.Condition{Within: time.Second}}}, nil},
		{"no patience with jobs", []sli.Indicator{{Requests: []string{"nightly import", "report-*"}}}, nil},
		{"no patience with logs", []sli.Indicator{{Collection: sli.Collection{How: sli.SourceLog}}}, nil},
		{"funcs", []sli.Indicator{{
			Patience: 1,
			Good:     sli.Condition{Func: func(sli.Event) bool { return true }},
			Valid:    sli.Condition{Func: func(sli.Event) bool { return true }},
		}}, []string{"indicators[0].Good.Func", "indicators[0].Valid.Func"}},
		{"a journey of two", journey(2), []string{"journey browse"}},
		{"a journey of three", journey(3), nil},
		{"a journey of five", journey(5), nil},
		{"a journey of six", journey(6), []string{"journey browse"}},
		{"a workload's missing kinds", with(latency, func(i *sli.Indicator) { i.Workload = sli.WorkloadUserFacing }), []string{"service users"}},
		{"the catalog's indicators", sli.WorkloadMachineLearning.Indicators("ranker", "POST /rank"), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, advice := range sli.Lint(test.indicators) {
				got = append(got, advice.Path)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLintNamesTheMissingKinds(t *testing.T) {
	got := sli.Lint(sli.WorkloadUserFacing.Indicators("users")[:2])
	if len(got) != 1 || !strings.Contains(got[0].String(), `service users: a user-facing workload should also have indicators of kind "throughput"`) {
		t.Errorf("got %v", got)
	}
}
