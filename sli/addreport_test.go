package sli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

// The totals of a job continue over its runs.
func ExampleRecorder_AddReport() {
	orders := sli.Indicator{Service: "settlement", Name: "orders", Requests: []string{"settle"}}
	var saved []byte
	for range 3 {
		rec, err := sli.NewRecorder(orders)
		if err != nil {
			fmt.Println(err)
			return
		}
		var earlier sli.Report
		if saved != nil {
			if err := json.Unmarshal(saved, &earlier); err != nil {
				fmt.Println(err)
				return
			}
		}
		if err := rec.AddReport(earlier); err != nil {
			fmt.Println(err)
			return
		}
		rec.RecordN(sli.Event{Operation: "settle"}, 10_000)
		saved, _ = json.Marshal(rec.Report())
		fmt.Println(rec.Report().Indicators[0])
	}
	// Output:
	// orders: 10000/10000 (100.00%)
	// orders: 20000/20000 (100.00%)
	// orders: 30000/30000 (100.00%)
}

// TestAddReportContinues cuts a sequence of events into runs. The last run must
// report the same as one recorder of all events.
func TestAddReportContinues(t *testing.T) {
	indicators := []sli.Indicator{
		counting("GET /users/{id}", "GET /user/{id}"),
		{Name: "paid", Service: "users", Requests: []string{"GET *"}, Groups: sli.Groups{Values: []string{"paid", "free"}}},
		{Name: "tenants", Service: "users", Groups: sli.Groups{Max: 3}},
	}
	random := rand.New(rand.NewPCG(15, 2))
	for range 20 {
		whole, run := newRecorder(t, indicators...), newRecorder(t, indicators...)
		created := run.Created()
		for range 200 {
			e := randomEvent(random)
			n := random.Uint64N(4)
			whole.RecordN(e, n)
			run.RecordN(e, n)
			if random.IntN(20) == 0 {
				whole.NoteUnrouted()
				run.NoteUnrouted()
				next := newRecorder(t, indicators...)
				if err := next.AddReport(throughJSON(t, run.Report())); err != nil {
					t.Fatal(err)
				}
				run = next
			}
		}
		if got := run.Created(); !got.Equal(created) {
			t.Errorf("the totals begin at %v, want %v", got, created)
		}
		if diff := cmp.Diff(timeless(whole.Report()), timeless(run.Report())); diff != "" {
			t.Fatalf("the runs differ from one recorder (-one +runs):\n%s", diff)
		}
	}
}

func randomEvent(random *rand.Rand) sli.Event {
	e := sli.Event{
		Operation: []string{"GET /users/{id}", "POST /users", "import"}[random.IntN(3)],
		Status:    []int{200, 404, 500}[random.IntN(3)],
		Group:     []string{"", "paid", "free", "a", "b", "c"}[random.IntN(6)],
		Canceled:  random.IntN(5) == 0,
	}
	if random.IntN(10) == 0 {
		e.Ignore = sli.ReasonUnjudged
	}
	return e
}

func throughJSON(t *testing.T, report sli.Report) (again sli.Report) {
	t.Helper()
	text, err := json.Marshal(report)
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// timeless returns a report without times.
func timeless(report sli.Report) sli.Report {
	report.Created = time.Time{}
	for i := range report.Indicators {
		report.Indicators[i].Since = time.Time{}
		for j := range report.Indicators[i].Groups {
			report.Indicators[i].Groups[j].Since = time.Time{}
		}
	}
	return report
}

func TestAddReportOfOtherDefinitions(t *testing.T) {
	long := time.Now().Add(-time.Hour)
	report := sli.Report{Service: "users", Created: long, Indicators: []sli.Tally{
		{Name: "gone", Counts: sli.Counts{Good: 1, Valid: 1}},
		{Name: "grouped", Since: long, Counts: sli.Counts{Good: 2, Valid: 3}, Ignored: map[sli.Reason]uint64{sli.ReasonNotValid: 4}},
		{Name: "plain", Since: long, Counts: sli.Counts{Good: 5, Valid: 7}, Groups: []sli.Tally{
			{Name: "paid", Since: long.Add(time.Minute), Counts: sli.Counts{Good: 5, Valid: 7}},
		}},
		{Name: "fewer", Since: long, Counts: sli.Counts{Good: 8, Valid: 9}, Overflow: true, Groups: []sli.Tally{
			{Name: "a", Since: long.Add(time.Minute), Counts: sli.Counts{Good: 8, Valid: 8}},
			{Name: "b", Since: long.Add(time.Hour / 2), Counts: sli.Counts{Valid: 1}, Overdue: 1},
		}},
	}}
	rec := newRecorder(t,
		sli.Indicator{Name: "plain", Service: "users"},
		sli.Indicator{Name: "grouped", Service: "users", Groups: sli.Groups{Values: []string{"paid"}}},
		sli.Indicator{Name: "fewer", Service: "users", Groups: sli.Groups{Max: 1}},
	)
	if err := rec.AddReport(report); err != nil {
		t.Fatal(err)
	}
	got := rec.Report()
	const want = `users/plain: 5/7 (71.4285%)
users/grouped: 2/3 (66.6666%), ignored: 4 not_valid
	other: 2/3 (66.6666%), ignored: 4 not_valid
	paid: 0/0 (no data)
users/fewer: 8/9 (88.8888%), too many groups
	a: 8/8 (100.00%)
	other: 0/1 (0.00%)
0 unmatched events, 0 unrouted requests`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
	for name, since := range map[string]time.Time{
		"the recorder": got.Created, "plain": got.Indicators[0].Since, "grouped": got.Indicators[1].Since,
	} {
		if !since.Equal(long) {
			t.Errorf("%s counts since %v, want %v", name, since, long)
		}
	}
	if since := got.Indicators[2].Groups[0].Since; !since.Equal(long.Add(time.Minute)) {
		t.Errorf("the group a counts since %v, want %v", since, long.Add(time.Minute))
	}
}

func TestAddReportOfALaterRecorder(t *testing.T) {
	rec := newRecorder(t, profile...)
	created := rec.Created()
	if err := rec.AddReport(newRecorder(t, profile...).Report()); err != nil {
		t.Fatal(err)
	}
	if err := rec.AddReport(sli.Report{}); err != nil {
		t.Fatal(err)
	}
	if !rec.Created().Equal(created) {
		t.Errorf("the recorder counts since %v, want %v", rec.Created(), created)
	}
}

func TestAddReportMistakes(t *testing.T) {
	rec := newRecorder(t, sli.Indicator{Name: "jobs", Service: "users"})
	report := sli.Report{Service: "orders", Indicators: []sli.Tally{
		{Name: "jobs", Counts: sli.Counts{Good: 2, Valid: 1}, Ignored: map[sli.Reason]uint64{"lost": 1}},
		{Name: "jobs", Groups: []sli.Tally{{Name: "a", Counts: sli.Counts{Good: 1}}, {Name: "a"}}},
	}}
	err := rec.AddReport(report)
	const want = `report.Service: invalid service "orders": the recorder counts "users"
report.Indicators[0].Counts: invalid counts: 2 good events of 1 valid ones
report.Indicators[0].Ignored["lost"]: unknown reason: want one of ["client_left" "not_valid" "upgrade" "preflight" "unjudged"]
report.Indicators[1].Name: duplicate indicator "jobs" of report.Indicators[0]
report.Indicators[1].Groups[0].Counts: invalid counts: 1 good events of 0 valid ones
report.Indicators[1].Groups[1].Name: duplicate group "a" of report.Indicators[1].Groups[0]`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
	checkCounts(t, rec, "jobs", sli.Counts{})
	for name, rec := range map[string]*sli.Recorder{"nil": nil, "zero": {}} {
		if err := rec.AddReport(newRecorder(t, profile...).Report()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
