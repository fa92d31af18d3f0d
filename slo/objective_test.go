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
	o := profile()[0]
	if got, want := o.ID(), "users/availability"; got != want || o.SLO() != "availability" {
		t.Errorf("got %q and the name %q, want %q", got, o.SLO(), want)
	}
	o.Name = "contract"
	if got, want := o.ID(), "users/contract"; got != want || o.SLO() != "contract" {
		t.Errorf("got %q and the name %q, want %q", got, o.SLO(), want)
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
		`objectives[2].Name: duplicate ID "users/latency" of objectives[1]: want another name`,
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

// TestPromisesOfOneIndicator has a rolling and a calendar window, and an inner
// and a contractual target.
func TestPromisesOfOneIndicator(t *testing.T) {
	rolling, monthly, contract := profile()[0], profile()[0], profile()[0]
	monthly.Name, monthly.Window = "availability-month", slo.MustParseWindow("month")
	contract.Name, contract.Target = "availability-contract", slo.MustParseTarget("99.9%")
	objectives := []slo.Objective{rolling, profile()[1], monthly, contract}
	if err := slo.Validate(objectives); err != nil {
		t.Error(err)
	}
	var names []string
	for _, ind := range slo.Indicators(objectives) {
		names = append(names, ind.Name)
	}
	if got := strings.Join(names, " "); got != "availability latency" {
		t.Errorf("Indicators: got %s, want availability latency", got)
	}
	if _, err := sli.NewRecorder(slo.Indicators(objectives)...); err != nil {
		t.Error(err)
	}
	if got := slo.Indicators(nil); got != nil {
		t.Errorf("Indicators of nil: got %v", got)
	}
}

func TestValidateRefusesNames(t *testing.T) {
	named := func(name string, base slo.Objective) slo.Objective {
		base.Name = name
		return base
	}
	other := profile()[0]
	other.Indicator.Good.Status = []string{"2xx"}
	byFunc := profile()[0]
	byFunc.Indicator.Good.Func = func(sli.Event) bool { return true }
	for _, tt := range []struct {
		name       string
		objectives []slo.Objective
		want       string
	}{
		{"syntax", []slo.Objective{named("5 nines", profile()[0])},
			`objectives[0].Name: invalid name "5 nines": want at most 63 of the letters a-z and A-Z, digits, and between them '-', '_' and '.'`},
		{"twice", []slo.Objective{named("a", profile()[0]), named("a", profile()[1])},
			`objectives[1].Name: duplicate ID "users/a" of objectives[0]: want another name`},
		{"the name of an indicator", []slo.Objective{named("latency", profile()[0]), profile()[1]},
			`objectives[1].Name: duplicate ID "users/latency" of objectives[0]: want another name`},
		{"another definition", []slo.Objective{profile()[0], named("a", other)},
			`objectives[1].Indicator: different from the indicator "users/availability" of objectives[0]: want the same definition, or another name`},
		{"another function", []slo.Objective{profile()[0], named("a", byFunc), named("b", profile()[0])},
			`objectives[1].Indicator: different from the indicator "users/availability" of objectives[0]: want the same definition, or another name`},
		{"the same function", []slo.Objective{named("a", byFunc), named("b", byFunc)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := text(slo.Validate(tt.objectives)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
