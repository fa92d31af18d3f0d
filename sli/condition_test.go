package sli_test

import (
	"errors"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
)

var errFailed = errors.New("failed")

func TestCondition(t *testing.T) {
	const ms = time.Millisecond
	httpAndGRPC := sli.Condition{Status: []string{"2xx", "404"}, Code: []string{"OK", "NotFound"}}
	tests := []struct {
		name      string
		condition sli.Condition
		met       []sli.Event
		unmet     []sli.Event
	}{
		{
			name:      "no field: every event without an Err",
			condition: sli.Condition{},
			met:       []sli.Event{{}, {Status: 200}, {Status: 500}, {Code: "Internal"}, {Duration: time.Hour}},
			unmet:     []sli.Event{{Err: errFailed}, {Status: 200, Err: errFailed}},
		},
		{
			name:      "a class of statuses",
			condition: sli.Condition{Status: []string{"2xx"}},
			met:       []sli.Event{{Status: 200}, {Status: 204}, {Status: 299}},
			unmet:     []sli.Event{{Status: 103}, {Status: 300}, {Status: 404}, {Status: 500}, {Status: 999}},
		},
		{
			name:      "one status",
			condition: sli.Condition{Status: []string{"404"}},
			met:       []sli.Event{{Status: 404}},
			unmet:     []sli.Event{{Status: 200}, {Status: 403}, {Status: 405}},
		},
		{
			name:      "a range of statuses, inclusive",
			condition: sli.Condition{Status: []string{"500-504"}},
			met:       []sli.Event{{Status: 500}, {Status: 502}, {Status: 504}},
			unmet:     []sli.Event{{Status: 499}, {Status: 505}},
		},
		{
			name:      "all statuses except one and 1xx",
			condition: sli.Condition{Status: []string{"!400"}},
			met:       []sli.Event{{Status: 200}, {Status: 401}, {Status: 500}, {Status: 600}},
			unmet:     []sli.Event{{Status: 400}, {Status: 100}, {Status: 103}},
		},
		{
			name:      "a class without one status, in any order",
			condition: sli.Condition{Status: []string{"!429", "2xx", "4xx"}},
			met:       []sli.Event{{Status: 200}, {Status: 404}, {Status: 430}},
			unmet:     []sli.Event{{Status: 429}, {Status: 301}, {Status: 500}},
		},
		{
			name:      "statuses: only HTTP meets them",
			condition: sli.Condition{Status: []string{"2xx"}},
			met:       []sli.Event{{Status: 200}},
			unmet:     []sli.Event{{Code: "OK"}, {}, {Items: 5}},
		},
		{
			name:      "codes: only gRPC meets them",
			condition: sli.Condition{Code: []string{"OK", "NOT_FOUND"}},
			met:       []sli.Event{{Code: "OK"}, {Code: "NotFound"}, {Code: "NOT_FOUND"}},
			unmet:     []sli.Event{{Code: "Internal"}, {Status: 200}, {}},
		},
		{
			name:      "all codes except one",
			condition: sli.Condition{Code: []string{"!Internal"}},
			met:       []sli.Event{{Code: "OK"}, {Code: "Unknown"}, {Code: "Code(99)"}},
			unmet:     []sli.Event{{Code: "Internal"}, {Code: "INTERNAL"}, {Status: 500}, {}},
		},
		{
			name:      "a negated code is excluded, even if it is listed too",
			condition: sli.Condition{Code: []string{"OK", "NotFound", "!NotFound", "!Internal"}},
			met:       []sli.Event{{Code: "OK"}},
			unmet:     []sli.Event{{Code: "NotFound"}, {Code: "Internal"}, {Code: "Unknown"}},
		},
		{
			name:      "statuses and codes: each protocol by its own list",
			condition: httpAndGRPC,
			met:       []sli.Event{{Status: 200}, {Status: 404}, {Code: "OK"}, {Code: "NotFound"}, {Status: 500, Code: "OK"}},
			unmet:     []sli.Event{{Status: 500}, {Code: "Internal"}, {Status: 200, Code: "Internal"}},
		},
		{
			name:      "statuses: a gRPC call over net/http by its status",
			condition: sli.Condition{Status: []string{"2xx", "4xx"}},
			met:       []sli.Event{{Status: 200, Code: "OK"}, {Status: 404, Code: "NotFound"}},
			unmet:     []sli.Event{{Status: 500, Code: "Internal"}},
		},
		{
			name:      "codes: a gRPC call over net/http by its code",
			condition: sli.Condition{Code: []string{"OK", "NotFound"}},
			met:       []sli.Event{{Status: 200, Code: "OK"}, {Status: 404, Code: "NotFound"}},
			unmet:     []sli.Event{{Status: 200, Code: "Internal"}},
		},
		{
			name:      "statuses and codes: a job without an Err",
			condition: httpAndGRPC,
			met:       []sli.Event{{}, {Duration: time.Hour}},
			unmet:     []sli.Event{{Err: errFailed}},
		},
		{
			name:      "statuses and codes: a job with an Err, though Failed includes it",
			condition: sli.Condition{Status: httpAndGRPC.Status, Code: httpAndGRPC.Code, Failed: sli.PresenceInclude},
			met:       []sli.Event{{Status: 200, Err: errFailed}},
			unmet:     []sli.Event{{Err: errFailed}},
		},
		{
			name:      "a latency bound, inclusive",
			condition: sli.Condition{Within: 100 * ms},
			met:       []sli.Event{{}, {Duration: 100*ms - 1}, {Duration: 100 * ms}},
			unmet:     []sli.Event{{Duration: 100*ms + 1}, {Duration: time.Hour}},
		},
		{
			name:      "a rate, inclusive",
			condition: sli.Condition{Rate: sli.Rate{Items: 500, Per: time.Second}},
			met:       []sli.Event{{Items: 500, Duration: time.Second}, {Items: 1, Duration: 2 * ms}, {Items: 1}},
			unmet:     []sli.Event{{Items: 499, Duration: time.Second}, {Items: 500, Duration: time.Second + 1}, {}, {Items: 1, Duration: -1}},
		},
		{
			name:      "a func, which gets the whole event",
			condition: sli.Condition{Func: func(e sli.Event) bool { return e == sli.Event{Operation: "import", Items: 7, Code: "OK"} }},
			met:       []sli.Event{{Operation: "import", Items: 7, Code: "OK"}},
			unmet:     []sli.Event{{Operation: "import", Items: 7}, {}},
		},
		{
			name: "all fields together",
			condition: sli.Condition{
				Status: []string{"2xx"}, Within: 100 * ms, Rate: sli.Rate{Items: 1, Per: time.Second},
				Canceled: sli.PresenceExclude, Failed: sli.PresenceExclude, Func: func(e sli.Event) bool { return e.Items < 10 },
			},
			met: []sli.Event{{Status: 200, Items: 1}},
			unmet: []sli.Event{
				{Status: 500, Items: 1}, {Status: 200, Items: 1, Duration: 101 * ms}, {Status: 200},
				{Status: 200, Items: 1, Err: errFailed}, {Status: 200, Items: 10},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, e := range test.met {
				checkMet(t, test.condition, e, true)
			}
			for _, e := range test.unmet {
				checkMet(t, test.condition, e, false)
			}
		})
	}
}

// TestPresence is the table of the meanings of Canceled and Failed, in Valid
// and in Good.
func TestPresence(t *testing.T) {
	canceled, failed, plain := sli.Event{Canceled: true}, sli.Event{Err: errFailed}, sli.Event{}
	all := sli.Condition{Canceled: sli.PresenceInclude, Failed: sli.PresenceInclude}
	with := func(canceled, failed sli.Presence) sli.Condition {
		return sli.Condition{Canceled: canceled, Failed: failed}
	}
	tests := []struct {
		name        string
		valid, good sli.Condition
		canceled    sli.Verdict
		failed      sli.Verdict
		plain       sli.Verdict
	}{
		{"by default, an event whose caller left is ignored and a failure is bad", with("", ""), with("", ""), sli.VerdictIgnored, sli.VerdictBad, sli.VerdictGood},
		{"both valid and good", all, all, sli.VerdictGood, sli.VerdictGood, sli.VerdictGood},
		{"canceled is valid, and good by default", with("include", ""), with("", ""), sli.VerdictGood, sli.VerdictBad, sli.VerdictGood},
		{"canceled is valid and not good", with("include", ""), with("exclude", ""), sli.VerdictBad, sli.VerdictBad, sli.VerdictGood},
		{"only canceled is valid", with("only", ""), with("", ""), sli.VerdictGood, sli.VerdictIgnored, sli.VerdictIgnored},
		{"only canceled is good", with("include", ""), with("only", ""), sli.VerdictGood, sli.VerdictBad, sli.VerdictBad},
		{"a failure is not valid", with("", "exclude"), with("", ""), sli.VerdictIgnored, sli.VerdictIgnored, sli.VerdictGood},
		{"only a failure is valid", with("", "only"), with("", "include"), sli.VerdictIgnored, sli.VerdictGood, sli.VerdictIgnored},
		{"only a failure is good", with("", ""), with("", "only"), sli.VerdictIgnored, sli.VerdictGood, sli.VerdictBad},
		{"a failure is good too", with("", ""), with("", "include"), sli.VerdictIgnored, sli.VerdictGood, sli.VerdictGood},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ind := sli.Indicator{Name: "n", Service: "s", Valid: test.valid, Good: test.good}
			checkJudge(t, ind, canceled, test.canceled)
			checkJudge(t, ind, failed, test.failed)
			checkJudge(t, ind, plain, test.plain)
		})
	}
}

func checkJudge(t *testing.T, ind sli.Indicator, e sli.Event, want sli.Verdict) {
	t.Helper()
	got, err := ind.Judge(e)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("%+v: got %v, want %v", e, got, want)
	}
}

func TestPanicInFunc(t *testing.T) {
	panics := sli.Condition{Func: func(e sli.Event) bool { panic(e) }}
	panicsWithNil := sli.Condition{Func: func(sli.Event) bool { panic(nil) }}
	tests := []struct {
		name        string
		valid, good sli.Condition
		event       sli.Event
		want        sli.Verdict
	}{
		{"in Good", sli.Condition{}, panics, sli.Event{}, sli.VerdictBad},
		{"in Good, with nil", sli.Condition{}, panicsWithNil, sli.Event{}, sli.VerdictBad},
		{"in Valid", panics, sli.Condition{}, sli.Event{}, sli.VerdictBad},
		{"in Valid, for an event that other fields exclude", sli.Condition{Status: []string{"2xx"}, Func: panics.Func}, sli.Condition{}, sli.Event{Status: 500}, sli.VerdictIgnored},
		{"in Good, for an event that is not valid", sli.Condition{}, panics, sli.Event{Canceled: true}, sli.VerdictIgnored},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkJudge(t, sli.Indicator{Name: "n", Service: "s", Valid: test.valid, Good: test.good}, test.event, test.want)
		})
	}
}

func FuzzRate(f *testing.F) {
	const longest = math.MaxInt64
	for _, duration := range []int64{0, 1, -1, 1e9, 1e9 + 1, longest, longest - 1, -longest} {
		f.Add(uint64(500), int64(1e9), uint64(500), duration)
		f.Add(uint64(1<<64-1), int64(longest), uint64(1<<64-1), duration)
		f.Add(uint64(1<<63), int64(longest), uint64(1<<63-1), duration)
		f.Add(uint64(3), int64(1<<62), uint64(1<<62), duration)
		f.Add(uint64(1), int64(1), uint64(0), duration)
	}
	f.Fuzz(func(t *testing.T, items uint64, per int64, done uint64, duration int64) {
		c := sli.Condition{Rate: sli.Rate{Items: items, Per: time.Duration(per)}}
		got, err := sli.Indicator{Name: "n", Service: "s", Good: c}.Judge(sli.Event{Items: done, Duration: time.Duration(duration)})
		if isRate := items == 0 && per == 0 || items > 0 && per > 0; isRate != (err == nil) {
			t.Fatalf("%+v: got error %v", c.Rate, err)
		}
		if err != nil {
			return
		}
		want := per == 0 || done > 0 && duration == 0
		if per > 0 && duration > 0 {
			want = share(done, duration).Cmp(share(items, per)) >= 0
		}
		if (got == sli.VerdictGood) != want {
			t.Errorf("%d items in %d ns at the rate %+v: got %v, want it met: %t", done, duration, c.Rate, got, want)
		}
	})
}

func share(items uint64, d int64) *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(items), big.NewInt(d))
}

func TestConditionIsCopied(t *testing.T) {
	statuses, requests := []string{"2xx"}, []string{"/users"}
	rec := newRecorder(t, sli.Indicator{Name: "n", Service: "s", Requests: requests, Good: sli.Condition{Status: statuses}})
	statuses[0], requests[0] = "5xx", ""
	rec.Indicators()[0].Requests[0] = "/orders"
	rec.Record(sli.Event{Operation: "GET /users", Status: 200})
	checkCounts(t, rec, "n", sli.Counts{Good: 1, Valid: 1})
}
