package sli_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

// profile are the SLIs of the shop's page /profile/Lora on the standard
// template.
var profile = []sli.Indicator{
	{
		Name: "availability", Service: "users", Journey: "profile", Kind: sli.KindAvailability, Workload: sli.WorkloadUserFacing,
		Requests:    []string{"GET /users/{userid}"},
		Good:        sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		Valid:       sli.Condition{Status: []string{"!400"}},
		Collection:  sli.Collection{Where: "load balancer", How: sli.SourceLog, Field: "the status field", Every: 10 * time.Second},
		Aggregation: sli.Aggregation{Over: time.Minute, By: "ratio"},
	},
	{
		Name: "latency", Service: "users", Journey: "profile", Kind: sli.KindLatency, Workload: sli.WorkloadUserFacing,
		Requests:    []string{"GET /users/{userid}"},
		Good:        sli.Condition{Within: 100 * time.Millisecond},
		Valid:       sli.Condition{Status: []string{"2xx", "3xx", "4xx", "!400"}},
		Collection:  sli.Collection{Where: "the Korean cluster", How: sli.SourceLog, Field: "the response-time field", Every: 10 * time.Second},
		Aggregation: sli.Aggregation{Over: time.Minute, By: "p95"},
	},
}

// TestProfile is the specification of the profile page's SLIs: the verdicts on
// every kind of response.
func TestProfile(t *testing.T) {
	const fast, slow = 20 * time.Millisecond, 101 * time.Millisecond
	const user = "GET /users/{userid}"
	tests := []struct {
		name         string
		event        sli.Event
		availability sli.Verdict
		latency      sli.Verdict
	}{
		{"answered fast", sli.Event{Operation: user, Status: 200, Duration: fast}, sli.VerdictGood, sli.VerdictGood},
		{"answered slowly", sli.Event{Operation: user, Status: 200, Duration: slow}, sli.VerdictGood, sli.VerdictBad},
		{"not modified", sli.Event{Operation: user, Status: 304, Duration: fast}, sli.VerdictGood, sli.VerdictGood},
		{"no such user", sli.Event{Operation: user, Status: 404, Duration: fast}, sli.VerdictGood, sli.VerdictGood},
		{"the client's own mistake", sli.Event{Operation: user, Status: 400, Duration: fast}, sli.VerdictIgnored, sli.VerdictIgnored},
		{"failed fast", sli.Event{Operation: user, Status: 500, Duration: fast}, sli.VerdictBad, sli.VerdictIgnored},
		{"failed slowly", sli.Event{Operation: user, Status: 503, Duration: slow}, sli.VerdictBad, sli.VerdictIgnored},
		{"the handler panicked after 200", sli.Event{Operation: user, Status: 200, Duration: fast, Err: errFailed}, sli.VerdictBad, sli.VerdictBad},
		{"the client disconnected", sli.Event{Operation: user, Status: 499, Duration: slow, Canceled: true}, sli.VerdictIgnored, sli.VerdictIgnored},
		{"another request", sli.Event{Operation: "GET /orders/users/{userid}", Status: 200}, sli.VerdictIgnored, sli.VerdictIgnored},
		{"another method", sli.Event{Operation: "PUT /users/{userid}", Status: 500}, sli.VerdictIgnored, sli.VerdictIgnored},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkJudge(t, profile[0], test.event, test.availability)
			checkJudge(t, profile[1], test.event, test.latency)
		})
	}
}

// mistakes returns the lines of an error from Validate, and checks that each
// is a FieldError.
func mistakes(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("got %T, want joined errors", err)
	}
	for _, e := range joined.Unwrap() {
		var field *sli.FieldError
		if !errors.As(e, &field) || field.Path == "" || e.Error() != field.Path+": "+field.Err.Error() {
			t.Errorf("got %v, want a FieldError with a path", e)
		}
	}
	return strings.Split(err.Error(), "\n")
}

func TestValidateReportsEveryMistakeAtOnce(t *testing.T) {
	ind := sli.Indicator{
		Name: "5 nines", Journey: "-browse", Kind: "speed", Workload: "web",
		Requests: []string{"GET /users/{userid}", "", "get /x", "GET  /a", "/a/b ", " /x", "GET shop.example/x", "import\x00"},
		Good: sli.Condition{
			Status: []string{"2xx", "20x"}, Code: []string{"Okay"}, Within: -time.Second, Rate: sli.Rate{Items: 5}, Canceled: "maybe", Failed: "never",
		},
		Valid:       sli.Condition{Status: []string{"!504-500"}, Within: -1, Rate: sli.Rate{Items: 1, Per: -1}},
		Collection:  sli.Collection{How: "guess", Every: -1},
		Aggregation: sli.Aggregation{Over: -time.Minute, By: "average"},
	}
	want := []string{
		`Name: invalid name "5 nines": want at most 63 of the letters a-z and A-Z, digits, and between them '-', '_' and '.'`,
		`Service: required`,
		`Journey: invalid name "-browse": want at most 63 of the letters a-z and A-Z, digits, and between them '-', '_' and '.'`,
		`Kind: unknown kind "speed": want one of "availability", "latency", "error-rate", "throughput", "durability", "end-to-end-latency", "accuracy", "training-time", "freshness"`,
		`Workload: unknown workload "web": want one of "user-facing", "storage", "data-analysis", "machine-learning"`,
		`Requests[1]: invalid request "": want a route, a gRPC method or a job's name`,
		`Requests[2]: invalid request "get /x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
		`Requests[3]: invalid request "GET  /a": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
		`Requests[4]: invalid request "/a/b ": want printable characters, and spaces only between them`,
		`Requests[5]: invalid request " /x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
		`Requests[6]: invalid request "GET shop.example/x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
		`Requests[7]: invalid request "import\x00": want printable characters, and spaces only between them`,
		`Good.Status[1]: invalid status "20x": want a code from 100 to 599 such as "404", a class such as "5xx" or a range such as "500-504", with "!" in front to exclude it`,
		`Good.Code[0]: invalid gRPC code "Okay": want a name such as "NotFound" or "NOT_FOUND", with "!" in front to exclude it`,
		`Good.Within: invalid duration -1s: want zero or more`,
		`Good.Rate: invalid rate of 5 items in 0s: want both positive, or both zero for no bound`,
		`Good.Canceled: unknown presence "maybe": want one of "include", "exclude", "only"`,
		`Good.Failed: unknown presence "never": want one of "include", "exclude", "only"`,
		`Valid.Status[0]: invalid status "!504-500": want a code from 100 to 599 such as "404", a class such as "5xx" or a range such as "500-504", with "!" in front to exclude it`,
		`Valid.Within: invalid duration -1ns: want zero or more`,
		`Valid.Rate: invalid rate of 1 items in -1ns: want both positive, or both zero for no bound`,
		`Collection.How: unknown source "guess": want one of "process", "log", "mesh", "opentelemetry", "query"`,
		`Collection.Every: invalid duration -1ns: want zero or more`,
		`Aggregation.Over: invalid duration -1m0s: want zero or more`,
		`Aggregation.By: unknown function "average": want one of "ratio", "mean", "median", "min", "max", "sum", "count", "rate", or a percentile such as "p95"`,
	}
	if diff := cmp.Diff(want, mistakes(t, ind.Validate())); diff != "" {
		t.Error(diff)
	}
	if v, err := ind.Judge(sli.Event{}); v != sli.VerdictIgnored || err == nil || err.Error() != ind.Validate().Error() {
		t.Errorf("Judge: got %v and %v, want ignored and Validate's error", v, err)
	}
}

func TestValidateAcceptsTheTemplate(t *testing.T) {
	for _, ind := range profile {
		if err := ind.Validate(); err != nil {
			t.Errorf("%s: %v", ind.Name, err)
		}
	}
}

func TestNames(t *testing.T) {
	longest := strings.Repeat("a", 63)
	tests := []struct {
		name string
		ok   bool
	}{
		{"availability", true}, {"a", true}, {"Z", true}, {"0", true}, {"p99.9_of-Users", true}, {longest, true},
		{"", false}, {longest + "a", false}, {"-a", false}, {"a-", false}, {"_", false}, {".a", false}, {"a.", false},
		{"a b", false}, {"a/b", false}, {"a:b", false}, {"é", false}, {"a\x00b", false}, {"a\n", false}, {"a@b", false},
		{"a`b", false}, {"a[b", false}, {"a{b", false}, {`a"b`, false}, {"\xff", false},
	}
	for _, test := range tests {
		fields := map[string]sli.Indicator{
			"Name":    {Name: test.name, Service: "s"},
			"Service": {Name: "n", Service: test.name},
			"Journey": {Name: "n", Service: "s", Journey: test.name},
		}
		for field, ind := range fields {
			wantOK := test.ok || field == "Journey" && test.name == ""
			if err := ind.Validate(); (err == nil) != wantOK || err != nil && !strings.HasPrefix(err.Error(), field+": ") {
				t.Errorf("%s %q: got %v, want it accepted: %t", field, test.name, err, wantOK)
			}
		}
	}
}

func TestAggregationBy(t *testing.T) {
	tests := []struct {
		by string
		ok bool
	}{
		{"", true}, {"ratio", true}, {"mean", true}, {"median", true}, {"min", true}, {"max", true}, {"sum", true},
		{"count", true}, {"rate", true}, {"p1", true}, {"p50", true}, {"p95", true}, {"p99", true}, {"p99.9", true}, {"p99.999", true},
		{"p", false}, {"p0", false}, {"p05", false}, {"p100", false}, {"p99.", false}, {"p.9", false}, {"p99.9999", false},
		{"95", false}, {"P95", false}, {"p95 ", false}, {"p-5", false}, {"p9x", false}, {"avg", false},
	}
	for _, test := range tests {
		ind := sli.Indicator{Name: "n", Service: "s", Aggregation: sli.Aggregation{By: test.by}}
		if err := ind.Validate(); (err == nil) != test.ok {
			t.Errorf("%q: got %v, want it accepted: %t", test.by, err, test.ok)
		}
	}
}

func TestKindNeedsItsCriterion(t *testing.T) {
	within := sli.Condition{Within: time.Second}
	rate := sli.Condition{Rate: sli.Rate{Items: 500, Per: time.Second}}
	byFunc := sli.Condition{Func: func(sli.Event) bool { return true }}
	tests := []struct {
		kind sli.Kind
		good sli.Condition
		want []string
	}{
		{"", sli.Condition{}, nil},
		{sli.KindAvailability, sli.Condition{}, nil},
		{sli.KindErrorRate, sli.Condition{}, nil},
		{sli.KindDurability, sli.Condition{}, nil},
		{sli.KindAccuracy, sli.Condition{}, nil},
		{sli.KindLatency, within, nil},
		{sli.KindLatency, byFunc, nil},
		{sli.KindLatency, rate, []string{`Good.Within: required for an indicator of kind "latency"`}},
		{sli.KindEndToEndLatency, within, nil},
		{sli.KindEndToEndLatency, sli.Condition{}, []string{`Good.Within: required for an indicator of kind "end-to-end-latency"`}},
		{sli.KindFreshness, within, nil},
		{sli.KindFreshness, sli.Condition{Status: []string{"2xx"}}, []string{`Good.Within: required for an indicator of kind "freshness"`}},
		{sli.KindTrainingTime, within, nil},
		{sli.KindTrainingTime, sli.Condition{}, []string{`Good.Within: required for an indicator of kind "training-time"`}},
		{sli.KindThroughput, rate, nil},
		{sli.KindThroughput, byFunc, nil},
		{sli.KindThroughput, within, []string{`Good.Rate: required for an indicator of kind "throughput"`}},
	}
	for _, test := range tests {
		ind := sli.Indicator{Name: "n", Service: "s", Kind: test.kind, Good: test.good}
		if diff := cmp.Diff(test.want, mistakes(t, ind.Validate())); diff != "" {
			t.Errorf("kind %q: %s", test.kind, diff)
		}
	}
}

func TestCompile(t *testing.T) {
	good := sli.Indicator{Service: "users", Name: "latency", Good: sli.Condition{Within: 100 * time.Millisecond}}
	judge, err := good.Compile()
	if err != nil {
		t.Fatal(err)
	}
	for took, want := range map[time.Duration]sli.Verdict{100 * time.Millisecond: sli.VerdictGood, 101 * time.Millisecond: sli.VerdictBad} {
		if got := judge(sli.Event{Duration: took}); got != want {
			t.Errorf("%v: got %v, want %v", took, got, want)
		}
	}
	if allocs := testing.AllocsPerRun(100, func() { judge(sli.Event{Status: 200}) }); allocs != 0 {
		t.Errorf("got %v allocations, want 0", allocs)
	}
	if judge, err := (sli.Indicator{}).Compile(); err == nil || judge != nil {
		t.Errorf("an indicator without a name: got a function: %t, error %v, want the error only", judge != nil, err)
	}
}
