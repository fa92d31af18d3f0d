package middleware

import (
	"context"
	"sync"
	"time"

	"github.com/sligo-go/sligo/internal/cells"
	"github.com/sligo-go/sligo/sli"
)

// inFlight holds the requests whose handlers have not returned. A handler
// that hangs reports nothing itself, so that a reader of the counters looks
// for it here. There is no goroutine and no timer, and the list's nodes are
// the exchanges, so that a request costs two short critical sections on a
// lock of its core.
type inFlight struct {
	walking sync.Mutex
	shards  []shard
}

// judgeInFlight judges the requests that hang. Recorder.OnRead calls it.
func (in *Instrument) judgeInFlight() {
	now := in.now()
	in.inFlight.walk(func(e *exchange) bool { return e.judge(now) })
}

// judge judges a request whose handler runs, by the rows of the table that
// need no answer. It reports whether nothing remains to be judged before the
// handler returns.
func (e *exchange) judge(now time.Duration) bool {
	event := sli.Event{Duration: now - e.start, Group: e.groupNow(), Allowed: e.allowed, Ignore: e.ignore()}
	switch {
	case e.contextDeadlinePassed():
		event.Err = context.DeadlineExceeded
	case e.status.Load() != 0, e.noted.has(streams):
		_, limited := e.ctx.Deadline()
		return !limited || e.noted.has(reached)
	case e.callExpired(now):
		event.Err = context.DeadlineExceeded
	default:
		event.Canceled = e.clientLeft(now)
	}
	rt := e.routeInFlight()
	if rt == nil {
		// Indicators without Requests can judge it. Others may list its route.
		unknown := e.in.routes[e.protocol].find("")
		unknown.events.Check(&e.pending, event, e.waited(now))
		return false
	}
	return rt.events.Check(&e.pending, event, e.waited(now)) == 0
}

// shard is the part of inFlight to which a core adds. Its lists have the
// newest request first.
type shard struct {
	mu     sync.Mutex
	open   list // requests that a walk may still judge
	closed list // the others, which no walk visits
	active [protocols]uint32
	round  uint32 // of the walk that visits the shard

	_ [64]byte // keeps shards out of each other's cache lines
}

// list is a doubly linked list of exchanges.
type list struct{ newest, oldest *exchange }

// link is an exchange's place in a list. The shard's lock guards it.
type link struct {
	newer, older *exchange
	round        uint32 // of the last walk that visited the exchange
	in           membership
}

// membership names the list of the shard that an exchange is in.
type membership uint8

const (
	inNone membership = iota // the handler has returned
	inOpen
	inClosed
)

func (l *list) add(e *exchange) {
	e.link.newer, e.link.older = nil, l.newest
	if l.newest == nil {
		l.oldest = e
	} else {
		l.newest.link.newer = e
	}
	l.newest = e
}

func (l *list) remove(e *exchange) {
	at := &e.link
	if at.newer == nil {
		l.newest = at.older
	} else {
		at.newer.link.older = at.older
	}
	if at.older == nil {
		l.oldest = at.newer
	} else {
		at.older.link.newer = at.newer
	}
	at.newer, at.older = nil, nil
}

func newInFlight() *inFlight { return &inFlight{shards: make([]shard, cells.Shards())} }

func (f *inFlight) enter(e *exchange) {
	s := &f.shards[e.shard]
	s.mu.Lock()
	e.link.round = s.round // a walk that is under way ends before e
	e.link.in = inOpen
	s.open.add(e)
	s.active[e.protocol]++
	s.mu.Unlock()
}

func (f *inFlight) leave(e *exchange) {
	s := &f.shards[e.shard]
	s.mu.Lock()
	if e.link.in == inOpen {
		s.open.remove(e)
	} else {
		s.closed.remove(e)
	}
	e.link.in = inNone
	s.active[e.protocol]--
	s.mu.Unlock()
}

// active returns the number of requests in flight by protocol. It holds all
// locks at once, in order: a client that ends a request on a shard that was
// read and begins one on a shard that was not would count twice.
func (f *inFlight) active() (sum [protocols]uint32) {
	for i := range f.shards {
		f.shards[i].mu.Lock()
	}
	for i := range f.shards {
		for p, n := range f.shards[i].active {
			sum[p] += n
		}
	}
	for i := range f.shards {
		f.shards[i].mu.Unlock()
	}
	return sum
}

// step is the number of requests that a walk takes from a list at once.
const step = 64

// walk calls judge for each open request, and closes those for which it
// returns true. It holds a shard's lock only for steps, and never while judge
// runs, which calls code of the program.
func (f *inFlight) walk(judge func(*exchange) bool) {
	f.walking.Lock()
	defer f.walking.Unlock()
	var batch [step]*exchange
	for i := range f.shards {
		s := &f.shards[i]
		s.start()
		for n := s.visit(&batch); n > 0; n = s.visit(&batch) {
			for j, e := range batch[:n] {
				if !judge(e) {
					batch[j] = nil
				}
			}
			s.close(batch[:n])
		}
	}
}

func (s *shard) start() {
	s.mu.Lock()
	s.round++
	s.mu.Unlock()
}

// visit takes the oldest open requests that the walk has not visited, and
// moves them to the other end of the list.
func (s *shard) visit(batch *[step]*exchange) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n < step && s.open.oldest != nil && s.open.oldest.link.round != s.round {
		e := s.open.oldest
		s.open.remove(e)
		s.open.add(e)
		e.link.round = s.round
		batch[n] = e
		n++
	}
	return n
}

// close moves requests that are still open to the other list. It clears the
// batch.
func (s *shard) close(batch []*exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range batch {
		if e != nil && e.link.in == inOpen {
			s.open.remove(e)
			e.link.in = inClosed
			s.closed.add(e)
		}
	}
	clear(batch)
}
