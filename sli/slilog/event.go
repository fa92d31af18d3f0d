package slilog

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/sli"
)

const (
	unmatched = "unmatched" // the operation of a path that no route matches

	// Statuses of lines whose client disconnected: nginx's, and the one of
	// proxies whose answer had not begun.
	canceled   = 499
	unanswered = 0

	// flagsField is the field of Envoy's response flags.
	flagsField = "response_flags"
)

// Event returns the event of a line of any format. The function field returns
// the text of the field with a given name, and false if the line has no such
// field. Event reports false if the line is not an event, and an error if one
// of the line's fields is missing or invalid. It does not record the event.
func (r *Reader) Event(field func(name string) (text string, ok bool)) (e sli.Event, ok bool, err error) {
	if e, ok, err = r.event(field); err != nil {
		return sli.Event{}, false, fmt.Errorf("slilog: %w", err)
	}
	return e, ok, nil
}

// event is Event, whose errors name the package.
func (r *Reader) event(field func(name string) (string, bool)) (e sli.Event, ok bool, err error) {
	status, hasStatus := field(r.options.Status)
	name := r.durationField()
	took, hasDuration := "", false
	if name != noDuration {
		took, hasDuration = field(name)
	}
	switch {
	case !hasStatus && !hasDuration:
		return e, false, nil
	case !hasStatus, !hasDuration && name != noDuration:
		return e, false, fmt.Errorf("the line has only one of %q and %q", r.options.Status, name)
	}
	e, err = newEvent(status)
	if err == nil && hasDuration {
		e.Duration, err = parseDuration(took, r.unitOf(name, time.Millisecond))
	}
	if err != nil {
		return sli.Event{}, false, err
	}
	if flags, ok := field(flagsField); ok && disconnected(flags) {
		e.Canceled = true
	}
	e.Operation = r.operation(field)
	if r.options.Group != "" {
		e.Group, _ = field(r.options.Group)
	}
	return e, true, nil
}

// newEvent returns an event that has a status only.
func newEvent(status string) (sli.Event, error) {
	number, err := strconv.Atoi(status)
	if err != nil || number != unanswered && (number < 100 || number > 999) {
		return sli.Event{}, fmt.Errorf("invalid status %.80q: want a number from 100 to 999, or 0 without an answer", status)
	}
	return sli.Event{Status: number, Canceled: number == canceled || number == unanswered}, nil
}

// disconnected reports whether Envoy's response flags say that the client
// disconnected or reset its connection.
func disconnected(flags string) bool {
	for flag := range strings.SplitSeq(flags, ",") {
		switch flag {
		case "DC", "DR", "DownstreamConnectionTermination", "DownstreamRemoteReset":
			return true
		}
	}
	return false
}

func (r *Reader) durationField() string {
	if r.options.Duration == "" {
		return defaultDuration
	}
	return r.options.Duration
}

func (r *Reader) operation(field func(name string) (string, bool)) string {
	if r.options.Operation != "" {
		operation, _ := field(r.options.Operation)
		return operation
	}
	method, _ := field(r.options.Method)
	for _, name := range r.paths {
		if path, ok := field(name); ok {
			return r.match(method, path)
		}
	}
	return unmatched
}

// match returns the route of a path. Without routes, the path is the route.
func (r *Reader) match(method, path string) string {
	if r.routes == nil {
		if method == "" || strings.HasPrefix(path, method+" ") {
			return path
		}
		return method + " " + path
	}
	u, err := url.ParseRequestURI(path)
	if err != nil {
		return unmatched
	}
	_, pattern := r.routes.Handler(&http.Request{Method: method, URL: u, Host: u.Host})
	if pattern == "" {
		return unmatched
	}
	// A pattern may have a host, and may lack a method.
	return strings.TrimPrefix(method+" "+pattern[strings.IndexByte(pattern, '/'):], " ")
}
