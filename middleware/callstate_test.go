package middleware_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// delivery is the state of a call of a protocol.
type delivery struct {
	middleware.CallContext
	call middleware.CallState
}

// TestBeginIn compares calls in a state of the protocol's own with calls that
// have their own memory.
func TestBeginIn(t *testing.T) {
	for name, opts := range map[string]*middleware.Options{
		"metrics": {}, "IDs": {RequestID: &middleware.IDOptions{}},
	} {
		var records []middleware.Record
		opts.Done = func(r middleware.Record) { records = append(records, r) }
		in, _ := newInstrument(t, opts)
		m := &delivery{}
		m.Init(logging.WithRequest(t.Context(), "outer"))
		c := in.BeginIn(&m.CallContext, &m.call, middleware.CallInfo{Operation: "import"})
		if got := logging.RequestID(c.Context()); got != "outer" {
			t.Errorf("%s: the context has request ID %q", name, got)
		}
		c.End(middleware.Result{Err: errors.New("full")})
		c.End(middleware.Result{})
		if len(records) != 1 || records[0].Event.Operation != "import" || records[0].ErrorType != "_OTHER" {
			t.Errorf("%s: got records %+v", name, records)
		}
	}
}

// TestKnownTimes begins and ends calls at times that the caller has read.
func TestKnownTimes(t *testing.T) {
	began := time.Now().Add(-time.Hour)
	after := func(d time.Duration) time.Time { return began.Add(d) }
	for _, test := range []struct {
		name            string
		answered, ended time.Time
		stream          bool
		want            time.Duration
	}{
		{"call", time.Time{}, after(3 * time.Second), false, 3 * time.Second},
		{"answered call", after(time.Second), after(3 * time.Second), false, 3 * time.Second},
		{"answered stream", after(time.Second), after(3 * time.Second), true, time.Second},
		{"answered before it began", after(-time.Second), after(3 * time.Second), true, 1},
		{"ended before it began", time.Time{}, after(-time.Second), false, 0},
	} {
		o := observe(t, sdktrace.NeverSample(), nil)
		c := o.in.Begin(t.Context(), middleware.CallInfo{Operation: "import", Began: began, Stream: test.stream})
		if !test.answered.IsZero() {
			c.AnsweredAt(test.answered)
			c.Answered() // has no effect
		}
		c.End(middleware.Result{Ended: test.ended})
		r := o.records[0]
		if r.Event.Duration != test.want {
			t.Errorf("%s: got duration %v, want %v", test.name, r.Event.Duration, test.want)
		}
		if end := test.ended; end.Before(began) != r.End.Equal(began.Round(0)) || !end.Before(began) && !r.End.Equal(end) {
			t.Errorf("%s: got end %v, want %v", test.name, r.End, end)
		}
	}
}

// TestUnknownTimes reads the clock for zero times.
func TestUnknownTimes(t *testing.T) {
	o := observe(t, sdktrace.NeverSample(), nil)
	before := time.Now().Round(0)
	c := o.in.Begin(t.Context(), middleware.CallInfo{Operation: "import"})
	c.End(middleware.Result{})
	if r := o.records[0]; r.End.Before(before) || r.End.After(time.Now()) || r.Event.Duration <= 0 {
		t.Errorf("got end %v after %v", r.End, r.Event.Duration)
	}
}

// TestCallStatesServeOtherCalls uses a few states again and again, while the
// calls in flight are walked. A state that a walk may be judging, or whose call
// is in flight, must not serve another call. The contexts stay as they are.
func TestCallStatesServeOtherCalls(t *testing.T) {
	in, rec := newInstrument(t, &middleware.Options{RequestID: &middleware.IDOptions{}}, availability)
	const goroutines, calls = 2, 5_000
	info := middleware.CallInfo{Operation: "GET /users/{userid}", Kind: trace.SpanKindServer}
	var serving, walking sync.WaitGroup
	for range goroutines {
		serving.Go(func() {
			m, last := new(middleware.CallState), context.Background()
			for range calls {
				id := logging.RequestID(last)
				ctx := new(middleware.CallContext)
				ctx.Init(t.Context())
				c := in.BeginIn(ctx, m, info)
				if m.Reset() {
					t.Error("a call in flight was reset")
				}
				if logging.RequestID(last) != id || logging.RequestID(ctx) == id {
					t.Errorf("the context of request %q has another one", id)
				}
				// A walk may have visited it.
				if c.End(middleware.Result{Status: 200}); !m.Reset() {
					m = new(middleware.CallState)
				}
				last = ctx
			}
		})
	}
	served := make(chan struct{})
	walking.Go(func() {
		for {
			select {
			case <-served:
				return
			default:
				middleware.WalkCalls(in)
			}
		}
	})
	serving.Wait()
	close(served)
	walking.Wait()
	const all = goroutines * calls
	if got, _ := rec.Counts("availability"); got != (sli.Counts{Good: all, Valid: all}) || middleware.CallsInFlight(in) != 0 {
		t.Errorf("got %v and %d in flight, want all of %d and none", got, middleware.CallsInFlight(in), all)
	}
}

// TestResetAfterAWalk walks a call in flight, whose state is not used again.
func TestResetAfterAWalk(t *testing.T) {
	in, _ := newInstrument(t, &middleware.Options{}, availability)
	for _, walked := range []bool{false, true} {
		var m delivery
		m.Init(t.Context())
		c := in.BeginIn(&m.CallContext, &m.call, middleware.CallInfo{Operation: "import"})
		if walked {
			middleware.WalkCalls(in)
		}
		c.End(middleware.Result{})
		if m.call.Reset() == walked {
			t.Errorf("walked: %t, reset: %t", walked, !walked)
		}
	}
}
