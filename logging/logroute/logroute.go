package logroute

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"

	slogmulti "github.com/samber/slog-multi"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
)

// A Route is one destination. It has a Writer or a Handler.
type Route struct {
	// Name names the route in counters. It is required, and unique.
	Name string

	// Match selects the lines; the zero value selects all.
	Match logging.Match

	// Writer gets lines in the standard schema.
	Writer io.Writer

	// Handler gets redacted records, with the application and the identity from the
	// context as attributes.
	Handler slog.Handler

	// Queue is how many records wait for Handler; 0 means 1024.
	Queue int
}

func (r *Route) validate(i int, used map[string]bool) error {
	var errs []error
	place := fmt.Sprintf("logroute: routes[%d] %q", i, r.Name)
	if r.Name == "" || used[r.Name] {
		errs = append(errs, fmt.Errorf("%s: Name is empty or used twice", place))
	}
	used[r.Name] = true
	if (r.Writer == nil) == (r.Handler == nil) {
		errs = append(errs, fmt.Errorf("%s: want either Writer or Handler", place))
	}
	if r.Queue < 0 {
		errs = append(errs, fmt.Errorf("%s: Queue is %d; want 0 or more", place, r.Queue))
	}
	if err := r.Match.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("%s: %w", place, err))
	}
	return errors.Join(errs...)
}

// A Router is the handler over routes. Use [New]; the zero value is not valid. It
// is safe for concurrent use.
type Router struct {
	*logging.Handler
	buffers []*delivery.Buffer // made here
	queues  map[string]*queue
}

// New returns a router for the application's lines. The options hold for all
// routes; sinks in them come on top.
func New(application string, routes []Route, opts *logging.Options) (*Router, error) {
	var o logging.Options
	if opts != nil {
		o = *opts
	}
	if err := validate(routes); err != nil {
		return nil, err
	}
	r := &Router{queues: make(map[string]*queue)}
	o.Sinks = append(o.Sinks[:len(o.Sinks):len(o.Sinks)], r.sinks(routes, o.OnError)...)
	if next := r.handlers(routes); next != nil && o.Next != nil {
		o.Next = slogmulti.Fanout(o.Next, next)
	} else if next != nil {
		o.Next = next
	}
	h, err := logging.New(application, nil, &o)
	if err != nil {
		return nil, errors.Join(err, r.Close(context.Background()))
	}
	r.Handler = h
	return r, nil
}

func validate(routes []Route) error {
	var errs []error
	used := make(map[string]bool)
	for i := range routes {
		errs = append(errs, routes[i].validate(i, used))
	}
	if len(routes) == 0 {
		errs = append(errs, errors.New("logroute: no routes"))
	}
	return errors.Join(errs...)
}

// sinks returns the routes that have a writer.
func (r *Router) sinks(routes []Route, onError func(error)) []logging.Sink {
	var sinks []logging.Sink
	for _, route := range routes {
		if route.Writer == nil {
			continue
		}
		w := route.Writer
		switch w.(type) {
		case *delivery.Direct, *delivery.Buffer:
		default:
			b := delivery.NewBuffer(w, &delivery.Options{Full: delivery.FullDrop, OnError: onError})
			r.buffers = append(r.buffers, b)
			w = b
		}
		sinks = append(sinks, logging.Sink{Name: route.Name, Writer: w, Match: route.Match})
	}
	return sinks
}

// handlers returns the routes that have a handler, behind slog-multi's router.
// The router's builder shares what it is branched from, so it is used once, in
// one line of calls.
func (r *Router) handlers(routes []Route) slog.Handler {
	builder, n := slogmulti.Router(), 0
	for _, route := range routes {
		if route.Handler == nil {
			continue
		}
		q := newQueue(route.Queue)
		r.queues[route.Name] = q
		match := route.Match
		builder = builder.Add(&queued{q: q, next: route.Handler}, func(ctx context.Context, rec slog.Record) bool {
			return match.Matches(logging.LineOf(ctx, &rec))
		})
		n++
	}
	if n == 0 {
		return nil
	}
	return builder.Handler()
}

// Stats returns the counts of the handler, with the records of handler routes
// beside the lines of writers.
func (r *Router) Stats() logging.Stats {
	s := r.Handler.Stats()
	for name, q := range r.queues {
		s.Sinks[name] = q.counts()
	}
	return s
}

// Close writes what waits and ends the goroutines of the router. It returns a
// *delivery.LostError for each route that has lost a line; when ctx is done
// before, the work goes on. Writers and handlers of the routes are not closed,
// nor are buffers that were handed in.
func (r *Router) Close(ctx context.Context) error {
	var errs []error
	for _, b := range r.buffers {
		errs = append(errs, b.Close(ctx))
	}
	for _, name := range slices.Sorted(maps.Keys(r.queues)) {
		errs = append(errs, r.queues[name].close(ctx))
	}
	return errors.Join(errs...)
}
