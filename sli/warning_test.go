package sli_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

func texts(advice []sli.Advice) []string {
	var all []string
	for _, a := range advice {
		all = append(all, a.String())
	}
	return all
}

func counting(requests ...string) sli.Indicator {
	return sli.Indicator{Name: "availability", Service: "users", Requests: requests}
}

// TestWarningsAreDueOnce checks the two times at which warnings are due.
func TestWarningsAreDueOnce(t *testing.T) {
	const mistyped = `indicators[0].Requests[0]: indicator "availability": no event has matched "GET /user/{id}"; "GET /users/{id}" was recorded, which is spelled almost the same`
	tests := []struct {
		name   string
		events uint64
		at     time.Duration
		want   []string
	}{
		{"too early", 5000, 10*time.Minute - 1, nil},
		{"too few events", 999, 24*time.Hour - 1, nil},
		{"10 minutes and 1,000 events", 1000, 10 * time.Minute, []string{mistyped, `events: 1000 events match no indicator, such as "GET /users/{id}"`}},
		{"24 hours", 1, 24 * time.Hour, []string{mistyped, `events: 1 events match no indicator, such as "GET /users/{id}"`}},
		{"no event at all", 0, 24 * time.Hour, []string{"events: no event was recorded in 24h: wrap the handlers in the middleware, or record events by hand"}},
	}
	for _, test := range tests {
		record := map[string]func(*sli.Recorder, sli.Event){
			"Record": (*sli.Recorder).Record,
			"Operation": func(r *sli.Recorder, e sli.Event) {
				r.Operation(e.Operation).Record(e)
			},
			"Finish": func(r *sli.Recorder, e sli.Event) {
				r.Operation(e.Operation).Finish(new(sli.Pending), e, 0)
			},
		}
		for way, record := range record {
			t.Run(test.name+"/"+way, func(t *testing.T) {
				rec := newRecorder(t, counting("GET /user/{id}"))
				for range test.events {
					record(rec, sli.Event{Operation: "GET /users/{id}", Status: 200})
				}
				if diff := cmp.Diff(test.want, texts(rec.Warnings(rec.Created().Add(test.at)))); diff != "" {
					t.Error(diff)
				}
				if test.want != nil {
					if again := rec.Warnings(rec.Created().Add(48 * time.Hour)); again != nil {
						t.Errorf("got %v a second time", again)
					}
				}
			})
		}
	}
}

func TestWarningsNameTheCause(t *testing.T) {
	tests := []struct {
		request, operation string
		want               string
	}{
		{"GET /Users/{id}", "GET /users/{id}", "differs in upper and lower case"},
		{"GET /users/{id}", "GET /users/{userid}", "spells a wildcard differently"},
		{"GET /users/:id", "GET /users/{id}", "spells a wildcard differently"},
		{"GET /users/{id:[0-9]+}", "GET /users/{id}", "spells a wildcard differently"},
		{"GET /files/*path", "GET /files/{path...}", "spells a wildcard differently"},
		{"GET /users/", "GET /users", "differs in the slash at the end"},
		{"GET /users/{id}", "POST /users/{id}", "has another method"},
		{"GET /users/{id}", "GET /v1/users/{userid}", "has another prefix"},
		{"/api/users/{id}", "GET /users/{userid}", "has another prefix"},
		{"GET /user/{id}", "GET /users/{userid}", "is spelled almost the same"},
		{"GET /usesr/*", "GET /users/{id}/orders", "is spelled almost the same"},
		{"/User*", "GET /users/{id}", "differs in upper and lower case"},
		{"/shop.Order/List", "/shop.Orders/List", "is spelled almost the same"},
		{"/Shop.Orders/*", "/shop.Orders/List", "differs in upper and lower case"},
		{"nightly-imports", "nightly-import", "is spelled almost the same"},
		{"!GET /health", "GET /healthz", "is spelled almost the same"},
	}
	for _, test := range tests {
		rec := newRecorder(t, counting(test.request))
		for _, operation := range []string{"GET /checkout/{cart}/payments", test.operation, "DELETE /sessions"} {
			rec.Record(sli.Event{Operation: operation})
		}
		got := texts(rec.Warnings(rec.Created().Add(24 * time.Hour)))
		want := fmt.Sprintf("no event has matched %q; %q was recorded, which %s", test.request, test.operation, test.want)
		if len(got) == 0 || !strings.HasSuffix(got[0], want) {
			t.Errorf("%s: got %q, want %s", test.request, got, want)
		}
	}
	rec := newRecorder(t, counting("GET /users/{id}", "GET /"))
	rec.Record(sli.Event{Operation: "GET /"})
	got := texts(rec.Warnings(rec.Created().Add(24 * time.Hour)))
	want := []string{`indicators[0].Requests[0]: indicator "availability": no event has matched "GET /users/{id}"; no recorded operation resembles it`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWarningsAreFew(t *testing.T) {
	var requests []string
	for i := range 50 {
		requests = append(requests, fmt.Sprintf("GET /%d", i))
	}
	rec := newRecorder(t, counting(requests...))
	for i := range 500 {
		rec.Record(sli.Event{Operation: fmt.Sprintf("POST /%d", i)})
	}
	got := texts(rec.Warnings(rec.Created().Add(24 * time.Hour)))
	if len(got) != 22 {
		t.Fatalf("got %d warnings, want 22: %q", len(got), got)
	}
	want := []string{
		"indicators: no event has matched 30 further entries of Requests",
		`events: 500 events match no indicator, such as "POST /0", "POST /1", "POST /10", "POST /100", "POST /101"`,
	}
	if diff := cmp.Diff(want, got[20:]); diff != "" {
		t.Error(diff)
	}
}

func TestWarningAboutUnroutedRequests(t *testing.T) {
	rec := newRecorder(t, counting("GET /"))
	rec.Record(sli.Event{Operation: "GET /"})
	rec.NoteUnrouted()
	got := texts(rec.Warnings(rec.Created().Add(24 * time.Hour)))
	if len(got) != 1 || !strings.HasPrefix(got[0], "requests: 1 requests had no pattern: a middleware between the router and the instrument copies the request") {
		t.Errorf("got %q, want one warning that names the cause", got)
	}
	var none *sli.Recorder
	none.NoteUnrouted()
	if got := none.Warnings(time.Now()); got != nil {
		t.Errorf("got %q for a nil recorder", got)
	}
}

// TestAddIsTraffic checks that a recorder whose events were judged elsewhere is
// not reported as one without events.
func TestAddIsTraffic(t *testing.T) {
	rec := newRecorder(t, counting())
	if !rec.Add("availability", sli.Counts{Good: 1, Valid: 2}) {
		t.Fatal("Add refused the counts")
	}
	if got := rec.Warnings(rec.Created().Add(24 * time.Hour)); got != nil {
		t.Errorf("got %q", texts(got))
	}
}

// TestWarningAboutGroups checks that a full indicator is reported at once, even
// after the warnings about definitions.
func TestWarningAboutGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ind := counting()
		ind.Groups.Max = 1
		rec := newRecorder(t, ind)
		rec.Record(sli.Event{Group: "a"})
		rec.Warnings(time.Now().Add(24 * time.Hour))
		if got := rec.Warnings(time.Now()); got != nil {
			t.Errorf("got %q before the overflow", got)
		}
		rec.Record(sli.Event{Group: "b"})
		want := []string{`indicators[0].Groups.Max: indicator "availability" has reached its maximum of 1 groups; all others count as "other"`}
		if diff := cmp.Diff(want, texts(rec.Warnings(time.Now()))); diff != "" {
			t.Error(diff)
		}
		if got := rec.Warnings(time.Now()); got != nil {
			t.Errorf("got %q a second time", got)
		}
	})
}

func TestLintPatience(t *testing.T) {
	rec := newRecorder(t, hung...)
	op := rec.Operation("GET /report")
	tests := []struct {
		p99  time.Duration
		want []string
	}{
		{time.Second, nil},
		{5 * time.Second, []string{"indicators[0].Patience", "indicators[5].Patience", "indicators[6].Patience"}},
		{6 * time.Second, []string{"indicators[0].Patience", "indicators[1].Patience", "indicators[5].Patience", "indicators[6].Patience"}},
	}
	for _, test := range tests {
		var paths []string
		for _, a := range op.LintPatience(test.p99) {
			paths = append(paths, a.Path)
		}
		if diff := cmp.Diff(test.want, paths); diff != "" {
			t.Errorf("%v: %s", test.p99, diff)
		}
	}
	const want = `indicators[0].Patience: indicator "availability": the Patience of 1s is below 3s, the 99th percentile of "GET /report"; set it to the shortest time-out of the clients`
	if got := op.LintPatience(3 * time.Second)[0].String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := (sli.Operation{}).LintPatience(time.Hour); got != nil {
		t.Errorf("the zero Operation: got %v", got)
	}
}
