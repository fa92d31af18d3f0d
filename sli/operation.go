package sli

import (
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/internal/cells"
)

// Operation records events of one operation. It is a handle on a [Recorder]
// that knows which indicators list the operation. The zero Operation counts
// nothing.
//
// A reporter that judges an event only when it is over calls Record. One that
// also judges events in flight keeps a [Pending] for each event, calls Check
// for it while a function of [Recorder.OnRead] runs, and calls Finish at the
// end.
type Operation struct{ *operation }

type operation struct {
	recorder *Recorder
	name     string
	outgoing bool
	listed   []listed
	guarded  bool       // a Func of a listed indicator could end the goroutine
	matched  []*request // the entries of Requests that match it
	seen     atomic.Bool
}

// listed is an indicator that lists an operation.
type listed struct {
	counter
	index      int  // in the recorder
	preflights bool // counts the operation's preflights
}

// Operation returns a handle for events of the named operation.
func (r *Recorder) Operation(name string) Operation {
	if r == nil || r.cells == nil {
		return Operation{}
	}
	return r.newOperation(name, false)
}

// Outgoing returns a handle for events of an operation that the service does
// not serve: a call to another service, such as "POST //payments/charges", or a
// part of its own work. An entry of Requests for a call names the host after
// two slashes.
//
// The operation counts only for indicators whose Requests select it by an entry
// without "!" that is not "*". An indicator of all requests therefore does not
// count the calls that each request makes. If no indicator selects the
// operation, its events do not count as unmatched.
func (r *Recorder) Outgoing(name string) Operation {
	if r == nil || r.cells == nil {
		return Operation{}
	}
	return r.newOperation(name, true)
}

func (r *Recorder) newOperation(name string, outgoing bool) Operation {
	o := &operation{recorder: r, name: name, outgoing: outgoing}
	for i, c := range r.counters {
		if l := c.judge.requests.list(name); l.counted && (!outgoing || c.judge.requests.names(name)) {
			o.listed = append(o.listed, listed{r.counters[i], i, l.preflights})
			o.guarded = o.guarded || c.judge.callsFunc()
		}
		for _, entry := range c.judge.requests.entries {
			if entry.matches(name) && (!outgoing || hasHost(entry.text) == hasHost(name)) {
				o.matched = append(o.matched, entry)
			}
		}
	}
	return Operation{o}
}

// Record counts an event of the operation: every indicator judges it now. It
// ignores e.Operation.
func (o Operation) Record(e Event) {
	if o.operation == nil {
		return
	}
	e.Operation = o.name // for a Func
	o.recorder.watch.count(1)
	o.note()
	o.countUnmatched(&e)
	o.judgeAll(&e, claimed{}, 0, 0)
}

// Finish counts an event that is over, for every indicator that has not judged
// it in flight. It ignores e.Operation, and does nothing if it was called
// before with the same p. It reports whether the event is bad for an indicator,
// or was judged in flight.
//
// The time that the caller waited runs until the answer began, or until the end
// if it never began. It does not include the time in which the server waited
// for the caller, such as for the rest of a request's body. If e.Canceled is
// true and the caller waited longer than an indicator's bound, the indicator
// judges the event as Unanswered, unless its Valid.Canceled is PresenceInclude
// or PresenceOnly. The bound is Good.Within, or else Patience.
func (o Operation) Finish(p *Pending, e Event, waited time.Duration) (failed bool) {
	if o.operation == nil {
		return false
	}
	e.Operation = o.name
	before := p.finish(len(o.recorder.counters))
	if len(o.listed) == 0 && before.first == allBits {
		return false
	}
	o.recorder.watch.count(1)
	o.note()
	o.countUnmatched(&e)
	return o.judgeAll(&e, before, waited, p.Patience)
}

// judgeAll counts an event that is over, for the indicators that did not judge
// it before. It reports whether the event is bad for one of them.
func (o *operation) judgeAll(e *Event, before claimed, waited, patience time.Duration) (failed bool) {
	if o.guarded {
		return o.judgeFrom(0, e, before, waited, patience)
	}
	shard := cells.Shard()
	for i := range o.listed {
		if o.listed[i].count(shard, e, before, waited, patience) {
			failed = true
		}
	}
	return failed
}

// judgeFrom is judgeAll for the indicators from the ith on. If a Func ends the
// goroutine, the event is bad for its indicator, and the others still judge it.
func (o *operation) judgeFrom(i int, e *Event, before claimed, waited, patience time.Duration) (failed bool) {
	defer func() {
		if i < len(o.listed) {
			o.listed[i].tallyOf(e).add(cells.Shard(), bad, 1)
			o.judgeFrom(i+1, e, before, waited, patience)
		}
	}()
	for shard := cells.Shard(); i < len(o.listed); i++ {
		if o.listed[i].count(shard, e, before, waited, patience) {
			failed = true
		}
	}
	return failed
}

// count counts an event that is over, unless the indicator judged it before. It
// reports whether the event is bad or was judged before.
func (l *listed) count(shard int, e *Event, before claimed, waited, patience time.Duration) (failed bool) {
	if before.has(l.index) {
		return true
	}
	v := l.judge.judgeAtReturn(e, l.preflights, waited, patience)
	l.tallyOf(e).add(shard, v, 1)
	return v == bad
}

// Check judges an event in flight whose answer has not begun, by the
// indicators that can judge it now and did not before. It returns the number
// of indicators that still have to judge; at zero, no further Check is needed.
// It ignores e.Operation, and treats e as Unanswered. See [Operation.Finish]
// for waited.
//
// If e.Err is set, a deadline of the service has passed, and every indicator
// judges the event. If e.Canceled is true and the caller waited longer than an
// indicator's bound, the event is bad. But if Valid.Canceled is PresenceInclude
// or PresenceOnly, the indicator judges at the end. In all other cases an event
// beyond the bound is overdue, and [Tally.Overdue] counts it until the next
// walk.
func (o Operation) Check(p *Pending, e Event, waited time.Duration) (undecided int) {
	if o.operation == nil {
		return 0
	}
	e.Operation, e.Unanswered, e.Status, e.Code = o.name, true, 0, ""
	for i := range o.listed {
		l := &o.listed[i]
		if p.judged(l.index) {
			continue
		}
		v, decided, overdue := l.judge.judgeInFlight(&e, l.preflights, waited, p.Patience)
		if !decided {
			undecided++
			if overdue {
				o.recorder.noteOverdue(l.tallyOf(&e))
			}
			continue
		}
		if p.claim(l.index, len(o.recorder.counters)) {
			o.note()
			l.tallyOf(&e).add(cells.Shard(), v, 1)
		}
	}
	return undecided
}

// countUnmatched counts an event of an operation that no indicator lists.
func (o *operation) countUnmatched(e *Event) {
	if len(o.listed) == 0 && e.Ignore == "" && !o.outgoing {
		o.recorder.cells.Add(cells.Shard(), o.recorder.unmatched(), 1)
	}
}

// note marks the entries that the operation's first event matches.
func (o *operation) note() {
	if !o.seen.Load() {
		o.noteFirst()
	}
}

func (o *operation) noteFirst() {
	o.seen.Store(true)
	o.recorder.watch.note(o.name)
	for _, entry := range o.matched {
		entry.note(o.recorder)
	}
}
