package slitest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sligo-go/sligo/sli"
)

// Recorder counts events for a test, and keeps them to explain a failure. Use
// [New]; the zero Recorder is not valid. It is safe for concurrent use.
type Recorder struct {
	t        testing.TB
	recorder *sli.Recorder

	mu     sync.Mutex // guards events
	events []sli.Event
}

// New returns a recorder for the indicators of one service. It stops the test
// if they are not valid.
func New(t testing.TB, indicators ...sli.Indicator) *Recorder {
	t.Helper()
	recorder, err := sli.NewRecorder(indicators...)
	if err != nil {
		t.Fatalf("indicators:\n%v", err)
	}
	return &Recorder{t: t, recorder: recorder}
}

// SLI returns the recorder under test, for the code that records events.
func (r *Recorder) SLI() *sli.Recorder { return r.recorder }

// Record counts events, and keeps them to explain a failure.
func (r *Recorder) Record(events ...sli.Event) {
	for _, e := range events {
		r.recorder.Record(e)
		r.Observe(e)
	}
}

// Observe keeps an event to explain a failure, and does not count it. It is
// for hooks of code that has recorded the event through [Recorder.SLI].
func (r *Recorder) Observe(e sli.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// Counts returns the counts of the indicator of that name. It stops the test
// if there is no such indicator.
func (r *Recorder) Counts(name string) sli.Counts {
	r.t.Helper()
	counts, ok := r.recorder.Counts(name)
	if !ok {
		r.t.Fatalf("unknown indicator %q", name)
	}
	return counts
}

// Want checks the counts of the indicator of that name. If they differ, it
// reports an error that lists the events and the verdict on each.
func (r *Recorder) Want(name string, want sli.Counts) {
	r.t.Helper()
	if got := r.Counts(name); got != want {
		r.t.Errorf("%s: got %v, want %v%s", name, got, want, r.explain(name))
	}
}

// explain returns a line for each event.
func (r *Recorder) explain(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.events) == 0 {
		return ", without any event recorded or observed"
	}
	var b strings.Builder
	for _, ind := range r.recorder.Indicators() {
		if ind.Name != name {
			continue
		}
		for _, e := range r.events {
			verdict, _ := ind.Judge(e)
			fmt.Fprintf(&b, "\n\t%-7s  %v", verdict, e)
		}
	}
	return b.String()
}
