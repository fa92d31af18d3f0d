package middleware

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/sli"
)

// clientCall is a call to another service: one attempt, or all attempts of a
// chain of redirects or of a [WithCall]. It is one event. It holds no reference
// to a response, so that the list of calls keeps none alive.
type clientCall struct {
	in      *Instrument
	of      *operation      // of the first attempt
	ctx     context.Context // that the caller waits with
	start   time.Duration   // since the instrument was made
	silent  bool            // makes no event
	group   string          // of the event
	node    call.Node
	pending sli.Pending

	mu       sync.Mutex
	held     bool // WithCall decides when the call is over
	attempts int  // that have begun
	running  int  // attempts that have not ended
	answered bool // the latest attempt has its answer
	last     attemptEnd
	finished bool
}

// attemptEnd is the end of an attempt as its call sees it.
type attemptEnd struct {
	event  sli.Event
	waited time.Duration // until the answer, since the call began
	at     time.Duration // since the instrument was made
	rank   uint8         // see rankOf
}

// join adds an attempt, and returns the number of the attempts before. It
// returns false if the call is over.
func (c *clientCall) join(ctx context.Context) (before int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.finished {
		return 0, false
	}
	before = c.attempts
	c.attempts++
	c.running++
	c.answered = false
	if !c.held {
		c.ctx = ctx // http.Client has canceled the one of the attempt before
	}
	return before, true
}

// noteAnswer records that the answer of an attempt has begun.
func (c *clientCall) noteAnswer() {
	c.mu.Lock()
	c.answered = true
	c.mu.Unlock()
}

// leave ends an attempt, and the call if no other attempt may follow. It
// reports whether the call is over and bad.
func (c *clientCall) leave(began time.Duration, end *attemptEnd, redirect bool) (bad bool) {
	c.mu.Lock()
	c.running--
	// If several attempts ran at the same time, the caller uses the best answer.
	if c.last.at <= began || end.rank >= c.last.rank {
		c.last = *end
	}
	if c.running > 0 || c.held || redirect {
		c.mu.Unlock()
		if redirect {
			c.in.client.noteRest()
		}
		return false
	}
	return c.finish()
}

// release says that WithCall expects no further attempt.
func (c *clientCall) release() {
	c.mu.Lock()
	c.held = false
	if c.running > 0 || c.finished {
		c.mu.Unlock()
		return
	}
	c.finish()
}

// finish counts the event. The caller holds the lock, which finish releases.
func (c *clientCall) finish() (bad bool) {
	c.finished = true
	last := c.last
	c.mu.Unlock()
	defer c.in.calls.Leave(&c.node)
	if !c.silent {
		bad = c.of.events.Finish(&c.pending, last.event, last.waited)
	}
	return bad
}

// clientCallInFlight is a call in the list of calls in flight.
type clientCallInFlight struct{ *clientCall }

// Judge judges a call without an answer by its context, and ends a call that no
// attempt continues: a redirect that nobody followed, or a WithCall that nobody
// ended.
func (c clientCallInFlight) Judge() bool {
	now := c.in.now()
	c.mu.Lock()
	if c.finished || c.running == 0 {
		over := !c.finished && now-c.last.at >= grace && (!c.held || c.ctx.Err() != nil)
		if over {
			c.finish()
			return true
		}
		defer c.mu.Unlock()
		return c.finished
	}
	waits, ctx := !c.answered && !c.silent, c.ctx
	c.mu.Unlock()
	if waits {
		event := sli.Event{Duration: now - c.start, Group: c.group}
		switch judged := canceledBy(ctx); {
		case judged.TimedOut:
			event.Err = context.DeadlineExceeded
		case judged.Canceled && judged.Ignore == "":
			event.Canceled = true
		}
		c.of.events.Check(&c.pending, event, now-c.start)
	}
	return false
}

// callOf returns the call that a request continues, with the attempt added, or
// nil.
func (in *Instrument) callOf(r *http.Request, t *destination, o attemptOptions) (c *clientCall, before int) {
	if scope, _ := r.Context().Value(callScopeKey{}).(*callScope); scope != nil {
		return scope.calls.join(in, t, o)
	}
	if r.Response != nil && r.Response.Request != nil {
		if c, _ = r.Response.Request.Context().Value(chainKey{in}).(*clientCall); c != nil {
			if before, ok := c.join(r.Context()); ok {
				return c, before
			}
		}
	}
	return nil, 0
}

// enter adds a call that begins to the list.
func (c *clientCall) enter(in *Instrument, of *operation, ctx context.Context, o attemptOptions) {
	c.in, c.of, c.ctx, c.silent, c.group = in, of, ctx, o.silent(), o.group
	c.start = in.now()
	c.attempts, c.running = 1, 1
	in.calls.Enter(&c.node, clientCallInFlight{c}, callsOf(kindClient))
}

// chainKey is the key of the call in the context of a redirect's request,
// where the next request finds it.
type chainKey struct{ in *Instrument }

type callScopeKey struct{}

// callScope is in the context of a WithCall.
type callScope struct{ calls *scopedCalls }

// scopedCalls are the calls of a WithCall, one for each instrument. They do not
// refer to the scope, whose end of life ends them.
type scopedCalls struct {
	ctx context.Context // without the scope

	mu    sync.Mutex
	all   []*clientCall
	ended bool
}

// WithCall returns a context whose attempts are one call, for a client that
// retries. The event of [Instrument.Transport] has the operation of the first
// attempt, the outcome of the last one, and the time of all.
//
// Call end when no further attempt follows; if the response's body is still
// read, the call lasts until its end. Without end, the call is over when ctx is
// done or the returned context is garbage. Attempts after end are calls of
// their own.
func WithCall(ctx context.Context) (scoped context.Context, end func()) {
	calls := &scopedCalls{ctx: ctx}
	scope := &callScope{calls}
	runtime.AddCleanup(scope, (*scopedCalls).end, calls)
	return context.WithValue(ctx, callScopeKey{}, scope), calls.end
}

// join adds an attempt to the instrument's call, which the first one begins.
// After the end it returns nil.
func (s *scopedCalls) join(in *Instrument, t *destination, o attemptOptions) (c *clientCall, before int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return nil, 0
	}
	for _, c := range s.all {
		if c.in == in {
			if before, ok := c.join(s.ctx); ok {
				return c, before
			}
		}
	}
	c = &clientCall{held: true}
	c.enter(in, t.operation, s.ctx, o)
	s.all = append(s.all, c)
	return c, 0
}

func (s *scopedCalls) end() {
	s.mu.Lock()
	all := s.all
	s.all, s.ended = nil, true
	s.mu.Unlock()
	for _, c := range all {
		c.release()
	}
}
