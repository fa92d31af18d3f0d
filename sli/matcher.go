package sli

import (
	"fmt"
	"time"

	"github.com/sligo-go/sligo/internal/statuslist"
)

// matcher is a Condition compiled to match events without allocating.
type matcher struct {
	statuses *statuslist.Set // nil if the condition lists no status
	codes    *codeSet        // nil if the condition lists no code
	within   time.Duration
	rate     Rate
	canceled accepted
	failed   accepted
	fn       func(Event) bool
}

// accepted says which events match, by a property that they have or lack.
type accepted struct{ with, without bool }

func (a accepted) has(property bool) bool {
	if property {
		return a.with
	}
	return a.without
}

// compile checks c and compiles it. The zero Presence has the given meanings.
func (c Condition) compile(canceled, failed Presence) (matcher, error) {
	var errs FieldErrors
	m := matcher{within: c.Within, rate: c.Rate, fn: c.Func}
	m.statuses = parseStatuses(c.Status, &errs)
	m.codes = parseCodes(c.Code, &errs)
	checkDuration("Within", c.Within, &errs)
	if err := c.Rate.check(); err != nil {
		errs.Add("Rate", err)
	}
	checkKnown("Canceled", "presence", c.Canceled, presences, &errs)
	checkKnown("Failed", "presence", c.Failed, presences, &errs)
	m.canceled = c.Canceled.accepts(canceled)
	m.failed = c.Failed.accepts(failed)
	return m, errs.Err()
}

// parseStatuses returns the set of a list, and nil for an empty list.
func parseStatuses(list []string, errs *FieldErrors) *statuslist.Set {
	if len(list) == 0 {
		return nil
	}
	set := statuslist.Parse(list, func(i int, err error) {
		path := "Status"
		if i >= 0 {
			path = fmt.Sprintf("Status[%d]", i)
		}
		errs.Add(path, err)
	})
	return &set
}

// hasStatus reports whether a set lists a status. The nil set lists none.
func hasStatus(set *statuslist.Set, status int) bool { return set != nil && set.Has(status) }

func (m *matcher) met(e *Event) bool {
	if !m.canceled.has(e.Canceled) && (!e.Unanswered || !m.canceled.without) {
		return false
	}
	if !m.failed.has(e.Err != nil) || !m.metByResult(e) {
		return false
	}
	if m.within != 0 && e.Duration > m.within {
		return false
	}
	if m.rate.Per != 0 && !m.rate.reached(e.Items, e.Duration) {
		return false
	}
	return m.fn == nil || m.fn(*e)
}

func (m *matcher) metByResult(e *Event) bool {
	switch {
	case m.statuses == nil && m.codes == nil, e.Unanswered:
		return true
	case e.Code != "" && (m.codes != nil || e.Status == 0):
		return m.codes != nil && m.codes.has(e.Code)
	case e.Status != 0:
		return hasStatus(m.statuses, e.Status)
	}
	return m.statuses != nil && m.codes != nil && e.Err == nil
}
