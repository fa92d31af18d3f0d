package slilog

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Fields says where in a line an event is. Names are those of the line's JSON;
// members of objects have dotted names, with or without additional_info before
// them. The zero value is the standard schema.
type Fields struct {
	// Status is the field of the HTTP status; "" means response_code.
	Status string

	// Duration is the field of how long it took; "" means execution_time_ms. In the
	// combined format the duration is among the values behind the user agent, and
	// Duration is its place there: "1" is the first. "-" says that lines have none.
	Duration string

	// Unit is the unit of a duration that is a plain number; 0 means milliseconds,
	// and seconds in the combined format (nginx's $request_time). A text with a unit
	// ("150ms") is read as it says.
	Unit time.Duration

	// Operation is the field of the whole operation, "GET /users/{userid}"; "" means
	// that it is put together from Method and Path.
	Operation string

	// Method and Path are the fields of the request's method and of its route or
	// path; "" means method, and http.route, route or endpoint.
	Method, Path string

	// Routes are the patterns of the service, as in http.ServeMux, that paths are
	// matched with. A path that none of them matches is the operation "unmatched".
	// Without Routes the path is taken as it is: for lines that have the route.
	Routes []string
}

const (
	unmatched = "unmatched" // the operation of a path without a route
	none      = "-"         // Fields.Duration of lines without one
	canceled  = 499         // nginx's status for a client that went away
)

// Events makes events of lines and records them. It is a logging.Observer. Use
// [New]; the zero value is not valid. It is safe for concurrent use.
type Events struct {
	recorder *sli.Recorder
	fields   Fields
	paths    []string
	routes   *http.ServeMux // nil without routes
	counts   counters
}

// New returns what records the events of lines. It reports every mistake in the
// fields at once, and indicators that need what the lines do not have.
func New(recorder *sli.Recorder, fields *Fields) (*Events, error) {
	e := &Events{recorder: recorder}
	if fields != nil {
		e.fields = *fields
		e.fields.Routes = slices.Clone(fields.Routes)
	}
	var errs sli.FieldErrors
	if recorder == nil {
		errs.Addf("recorder", "is nil")
	}
	if e.fields.Unit < 0 {
		errs.Addf("Unit", "%v is not positive", e.fields.Unit)
	}
	e.addRoutes(&errs)
	if e.fields.Duration == none {
		for i, ind := range recorder.Indicators() {
			if bounded(ind) {
				errs.Addf(fmt.Sprintf("indicators[%d]", i), "%q bounds the duration, and the lines have none", ind.Name)
			}
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	e.withDefaults()
	return e, nil
}

func (e *Events) withDefaults() {
	f := &e.fields
	if f.Status == "" {
		f.Status = "response_code"
	}
	if f.Method == "" {
		f.Method = "method"
	}
	e.paths = []string{"http.route", "route", "endpoint"}
	if f.Path != "" {
		e.paths = []string{f.Path}
	}
}

// bounded reports whether an indicator judges durations.
func bounded(ind sli.Indicator) bool {
	return ind.Good.Within > 0 || ind.Valid.Within > 0 || ind.Good.Rate.Items > 0 || ind.Valid.Rate.Items > 0
}

// addRoutes registers the routes. ServeMux panics on a pattern it cannot read, and
// on one that another contradicts.
func (e *Events) addRoutes(errs *sli.FieldErrors) {
	if len(e.fields.Routes) == 0 {
		return
	}
	e.routes = http.NewServeMux()
	for i, route := range e.fields.Routes {
		func() {
			defer func() {
				if p := recover(); p != nil {
					errs.Addf(fmt.Sprintf("Routes[%d]", i), "%q: %v", route, p)
				}
			}()
			e.routes.Handle(route, http.NotFoundHandler())
		}()
	}
}

// A lookup returns the text of a field, and whether the line has it.
type lookup func(name string) (string, bool)

// event makes an event of a line. ok is false when it is none; err says that it
// cannot be read.
func (e *Events) event(get lookup, durationField string, unit time.Duration) (ev sli.Event, ok bool, err error) {
	status, hasStatus := get(e.fields.Status)
	var duration string
	hasDuration := durationField == none
	if !hasDuration {
		duration, hasDuration = get(durationField)
		if !hasDuration && !hasStatus {
			return ev, false, nil
		}
	}
	if !hasStatus && durationField == none {
		return ev, false, nil
	}
	if !hasStatus || !hasDuration {
		return ev, false, fmt.Errorf("slilog: a line has only one of %q and %q", e.fields.Status, durationField)
	}
	if ev.Status, err = strconv.Atoi(status); err != nil || ev.Status < 100 || ev.Status > 999 {
		return ev, false, fmt.Errorf("slilog: status %q is none", status)
	}
	if durationField != none {
		if ev.Duration, err = parseDuration(duration, unit); err != nil {
			return ev, false, err
		}
	}
	ev.Canceled = ev.Status == canceled
	ev.Operation = e.operation(get)
	return ev, true, nil
}

func parseDuration(s string, unit time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if f, ferr := strconv.ParseFloat(s, 64); ferr == nil {
		err = nil
		if f *= float64(unit); !(f < float64(1<<63-1)) {
			err = strconv.ErrRange
		}
		d = time.Duration(f)
	}
	if err != nil || d < 0 {
		return 0, fmt.Errorf("slilog: duration %q is none", s)
	}
	return d, nil
}

func (e *Events) operation(get lookup) string {
	if e.fields.Operation != "" {
		op, _ := get(e.fields.Operation)
		return op
	}
	method, _ := get(e.fields.Method)
	for _, name := range e.paths {
		if path, ok := get(name); ok {
			return e.match(method, path)
		}
	}
	return unmatched
}

// match finds the route of a path, or makes an operation of a route.
func (e *Events) match(method, path string) string {
	if e.routes == nil {
		if method == "" || strings.HasPrefix(path, method+" ") {
			return path
		}
		return method + " " + path
	}
	u, err := url.ParseRequestURI(path)
	if err != nil {
		return unmatched
	}
	_, pattern := e.routes.Handler(&http.Request{Method: method, URL: u, Host: u.Host})
	if pattern == "" {
		return unmatched
	}
	return pattern
}
