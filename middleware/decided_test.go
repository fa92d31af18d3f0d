package middleware_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/headsampling"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/tracing"
)

// drawnIDs makes the same IDs in each run.
type drawnIDs struct{ rand *rand.Rand }

func (d drawnIDs) NewIDs(ctx context.Context) (t trace.TraceID, s trace.SpanID) {
	binary.BigEndian.PutUint64(t[:8], d.rand.Uint64())
	binary.BigEndian.PutUint64(t[8:], d.rand.Uint64())
	return t, d.NewSpanID(ctx, t)
}

func (d drawnIDs) NewSpanID(context.Context, trace.TraceID) (s trace.SpanID) {
	binary.BigEndian.PutUint64(s[:], d.rand.Uint64())
	return s
}

// deciding is an instrument whose provider tells before a span starts whether
// it is recorded, unless it hides that.
type deciding struct {
	*observatory
	provider trace.TracerProvider
	exported *tracetest.InMemoryExporter
	flush    func(context.Context) error
	seen     []any // by handlers and by the sampler
}

// undeciding is a provider that cannot decide.
type undeciding struct{ trace.TracerProvider }

func newDeciding(t *testing.T, hide bool, propagator propagation.TextMapPropagator) *deciding {
	t.Helper()
	d := &deciding{observatory: &observatory{}, exported: tracetest.NewInMemoryExporter()}
	p, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Sampling:    tracing.Sampling{Root: d},
		IDGenerator: drawnIDs{rand.New(rand.NewPCG(1, 2))},
		Exporters: []tracing.Exporter{{Name: "memory", New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) {
			return keeping{d.exported}, nil
		}}},
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	d.provider, d.flush = p.TracerProvider(), p.ForceFlush
	if _, ok := d.provider.(headsampling.Decider); !ok {
		t.Fatal("the provider cannot decide")
	}
	if hide {
		d.provider = undeciding{d.provider}
	}
	handler, err := logging.New("users", &d.lines, &logging.Options{Trace: tracing.IDs})
	if err != nil {
		t.Fatal(err)
	}
	d.in, d.rec = newInstrument(t, &middleware.Options{
		Spans: &middleware.SpanOptions{
			TracerProvider: d.provider, Propagator: propagator,
			Public: func(r *http.Request) bool { return r.Header.Get("Stranger") != "" },
			Sampling: func(r *http.Request) []attribute.KeyValue {
				return []attribute.KeyValue{attribute.String("path", r.URL.Path)}
			},
		},
		RequestID: &middleware.IDOptions{New: func() string { return "made" }},
		AccessLog: &middleware.LogOptions{Logger: slog.New(handler)},
		Done:      func(r middleware.Record) { d.seen = append(d.seen, r.Span.TraceID().String(), r.Span.IsSampled()) },
	}, availability)
	return d
}

// ShouldSample samples one trace in four, and notes what the sampler sees.
func (d *deciding) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	parent := trace.SpanContextFromContext(p.ParentContext)
	d.seen = append(d.seen, p.TraceID.String(), p.Name, p.Kind.String(), len(p.Attributes), len(p.Links),
		logging.RequestID(p.ParentContext), parent.SpanID().String())
	return sdktrace.TraceIDRatioBased(.25).ShouldSample(p)
}

// Description returns "deciding".
func (d *deciding) Description() string { return "deciding" }

// look notes the span of a context, its child, and the headers that its client
// sends.
func (d *deciding) look(ctx context.Context) {
	span := trace.SpanFromContext(ctx)
	_, child := span.TracerProvider().Tracer("t").Start(ctx, "child")
	child.End()
	sent := propagation.MapCarrier{}
	propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}).Inject(ctx, sent)
	// On a span that is not recorded, they do nothing.
	span.SetAttributes(attribute.String("k", "v"))
	span.AddEvent("event")
	d.seen = append(d.seen, span.SpanContext().SpanID().String(), span.IsRecording(), child.SpanContext().IsSampled(),
		child.SpanContext().TraceID().String(), sent["traceparent"], sent["tracestate"], sent["baggage"], logging.RequestID(ctx))
}

// callers are headers of requests.
var callers = []map[string]string{
	{},
	{"Stranger": "yes"},
	{"Traceparent": "00-" + callersTrace + "-" + callersSpan + "-00", "Tracestate": "vendor=1", "Baggage": "a=b"},
	{"Traceparent": "00-" + callersTrace + "-" + callersSpan + "-01", "Tracestate": "vendor=1"},
	{"Traceparent": "00-" + callersTrace + "-" + callersSpan + "-01", "Stranger": "yes"},
	{"Traceparent": "00-" + callersTrace + "-" + callersSpan + "-02"},
	{"X-B3-Traceid": callersTrace, "X-B3-Spanid": callersSpan},
	{"X-B3-Sampled": "0"},
	{"X-B3-Flags": "1"},
}

// serveAll serves requests and does other work.
func (d *deciding) serveAll(t *testing.T) {
	client := d.in.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		d.look(r.Context())
		return &http.Response{StatusCode: 200, Body: http.NoBody, Request: r}, nil
	}))
	for i := range 400 {
		headers := callers[i%len(callers)]
		d.serve(getUser(func(r *http.Request) {
			for name, value := range headers {
				r.Header.Set(name, value)
			}
		}), func(_ http.ResponseWriter, r *http.Request) {
			d.look(r.Context())
			out, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://payments.example/", nil)
			if err != nil {
				t.Error(err)
			}
			if resp, err := client.RoundTrip(out); err == nil {
				_ = resp.Body.Close()
			}
			_ = d.in.Do(r.Context(), "import", func(ctx context.Context) error { d.look(ctx); return nil })
		})
		call := d.in.Begin(t.Context(), middleware.CallInfo{
			Operation: "process", Kind: trace.SpanKindConsumer, Carrier: propagation.HeaderCarrier(headersOf(headers)),
			Public: headers["Stranger"] != "", Attributes: []attribute.KeyValue{attribute.Int("i", i)},
		})
		d.look(call.Context())
		call.End(middleware.Result{})
	}
}

func headersOf(all map[string]string) http.Header {
	h := make(http.Header)
	for name, value := range all {
		h.Set(name, value)
	}
	return h
}

// identities returns the IDs on the lines.
func (d *deciding) identities(t *testing.T) (all [][3]any) {
	t.Helper()
	for text := range strings.Lines(d.lines.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		all = append(all, [3]any{line["request_id"], line["trace_id"], line["span_id"]})
	}
	return all
}

// shown returns the exported spans without their times.
func (d *deciding) shown() (all []string) {
	for _, s := range d.exported.GetSpans() {
		all = append(all, fmt.Sprint(s.Name, s.SpanKind, s.SpanContext.SpanID(), s.Parent.SpanID(), s.Parent.IsRemote(),
			len(s.Links), len(s.Attributes), len(s.Events), s.ChildSpanCount))
	}
	return all
}

// TestDecidedSpans compares an instrument whose provider tells which spans are
// not recorded with one whose provider starts all of them: what the program and
// the sampler see, the lines, and the exported spans.
func TestDecidedSpans(t *testing.T) {
	own, err := tracing.NewPropagator(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, propagator := range map[string]propagation.TextMapPropagator{"W3C": nil, "tracing": own} {
		t.Run(name, func(t *testing.T) {
			started, decided := newDeciding(t, true, propagator), newDeciding(t, false, propagator)
			for _, d := range []*deciding{started, decided} {
				d.serveAll(t)
				if err := d.flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(started.seen, decided.seen); diff != "" {
				t.Errorf("seen (-started +decided):\n%s", diff)
			}
			if diff := cmp.Diff(started.identities(t), decided.identities(t)); diff != "" {
				t.Errorf("lines (-started +decided):\n%s", diff)
			}
			if diff := cmp.Diff(started.shown(), decided.shown()); diff != "" {
				t.Errorf("spans (-started +decided):\n%s", diff)
			}
			if all := len(decided.exported.GetSpans()); all == 0 || all >= 2000 {
				t.Errorf("exported %d spans, want some", all)
			}
		})
	}
}
