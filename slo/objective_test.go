package slo_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// profile are the objectives of the shop's page /profile/Lora.
func profile() []slo.Objective {
	return []slo.Objective{
		{
			Indicator: sli.Indicator{Service: "users", Name: "availability", Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}},
			Target:    slo.MustParseTarget("99.95%"),
			Window:    slo.MustParseWindow("30d"),
		},
		{
			Indicator: sli.Indicator{Service: "users", Name: "latency", Good: sli.Condition{Within: 100 * time.Millisecond}},
			Target:    slo.MustParseTarget("90%"),
			Window:    slo.MustParseWindow("30d"),
		},
	}
}

func TestValidateAcceptsTheProfile(t *testing.T) {
	if err := slo.Validate(profile()); err != nil {
		t.Error(err)
	}
	if err := slo.Validate(nil); err != nil {
		t.Errorf("no objectives: %v", err)
	}
}

func TestID(t *testing.T) {
	if got, want := profile()[0].ID(), "users/availability"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestValidateReportsEveryMistakeAtOnce(t *testing.T) {
	objectives := profile()
	objectives[0].Indicator.Good.Status[1] = "3x"
	objectives[0].Target = slo.Target{}
	twice := profile()[1]
	twice.Window = slo.MustParseWindow("month Asia/Seoul")
	elsewhere := profile()[1]
	elsewhere.Indicator.Service = "orders"
	objectives = append(objectives, twice, elsewhere, slo.Objective{}, slo.Objective{})

	want := []string{
		`objectives[0].Indicator.Good.Status[1]: invalid status "3x": want a code from 100 to 599 such as "404", a class such as "5xx" or a range such as "500-504", with "!" in front to exclude it`,
		`objectives[0].Target: required, such as "99.9%"`,
		`objectives[2].Indicator.Name: duplicate ID "users/latency" of objectives[1]`,
		`objectives[4].Indicator.Name: required`,
		`objectives[4].Indicator.Service: required`,
		`objectives[4].Target: required, such as "99.9%"`,
		`objectives[4].Window: required, such as "30d"`,
		`objectives[5].Indicator.Name: required`,
		`objectives[5].Indicator.Service: required`,
		`objectives[5].Target: required, such as "99.9%"`,
		`objectives[5].Window: required, such as "30d"`,
	}
	err := slo.Validate(objectives)
	if err == nil {
		t.Fatal("got no error")
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
	var field *sli.FieldError
	if !errors.As(err, &field) || field.Path != "objectives[0].Indicator.Good.Status[1]" {
		t.Errorf("errors.As: got %v, want the first mistake", field)
	}
}

func TestObjectiveValidate(t *testing.T) {
	o := profile()[1]
	if err := o.Validate(); err != nil {
		t.Error(err)
	}
	o.Indicator.Good.Within = -1
	o.Window = slo.Window{}
	want := "Indicator.Good.Within: invalid duration -1ns: want zero or more\nWindow: required, such as \"30d\""
	if err := o.Validate(); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
