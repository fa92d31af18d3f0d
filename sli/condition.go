package sli

import (
	"math/bits"
	"time"
)

// Condition selects events. An event meets it when it meets every field that is set; the zero
// Condition is met by all. It is plain data, so that it can be documented, exported and turned into a
// query, except for Func.
type Condition struct {
	// Status lists HTTP statuses: a class "2xx", one status "404", a range "500-504", each also
	// negated as "!400". The list is the union of the plain entries without the negated ones;
	// a list of negated entries only starts from all statuses but 1xx. One that leaves none is a
	// mistake. Where Code is empty, events of other protocols do not meet it.
	Status []string

	// Code lists gRPC status codes by name ("OK", "DeadlineExceeded" or "DEADLINE_EXCEEDED"), each
	// also negated as "!Canceled"; a list of negated names only starts from all codes. Where
	// Status is empty, events of other protocols do not meet it. With both set, an event is
	// judged by the one of its protocol, and an event of neither, a job's, by having no Err.
	Code []string

	// Within is the longest Duration that meets the condition, itself included. Zero is no bound.
	Within time.Duration

	// Rate is the least rate of Items over Duration that meets the condition. Zero is no bound.
	Rate Rate

	// Canceled selects by whether the caller went away before it had its answer. The zero
	// Presence means Exclude in Indicator.Valid, since nobody can have been served, and
	// PresenceInclude in Indicator.Good.
	Canceled Presence

	// Failed selects by whether the event has an Err: a panic, a job's error. The zero Presence
	// means Include in Indicator.Valid and Exclude in Indicator.Good: what failed was not
	// good, however fast it was.
	Failed Presence

	// Func is the last resort, for what the other fields cannot say. No document, rule or other
	// source than this process can follow it. It is called for each event that meets the other
	// fields and must be fast and safe for concurrent use; an event on which it panics is Bad.
	Func func(Event) bool
}

// Presence says what a condition does with events that have a property. The zero Presence depends on
// the field; see [Condition].
type Presence string

const (
	// PresenceInclude is met by events with and without the property.
	PresenceInclude Presence = "include"
	// PresenceExclude is met only by events without the property.
	PresenceExclude Presence = "exclude"
	// PresenceOnly is met only by events with the property.
	PresenceOnly Presence = "only"
)

func (p Presence) met(has bool) bool {
	return p == PresenceInclude || has == (p == PresenceOnly)
}

// Rate is an amount of work in a time, like 500 rows in a second. The zero Rate is no bound; otherwise
// both fields are positive.
type Rate struct {
	Items uint64        // rows, bytes, messages: what the Items of an Event count
	Per   time.Duration // the time in which they are done
}

// atMost reports whether items in d is at least the rate, in exact integers.
func (r Rate) atMost(items uint64, d time.Duration) bool {
	if items == 0 || d < 0 {
		return false
	}
	doneHi, doneLo := bits.Mul64(items, uint64(r.Per))
	wantHi, wantLo := bits.Mul64(r.Items, uint64(d))
	return doneHi > wantHi || doneHi == wantHi && doneLo >= wantLo
}

// matcher is a Condition compiled for judging events without allocating.
type matcher struct {
	statuses *statusSet // nil for a condition that does not ask
	codes    *codeSet   // nil for a condition that does not ask
	within   time.Duration
	rate     Rate
	canceled Presence
	failed   Presence
	fn       func(Event) bool
}

// compile checks c and compiles it, with the given meanings of the zero Presence.
func (c Condition) compile(canceled, failed Presence) (matcher, error) {
	var errs FieldErrors
	m := matcher{within: c.Within, rate: c.Rate, fn: c.Func}
	m.statuses = parseStatuses(c.Status, &errs)
	m.codes = parseCodes(c.Code, &errs)
	if c.Within < 0 {
		errs.Addf("Within", "a latency bound of %v is negative", c.Within)
	}
	if (c.Rate.Items == 0) != (c.Rate.Per == 0) || c.Rate.Per < 0 {
		errs.Addf("Rate", "%d items in %v is not a rate: both must be positive, or both zero for no bound", c.Rate.Items, c.Rate.Per)
	}
	m.canceled = c.Canceled.orDefault(canceled, "Canceled", &errs)
	m.failed = c.Failed.orDefault(failed, "Failed", &errs)
	return m, errs.Err()
}

func (p Presence) orDefault(zero Presence, path string, errs *FieldErrors) Presence {
	switch p {
	case "":
		return zero
	case PresenceInclude, PresenceExclude, PresenceOnly:
	default:
		errs.Addf(path, "%q is none of %q, %q, %q", p, PresenceInclude, PresenceExclude, PresenceOnly)
	}
	return p
}

func (m *matcher) met(e *Event) bool {
	return m.canceled.met(e.Canceled) &&
		m.failed.met(e.Err != nil) &&
		m.metByResult(e) &&
		(m.within == 0 || e.Duration <= m.within) &&
		(m.rate.Per == 0 || m.rate.atMost(e.Items, e.Duration)) &&
		(m.fn == nil || m.fn(*e))
}

func (m *matcher) metByResult(e *Event) bool {
	switch {
	case m.statuses == nil && m.codes == nil:
		return true
	case e.Status != 0:
		return m.statuses != nil && m.statuses.has(e.Status)
	case e.Code != "":
		return m.codes != nil && m.codes.has(e.Code)
	}
	return m.statuses != nil && m.codes != nil && e.Err == nil
}
