package sli_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

func TestReport(t *testing.T) {
	ind := counting("GET /users/{id}", "GET /user/{id}")
	ind.Groups.Values = []string{"paid"}
	rec := newRecorder(t, ind, sli.Indicator{Name: "jobs", Service: "users", Requests: []string{"import"}})
	rec.Record(sli.Event{Operation: "GET /users/{id}", Status: 200, Group: "paid"})
	rec.Record(sli.Event{Operation: "GET /users/{id}", Canceled: true})
	rec.Record(sli.Event{Operation: "GET /healthz"})
	rec.Operation("OPTIONS /healthz").Record(sli.Event{Ignore: sli.ReasonPreflight})
	rec.Record(sli.Event{Operation: "import", Err: errFailed})
	rec.Operation("export").Record(sli.Event{})
	rec.NoteUnrouted()
	rec.NoteUnrouted()
	rec.NoteUnrouted()

	report := rec.Report()
	const want = `users/availability: 1/1 (100.00%), ignored: 1 client_left, never seen: GET /user/{id}
	other: 0/0 (no data), ignored: 1 client_left
	paid: 1/1 (100.00%)
users/jobs: 0/1 (0.00%)
2 unmatched events, 3 unrouted requests`
	if diff := cmp.Diff(want, report.String()); diff != "" {
		t.Error(diff)
	}
	if !report.Created.Equal(rec.Created()) || !report.Indicators[1].Since.Equal(rec.Created()) {
		t.Errorf("got the times %v and %v, want %v", report.Created, report.Indicators[1].Since, rec.Created())
	}
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var again sli.Report
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(report, again); diff != "" {
		t.Errorf("%s: %s", text, diff)
	}
	for name, rec := range map[string]*sli.Recorder{"nil": nil, "zero": {}} {
		if diff := cmp.Diff(sli.Report{}, rec.Report()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAdd(t *testing.T) {
	rec := newRecorder(t, profile...)
	tests := []struct {
		name   string
		counts sli.Counts
		want   bool
	}{
		{"latency", sli.Counts{Good: 3, Valid: 5}, true},
		{"latency", sli.Counts{}, true},
		{"latency", sli.Counts{Good: 1}, false},
		{"throughput", sli.Counts{Good: 1, Valid: 1}, false},
	}
	for _, test := range tests {
		if got := rec.Add(test.name, test.counts); got != test.want {
			t.Errorf("Add(%s, %v) = %t", test.name, test.counts, got)
		}
	}
	checkCounts(t, rec, "latency", sli.Counts{Good: 3, Valid: 5})
	checkCounts(t, rec, "availability", sli.Counts{})
	var none *sli.Recorder
	if none.Add("latency", sli.Counts{}) || new(sli.Recorder).Add("latency", sli.Counts{}) {
		t.Error("a recorder without indicators added counts")
	}
}

func TestRecordNCountsNEvents(t *testing.T) {
	rec := newRecorder(t, profile...)
	row := sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: 101 * ms}
	rec.RecordN(row, 0)
	if seen := rec.Report().Indicators[0].Seen["GET /users/{userid}"]; seen {
		t.Error("no event matched the entry")
	}
	rec.RecordN(row, 1<<40)
	checkCounts(t, rec, "availability", sli.Counts{Good: 1 << 40, Valid: 1 << 40})
	checkCounts(t, rec, "latency", sli.Counts{Valid: 1 << 40})
	if !rec.Report().Indicators[0].Seen["GET /users/{userid}"] {
		t.Error("the entry was not seen")
	}
}
