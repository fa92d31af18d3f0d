package middleware

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/cowmap"
	"github.com/sligo-go/sligo/sli"
)

// FamilyOptions describes the histogram of a [Family].
type FamilyOptions struct {
	// Name is the name of the histogram, such as
	// "messaging_process_duration_seconds". Required.
	Name string

	// Help is the help text of the histogram. Required.
	Help string

	// Labels are the names of the labels whose values follow from the operation.
	// See [CallInfo.Labels].
	Labels []string

	// StatusLabel is the name of the label that shows the Code of a [Result], or
	// else its Status. Empty means no such label.
	StatusLabel string

	// SpanLabel is the one of Labels whose value is the name of a call's span.
	// Empty means that the name is the operation.
	SpanLabel string

	// Buckets are the inclusive upper bounds of the buckets, in any order. Empty
	// means [Options.Buckets].
	Buckets []time.Duration

	// Attributes are set on each span when it starts, such as the name of the
	// protocol.
	Attributes []attribute.KeyValue

	// Sizes are further histograms, of sizes or of numbers, with the same labels.
	// See [Result.Sizes].
	Sizes []SizeOptions

	// Streams is the name of a gauge of the streams in flight by operation, such
	// as "rpc_server_active_streams". Empty means no gauge.
	Streams string
}

// SizeOptions describes a histogram of sizes or of numbers of a [Family].
type SizeOptions struct {
	// Name is the name of the histogram, such as "rpc_server_request_size_bytes".
	// Required.
	Name string

	// Help is the help text of the histogram. Required.
	Help string

	// Buckets are the inclusive upper bounds of the buckets, in any order. Empty
	// means [Options.SizeBuckets].
	Buckets []int64
}

// Family is a histogram of the durations of one kind of call, by operation,
// with the labels of FamilyOptions and error_type. It is a
// [prometheus.Collector]; register it. Make it with [Instrument.NewFamily].
type Family struct {
	in          *Instrument
	name        string
	sizes       []*call.Histogram
	histograms  *call.Histograms
	labels      int
	statusLabel bool
	spanLabel   int // in the labels, or -1
	start       [callKinds]spanStart
	streams     *prometheus.Desc // nil without a gauge
	known       cowmap.Map[familyKey, *operation]

	// all are the series by their label values. Operations with the same values
	// share them, because a registry rejects two series with the same labels.
	mu  sync.Mutex // guards all
	all map[string]*call.Series
}

// familyKey identifies an operation. Incoming and outgoing calls of one name
// count differently.
type familyKey struct {
	name     string
	outgoing bool
}

// operation is an operation of a family: its label values, the indicators that
// count its events, and its series.
type operation struct {
	name   string
	span   string // the name of its spans
	values []string
	events sli.Operation
	series cowmap.Map[resultKey, *series]
	first  atomic.Pointer[series] // the first one, which most calls need

	streams   atomic.Int64 // in flight
	streaming atomic.Bool  // a stream has begun
}

func (o *operation) addStream(n int64) {
	if !o.streaming.Load() {
		o.streaming.Store(true)
	}
	o.streams.Add(n)
}

// resultKey identifies a series of an operation.
type resultKey struct{ status, errorType string }

// NewFamily returns a histogram for calls of a protocol of its own. Its error
// joins a [*sli.FieldError] for each mistake.
func (in *Instrument) NewFamily(opts FamilyOptions) (*Family, error) {
	if err := opts.validate(); err != nil {
		return nil, err
	}
	buckets := in.opts.Buckets
	if len(opts.Buckets) > 0 {
		buckets = ascending(append(latencyBounds(in.recorder), opts.Buckets...))
	}
	labels := append([]string(nil), opts.Labels...)
	if opts.StatusLabel != "" {
		labels = append(labels, opts.StatusLabel)
	}
	labels = append(labels, errorTypeLabel)
	f := &Family{
		in:          in,
		name:        opts.Name,
		histograms:  call.NewHistograms(opts.Name, opts.Help, labels, buckets, in.opts.NativeHistograms),
		labels:      len(opts.Labels),
		statusLabel: opts.StatusLabel != "",
		spanLabel:   slices.Index(opts.Labels, opts.SpanLabel),
		start:       spanStarts(opts.Attributes),
		all:         make(map[string]*call.Series),
	}
	for _, size := range opts.Sizes {
		bounds := in.opts.SizeBuckets
		if len(size.Buckets) > 0 {
			bounds = ascending(slices.Clone(size.Buckets))
		}
		f.sizes = append(f.sizes, f.histograms.AddSize(size.Name, size.Help, bounds))
	}
	if opts.Streams != "" {
		f.streams = prometheus.NewDesc(opts.Streams, "Number of active streams.", labels[:f.labels], nil)
	}
	return f, nil
}

const errorTypeLabel = "error_type"

func (o *FamilyOptions) validate() error {
	var errs sli.FieldErrors
	metrics := map[string]bool{}
	checkMetric(&errs, "Name", o.Name, metrics)
	if o.Help == "" {
		errs.Addf("Help", "help text is empty")
	}
	if o.Streams != "" {
		checkMetric(&errs, "Streams", o.Streams, metrics)
	}
	taken := map[string]bool{errorTypeLabel: true, "le": true}
	check := func(path, label string) {
		if !validLabelName(label) || taken[label] {
			errs.Addf(path, "invalid label %q: want a name that is not taken", label)
		}
		taken[label] = true
	}
	for i, label := range o.Labels {
		check(fmt.Sprintf("Labels[%d]", i), label)
	}
	if o.StatusLabel != "" {
		check("StatusLabel", o.StatusLabel)
	}
	if o.SpanLabel != "" && !slices.Contains(o.Labels, o.SpanLabel) {
		errs.Addf("SpanLabel", "unknown label %q: want one of Labels", o.SpanLabel)
	}
	for i, size := range o.Sizes {
		size.check(fmt.Sprintf("Sizes[%d].", i), &errs, metrics)
	}
	checkBuckets("Buckets", o.Buckets, &errs)
	return errs.Err()
}

// checkMetric checks the name of a metric, and that no other one has it.
func checkMetric(errs *sli.FieldErrors, path, name string, taken map[string]bool) {
	switch {
	case !validLabelName(name):
		errs.Addf(path, "invalid metric name %q", name)
	case taken[name]:
		errs.Addf(path, "duplicate metric name %q", name)
	}
	taken[name] = true
}

func (o *SizeOptions) check(path string, errs *sli.FieldErrors, metrics map[string]bool) {
	checkMetric(errs, path+"Name", o.Name, metrics)
	if o.Help == "" {
		errs.Addf(path+"Help", "help text is empty")
	}
	for i, b := range o.Buckets {
		if b <= 0 {
			errs.Addf(fmt.Sprintf("%sBuckets[%d]", path, i), "invalid bound %d: want a positive number", b)
		}
	}
}

// find returns an operation, which it adds if it is new. Beyond maxRoutes
// operations, it returns the operation "overflow".
func (f *Family) find(name string, labels []string, kind callKind) *operation {
	key := familyKey{name, kind != kindServer}
	known := f.known.Load()
	if found := known[key]; found != nil {
		return found
	}
	if len(known) >= maxRoutes {
		key.name, labels = overflowRoute, []string{overflowRoute}
	}
	return f.known.LoadOrAdd(key, func() *operation { return f.newOperation(key, labels) })
}

// newOperation returns an operation. Labels that the caller does not give have
// the operation's name.
func (f *Family) newOperation(key familyKey, labels []string) *operation {
	o := &operation{name: strings.ToValidUTF8(key.name, "\uFFFD"), values: make([]string, f.labels)}
	for i := range o.values {
		o.values[i] = o.name
		if i < len(labels) {
			o.values[i] = strings.ToValidUTF8(labels[i], "\uFFFD")
		}
	}
	o.span = o.name
	if f.spanLabel >= 0 {
		o.span = o.values[f.spanLabel]
	}
	if key.outgoing {
		o.events = f.in.recorder.Outgoing(o.name)
	} else {
		o.events = f.in.recorder.Operation(o.name)
	}
	return o
}

// maxResults bounds the series of an operation.
const maxResults = 100

// seriesOf returns the operation's series of a result, which it adds if the
// result is new.
func (f *Family) seriesOf(o *operation, status, errorType string) *series {
	key := resultKey{status, errorType}
	if !f.statusLabel {
		key.status = ""
	}
	if first := o.first.Load(); first != nil && first.result == key {
		return first
	}
	known := o.series.Load()
	if found := known[key]; found != nil {
		return found
	}
	if len(known) >= maxResults {
		key = resultKey{"other", errorTypes[failed]}
	}
	return o.series.LoadOrAdd(key, func() *series {
		added := &series{Series: f.seriesWith(f.valuesOf(o, key)), result: key}
		o.first.CompareAndSwap(nil, added)
		return added
	})
}

// seriesWith returns the series with the given label values, which it adds if
// it is new.
func (f *Family) seriesWith(values []string) *call.Series {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := joined(values)
	found := f.all[key]
	if found == nil {
		found = f.histograms.NewSeries(values...)
		f.all[key] = found
	}
	return found
}

func (f *Family) valuesOf(o *operation, key resultKey) []string {
	values := append([]string(nil), o.values...)
	if f.statusLabel {
		values = append(values, key.status)
	}
	return append(values, key.errorType)
}

// observeSizes adds the sizes of a call.
func (f *Family) observeSizes(s *series, shard int, sizes []int64) {
	for i, h := range f.sizes[:min(len(sizes), len(f.sizes))] {
		if sizes[i] >= 0 {
			s.Observe(h, shard, sizes[i])
		}
	}
}

// Describe implements [prometheus.Collector].
func (f *Family) Describe(ch chan<- *prometheus.Desc) {
	f.histograms.Describe(ch)
	if f.streams != nil {
		ch <- f.streams
	}
}

// Collect implements [prometheus.Collector].
func (f *Family) Collect(ch chan<- prometheus.Metric) {
	f.mu.Lock()
	all := slices.Collect(maps.Values(f.all))
	f.mu.Unlock()
	for _, s := range all {
		f.histograms.Collect(ch, s)
	}
	f.histograms.CollectNative(ch)
	if f.streams != nil {
		f.collectStreams(ch)
	}
}

// collectStreams sends the gauge of streams of each operation that has had one.
func (f *Family) collectStreams(ch chan<- prometheus.Metric) {
	sums, values := make(map[string]int64), make(map[string][]string)
	for _, o := range f.known.Load() {
		if o.streaming.Load() {
			key := joined(o.values)
			sums[key] += o.streams.Load()
			values[key] = o.values
		}
	}
	for key, sum := range sums {
		ch <- prometheus.MustNewConstMetric(f.streams, prometheus.GaugeValue, float64(sum), values[key]...)
	}
}

// joined returns a key for label values, which are all valid UTF-8.
func joined(values []string) string { return strings.Join(values, "\xff") }

// validLabelName reports whether a name is one of Prometheus' classic names for
// labels. A metric's name also has this form; a colon is for recording rules.
func validLabelName(name string) bool {
	for i, c := range []byte(name) {
		switch {
		case c == '_', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case i > 0 && '0' <= c && c <= '9':
		default:
			return false
		}
	}
	return name != "" && !strings.HasPrefix(name, "__")
}
