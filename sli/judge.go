package sli

import "time"

// judge is an Indicator compiled to judge events without allocating.
type judge struct {
	requests    requests
	good, valid matcher
	upgrades    bool // counts connections that switched protocols

	within   time.Duration // Good.Within
	patience time.Duration // negative: none
}

// switchingProtocols is the HTTP status of a connection that continues with
// another protocol. It is repeated here so that a job that counts events does
// not link net/http.
const switchingProtocols = 101

// judge returns the verdict on an event of any operation.
func (j *judge) judge(e *Event) verdict {
	listed := j.requests.list(e.Operation)
	if !listed.counted {
		return unlisted
	}
	return j.judgeListed(e, listed.preflights)
}

// judgeListed judges an event of an operation that the indicator lists. The
// operation's preflights count if preflights is true.
func (j *judge) judgeListed(e *Event, preflights bool) verdict {
	if e.ignored(preflights) {
		return verdictOf(e.Ignore)
	}
	if j.callsFunc() {
		return j.judgeGuarded(e)
	}
	return j.verdict(e)
}

func (j *judge) callsFunc() bool { return j.valid.fn != nil || j.good.fn != nil }

// judgeGuarded judges an event as bad if a Func panics. It recovers itself,
// since package guard allocates for the panic's value, and recording must not.
func (j *judge) judgeGuarded(e *Event) (v verdict) {
	defer func() {
		if recover() != nil {
			v = bad
		}
	}()
	return j.verdict(e)
}

func (j *judge) verdict(e *Event) verdict {
	switch {
	case e.Status == switchingProtocols && !j.upgrades && !e.Unanswered:
		return upgrade
	case e.Canceled && !e.Unanswered && !j.valid.canceled.with:
		return clientLeft
	case e.Allowed > 0 && e.Allowed < j.within, !j.valid.met(e):
		return notValid
	case e.Unanswered || !j.good.met(e):
		return bad
	}
	return good
}

// defaultPatience is the bound of an indicator without Within and Patience. A
// caller that leaves earlier has hardly waited.
const defaultPatience = time.Second

// exceeds reports whether a caller waited longer than the indicator's bound.
// The Patience of the one event, if it is positive, lowers the indicator's.
func (j *judge) exceeds(waited, patience time.Duration) bool {
	bound := j.within
	if bound == 0 {
		if bound = j.patience; patience > 0 {
			bound = min(bound, patience)
		}
	}
	return bound >= 0 && waited > bound
}

// waits reports whether Valid decides about callers that left, so that their
// events are judged when the handler returns.
func (j *judge) waits() bool { return j.valid.canceled.with }

// judgeAtReturn judges an event when its handler returns. A caller that left
// after the bound had passed is a failure, whichever answer followed.
func (j *judge) judgeAtReturn(e *Event, preflights bool, waited, patience time.Duration) verdict {
	if !e.Canceled || j.waits() || !j.exceeds(waited, patience) {
		return j.judgeListed(e, preflights)
	}
	hung := *e
	hung.Unanswered, hung.Status, hung.Code = true, 0, ""
	return j.judgeListed(&hung, preflights)
}

// judgeInFlight judges an event whose answer has not begun. It reports false
// if the event cannot be judged yet, and whether it is overdue.
func (j *judge) judgeInFlight(e *Event, preflights bool, waited, patience time.Duration) (v verdict, decided, overdue bool) {
	passed := j.exceeds(waited, patience)
	left := passed && e.Canceled && !j.waits()
	if !left && e.Err == nil && !e.ignored(preflights) {
		return unlisted, false, passed
	}
	return j.judgeListed(e, preflights), true, false
}
