package middleware

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/cells"
	"github.com/sligo-go/sligo/sli"
)

// Options is what an [Instrument] does other than by default. The zero Options and nil mean
// the defaults.
type Options struct {
	// Buckets are the upper bounds of the duration histogram's classic buckets, in any order. Empty
	// means those that OpenTelemetry advises, 5 ms to 10 s. The latency bounds of the recorder's
	// indicators are always added.
	Buckets []time.Duration

	// SizeBuckets are the upper bounds in bytes of the body size histograms' buckets, in any order.
	// Empty means powers of ten from 100 B to 100 MB.
	SizeBuckets []int64

	// OmitBodySizes leaves out the two histograms of body sizes.
	OmitBodySizes bool

	// NativeHistograms makes the duration histogram a native one too, beside its classic buckets.
	// It is then counted by client_golang, which costs more where many cores share it.
	NativeHistograms bool

	// Recover answers 500 to a request whose handler panicked before it answered, and logs the
	// panic where net/http would, instead of passing it on to net/http, which closes the
	// connection. A panic in the middle of an answer, and [http.ErrAbortHandler], are always
	// passed on.
	Recover bool

	// Done, if not nil, is called when a request has been counted, still in its goroutine, with the
	// event that was counted. After a panic it runs on the panicking stack. A panic of its own
	// is dropped.
	Done func(*http.Request, sli.Event)
}

// semconvBuckets are the bounds that OpenTelemetry's semantic conventions advise for
// http.server.request.duration.
var semconvBuckets = []time.Duration{
	5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	75 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	750 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second,
	7500 * time.Millisecond, 10 * time.Second,
}

// decimalSizes tell an empty body, a page, a picture and a download apart with few series.
var decimalSizes = []int64{100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}

func (c *Options) withDefaults() Options {
	var d Options
	if c != nil {
		d = *c
	}
	if len(d.Buckets) == 0 {
		d.Buckets = semconvBuckets
	}
	if len(d.SizeBuckets) == 0 {
		d.SizeBuckets = decimalSizes
	}
	return d
}

func (c *Options) validate() error {
	var errs sli.FieldErrors
	for i, b := range c.Buckets {
		if b <= 0 {
			errs.Addf(fmt.Sprintf("Buckets[%d]", i), "%v is not a positive duration", b)
		}
	}
	for i, b := range c.SizeBuckets {
		if b <= 0 {
			errs.Addf(fmt.Sprintf("SizeBuckets[%d]", i), "%d is not a positive number of bytes", b)
		}
	}
	return errs.Err()
}

// Instrument measures the requests of HTTP handlers. It is a [prometheus.Collector] of what it
// measured: register it, beside the recorder's collector from package sliprom. One Instrument may
// wrap many handlers, and several servers' handlers, whose requests it then counts together.
type Instrument struct {
	config     Options
	created    time.Time
	recorder   *sli.Recorder
	routes     [protocols]routes
	histograms histograms
	native     *prometheus.HistogramVec // the duration histogram, nil unless Options.NativeHistograms
	active     *cells.Set               // requests of each protocol
	activeDesc *prometheus.Desc
}

// New returns an instrument that records an event for each request with the recorder, which may be
// nil for a service without indicators. It reports every mistake in the config at once, as joined
// [*sli.FieldError] values.
func New(recorder *sli.Recorder, config *Options) (*Instrument, error) {
	c := config.withDefaults()
	if err := c.validate(); err != nil {
		return nil, err
	}
	c.Buckets = ascending(slices.Concat(c.Buckets, thresholds(recorder)))
	c.SizeBuckets = ascending(c.SizeBuckets)
	in := &Instrument{
		config:     c,
		created:    time.Now(),
		recorder:   recorder,
		histograms: newHistograms(&c),
		active:     cells.New(protocols),
		activeDesc: newActiveDesc(),
	}
	if c.NativeHistograms {
		in.native = newNative(c.Buckets)
	}
	return in, nil
}

// thresholds returns the latency bounds of the recorder's indicators.
func thresholds(recorder *sli.Recorder) []time.Duration {
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

// Handler returns a handler that measures the requests that next serves. It belongs outermost, above
// authentication and the router, so that it sees what the client sees, but for [http.TimeoutHandler],
// which hides the routes. A request that passes two handlers of one instrument is counted twice.
func (in *Instrument) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := in.begin(w, r)
		defer e.end()
		next.ServeHTTP(e.writer(), e.r)
		e.returned = true
	})
}

func ascending[T cmp.Ordered](bounds []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(bounds)))
}
