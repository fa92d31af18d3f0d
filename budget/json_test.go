package budget_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleBudget_MarshalJSON() {
	b := budget.New(slo.MustParseTarget("99.95%"), slo.MustParseWindow("30d"), sli.Counts{Good: 39984, Valid: 40000})
	text, err := json.MarshalIndent(b, "", "  ")
	fmt.Println(string(text), err)
	// Output:
	// {
	//   "target": "99.95%",
	//   "window": "30d",
	//   "counts": {
	//     "good": 39984,
	//     "valid": 40000
	//   },
	//   "remaining": "0.2"
	// } <nil>
}

func ExampleAlarm() {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget("99.9%"), 30*24*time.Hour)
	counts := func(time.Duration) sli.Counts { return sli.Counts{Good: 960, Valid: 1000} }
	alarm := alerts.Evaluate(nil, counts, 0)[0]
	text, err := json.MarshalIndent(alarm, "", "  ")
	fmt.Println(string(text), err)
	// Output:
	// {
	//   "alert": {
	//     "severity": "page",
	//     "budget": "2%",
	//     "long": "1h",
	//     "short": "5m"
	//   },
	//   "firing": true,
	//   "factor": "14.4",
	//   "min_bad": 4,
	//   "long": {
	//     "good": 960,
	//     "valid": 1000
	//   },
	//   "short": {
	//     "good": 960,
	//     "valid": 1000
	//   },
	//   "long_burn": "40",
	//   "short_burn": "40"
	// } <nil>
}

// A decision is stored as JSON, and its step passed to the next one.
func ExampleDecision() {
	state := budget.State{Spent: budget.RatioOf(104, 100), HasData: true}
	text, err := json.Marshal(budget.Policy{}.Decide(state))
	if err != nil {
		fmt.Println(err)
		return
	}
	var previous budget.Decision
	if err := json.Unmarshal(text, &previous); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(previous.Step, previous.Reasons)

	state = budget.State{Spent: budget.RatioOf(95, 100), HasData: true, Previous: previous.Step}
	decision := budget.Policy{}.Decide(state)
	fmt.Println(decision.Step, decision.Reasons)
	// Output:
	// frozen [104% of the budget is spent, frozen begins at 100%]
	// frozen [95% of the budget is spent, frozen ends below 90%]
}

// A policy is read from a file.
func ExamplePolicy() {
	const file = `{
		"steps": [
			{"name": "go", "from": "0%", "release": "free"},
			{"name": "stop", "from": "100%", "until": "80%", "release": "frozen"}
		],
		"no_data": "frozen"
	}`
	var policy budget.Policy
	if err := json.Unmarshal([]byte(file), &policy); err != nil {
		fmt.Println(err)
		return
	}
	if err := policy.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range policy.Steps {
		fmt.Println(step)
	}
	// Output:
	// go from 0%: free
	// stop from 100% until 80%: frozen
}

// equal compares ratios by their value, and windows and empty slices as they
// read.
var equal = cmp.Options{
	cmp.Comparer(func(a, b budget.Ratio) bool { return a.Compare(b) == 0 }),
	cmp.Comparer(func(a, b slo.Window) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b slo.Target) bool { return a == b }),
	cmp.Comparer(func(a, b slo.Share) bool { return a == b }),
	cmp.AllowUnexported(budget.Budget{}),
	cmpopts.EquateEmpty(),
}

// roundTrip writes a value as JSON, reads it back and compares. It also tests
// that an unknown field is an error and changes nothing.
func roundTrip[T any](t *testing.T, v T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%T: %v", v, err)
	}
	var back T
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if diff := cmp.Diff(v, back, equal); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
	if again, err := json.Marshal(back); err != nil || string(again) != string(text) {
		t.Errorf("the JSON of the value read is %s, %v, want %s", again, err, text)
	}
	misspelled := strings.Replace(strings.Replace(string(text), "{", `{"x_":1,`, 1), ",}", "}", 1)
	if err := json.Unmarshal([]byte(misspelled), &back); err == nil {
		t.Errorf("%s: got no error for the unknown field", misspelled)
	}
	if diff := cmp.Diff(v, back, equal); diff != "" {
		t.Errorf("%s changed the value (-want +got):\n%s", misspelled, diff)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add("database failover", uint64(39980), uint64(40000), uint64(3), uint32(999_500_000), uint32(20_000_000), uint8(0))
	f.Add("", uint64(0), uint64(math.MaxUint64), uint64(0), uint32(0), uint32(0), uint8(1))
	f.Add("<é\n\">", uint64(1), uint64(3), uint64(math.MaxUint64), uint32(1), uint32(1), uint8(2))
	f.Fuzz(func(t *testing.T, name string, good, valid, whole uint64, parts, shareParts uint32, choice uint8) {
		if !utf8.ValidString(name) {
			t.Skip()
		}
		target, _ := slo.TargetOf(int64(parts)) // the zero Target on an error
		share := slo.MustParseShare(fmt.Sprintf("0.%09d", shareParts%1_000_000_000))
		counts := sli.Counts{Good: good, Valid: valid}
		windows := []slo.Window{{}, slo.MustParseWindow("30d"), slo.MustParseWindow("month Asia/Seoul")}
		b := budget.New(target, windows[int(choice)%len(windows)], counts)
		roundTrip(t, b)
		roundTrip(t, b.WithCoverage(budget.Coverage{Known: time.Duration(good), Of: time.Duration(valid)}))

		burn, _ := budget.BurnRate(target, counts)
		roundTrip(t, budget.Alarm{
			Alert:  slo.Alert{Severity: slo.SeverityPage, Budget: share, Long: time.Hour, Short: 5 * time.Minute},
			Firing: choice%2 == 0, Factor: burn, MinBad: whole,
			Long: counts, Short: counts, LongBurn: burn, ShortBurn: budget.RatioOf(good, whole),
		})

		step := budget.Step{
			Name: name, From: share, Until: share, Action: name,
			Release: budget.Release(choice % 4),
		}
		roundTrip(t, step)
		policy := budget.Policy{Steps: []budget.Step{step, {}}, Postmortem: share, NoData: budget.Release(choice % 4), MinKnown: share}
		roundTrip(t, policy)

		incident := budget.Incident{Name: name, Spent: budget.RatioOf(good, whole)}
		roundTrip(t, incident)
		state := budget.State{Spent: burn, HasData: choice%2 == 0, Incidents: []budget.Incident{incident}, Previous: name}
		roundTrip(t, state)
		roundTrip(t, budget.Policy{Postmortem: share}.Decide(state))
	})
}

func TestZeroValuesRoundTrip(t *testing.T) {
	roundTrip(t, budget.Budget{})
	roundTrip(t, budget.Coverage{})
	roundTrip(t, budget.Alarm{})
	roundTrip(t, budget.Policy{})
	roundTrip(t, budget.Step{})
	roundTrip(t, budget.State{})
	roundTrip(t, budget.Incident{})
	roundTrip(t, budget.Decision{})
}

func TestBudgetRefusesJSON(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"another share", `{"target":"99%","window":"30d","counts":{"good":199,"valid":200},"remaining":"0.25"}`,
			"budget: remaining share 1/4 contradicts the counts 199/200 (99.50%)"},
		{"a share without data", `{"target":"99%","window":"30d","counts":{"good":0,"valid":0},"remaining":"1"}`,
			"budget: remaining share 1/1 contradicts the counts 0/0 (no data)"},
		{"a misspelled count", `{"target":"99%","window":"30d","counts":{"goood":1}}`, `json: unknown field "goood"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := budget.New(slo.MustParseTarget("90%"), slo.MustParseWindow("7d"), sli.Counts{Good: 1, Valid: 2})
			got := before
			if err := json.Unmarshal([]byte(tt.text), &got); err == nil || err.Error() != tt.want {
				t.Errorf("got error %v, want %s", err, tt.want)
			}
			if diff := cmp.Diff(before, got, equal); diff != "" {
				t.Errorf("the budget changed: %s", diff)
			}
		})
	}
	var b budget.Budget
	text := `{"target":"99%","window":"30d","counts":{"good":199,"valid":200}}`
	want := "50% left: 1 of 2 bad events spent, 99% over 30d"
	if err := json.Unmarshal([]byte(text), &b); err != nil || b.String() != want {
		t.Errorf("without the share remaining: got %v, %v, want %s", b, err, want)
	}
}

func TestStrings(t *testing.T) {
	incident := budget.Incident{Name: "database failover", Spent: spent(700)}
	for _, tt := range []struct {
		value fmt.Stringer
		want  string
	}{
		{budget.State{}, "no data"},
		{budget.State{Previous: "caution"}, "no data, previously caution"},
		{budget.State{HasData: true, ClientsLeaving: true}, "no data, clients leaving"},
		{budget.State{HasData: true, Coverage: budget.Coverage{Known: time.Minute, Of: time.Hour}}, "0% spent, known for 1m of 1h"},
		{budget.State{Spent: spent(1040), HasData: true, Incidents: []budget.Incident{incident}}, "104% spent, 1 incident"},
		{budget.State{HasData: true, Incidents: make([]budget.Incident, 2)}, "0% spent, 2 incidents"},
		{incident, `"database failover" spent 70%`},
		{budget.Policy{}, "healthy from 0%: free; caution from 75% until 65%: reviewed; " +
			"frozen from 100% until 90%: frozen; no data: reviewed; known below 25%: reviewed; postmortem above 20%"},
		{budget.Step{Name: "stop", From: slo.MustParseShare("50%"), Until: slo.MustParseShare("50%")}, "stop from 50%: Release(0)"},
		{budget.Alerts{}, "no alerts"},
		{budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day),
			"page at 14.4 over 1h and 5m; page at 6 over 6h and 30m; ticket at 1 over 72h and 6h"},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("%T: got %q, want %q", tt.value, got, tt.want)
		}
	}
}
