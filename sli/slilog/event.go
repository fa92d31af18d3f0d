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
	canceled  = 499         // nginx's status if the client disconnected
)

// Event returns the event of a line of any format. The function field returns
// the text of the field with a given name, and false if the line has no such
// field. Event reports false if the line is not an event, and an error if one
// of the line's fields is missing or invalid. It does not record the event.
func (r *Reader) Event(field func(name string) (text string, ok bool)) (e sli.Event, ok bool, err error) {
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
		return e, false, fmt.Errorf("slilog: the line has only one of %q and %q", r.options.Status, name)
	}
	e, err = newEvent(status)
	if err == nil && hasDuration {
		e.Duration, err = parseDuration(took, r.unit(time.Millisecond))
	}
	if err != nil {
		return sli.Event{}, false, err
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
	if err != nil || number < 100 || number > 999 {
		return sli.Event{}, fmt.Errorf("slilog: invalid status %q: want a number from 100 to 999", status)
	}
	return sli.Event{Status: number, Canceled: number == canceled}, nil
}

// parseDuration reads a number in the given unit, or a text with a unit.
func parseDuration(text string, unit time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if number, numberErr := strconv.ParseFloat(text, 64); numberErr == nil {
		number *= float64(unit)
		d, err = time.Duration(number), nil
		if !(number < 1<<63) { // also if it is not a number
			err = strconv.ErrRange
		}
	}
	if err != nil || d < 0 {
		return 0, fmt.Errorf("slilog: invalid duration %q: want a number, or a text such as \"150ms\"", text)
	}
	return d, nil
}

func (r *Reader) durationField() string {
	if r.options.Duration == "" {
		return defaultDuration
	}
	return r.options.Duration
}

func (r *Reader) unit(zero time.Duration) time.Duration {
	if r.options.Unit == 0 {
		return zero
	}
	return r.options.Unit
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
