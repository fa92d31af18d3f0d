package sli_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

func newRecorder(t testing.TB, indicators ...sli.Indicator) *sli.Recorder {
	t.Helper()
	rec, err := sli.NewRecorder(indicators...)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func checkCounts(t *testing.T, rec *sli.Recorder, name string, want sli.Counts) {
	t.Helper()
	if got, ok := rec.Counts(name); !ok || got != want {
		t.Errorf("%s: got %v, %t, want %v", name, got, ok, want)
	}
}

func TestRecorderCountsForEveryIndicator(t *testing.T) {
	rec := newRecorder(t, profile...)
	const user, slow = "GET /users/{userid}", 200 * time.Millisecond
	for _, e := range []sli.Event{
		{Operation: user, Status: 200},
		{Operation: user, Status: 200, Duration: slow},
		{Operation: user, Status: 500},
		{Operation: user, Status: 400},
		{Operation: user, Status: 499, Canceled: true},
		{Operation: "GET /", Status: 500},
	} {
		rec.Record(e)
	}
	checkCounts(t, rec, "availability", sli.Counts{Good: 2, Valid: 3})
	checkCounts(t, rec, "latency", sli.Counts{Good: 1, Valid: 2})
}

func TestRecorderStartsAtZeroInTheOrderGiven(t *testing.T) {
	before := time.Now()
	rec := newRecorder(t, profile...)
	if got := rec.Created(); got.Before(before) || got.After(time.Now()) {
		t.Errorf("Created() = %v, want the time of NewRecorder, after %v", got, before)
	}
	if diff := cmp.Diff(profile, rec.Indicators()); diff != "" {
		t.Error(diff)
	}
	var got []string
	for ind, c := range rec.All() {
		got = append(got, fmt.Sprint(ind.Name, " ", c))
	}
	if diff := cmp.Diff([]string{"availability 0/0 (no data)", "latency 0/0 (no data)"}, got); diff != "" {
		t.Error(diff)
	}
	for ind := range rec.All() {
		if ind.Name != "availability" {
			t.Error("All continued after the loop had ended")
		}
		break
	}
	if c, ok := rec.Counts("throughput"); ok || c != (sli.Counts{}) {
		t.Errorf("an unknown indicator: got %v, %t, want no counts", c, ok)
	}
}

func TestRecorderCopiesItsIndicators(t *testing.T) {
	indicators := []sli.Indicator{{Name: "a", Service: "s"}, {Name: "b", Service: "s"}}
	rec := newRecorder(t, indicators...)
	indicators[0].Name = "x"
	rec.Indicators()[1].Name = "y"
	for i, want := range []string{"a", "b"} {
		if got := rec.Indicators()[i].Name; got != want {
			t.Errorf("indicator %d: got %q, want %q", i, got, want)
		}
	}
}

func TestNewRecorderReportsEveryMistakeAtOnce(t *testing.T) {
	rec, err := sli.NewRecorder(
		sli.Indicator{Name: "availability"},
		sli.Indicator{Name: "availability", Service: "users", Good: sli.Condition{Status: []string{"5oo"}}},
		sli.Indicator{Name: "latency", Service: "orders", Collection: sli.Collection{How: sli.SourceMesh}},
		sli.Indicator{Name: "errors", Service: "users", Collection: sli.Collection{How: sli.SourceQuery, Every: -1}},
		sli.Indicator{Service: "users", Collection: sli.Collection{How: sli.SourceOpenTelemetry}},
		sli.Indicator{Collection: sli.Collection{How: sli.SourceLog}},
	)
	want := []string{
		`indicators[0].Service: required`,
		`indicators[1].Good.Status[0]: invalid status "5oo": want a code from 100 to 599 such as "404", a class such as "5xx" or a range such as "500-504", with "!" in front to exclude it`,
		`indicators[1].Name: duplicate name "availability" of indicators[0]`,
		`indicators[2].Service: invalid service "orders": a recorder counts one service, and indicators[1] is of "users"`,
		`indicators[2].Collection.How: invalid source "mesh": a recorder counts the events of its own process`,
		`indicators[3].Collection.Every: invalid duration -1ns: want zero or more`,
		`indicators[3].Collection.How: invalid source "query": a recorder counts the events of its own process`,
		`indicators[4].Name: required`,
		`indicators[4].Collection.How: invalid source "opentelemetry": a recorder counts the events of its own process`,
		`indicators[5].Name: required`,
		`indicators[5].Service: required`,
	}
	if diff := cmp.Diff(want, mistakes(t, err)); diff != "" {
		t.Error(diff)
	}
	if rec != nil {
		t.Error("got a recorder with the error")
	}
}

func TestRecorderWithoutIndicators(t *testing.T) {
	var none *sli.Recorder
	recorders := map[string]*sli.Recorder{"nil": none, "zero": {}, "without indicators": newRecorder(t)}
	for name, rec := range recorders {
		t.Run(name, func(t *testing.T) {
			rec.Record(sli.Event{Operation: "GET /", Status: 200})
			rec.Operation("GET /").Record(sli.Event{Status: 200})
			for ind := range rec.All() {
				t.Errorf("got the indicator %q, want no indicator", ind.Name)
			}
			if got := rec.Indicators(); len(got) != 0 {
				t.Errorf("Indicators() = %v", got)
			}
			if _, ok := rec.Counts("availability"); ok {
				t.Error("got counts of an unknown indicator")
			}
			if got := rec.Created(); got.IsZero() != (name != "without indicators") {
				t.Errorf("Created() = %v", got)
			}
		})
	}
}

// TestRecorderIsExactUnderConcurrency records events from many goroutines, by
// the Recorder and by an Operation. Meanwhile readers check that no reading
// has more good than valid events, or less than the reading before.
func TestRecorderIsExactUnderConcurrency(t *testing.T) {
	const writers, each = 8, 20_000
	rec := newRecorder(t, profile...)
	done := make(chan struct{})
	var reading, writing sync.WaitGroup
	for range 2 {
		reading.Go(func() { checkReadings(t, rec, done) })
	}
	for w := range writers {
		writing.Go(func() {
			op := rec.Operation("GET /users/{userid}")
			for i := range each {
				e := sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: time.Duration(i%4) * 50 * time.Millisecond}
				if i%10 == 0 {
					e.Status = 500
				}
				if w%2 == 0 {
					rec.Record(e)
				} else {
					op.Record(e)
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	checkCounts(t, rec, "availability", sli.Counts{Good: writers * each * 9 / 10, Valid: writers * each})
	// In 20 events, 2 fail and 5 are slow (i%4 == 3). No event is both.
	checkCounts(t, rec, "latency", sli.Counts{Good: writers * each * 13 / 20, Valid: writers * each * 18 / 20})
}

func checkReadings(t *testing.T, rec *sli.Recorder, done <-chan struct{}) {
	last := map[string]sli.Counts{}
	for {
		for ind, c := range rec.All() {
			before := last[ind.Name]
			if c.Good > c.Valid || c.Good < before.Good || c.Valid < before.Valid {
				t.Errorf("%s: read %v after %v", ind.Name, c, before)
				return
			}
			last[ind.Name] = c
		}
		select {
		case <-done:
			return
		default:
		}
	}
}

// withEverything returns indicators that use every field of a condition.
func withEverything(fn func(sli.Event) bool) []sli.Indicator {
	return append([]sli.Indicator{{
		Name: "everything", Service: "users",
		Requests: []string{"POST /users/*", "/users/{userid}"},
		Good:     sli.Condition{Status: []string{"2xx"}, Code: []string{"OK"}, Within: time.Second, Rate: sli.Rate{Items: 1, Per: time.Hour}, Func: fn},
		Valid:    sli.Condition{Status: []string{"!400"}, Code: []string{"!Canceled"}, Func: fn},
	}}, profile...)
}

func TestRecordDoesNotAllocate(t *testing.T) {
	tests := []struct {
		name string
		fn   func(sli.Event) bool
	}{
		{"without Func", nil},
		{"with Func", func(e sli.Event) bool { return e.Duration < time.Minute }},
		{"with a Func that panics", func(sli.Event) bool { panic(errFailed) }},
	}
	events := []sli.Event{
		{Operation: "GET /users/{userid}", Status: 200, Duration: time.Millisecond, Items: 3},
		{Operation: "GET /users/{userid}", Status: 500, Err: errFailed},
		{Operation: "GET /users/{userid}", Code: "DEADLINE_EXCEEDED"},
		{Operation: "GET /users/{userid}", Canceled: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rec := newRecorder(t, withEverything(test.fn)...)
			op := rec.Operation("GET /users/{userid}")
			for _, e := range events {
				if got := testing.AllocsPerRun(100, func() { rec.Record(e) }); got != 0 {
					t.Errorf("Recorder.Record(%+v): got %v allocations, want 0", e, got)
				}
				if got := testing.AllocsPerRun(100, func() { op.Record(e) }); got != 0 {
					t.Errorf("Operation.Record(%+v): got %v allocations, want 0", e, got)
				}
				pending := make([]sli.Pending, 102)
				next := func() *sli.Pending { pending = pending[1:]; return &pending[0] }
				if got := testing.AllocsPerRun(100, func() {
					p := next()
					op.Check(p, e, time.Minute)
					op.Finish(p, e, time.Minute)
				}); got != 0 {
					t.Errorf("Check and Finish(%+v): got %v allocations, want 0", e, got)
				}
			}
		})
	}
}

// TestPendingDoesNotAllocate checks the maximum number of indicators.
func TestPendingDoesNotAllocate(t *testing.T) {
	indicators := make([]sli.Indicator, 64)
	for i := range indicators {
		indicators[i] = sli.Indicator{Name: fmt.Sprint("i", i), Service: "s", Groups: sli.Groups{Max: i}}
	}
	rec := newRecorder(t, indicators...)
	op := rec.Operation("GET /")
	pending := make([]sli.Pending, 102)
	if got := testing.AllocsPerRun(100, func() {
		p := &pending[0]
		pending = pending[1:]
		op.Check(p, sli.Event{}, time.Minute)
		op.Check(p, sli.Event{Canceled: true, Group: "a"}, time.Minute)
		op.Finish(p, sli.Event{Status: 200}, time.Minute)
		op.Record(sli.Event{Status: 200, Group: "a"})
		rec.RecordN(sli.Event{Status: 200, Group: "b"}, 5)
	}); got != 0 {
		t.Errorf("got %v allocations, want 0", got)
	}
}

func BenchmarkRecorderRecord(b *testing.B) {
	rec := newRecorder(b, profile...)
	benchmarkRecord(b, rec.Record)
}

func benchmarkRecord(b *testing.B, record func(sli.Event)) {
	e := sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: 20 * time.Millisecond}
	b.Run("serial", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			record(e)
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				record(e)
			}
		})
	})
}
