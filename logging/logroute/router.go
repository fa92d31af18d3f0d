package logroute

import (
	"context"
	"errors"
	"io"
	"log/slog"

	slogmulti "github.com/samber/slog-multi"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
)

// A Router is a handler that sends lines to routes. Use [New]; the zero value
// is not valid. It is safe for concurrent use.
type Router struct {
	*logging.Handler
	buffers map[string]*delivery.Buffer // that New started, by route
	queues  map[string]*queue           // by route
	order   []string                    // of the routes, for Close
}

// New returns a router for the application's lines and starts its goroutines,
// which [Router.Close] ends. The options apply to all routes. Sinks in the
// options receive lines as well, and so does the next handler.
func New(application string, routes []Route, opts *logging.Options) (*Router, error) {
	var o logging.Options
	if opts != nil {
		o = *opts
	}
	if err := validate(application, routes, o); err != nil {
		return nil, err
	}
	r := &Router{buffers: make(map[string]*delivery.Buffer), queues: make(map[string]*queue)}
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

// sinks returns the sinks of the routes that have a writer.
func (r *Router) sinks(routes []Route, onError func(error)) []logging.Sink {
	var sinks []logging.Sink
	for _, route := range routes {
		if route.Writer == nil {
			continue
		}
		w := r.lineWriter(route, onError)
		sinks = append(sinks, logging.Sink{Name: route.Name, Writer: w, Match: route.Match})
	}
	return sinks
}

// lineWriter returns the route's writer if it accounts for lines itself, and
// otherwise a buffer in front of it.
func (r *Router) lineWriter(route Route, onError func(error)) io.Writer {
	switch route.Writer.(type) {
	case *delivery.Direct, *delivery.Buffer:
		return route.Writer
	}
	b := delivery.NewBuffer(route.Writer, &delivery.Options{Full: delivery.FullDrop, OnError: onError})
	r.buffers[route.Name] = b
	r.order = append(r.order, route.Name)
	return b
}

// handlers returns the router of slog-multi over the routes that have a
// handler, nil if no route has one. It uses each builder only once, because
// builders share memory with the builders that they are derived from.
func (r *Router) handlers(routes []Route) slog.Handler {
	builder := slogmulti.Router()
	for _, route := range routes {
		if route.Handler == nil {
			continue
		}
		q := newQueue(route.Queue)
		r.queues[route.Name] = q
		r.order = append(r.order, route.Name)
		match := route.Match
		builder = builder.Add(&queued{q: q, next: route.Handler}, func(ctx context.Context, rec slog.Record) bool {
			return match.Matches(logging.LineOf(ctx, &rec))
		})
	}
	if len(r.queues) == 0 {
		return nil
	}
	return builder.Handler()
}

// Stats returns the counts of the handler. Sinks includes the routes: a route
// with a writer counts lines, and a route with a handler counts records.
func (r *Router) Stats() logging.Stats {
	s := r.Handler.Stats()
	for name, q := range r.queues {
		s.Sinks[name] = q.tally.Counts()
	}
	return s
}

// Close delivers the lines and records that wait, and ends the goroutines of
// the router. It returns a joined error with a [*telemetry.LossError] for
// each route that lost some. If ctx is done first, Close returns and delivery
// continues. Close does not close the routes' writers and handlers, not even
// a *delivery.Buffer.
func (r *Router) Close(ctx context.Context) error {
	var errs []error
	for _, name := range r.order {
		if q := r.queues[name]; q != nil {
			errs = append(errs, q.close(ctx, name))
			continue
		}
		err := r.buffers[name].Close(ctx)
		var loss *telemetry.LossError
		if errors.As(err, &loss) {
			loss.Name = name
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
