package middleware

import (
	"cmp"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// Instrument measures the requests to HTTP handlers. It is a
// [prometheus.Collector] of its measurements; register it besides the
// recorder's collector from package sliprom. One Instrument may wrap several
// handlers, also of several servers, and then counts their requests together.
type Instrument struct {
	opts       Options
	created    time.Time
	recorder   *sli.Recorder
	routes     [methodSchemes]routes
	histograms *histograms
	inFlight   *call.InFlight
	groups     groups
	late       atomic.Bool // noteLate has logged
	patience   patience
	activeDesc *prometheus.Desc

	// Nil if the options leave them out.
	spans *spans
	ids   *requestIDs
	lines *lines

	calls *call.InFlight // all calls except served requests of HTTP
	work  *Family        // of calls without a family

	shared families

	client *client
}

// New returns an instrument that records an event for each request with the
// recorder. A service without indicators may pass a nil recorder. New reports
// all mistakes in the options at once, as joined [*sli.FieldError] values.
func New(recorder *sli.Recorder, opts *Options) (*Instrument, error) {
	o := opts.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	o.Buckets = ascending(slices.Concat(o.Buckets, latencyBounds(recorder)))
	o.SizeBuckets = ascending(o.SizeBuckets)
	in := &Instrument{
		opts:       o,
		created:    time.Now(),
		recorder:   recorder,
		histograms: newHistograms(&o),
		inFlight:   call.NewInFlight(methodSchemes),
		activeDesc: newActiveDesc(),
		spans:      newSpans(o.Spans),
		ids:        newRequestIDs(o.RequestID),
		lines:      newLines(o.AccessLog),
		patience:   patience{time.Now().Add(patienceAfter), make(map[*route]bool)},
	}
	in.calls = call.NewInFlight(2)
	in.work, _ = in.NewFamily(FamilyOptions{
		Name: "sli_operation_duration_seconds", Help: "Duration of operations that are not requests.", Labels: []string{"operation"},
	}) // valid
	in.client = in.newClient()
	for ms := range in.routes {
		in.routes[ms].methodScheme, in.routes[ms].recorder = methodScheme(ms), recorder
	}
	recorder.OnRead(func(now time.Time) {
		in.inFlight.Walk()
		in.client.attempts.Walk()
		in.calls.Walk()
		in.warn(recorder.Warnings, now)
		in.warn(in.impatient, now)
	})
	return in, nil
}

// warn logs the warnings that are due.
func (in *Instrument) warn(due func(time.Time) []sli.Advice, now time.Time) {
	if in.opts.Logger == nil {
		return
	}
	for _, advice := range due(now) {
		_ = guard.Call(func() { in.opts.Logger.Warn("sli: "+advice.Text, "path", advice.Path) })
	}
}

// latencyBounds returns the latency bounds of the recorder's indicators.
func latencyBounds(recorder *sli.Recorder) []time.Duration {
	var all []time.Duration
	for _, ind := range recorder.Indicators() {
		for _, c := range []sli.Condition{ind.Good, ind.Valid} {
			if c.Within > 0 {
				all = append(all, c.Within)
			}
		}
	}
	return all
}

// Handler returns a handler that measures the requests that next serves. Use
// it outside all other handlers, above authentication and the router, so
// that it sees the response that the client sees. Only [http.TimeoutHandler]
// belongs around it, because it hides the routes. If a request passes two
// handlers of one instrument, it is counted twice.
//
// [http.MaxBytesReader] tells only net/http's own writer that a body is too
// large. Behind the instrument, as behind any wrapper, its response therefore
// does not close the connection.
func (in *Instrument) Handler(next http.Handler) http.Handler {
	top := &place{mux: in.muxOf(next)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := in.begin(w, r, top)
		defer e.end()
		e.prepare()
		if e.grpc {
			e.mark()
		}
		next.ServeHTTP(e.writer(), e.r)
		e.returned = true
	})
}

// InFlight returns the number of requests, calls and messages that the service
// serves at this moment, of every protocol. Each is in flight until its event,
// span and line are made and [Options.Done] has returned. Calls to other
// services and work of the service's own do not count.
func (in *Instrument) InFlight() int {
	sum := in.calls.Active()[servedCalls]
	for _, n := range in.inFlight.Active() {
		sum += n
	}
	return int(sum)
}

// The kinds of calls in flight.
const (
	otherCalls = iota
	servedCalls
)

func callsOf(kind callKind) int {
	if kind.incoming() {
		return servedCalls
	}
	return otherCalls
}

func ascending[T cmp.Ordered](bounds []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(bounds)))
}
