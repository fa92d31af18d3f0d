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
