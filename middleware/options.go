package middleware

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Options configures [New]. The zero Options and nil mean the defaults.
type Options struct {
	// Buckets are the inclusive upper bounds of the duration histogram's
	// classic buckets, in any order. Empty means the bounds that OpenTelemetry
	// recommends, 5 ms to 10 s. New always adds the latency bounds of the
	// recorder's indicators.
	Buckets []time.Duration

	// SizeBuckets are the inclusive upper bounds, in bytes, of the buckets for
	// body sizes, in any order. Empty means powers of ten from 100 B to 100 MB.
	SizeBuckets []int64

	// OmitBodySizes leaves out the two histograms of body sizes.
	OmitBodySizes bool

	// NativeHistograms gives the duration histogram native buckets besides the
	// classic ones. client_golang then counts it, at a higher cost if many
	// cores share a series.
	NativeHistograms bool

	// Recover answers 500 if a handler panics before it sends a response, and
	// logs the panic where net/http would. Without Recover the panic continues
	// to net/http, which closes the connection. Panics after the response has
	// begun, and [http.ErrAbortHandler], always continue.
	Recover bool

	// Mux is the mux that finds the route of a request that comes back without
	// a pattern. Set it if a middleware between the instrument and the mux passes
	// on a copy of the request, as [http.Request.WithContext] makes one, and the
	// mux serves the whole path; otherwise see [ReportRoute]. Only requests
	// without a pattern cost the second look-up. Nil means the handler that is
	// wrapped, if it is a mux.
	Mux *http.ServeMux

	// Logger, if not nil, gets a warning for each definition that matches nothing,
	// once; see [sli.Recorder.Warnings]. It also gets one if a router answers
	// errors when the instrument's handler has returned; see [SetRoute]. After 10
	// minutes and 1,000 answers of a route, it gets one if an indicator's Patience
	// is below their 99th percentile, which the buckets estimate. At most 20
	// routes are reported, and none with NativeHistograms.
	Logger *slog.Logger

	// HalfClosedClients says that clients, such as some load balancers, close
	// their half of an HTTP/1 connection when they have sent a request. The
	// server cannot tell such a client from one that has disconnected, and by
	// default ignores its request. With HalfClosedClients the response counts as
	// sent, and a client that gives up is not noticed.
	HalfClosedClients bool

	// TrustEnvoyTimeout lets the header x-envoy-expected-rq-timeout-ms, in which
	// an Envoy tells how long it waits, lower the Patience of each request. Set
	// it only if no client can reach the server past the Envoy.
	TrustEnvoyTimeout bool

	// MinDeadline is the shortest deadline of a client that the service is judged
	// by: a gRPC call whose client allows less is ignored, because its network
	// alone may take that long. Zero means 10 ms. Negative means that every
	// deadline counts.
	MinDeadline time.Duration

	// Group, if not nil, returns the group of a request before its handler runs,
	// as [SetGroup] sets it. The empty group is "other". A panic in Group is
	// dropped.
	Group func(*http.Request) string

	// GroupLabel is the name of a label with the group of the request, such as
	// "tenant", on the histograms of served requests. The first 100 groups have
	// values of their own, and all others are "other". Empty means no such label.
	GroupLabel string

	// Spans makes a span of each request. Nil means no spans.
	Spans *SpanOptions

	// RequestID gives each request an ID. Nil means no IDs of its own: spans and
	// lines have the one that the context has.
	RequestID *IDOptions

	// AccessLog writes a line for each request. Nil means no lines.
	AccessLog *LogOptions

	// TrustedProxies are the addresses of the proxies in front of the service,
	// which append the client's address to X-Forwarded-For. Spans and lines show
	// the last address there that is not a proxy's. Without TrustedProxies they
	// show the address of the connection.
	TrustedProxies []netip.Prefix

	// Omit, if not nil, returns the signals that are not made of a request, for
	// example SignalAll for a health check. A request without SignalEvent is
	// unknown to all indicators. A panic in Omit omits nothing.
	Omit func(*http.Request) Signal

	// Client configures the requests that [Instrument.Transport] sends. Nil means
	// the defaults.
	Client *ClientOptions

	// Classify returns the result of a call that ended with an error; see
	// [Instrument.Do]. Nil means that a deadline that passed is TimedOut, a
	// cancellation is Canceled, ignored if it has a cause, and any other error
	// is a failure. If Classify panics, the default decides.
	Classify func(context.Context, error) Result

	// Done, if not nil, is called after each call is counted. It runs in the
	// call's goroutine; after a panic it runs on the panicking stack. A panic in
	// Done is dropped.
	Done func(Record)
}

// semconvBuckets are the bounds that OpenTelemetry's semantic conventions
// recommend for http.server.request.duration.
var semconvBuckets = []time.Duration{
	5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	75 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	750 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second,
	7500 * time.Millisecond, 10 * time.Second,
}

// decimalSizes distinguish an empty body, a page, a picture and a download
// with few series.
var decimalSizes = []int64{100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if len(d.Buckets) == 0 {
		d.Buckets = semconvBuckets
	}
	if d.MinDeadline == 0 {
		d.MinDeadline = minDeadline
	}
	if len(d.SizeBuckets) == 0 {
		d.SizeBuckets = decimalSizes
	}
	return d
}

func (o *Options) validate() error {
	var errs sli.FieldErrors
	checkBuckets("Buckets", o.Buckets, &errs)
	for i, b := range o.SizeBuckets {
		if b <= 0 {
			errs.Addf(fmt.Sprintf("SizeBuckets[%d]", i), "invalid bound %d: want a positive number of bytes", b)
		}
	}
	if o.GroupLabel != "" && (!validLabelName(o.GroupLabel) || o.GroupLabel == "le" || slices.Contains(labelNames, o.GroupLabel)) {
		errs.Addf("GroupLabel", "invalid label %q: want a name that is not taken", o.GroupLabel)
	}
	o.Spans.check(&errs)
	o.RequestID.check(&errs)
	o.AccessLog.check(&errs)
	o.Client.check(&errs)
	for i, p := range o.TrustedProxies {
		if !p.IsValid() {
			errs.Addf(fmt.Sprintf("TrustedProxies[%d]", i), "invalid prefix %v", p)
		}
	}
	return errs.Err()
}

func checkBuckets(path string, bounds []time.Duration, errs *sli.FieldErrors) {
	for i, b := range bounds {
		if b <= 0 {
			errs.Addf(fmt.Sprintf("%s[%d]", path, i), "invalid bound %v: want a positive duration", b)
		}
	}
}
