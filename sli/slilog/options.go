package slilog

import (
	"fmt"
	"net/http"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// Options names the fields of a line that make an event. The zero Options is
// the standard schema of package logging.
//
// Names are keys of the line's JSON object. The name of a member of an inner
// object is dotted, "http.route", with or without "additional_info." in front.
type Options struct {
	// Status is the field of the HTTP status. Empty means "response_code".
	Status string

	// Duration is the field of the response time. Empty means
	// "execution_time_ms". In the combined format it is the position among the
	// values after the user agent, or the name of a value there: "rt" for
	// rt=0.050. Empty means "1", the first. Envoy's format ignores it. "-" means
	// that lines have no duration.
	Duration string

	// Unit is the unit of durations without one. Zero means the unit in which the
	// name of the field ends (_ns, _us, _ms, _s, _seconds and their long forms),
	// or which nginx, OpenTelemetry or ECS gives a field of this name. For other
	// names it means milliseconds, or seconds in the combined format, the unit of
	// nginx's $request_time. A text with a unit, "150ms", ignores it.
	Unit time.Duration

	// Operation is the field of the whole operation, "GET /users/{userid}". Empty
	// means that Method and Path make the operation.
	Operation string

	// Method is the field of the request's method. Empty means "method".
	Method string

	// Path is the field of the request's route or path. Empty means the first of
	// "http.route", "route" and "endpoint" that the line has.
	Path string

	// Routes are the service's patterns, as [http.ServeMux] reads them. The
	// operation of a line is its method and the path of the pattern that matches,
	// and "unmatched" if no pattern matches. Without Routes, lines must have the
	// route: the path is taken as it is.
	Routes []string

	// Stream is the only stream of a container, "stdout" or "stderr", whose lines
	// may be events. Empty means both.
	Stream string

	// Group is the field of the event's group, for indicators with Groups. Empty
	// means that events have no group.
	Group string
}

const (
	noDuration = "-" // Options.Duration of lines without durations

	defaultDuration = "execution_time_ms"
)

// withDefaults fills in the names. Duration and Unit depend on the format and
// stay as they are.
func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Status == "" {
		d.Status = "response_code"
	}
	if d.Method == "" {
		d.Method = "method"
	}
	return d
}

// paths returns the fields that may hold the path, in the order of preference.
func (o *Options) paths() []string {
	if o.Path != "" {
		return []string{o.Path}
	}
	return []string{"http.route", "route", "endpoint"}
}

// validate reports every mistake in o, and indicators that need durations
// which the lines do not have.
func (o *Options) validate(indicators []sli.Indicator, errs *sli.FieldErrors) {
	if o.Unit < 0 {
		errs.Addf("Unit", "invalid unit %v: want a positive duration", o.Unit)
	}
	if o.Stream != "" && o.Stream != stdout && o.Stream != stderr {
		errs.Addf("Stream", "invalid stream %q: want %q or %q", o.Stream, stdout, stderr)
	}
	if o.Duration != noDuration {
		return
	}
	for _, ind := range indicators {
		if bounded(ind.Good) || bounded(ind.Valid) {
			errs.Addf("Duration", "%q leaves out the duration that indicator %q needs", noDuration, ind.Name)
		}
	}
}

// bounded reports whether a condition judges durations.
func bounded(c sli.Condition) bool { return c.Within > 0 || c.Rate.Items > 0 }

// newMux returns a mux that knows the routes, or nil if there are none.
func newMux(routes []string, errs *sli.FieldErrors) *http.ServeMux {
	if len(routes) == 0 {
		return nil
	}
	mux := http.NewServeMux()
	for i, route := range routes {
		// Handle panics on an invalid pattern and on one that conflicts with
		// another.
		if err := guard.Call(func() { mux.Handle(route, http.NotFoundHandler()) }); err != nil {
			errs.Addf(fmt.Sprintf("Routes[%d]", i), "invalid pattern %q: %w", route, err)
		}
	}
	return mux
}
