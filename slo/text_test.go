package slo_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func TestTextOnOneLine(t *testing.T) {
	hourly := alert(slo.SeverityPage, "2%", time.Hour, 0)
	for _, tt := range []struct {
		value fmt.Stringer
		want  string
	}{
		{hourly, "page: 2% of the budget in 1h"},
		{alert(slo.SeverityTicket, "10%", 3*day, 6*time.Hour), "ticket: 10% of the budget in 3d (and 6h)"},
		{alert("", "0%", 1500*time.Millisecond, 0), ": 0% of the budget in 1.5s"},
		{slo.AlertPolicy{}, "default alerts"},
		{slo.AlertPolicy{MinBad: 10}, "default alerts, from 10 bad events"},
		{slo.AlertPolicy{Disabled: true, MinBad: 10}, "no alerts"},
		{slo.AlertPolicy{Rules: []slo.Alert{hourly, hourly}}, "page: 2% of the budget in 1h, page: 2% of the budget in 1h"},
		{slo.Slices{}, "events"},
		{slo.Slices{Length: time.Minute}, "slices of 1m"},
		{slo.Slices{Length: time.Minute, Bound: slo.MustParseShare("95%")}, "slices of 1m, good from 95%"},
		{slo.Objective{}, "/: 0% over "},
		{profile()[0], "users/availability: 99.95% over 30d"},
		{slo.Objective{Name: "contract", Indicator: profile()[0].Indicator}, "users/contract: 0% over "},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("%T: got %q, want %q", tt.value, got, tt.want)
		}
	}
}

func TestJSON(t *testing.T) {
	full := profile()[1]
	full.Name = "fast"
	full.Window = slo.MustParseWindow("month Asia/Seoul")
	full.Alerts = slo.AlertPolicy{MinBad: 1, Rules: []slo.Alert{alert(slo.SeverityPage, "2%", time.Hour, 5*time.Minute)}}
	full.Slices = slo.Slices{Length: time.Minute, Bound: slo.MustParseShare("95%")}
	full.Description = "The profile is fast."
	full.Labels = map[string]string{"team": "users"}
	full.Stage, full.Tier, full.Owner, full.Runbook = slo.StageObserve, "1", "users-team", "https://example.com/users"
	full.DependsOn = []string{"database/availability"}
	for _, tt := range []struct {
		value any
		want  string
	}{
		{slo.Objective{}, `{}`},
		{slo.Alert{}, `{}`},
		{slo.AlertPolicy{}, `{}`},
		{slo.Slices{}, `{}`},
		{slo.Share{}, `"0%"`},
		{slo.SeverityPage, `"page"`},
		{alert(slo.SeverityTicket, "10%", 3*day, 0), `{"severity":"ticket","budget":"10%","long":"72h"}`},
		{full, `{"name":"fast","indicator":{"name":"latency","service":"users","good":{"within":"100ms"}},"target":"90%","window":"month Asia/Seoul",` +
			`"alerts":{"rules":[{"severity":"page","budget":"2%","long":"1h","short":"5m"}],"min_bad":1},` +
			`"slices":{"length":"1m","bound":"95%"},"stage":"observe","description":"The profile is fast.","tier":"1","owner":"users-team",` +
			`"runbook":"https://example.com/users","depends_on":["database/availability"],"labels":{"team":"users"}}`},
	} {
		if got, err := json.Marshal(tt.value); err != nil || string(got) != tt.want {
			t.Errorf("%T: got %s, %v, want %s", tt.value, got, err, tt.want)
		}
	}
}

// TestJSONIsStrict checks that a mistake in JSON is an error and changes
// nothing, and that null changes nothing.
func TestJSONIsStrict(t *testing.T) {
	o := profile()[0]
	for _, tt := range []struct {
		text, want string
		dst        any
	}{
		{`{"target":"99%","windo":"30d"}`, `json: unknown field "windo"`, &o},
		{`{"indicator":{"nam":"x"}}`, `json: unknown field "nam"`, &o},
		{`{"target":"100%"}`, `slo: invalid target "100%": 100% leaves no error budget`, &o},
		{`{"target":0.99}`, "cannot unmarshal number", &o},
		{`{"window":"fortnight"}`, `slo: invalid window "fortnight": want a length such as "30d"`, &o},
		{`{"alerts":{"minbad":1}}`, `json: unknown field "minbad"`, &o},
		{`{"alerts":{"rules":[{"budgt":"2%"}]}}`, `json: unknown field "budgt"`, &o},
		{`{"long":3600}`, "cannot unmarshal number", &slo.Alert{Long: time.Hour}},
		{`{"long":"soon"}`, `invalid duration "soon"`, &slo.Alert{Long: time.Hour}},
		{`{"budget":"two"}`, `slo: invalid share "two": want a percentage`, &slo.Alert{Long: time.Hour}},
		{`{"bounds":"95%"}`, `json: unknown field "bounds"`, &slo.Slices{Length: time.Minute}},
	} {
		before := fmt.Sprintf("%#v", tt.dst)
		if err := json.Unmarshal([]byte(tt.text), tt.dst); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.text, err, tt.want)
		}
		if err := json.Unmarshal([]byte("null"), tt.dst); err != nil {
			t.Errorf("null: %v", err)
		}
		if after := fmt.Sprintf("%#v", tt.dst); after != before {
			t.Errorf("%s changed %s to %s", tt.text, before, after)
		}
	}
}

func TestAlertReadsDays(t *testing.T) {
	var a slo.Alert
	if err := json.Unmarshal([]byte(`{"long":"3d","short":"6h"}`), &a); err != nil || a != (slo.Alert{Long: 3 * day, Short: 6 * time.Hour}) {
		t.Errorf("got %v, %v, want 3 days and 6 hours", a, err)
	}
}

func alwaysGood(sli.Event) bool { return true }

// TestObjectiveWithAFunction checks that a function is shown by its name, in
// text and in JSON, and cannot be read back.
func TestObjectiveWithAFunction(t *testing.T) {
	o := profile()[0]
	o.Name, o.Indicator.Good = "contract", sli.Condition{Func: alwaysGood}
	const name = "github.com/sligo-go/sligo/slo_test.alwaysGood"
	for text, want := range map[string]string{
		fmt.Sprintln(o):           "users/contract: 99.95% over 30d\n",
		fmt.Sprintln(o.Indicator): "users/availability of all requests: good if func " + name + "\n",
	} {
		if text != want {
			t.Errorf("got %q, want %q", text, want)
		}
	}
	text, err := json.Marshal(o)
	want := `{"name":"contract","indicator":{"name":"availability","service":"users","good":{"func":"` + name + `"}},"target":"99.95%","window":"30d"}`
	if err != nil || string(text) != want {
		t.Errorf("got  %s, %v\nwant %s", text, err, want)
	}
	read := profile()[1]
	if err := json.Unmarshal(text, &read); err == nil || !strings.Contains(err.Error(), name) || read.String() != profile()[1].String() {
		t.Errorf("reading: got %v and %v, want an error that names the function and no change", err, read)
	}
}

// FuzzObjectiveJSON checks that every objective that JSON can hold round-trips.
func FuzzObjectiveJSON(f *testing.F) {
	for _, o := range profile() {
		text, err := json.Marshal(o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"target":"","window":"month Asia/Seoul","alerts":{"rules":[{"budget":"0%","long":"3d"}],"min_bad":1},"slices":{"bound":"0.5"},"labels":{}}`))
	exact := cmp.AllowUnexported(slo.Target{}, slo.Share{})
	f.Fuzz(func(t *testing.T, text []byte) {
		var first, second slo.Objective
		if json.Unmarshal(text, &first) != nil {
			return
		}
		again, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again, &second); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		if diff := cmp.Diff(first, second, exact, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", again, diff)
		}
	})
}

func TestValuesRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, o := range profile() {
		roundTrip(t, o)
	}
	for range 500 {
		o := randomObjective(t, random)
		roundTrip(t, o)
		roundTrip(t, o.Alerts)
		roundTrip(t, o.Slices)
		roundTrip(t, o.Target)
		roundTrip(t, o.Window)
		roundTrip(t, o.Slices.Bound)
		for _, a := range o.Alerts.Rules {
			roundTrip(t, a)
		}
	}
}

// roundTrip checks that a value survives JSON, and its text if it has one.
func roundTrip[T any](t *testing.T, want T) {
	t.Helper()
	exact := cmp.AllowUnexported(slo.Target{}, slo.Share{})
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got T
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if diff := cmp.Diff(want, got, exact); diff != "" {
		t.Errorf("%s: %s", text, diff)
	}
	marshaler, ok := any(want).(encoding.TextMarshaler)
	if !ok {
		return
	}
	text, err = marshaler.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := any(&back).(encoding.TextUnmarshaler).UnmarshalText(text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if diff := cmp.Diff(want, back, exact); diff != "" {
		t.Errorf("%s: %s", text, diff)
	}
}

// randomObjective returns an objective that need not be valid. Many of its
// fields are zero.
func randomObjective(t *testing.T, random *rand.Rand) slo.Objective {
	o := slo.Objective{
		Name:        randomText(random),
		Indicator:   sli.Indicator{Service: randomText(random), Good: sli.Condition{Within: randomDuration(random)}},
		Slices:      slo.Slices{Length: randomDuration(random), Bound: randomShare(t, random)},
		Alerts:      slo.AlertPolicy{Disabled: random.IntN(2) == 0, MinBad: random.Uint64() >> random.IntN(65)},
		Description: randomText(random),
		Stage:       slo.Stage(randomText(random)),
		Tier:        randomText(random),
		Owner:       randomText(random),
		Runbook:     randomText(random),
	}
	for range random.IntN(2) {
		o.DependsOn = append(o.DependsOn, randomText(random))
	}
	windows := []string{"", "30d", "1h30m1s", "366d", "month", "quarter Asia/Seoul", "year Europe/Berlin"}
	if text := windows[random.IntN(len(windows))]; text != "" {
		o.Window = slo.MustParseWindow(text)
	}
	if random.IntN(3) > 0 {
		target, err := slo.TargetOf(1 + random.Int64N(999_999_999))
		if err != nil {
			t.Fatal(err)
		}
		o.Target = target
	}
	for range random.IntN(3) {
		o.Alerts.Rules = append(o.Alerts.Rules, slo.Alert{
			Severity: slo.Severity(randomText(random)), Budget: randomShare(t, random),
			Long: randomDuration(random), Short: randomDuration(random),
		})
	}
	for range random.IntN(2) {
		o.Labels = map[string]string{randomText(random): randomText(random)}
	}
	return o
}

func randomText(random *rand.Rand) string {
	return []string{"", "", "page", "users", "é<\n\x00>"}[random.IntN(5)]
}

func randomDuration(random *rand.Rand) time.Duration {
	return []time.Duration{0, 0, time.Hour, 3 * day, -time.Minute, time.Duration(random.Uint64() >> random.IntN(64)), math.MinInt64}[random.IntN(7)]
}

func randomShare(t *testing.T, random *rand.Rand) slo.Share {
	share, err := slo.ParseShare(fmt.Sprintf("0.%09d", random.Uint32N(1_000_000_000)*random.Uint32N(2)))
	if err != nil {
		t.Fatal(err)
	}
	return share
}
