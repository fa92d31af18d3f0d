package slo_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// TestConstant has definitions whose SLI is always 0 % or 100 %, and the like
// that are useful.
func TestConstant(t *testing.T) {
	status := func(list ...string) sli.Condition { return sli.Condition{Status: list} }
	only := sli.Condition{Failed: sli.PresenceOnly}
	tests := []struct {
		name string
		ind  sli.Indicator
		want string // a part of the error
	}{
		{"the default", sli.Indicator{}, ""},
		{"success as error", sli.Indicator{Valid: status("5xx"), Good: status("2xx")}, "always 0%"},
		{"the last status only", sli.Indicator{Valid: status("5xx"), Good: status("599")}, ""},
		{"no common code", sli.Indicator{Valid: sli.Condition{Code: []string{"OK"}}, Good: sli.Condition{Code: []string{"!OK"}}}, "always 0%"},
		// gRPC over net/http has both.
		{"the other protocol's field", sli.Indicator{Valid: sli.Condition{Code: []string{"OK"}}, Good: status("503")}, ""},
		{"failures only, and none is good", sli.Indicator{Valid: only}, "always 0%"},
		{"failures only", sli.Indicator{Valid: only, Good: sli.Condition{Failed: sli.PresenceInclude, Status: []string{"2xx"}}}, ""},
		{"callers that left only, and none is good", sli.Indicator{
			Valid: sli.Condition{Canceled: sli.PresenceOnly}, Good: sli.Condition{Canceled: sli.PresenceExclude},
		}, "always 0%"},
		{"a request may hang", sli.Indicator{
			Requests: []string{"GET /users"}, Valid: sli.Condition{Failed: sli.PresenceExclude},
		}, ""},
		{"a job without a criterion", sli.Indicator{
			Requests: []string{"export"}, Valid: sli.Condition{Failed: sli.PresenceExclude},
		}, "always 100%"},
		{"a log without a criterion", sli.Indicator{
			Requests: []string{"GET /users"}, Good: sli.Condition{Failed: sli.PresenceInclude},
			Collection: sli.Collection{How: sli.SourceLog},
		}, "always 100%"},
		{"a bound that is the same for valid", sli.Indicator{
			Requests: []string{"export"}, Valid: sli.Condition{Within: time.Second, Failed: sli.PresenceExclude}, Good: sli.Condition{Within: time.Second},
		}, "always 100%"},
		{"a longer bound for valid", sli.Indicator{
			Requests: []string{"export"}, Valid: sli.Condition{Rate: sli.Rate{Items: 1, Per: time.Hour}}, Good: sli.Condition{Rate: sli.Rate{Items: 9, Per: time.Second}},
		}, ""},
		{"a func", sli.Indicator{Valid: only, Good: sli.Condition{Func: func(sli.Event) bool { return false }}}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.ind.Service, test.ind.Name = "shop", "sli"
			err := slo.Objective{Indicator: test.ind, Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("30d")}.Validate()
			if test.want == "" {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			var field *sli.FieldError
			if !errors.As(err, &field) || field.Path != "Indicator.Good" || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error of Indicator.Good that contains %q", err, test.want)
			}
		})
	}
}
