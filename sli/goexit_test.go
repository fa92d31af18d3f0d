package sli_test

import (
	"runtime"
	"testing"

	"github.com/sligo-go/sligo/sli"
)

// TestFuncThatEndsTheGoroutine checks that each indicator counts an event whose
// Func calls runtime.Goexit, as FailNow of a test does.
func TestFuncThatEndsTheGoroutine(t *testing.T) {
	exits := sli.Condition{Func: func(sli.Event) bool { runtime.Goexit(); return true }}
	rec, err := sli.NewRecorder(
		sli.Indicator{Service: "shop", Name: "before"},
		sli.Indicator{Service: "shop", Name: "exits", Good: exits},
		sli.Indicator{Service: "shop", Name: "between"},
		sli.Indicator{Service: "shop", Name: "exitsToo", Valid: exits},
		sli.Indicator{Service: "shop", Name: "after"},
	)
	if err != nil {
		t.Fatal(err)
	}
	operation := rec.Operation("GET /")
	for _, record := range []func(){
		func() { operation.Record(sli.Event{}) },
		func() { operation.Finish(new(sli.Pending), sli.Event{}, 0) },
	} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			record()
			t.Error("the goroutine has not ended")
		}()
		<-done
	}
	for _, name := range []string{"before", "exits", "between", "exitsToo", "after"} {
		want := sli.Counts{Good: 2, Valid: 2}
		if name == "exits" || name == "exitsToo" {
			want.Good = 0
		}
		if got, _ := rec.Counts(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
