package tracing

import (
	"container/list"
	"context"
	"fmt"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
)

// Tail keeps the spans of this process for requests that went wrong, although their trace is not
// sampled: it records all spans, holds those that are not sampled, and decides when the request's own
// span ends. A request is kept
//
//   - if one of its spans has the status Error,
//   - if it is a bad event for one of the Indicators, too slow for instance,
//   - if [Keep] was called in it.
//
// The other services of the trace decide for themselves: an error that they all see is kept by all of
// them. The price is that every span is recorded, sampled or not; see the benchmarks.
type Tail struct {
	// Indicators judge the span of each request that this process served as they judge its event.
	// The operation is the span's method and route (http.request.method and http.route), its gRPC
	// method, or else its name. A span needs what they ask for: without http.response.status_code
	// a request is bad for an indicator that asks for statuses alone, and is kept.
	Indicators []sli.Indicator

	// Spans is how many spans are held at most, of all unfinished requests together; zero means
	// 16384, about 16 MB. When there are more, those of the oldest request are let go, and counted
	// in [TailStats].
	Spans int
}

// TailStats counts spans that were not sampled.
type TailStats struct {
	// Kept counts the spans that went to the exporters, since their request went wrong.
	Kept uint64
	// Discarded counts the spans that were let go with their request, which went well.
	Discarded uint64
	// Evicted counts the spans that were let go before the end of their request, for want of room.
	Evicted uint64
	// Held is the number of spans that wait for the end of their request.
	Held uint64
}

// keepKey marks a span whose request is kept.
const keepKey = attribute.Key("sligo.keep")

// Keep has the [Tail] keep the request that ctx belongs to, by an attribute of its span, sligo.keep. It
// does nothing without a span that is recorded.
func Keep(ctx context.Context) {
	trace.SpanFromContext(ctx).SetAttributes(keepKey.Bool(true))
}

func (t *Tail) check(errs *sli.FieldErrors) {
	if t.Spans < 0 {
		errs.Addf("Sampling.Tail.Spans", "%d is negative", t.Spans)
	}
	for i, ind := range t.Indicators {
		errs.Add(fmt.Sprintf("Sampling.Tail.Indicators[%d]", i), ind.Validate())
	}
}

// tail holds spans that are not sampled, by trace. Requests of one trace that overlap in this process
// are decided together, when the last one ends.
type tail struct {
	judges []func(sli.Event) sli.Verdict
	most   int
	export func(sdktrace.ReadOnlySpan)

	mu      sync.Mutex // guards what follows
	traces  map[trace.TraceID]*heldTrace
	open    list.List // of traces with a request that has not ended, the oldest first
	ended   list.List // of kept traces without one, known for their late spans, the oldest first
	holding list.List // of those that hold spans, the oldest first
	stats   TailStats
}

// heldTrace is what is known of a trace that is not sampled.
type heldTrace struct {
	id     trace.TraceID
	open   int  // requests that have not ended
	keep   bool // one went wrong
	spans  []sdktrace.ReadOnlySpan
	in     *list.List    // open or ended
	at     *list.Element // its place there
	holder *list.Element // its place among those that hold spans, nil without spans
}

func newTail(config *Tail, export func(sdktrace.ReadOnlySpan)) *tail {
	t := &tail{
		most:   config.Spans,
		export: export,
		traces: make(map[trace.TraceID]*heldTrace),
	}
	for _, ind := range config.Indicators {
		if judge, err := ind.Compile(); err == nil { // check has reported an error
			t.judges = append(t.judges, judge)
		}
	}
	if t.most == 0 {
		t.most = 16384
	}
	return t
}

// isRequest reports whether a span is its trace's first one in this process.
func isRequest(s sdktrace.ReadOnlySpan) bool {
	return !s.Parent().IsValid() || s.Parent().IsRemote()
}

// isServed reports whether a span is of a request that this process served, or of a job of its own, as
// opposed to a call that begins a trace.
func isServed(s sdktrace.ReadOnlySpan) bool {
	calls := s.SpanKind() == trace.SpanKindClient || s.SpanKind() == trace.SpanKindProducer
	return isRequest(s) && !calls
}

// start notes the start of a span that is not sampled.
func (t *tail) start(s sdktrace.ReadOnlySpan) {
	if !isRequest(s) {
		return
	}
	id := s.SpanContext().TraceID()
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.traces[id]
	if held == nil {
		if len(t.traces) >= t.most {
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

// move puts a trace at the end of a list.
func (h *heldTrace) move(to *list.List) {
	if h.in != nil {
		h.in.Remove(h.at)
	}
	h.in, h.at = to, to.PushBack(h)
}

// end holds a span that is not sampled, or exports it with all that its trace holds.
func (t *tail) end(s sdktrace.ReadOnlySpan) {
	wrong := t.wrong(s)
	for _, span := range t.decide(s, wrong) {
		t.export(span)
	}
}

// decide returns the spans that are now known to be kept.
func (t *tail) decide(s sdktrace.ReadOnlySpan, wrong bool) []sdktrace.ReadOnlySpan {
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.traces[s.SpanContext().TraceID()]
	if held == nil { // its request has ended well, or was forgotten
		if !wrong {
			t.stats.Discarded++
			return nil
		}
		t.stats.Kept++
		return []sdktrace.ReadOnlySpan{s}
	}
	if isRequest(s) && held.open > 0 { // it may have begun before its trace was forgotten and began anew
		held.open--
	}
	held.keep = held.keep || wrong
	if held.keep {
		kept := append(t.release(held), s)
		t.stats.Kept += uint64(len(kept))
		if held.open == 0 {
			held.move(&t.ended)
		}
		return kept
	}
	if held.open > 0 {
		t.hold(held, s)
		return nil
	}
	t.stats.Discarded += uint64(len(held.spans)) + 1
	t.forget(held)
	return nil
}

// hold adds a span to those of a trace, and makes room for it.
func (t *tail) hold(held *heldTrace, s sdktrace.ReadOnlySpan) {
	if t.stats.Held >= uint64(t.most) {
		oldest := t.holding.Front().Value.(*heldTrace)
		t.stats.Evicted += uint64(len(t.release(oldest)))
	}
	held.spans = append(held.spans, s)
	t.stats.Held++
	if held.holder == nil {
		held.holder = t.holding.PushBack(held)
	}
}

// release returns the spans of a trace, which holds none from now on.
func (t *tail) release(held *heldTrace) []sdktrace.ReadOnlySpan {
	spans := held.spans
	held.spans = nil
	t.stats.Held -= uint64(len(spans))
	if held.holder != nil {
		t.holding.Remove(held.holder)
		held.holder = nil
	}
	return spans
}

// forget lets go of a trace. Spans that it still held count as evicted, unless it has ended.
func (t *tail) forget(held *heldTrace) {
	spans := t.release(held)
	if held.open > 0 {
		t.stats.Evicted += uint64(len(spans))
	}
	held.in.Remove(held.at)
	delete(t.traces, held.id)
}

// forgetOne makes room for a trace: a request that has not ended, slow as it may be, outlives the traces
// of those that have.
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

// wrong reports whether a span makes its request one to keep.
func (t *tail) wrong(s sdktrace.ReadOnlySpan) bool {
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
