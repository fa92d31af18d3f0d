package sli_test

import (
	"testing"

	"github.com/sligo-go/sligo/sli"
)

func TestOperationRecordsLikeTheRecorder(t *testing.T) {
	byRecorder, byOperation := newRecorder(t, profile...), newRecorder(t, profile...)
	for _, name := range []string{"GET /users/{userid}", "GET /", "", "nightly-import"} {
		op := byOperation.Operation(name)
		for _, e := range []sli.Event{{Status: 200}, {Status: 400}, {Status: 500}, {Canceled: true}, {Err: errFailed}, {Code: "OK"}} {
			op.Record(e)
			e.Operation = name
			byRecorder.Record(e)
		}
	}
	for ind, want := range byRecorder.All() {
		checkCounts(t, byOperation, ind.Name, want)
	}
	checkCounts(t, byOperation, "availability", sli.Counts{Good: 1, Valid: 2})
}

func TestOperationIsTheEventsOperation(t *testing.T) {
	var shown []string
	rec := newRecorder(t, sli.Indicator{
		Name: "n", Service: "s", Requests: []string{"import"},
		Good: sli.Condition{Func: func(e sli.Event) bool { shown = append(shown, e.Operation); return true }},
	})
	rec.Operation("import").Record(sli.Event{Operation: "something else"})
	rec.Operation("export").Record(sli.Event{Operation: "import"})
	if len(shown) != 1 || shown[0] != "import" {
		t.Errorf("the Func got the operations %q, want only \"import\"", shown)
	}
	checkCounts(t, rec, "n", sli.Counts{Good: 1, Valid: 1})
}

func TestZeroOperationCountsNothing(t *testing.T) {
	var op sli.Operation
	if got := testing.AllocsPerRun(10, func() { op.Record(sli.Event{Status: 200}) }); got != 0 {
		t.Errorf("got %v allocations, want 0 and no panic", got)
	}
}

func BenchmarkOperationRecord(b *testing.B) {
	rec := newRecorder(b, profile...)
	benchmarkRecord(b, rec.Operation("GET /users/{userid}").Record)
}

func TestOutgoing(t *testing.T) {
	for _, c := range []struct {
		requests        []string
		outgoing, serve bool
	}{
		{nil, false, true},
		{[]string{"*"}, false, true},
		{[]string{"!GET /healthz"}, false, true},
		{[]string{"GET /users/{userid}"}, false, false},
		{[]string{"POST /*"}, false, true},
		{[]string{"/*"}, false, true},
		{[]string{"POST //payments/charges"}, true, true},
		{[]string{"//payments/charges"}, true, true},
		{[]string{"//payments/*"}, true, true},
		{[]string{"POST //*"}, true, true},
		{[]string{"POST //payments*", "!POST //payments/charges"}, false, false},
	} {
		rec := newRecorder(t, sli.Indicator{Service: "s", Name: "n", Requests: c.requests})
		for range 2 {
			rec.Outgoing("POST //payments/charges").Record(sli.Event{Status: 200})
		}
		want := sli.Counts{}
		if c.outgoing {
			want = sli.Counts{Good: 2, Valid: 2}
		}
		checkCounts(t, rec, "n", want)
		if got := rec.Report().Unmatched; got != 0 {
			t.Errorf("%q: got %d unmatched events, want 0", c.requests, got)
		}
		rec.Operation("POST //payments/charges").Record(sli.Event{Status: 200})
		if c.serve {
			want.Good++
			want.Valid++
		}
		checkCounts(t, rec, "n", want)
	}
}

func TestOutgoingWork(t *testing.T) {
	for _, c := range []struct {
		requests []string
		counted  bool
	}{
		{nil, false}, {[]string{"*"}, false}, {[]string{"!GET /x"}, false}, {[]string{"/*"}, false},
		{[]string{"import"}, true}, {[]string{"imp*"}, true}, {[]string{"export"}, false},
	} {
		rec := newRecorder(t, sli.Indicator{Service: "s", Name: "n", Requests: c.requests})
		rec.Outgoing("import").Record(sli.Event{})
		if got := rec.Report().Indicators[0].Counts.Valid == 1; got != c.counted {
			t.Errorf("%q: counted %t, want %t", c.requests, got, c.counted)
		}
	}
}
