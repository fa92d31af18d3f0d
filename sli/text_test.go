package sli_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sligo-go/sligo/sli"
)

func isPaid(e sli.Event) bool { return e.Items > 0 }

func TestTextOnOneLine(t *testing.T) {
	answered := sli.Condition{Status: []string{"2xx", "3xx"}}
	for _, tt := range []struct {
		value fmt.Stringer
		want  string
	}{
		{sli.Event{}, "(no operation) in 0s"},
		{sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: 20 * time.Millisecond}, "GET /users/{userid} 200 in 20ms"},
		{sli.Event{Operation: "/shop.Orders/List", Code: "OK", Items: 3, Canceled: true, Err: errFailed}, "/shop.Orders/List OK in 0s, 3 items, canceled, failed: failed"},
		{sli.Event{Err: (*loudError)(nil)}, "(no operation) in 0s, failed: panic: no text"},
		{sli.Event{Operation: "GET /", Canceled: true, Unanswered: true, Group: "paid", Allowed: ms}, `GET / in 0s, canceled, unanswered, group "paid", 1ms allowed`},
		{sli.Event{Operation: "OPTIONS /", Status: 204, Ignore: sli.ReasonPreflight}, "OPTIONS / 204 in 0s, ignored: preflight"},
		{sli.Groups{}, "without groups"},
		{sli.Groups{Values: []string{"free", "paid"}}, "groups free, paid and other"},
		{sli.Groups{Max: 50}, "at most 50 groups"},
		{sli.Indicator{Service: "users", Name: "n", Patience: time.Second, Groups: sli.Groups{Max: 50}}, "users/n of all requests: good if any; patience 1s; at most 50 groups"},
		{sli.Tally{Name: "n", Counts: sli.Counts{Good: 1, Valid: 2}}, "n: 1/2 (50.00%)"},
		{sli.Tally{
			Name: "n", Ignored: map[sli.Reason]uint64{sli.ReasonNotValid: 2, sli.ReasonClientLeft: 3, sli.ReasonUpgrade: 0}, Overdue: 4,
			Seen: map[string]bool{"GET /b": false, "GET /": true, "GET /a": false}, Overflow: true,
		}, "n: 0/0 (no data), ignored: 3 client_left, 2 not_valid, 4 overdue, never seen: GET /a, GET /b, too many groups"},
		{sli.Condition{}, "any"},
		{answered, "status 2xx 3xx"},
		{sli.Condition{Code: []string{"!Internal"}, Within: time.Minute, Rate: sli.Rate{Items: 5, Per: time.Second}, Canceled: sli.PresenceOnly, Failed: sli.PresenceInclude},
			"code !Internal, within 1m, at least 5/s, canceled: only, failed: include"},
		{sli.Condition{Func: isPaid}, "func github.com/sligo-go/sligo/sli_test.isPaid"},
		{sli.Rate{}, "0/0s"},
		{sli.Rate{Items: 500, Per: time.Second}, "500/s"},
		{sli.Rate{Items: 10, Per: 90 * time.Minute}, "10/1h30m"},
		{sli.Rate{Items: 10, Per: 15 * time.Minute}, "10/15m"},
		{sli.Collection{}, "server, from process"},
		{profile[0].Collection, "load balancer, from log: the status field, every 10s"},
		{sli.Aggregation{}, "ratio over 1m"},
		{profile[1].Aggregation, "p95 over 1m"},
		{sli.Indicator{}, "/ of all requests: good if any"},
		{profile[1], "users/latency of GET /users/{userid}: good if within 100ms; valid if status 2xx 3xx 4xx !400"},
		{sli.Indicator{Service: "s", Name: "n", Requests: []string{"a", "b"}, Good: answered}, "s/n of a, b: good if status 2xx 3xx"},
		{sli.Advice{Path: "journey browse", Text: "use more"}, "journey browse: use more"},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("%T: got %q, want %q", tt.value, got, tt.want)
		}
	}
}

type loudError struct{}

func (*loudError) Error() string { panic("no text") }

func TestJSON(t *testing.T) {
	for _, tt := range []struct {
		value any
		want  string
	}{
		{sli.Counts{}, `{"good":0,"valid":0}`},
		{sli.Counts{Good: math.MaxUint64, Valid: math.MaxUint64}, `{"good":18446744073709551615,"valid":18446744073709551615}`},
		{sli.VerdictBad, `"bad"`},
		{sli.KindLatency, `"latency"`},
		{sli.Event{}, `{}`},
		{sli.Event{Operation: "import", Duration: 90 * time.Second, Items: 7, Canceled: true, Err: errors.New("")}, `{"operation":"import","duration":"1m30s","items":7,"canceled":true,"err":""}`},
		{sli.Condition{}, `{}`},
		{sli.Condition{Status: []string{"2xx"}, Within: 100 * time.Millisecond, Rate: sli.Rate{Items: 500, Per: time.Second}, Failed: sli.PresenceOnly},
			`{"status":["2xx"],"within":"100ms","rate":"500/s","failed":"only"}`},
		{sli.Condition{Func: isPaid}, `{"func":"github.com/sligo-go/sligo/sli_test.isPaid"}`},
		{sli.Indicator{}, `{}`},
		{profile[1], `{"name":"latency","service":"users","journey":"profile","kind":"latency","workload":"user-facing",` +
			`"requests":["GET /users/{userid}"],"good":{"within":"100ms"},"valid":{"status":["2xx","3xx","4xx","!400"]},` +
			`"collection":{"where":"the Korean cluster","how":"log","field":"the response-time field","every":"10s"},"aggregation":{"over":"1m","by":"p95"}}`},
		{sli.Event{Group: "paid", Unanswered: true, Allowed: ms, Ignore: sli.ReasonUnjudged}, `{"group":"paid","unanswered":true,"allowed":"1ms","ignore":"unjudged"}`},
		{sli.Indicator{Name: "n", Patience: 200 * time.Millisecond, Groups: sli.Groups{Values: []string{"paid"}}}, `{"name":"n","groups":{"values":["paid"]},"patience":"200ms"}`},
		{sli.Indicator{Patience: -1, Groups: sli.Groups{Max: 5}}, `{"groups":{"max":5},"patience":"-1ns"}`},
		{sli.Report{}, `{"unmatched":0,"unrouted":0}`},
		{sli.Report{Service: "users", Indicators: []sli.Tally{{
			Name: "availability", Counts: sli.Counts{Valid: 1}, Ignored: map[sli.Reason]uint64{sli.ReasonClientLeft: 2}, Seen: map[string]bool{"GET /": true},
			Groups: []sli.Tally{{Name: "paid", Overdue: 1}}, Overflow: true,
		}}}, `{"service":"users","indicators":[{"name":"availability","counts":{"good":0,"valid":1},"ignored":{"client_left":2},"overdue":0,"seen":{"GET /":true},` +
			`"groups":[{"name":"paid","counts":{"good":0,"valid":0},"overdue":1}],"overflow":true}],"unmatched":0,"unrouted":0}`},
		{sli.Advice{Path: "service users", Text: "x"}, `{"path":"service users","text":"x"}`},
	} {
		if got, err := json.Marshal(tt.value); err != nil || string(got) != tt.want {
			t.Errorf("%T: got %s, %v, want %s", tt.value, got, err, tt.want)
		}
	}
}

// TestJSONIsStrict checks that a mistake in JSON is an error and changes
// nothing, and that null changes nothing.
func TestJSONIsStrict(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		dst        any
	}{
		{`{"good":1,"vaild":1}`, `json: unknown field "vaild"`, &sli.Counts{Good: 1, Valid: 2}},
		{`{"good":-1}`, "cannot unmarshal number -1", &sli.Counts{Good: 1, Valid: 2}},
		{`{"name":"x","goood":{}}`, `json: unknown field "goood"`, &sli.Indicator{Name: "n"}},
		{`{"good":{"withn":"1s"}}`, `json: unknown field "withn"`, &sli.Indicator{Name: "n"}},
		{`{"valid":{"func":"main.isPaid"}}`, `sli: the function "main.isPaid" cannot be read back: set Condition.Func in Go`, &sli.Indicator{Name: "n"}},
		{`{"within":100}`, "cannot unmarshal number", &sli.Condition{Within: 1}},
		{`{"within":"soon"}`, `invalid duration "soon": want a number with a unit`, &sli.Condition{Within: 1}},
		{`{"rate":"500"}`, `sli: invalid rate "500": want a number of items and a time such as "500/s"`, &sli.Condition{Within: 1}},
		{`{"every":"1"}`, `invalid duration "1"`, &sli.Collection{Where: "client"}},
		{`{"at":"client"}`, `json: unknown field "at"`, &sli.Collection{Where: "client"}},
		{`{"under":"1m"}`, `json: unknown field "under"`, &sli.Aggregation{By: "p95"}},
		{`{"stat":200}`, `json: unknown field "stat"`, &sli.Event{Status: 200, Err: errFailed}},
		{`{"text":1}`, "cannot unmarshal number", &sli.Advice{Path: "p"}},
		{`{"patience":5}`, "cannot unmarshal number", &sli.Indicator{Name: "n", Patience: 1}},
		{`{"name":"x","groups":{"maximum":5}}`, `json: unknown field "maximum"`, &sli.Indicator{Name: "n", Patience: 1}},
		{`{"val":[]}`, `json: unknown field "val"`, &sli.Groups{Max: 1}},
		{`{"group":1}`, "cannot unmarshal number", &sli.Event{Group: "paid"}},
		{`{"unseen":1}`, `json: unknown field "unseen"`, &sli.Report{Unmatched: 1}},
		{`{"over":1}`, `json: unknown field "over"`, &sli.Tally{Name: "n"}},
		{`"great"`, `sli: unknown verdict "great": want one of "ignored", "bad", "good"`, new(sli.Verdict)},
		{`"x/s"`, `sli: invalid rate "x/s"`, &sli.Rate{Items: 1, Per: 1}},
		{`"5/"`, `sli: invalid rate "5/"`, &sli.Rate{Items: 1, Per: 1}},
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

func TestInvalidVerdictHasNoText(t *testing.T) {
	if text, err := sli.Verdict(3).MarshalText(); err == nil {
		t.Errorf("got %q, want an error", text)
	}
}

func TestFuncIsMarshaledByName(t *testing.T) {
	text, err := json.Marshal(sli.Condition{Func: func(sli.Event) bool { return true }})
	if err != nil || !strings.Contains(string(text), "TestFuncIsMarshaledByName.func1") {
		t.Errorf("got %s, %v, want the name of the function", text, err)
	}
	var c sli.Condition
	if err := json.Unmarshal(text, &c); err == nil {
		t.Errorf("got %v, want an error", c)
	}
}

// FuzzRateText checks that every rate round-trips, and every text that is
// read.
func FuzzRateText(f *testing.F) {
	for _, text := range []string{"500/s", "0/0s", "1/1h30m", "5/ms", "7/-3s", "18446744073709551615/m", "1/", "/s", "1/s/s"} {
		f.Add(uint64(10), int64(15*time.Minute), text)
	}
	f.Add(uint64(math.MaxUint64), int64(math.MinInt64), "1/µs")
	f.Fuzz(func(t *testing.T, items uint64, per int64, text string) {
		roundTrip(t, sli.Rate{Items: items, Per: time.Duration(per)})
		var r sli.Rate
		if r.UnmarshalText([]byte(text)) == nil {
			roundTrip(t, r)
		}
	})
}

// FuzzIndicatorJSON checks that every indicator that JSON can hold round-trips.
func FuzzIndicatorJSON(f *testing.F) {
	for _, ind := range append(sli.WorkloadUserFacing.Indicators("users"), profile...) {
		text, err := json.Marshal(ind)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"requests":[],"good":{"status":[],"rate":"0/0s"},"valid":{"func":"f"},"collection":null,"aggregation":{"over":"1d"},"patience":"-1s","groups":{"values":["a"],"max":-1}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var first, second sli.Indicator
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
		if diff := cmp.Diff(first, second, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", again, diff)
		}
	})
}

func TestValuesRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, ind := range profile {
		roundTrip(t, ind)
	}
	for range 500 {
		ind := randomIndicator(random)
		roundTrip(t, ind)
		roundTrip(t, ind.Good)
		roundTrip(t, ind.Collection)
		roundTrip(t, ind.Aggregation)
		roundTrip(t, sli.Counts{Good: random.Uint64() >> random.IntN(65), Valid: random.Uint64() >> random.IntN(65)})
		roundTrip(t, sli.Verdict(random.IntN(3)))
		roundTrip(t, sli.Event{
			Operation: randomText(random), Status: random.IntN(1000), Code: randomText(random), Duration: randomDuration(random),
			Items: random.Uint64(), Canceled: random.IntN(2) == 0, Err: []error{nil, errors.New(randomText(random))}[random.IntN(2)],
			Group: randomText(random), Unanswered: random.IntN(2) == 0, Allowed: randomDuration(random), Ignore: sli.Reason(randomText(random)),
		})
		roundTrip(t, ind.Groups)
		roundTrip(t, randomReport(random))
	}
	for _, w := range sli.Workloads() {
		roundTrip(t, w)
		for _, ind := range w.Indicators("users") {
			roundTrip(t, ind)
		}
	}
}

// roundTrip checks that a value survives JSON, and its text if it has one.
func roundTrip[T any](t *testing.T, want T) {
	t.Helper()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	sameText := cmp.Transformer("text", func(err error) string { return fmt.Sprint(err) })
	var got T
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if diff := cmp.Diff(want, got, sameText); diff != "" {
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
	if diff := cmp.Diff(want, back); diff != "" {
		t.Errorf("%s: %s", text, diff)
	}
}

// randomIndicator returns an indicator that need not be valid. Half of its
// fields are zero.
func randomIndicator(random *rand.Rand) sli.Indicator {
	return sli.Indicator{
		Name: randomText(random), Service: randomText(random), Journey: randomText(random),
		Kind: sli.Kind(randomText(random)), Workload: sli.Workload(randomText(random)),
		Requests: randomTexts(random), Good: randomCondition(random), Valid: randomCondition(random),
		Collection: sli.Collection{
			Where: randomText(random), How: sli.Source(randomText(random)), Field: randomText(random), Every: randomDuration(random),
		},
		Aggregation: sli.Aggregation{Over: randomDuration(random), By: randomText(random)},
		Patience:    randomDuration(random), Groups: sli.Groups{Values: randomTexts(random), Max: random.IntN(3)},
	}
}

// randomReport returns a report of a recorder with groups, in which every
// field of a Tally is set in some.
func randomReport(random *rand.Rand) sli.Report {
	tally := func() sli.Tally {
		return sli.Tally{
			Name: randomText(random), Since: time.Unix(random.Int64N(1<<32), 0).UTC(), Counts: sli.Counts{Good: 1, Valid: random.Uint64()},
			Ignored: map[sli.Reason]uint64{sli.ReasonClientLeft: random.Uint64()}, Overdue: random.Uint64(),
		}
	}
	with := tally()
	with.Seen = map[string]bool{randomText(random): random.IntN(2) == 0}
	with.Groups = []sli.Tally{tally(), tally()}
	with.Overflow = random.IntN(2) == 0
	return sli.Report{
		Service: randomText(random), Created: time.Unix(random.Int64N(1<<32), 5).UTC(), Indicators: []sli.Tally{tally(), with},
		Unmatched: random.Uint64(), Unrouted: random.Uint64(),
	}
}

func randomCondition(random *rand.Rand) sli.Condition {
	return sli.Condition{
		Status: randomTexts(random), Code: randomTexts(random), Within: randomDuration(random),
		Rate:     sli.Rate{Items: random.Uint64() >> random.IntN(65), Per: randomDuration(random)},
		Canceled: sli.Presence(randomText(random)), Failed: sli.Presence(randomText(random)),
	}
}

func randomText(random *rand.Rand) string {
	return []string{"", "", "", "GET /users/{userid}", `<"é\u2028` + "\x00>", "include"}[random.IntN(6)]
}

func randomTexts(random *rand.Rand) []string {
	var texts []string
	for range random.IntN(3) {
		texts = append(texts, randomText(random))
	}
	return texts
}

func randomDuration(random *rand.Rand) time.Duration {
	return []time.Duration{0, 0, time.Hour, -time.Minute, time.Duration(random.Uint64() >> random.IntN(64)), math.MinInt64}[random.IntN(6)]
}
