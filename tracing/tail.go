package tracing

import (
	"cmp"
	"container/list"
	"context"
	"fmt"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/pack"
)

// Tail keeps this process's spans of failed requests although their traces are
// not sampled. It records all spans, holds those that are not sampled, and
// decides when the request's own span ends. A request is kept if
//
//   - one of its spans has the status Error,
//   - it is a bad event for one of the Indicators, for example too slow, or
//   - [Keep] was called for it.
//
// Each service of a trace decides by itself: an error that all of them see is
// kept by all of them. The cost is that every span is recorded, sampled or not;
// see the benchmarks.
type Tail struct {
	// Indicators judge the span of each request that this process served like
	// the request's event. The operation is the span's method and route
	// (http.request.method and http.route), its gRPC method, or else its name.
	// A span needs the attributes that the indicators refer to: without
	// http.response.status_code a request is bad for an indicator whose Good
	// lists statuses only, and is kept.
	Indicators []sli.Indicator

	// Spans is the maximum number of spans held for all unfinished requests
	// together; zero means 16384. When the limit is reached, the spans of the
	// oldest request are evicted and counted in [TailStats].
	Spans int

	// Bytes is the maximum memory of the held spans, as for [Batch.QueueBytes];
	// zero means 64 MiB. It is applied like Spans.
	Bytes int
}

// TailStats counts spans that were not sampled, since the start.
type TailStats struct {
	// Kept counts the exported spans of requests that Tail keeps.
	Kept uint64 `json:"kept"`
	// Discarded counts the spans discarded because their request succeeded.
	Discarded uint64 `json:"discarded"`
	// Evicted counts the spans discarded before the end of their request
	// because the limit was reached.
	Evicted uint64 `json:"evicted"`
	// Held is the number of spans that wait for the end of their request. It
	// can decrease.
	Held uint64 `json:"held"`
}

// String returns the counts as text: "1 kept, 2 discarded, 0 evicted, 3 held".
func (s TailStats) String() string {
	return fmt.Sprintf("%d kept, %d discarded, %d evicted, %d held", s.Kept, s.Discarded, s.Evicted, s.Held)
}

// UnmarshalJSON reads the counts and refuses unknown fields.
func (s *TailStats) UnmarshalJSON(text []byte) error {
	type plain TailStats
	return strictjson.Unmarshal(text, (*plain)(s))
}

// keepKey marks a span whose request is kept.
const keepKey = attribute.Key("sligo.keep")

// Keep makes the [Tail] keep the request of the span in ctx. It sets the span's
// attribute sligo.keep. It does nothing if ctx has no recorded span.
func Keep(ctx context.Context) {
	trace.SpanFromContext(ctx).SetAttributes(keepKey.Bool(true))
}

func (t *Tail) check(path string, errs *sli.FieldErrors) {
	if t.Spans < 0 {
		errs.Addf(path+".Spans", "invalid number %d: want zero or more", t.Spans)
	}
	if t.Bytes < 0 {
		errs.Addf(path+".Bytes", "invalid size %d: want zero or more", t.Bytes)
	}
	for i, ind := range t.Indicators {
		errs.Add(fmt.Sprintf("%s.Indicators[%d]", path, i), ind.Validate())
	}
}

// tail holds spans that are not sampled, by trace. If requests of one trace
// overlap in this process, it decides about all of them when the last one ends.
type tail struct {
	judges   []func(sli.Event) sli.Verdict
	limit    int // of held spans, and of traces
	maxBytes int // of held spans
	packer   *pack.Packer
	export   func(*pack.Span)

	mu     sync.Mutex // guards the fields below
	traces map[trace.TraceID]*heldTrace
	// The lists contain traces, the oldest first: open those with a request
	// that has not ended, ended the kept ones without such a request, which are
	// remembered for their late spans, and holding those that hold spans.
	open, ended, holding list.List
	bytes                int // of the held spans
	stats                TailStats
}

// heldTrace is the state of a trace that is not sampled.
type heldTrace struct {
	id     trace.TraceID
	open   int  // requests that have not ended
	keep   bool // a request failed
	spans  []*pack.Span
	in     *list.List    // open or ended
	at     *list.Element // its place in it
	holder *list.Element // its place in holding, nil if it holds no spans
}

func newTail(opts *Tail, packer *pack.Packer, export func(*pack.Span)) *tail {
	t := &tail{
		limit:    cmp.Or(max(opts.Spans, 0), 16384),
		maxBytes: cmp.Or(max(opts.Bytes, 0), 64<<20),
		packer:   packer,
		export:   export,
		traces:   make(map[trace.TraceID]*heldTrace),
	}
	for _, ind := range opts.Indicators {
		if judge, err := ind.Compile(); err == nil { // check has reported an error
			t.judges = append(t.judges, judge)
		}
	}
	return t
}

// isRequest reports whether a span is the first one of its trace in this
// process.
func isRequest(s sdktrace.ReadOnlySpan) bool {
	return !s.Parent().IsValid() || s.Parent().IsRemote()
}

// isServed reports whether a span describes a request that this process
// served or a job of its own, and not a call that begins a trace.
func isServed(s sdktrace.ReadOnlySpan) bool {
	calls := s.SpanKind() == trace.SpanKindClient || s.SpanKind() == trace.SpanKindProducer
	return isRequest(s) && !calls
}

// start records the start of a span that is not sampled.
func (t *tail) start(s sdktrace.ReadOnlySpan) {
	if !isRequest(s) {
		return
	}
	id := s.SpanContext().TraceID()
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.traces[id]
	if held == nil {
		if len(t.traces) >= t.limit {
			t.forgetOne()
		}
		held = &heldTrace{id: id}
		t.traces[id] = held
	}
	if held.open == 0 {
		held.move(&t.open)
	}
	held.open++
}

// move moves a trace to the end of a list.
func (h *heldTrace) move(to *list.List) {
	if h.in != nil {
		h.in.Remove(h.at)
	}
	h.in, h.at = to, to.PushBack(h)
}

// end holds a span that is not sampled, or exports it together with the spans
// that its trace holds.
func (t *tail) end(s sdktrace.ReadOnlySpan) {
	failed := t.failed(s)
	var packed *pack.Span
	if failed || !isRequest(s) { // most requests succeed and are discarded
		packed = t.packer.Pack(s)
	}
	for _, span := range t.decide(s, packed, failed) {
		t.export(span)
	}
}

// decide returns the spans to export now that a span has ended. Packed is the
// span's packed form, or nil if it is probably not needed.
func (t *tail) decide(s sdktrace.ReadOnlySpan, packed *pack.Span, failed bool) []*pack.Span {
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.traces[s.SpanContext().TraceID()]
	if held == nil { // its request has succeeded, or was forgotten
		if !failed {
			t.stats.Discarded++
			return nil
		}
		t.stats.Kept++
		return []*pack.Span{packed}
	}
	// A request may have begun before its trace was forgotten and began again.
	if isRequest(s) && held.open > 0 {
		held.open--
	}
	held.keep = held.keep || failed
	if packed == nil && (held.keep || held.open > 0) {
		packed = t.packer.Pack(s)
	}
	if held.keep {
		kept := append(t.release(held), packed)
		t.stats.Kept += uint64(len(kept))
		if held.open == 0 {
			held.move(&t.ended)
		}
		return kept
	}
	if held.open > 0 {
		t.hold(held, packed)
		return nil
	}
	t.stats.Discarded += uint64(len(held.spans)) + 1
	t.forget(held)
	return nil
}

// hold adds a span to its trace and makes room for it.
func (t *tail) hold(held *heldTrace, s *pack.Span) {
	if s.Size() > t.maxBytes { // alone
		t.stats.Evicted++
		return
	}
	for t.stats.Held > 0 && (t.stats.Held >= uint64(t.limit) || t.bytes+s.Size() > t.maxBytes) {
		oldest := t.holding.Front().Value.(*heldTrace)
		t.stats.Evicted += uint64(len(t.release(oldest)))
	}
	held.spans = append(held.spans, s)
	t.stats.Held++
	t.bytes += s.Size()
	if held.holder == nil {
		held.holder = t.holding.PushBack(held)
	}
}

// release removes the spans from a trace and returns them.
func (t *tail) release(held *heldTrace) []*pack.Span {
	spans := held.spans
	held.spans = nil
	t.stats.Held -= uint64(len(spans))
	for _, s := range spans {
		t.bytes -= s.Size()
	}
	if held.holder != nil {
		t.holding.Remove(held.holder)
		held.holder = nil
	}
	return spans
}

// forget removes a trace. Spans that it still holds count as evicted if it
// has an open request.
func (t *tail) forget(held *heldTrace) {
	spans := t.release(held)
	if held.open > 0 {
		t.stats.Evicted += uint64(len(spans))
	}
	held.in.Remove(held.at)
	delete(t.traces, held.id)
}

// forgetOne makes room for a trace. It prefers ended traces, so that a slow
// request outlives them.
func (t *tail) forgetOne() {
	oldest := t.ended.Front()
	if oldest == nil {
		oldest = t.open.Front()
	}
	t.forget(oldest.Value.(*heldTrace))
}

func (t *tail) statsNow() TailStats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stats
}

// failed reports whether the request of a span is to be kept because of it.
func (t *tail) failed(s sdktrace.ReadOnlySpan) bool {
	if s.Status().Code == codes.Error {
		return true
	}
	for _, attr := range s.Attributes() {
		if attr.Key == keepKey && attr.Value.AsBool() {
			return true
		}
	}
	if len(t.judges) == 0 || !isServed(s) {
		return false
	}
	event := eventOf(s)
	for _, judge := range t.judges {
		if judge(event) == sli.VerdictBad {
			return true
		}
	}
	return false
}
