package tracing_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

// beginIn starts tracing with an environment and writes no lines.
func beginIn(t *testing.T, opts tracing.Options, env []string) (*tracing.Provider, error) {
	t.Helper()
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	opts.LookupEnv = environment(env...)
	return tracing.Start(t.Context(), "users", &opts)
}

// exportedSpan returns an observer of an exported span, which has two of each
// thing that a limit bounds.
func exportedSpan(see func(tracetest.SpanStub) string) observer {
	return func(t *testing.T, env []string) (string, error) {
		t.Helper()
		memory, spans := inMemory("a")
		tr, err := beginIn(t, tracing.Options{Exporters: []tracing.Exporter{memory}}, env)
		two := trace.WithAttributes(attribute.String("k", "long"), attribute.String("k2", "long"))
		ctx, s := tr.TracerProvider().Tracer("t").Start(context.Background(), "a", two)
		for range 2 {
			s.AddEvent("e", two)
			s.AddLink(trace.Link{SpanContext: trace.SpanContextFromContext(ctx), Attributes: []attribute.KeyValue{attribute.Bool("k", true), attribute.Bool("k2", true)}})
		}
		s.End()
		_ = tr.Shutdown(context.WithoutCancel(t.Context()))
		if len(spans()) != 1 {
			return "no spans", err
		}
		return see(spans()[0]), err
	}
}

// delivery observes whether a span is delivered.
var delivery = exportedSpan(func(tracetest.SpanStub) string { return "delivered" })

func resourceOf(key attribute.Key) observer {
	return exportedSpan(func(s tracetest.SpanStub) string {
		value, ok := s.Resource.Set().Value(key)
		if !ok {
			return "no " + string(key)
		}
		return string(key) + " is " + value.AsString()
	})
}

// kept observes how many of two things are kept.
func kept(things string, count func(tracetest.SpanStub) int) observer {
	return exportedSpan(func(s tracetest.SpanStub) string { return fmt.Sprintf("%d of 2 %s", count(s), things) })
}

// sampled observes the decisions without a parent, and with a sampled one.
func sampled(t *testing.T, env []string) (string, error) {
	t.Helper()
	tr, err := beginIn(t, tracing.Options{}, env)
	tracer := tr.TracerProvider().Tracer("t")
	_, root := tracer.Start(context.Background(), "a")
	parent, _ := spanContext(trace1, span1, true, true)
	_, child := tracer.Start(parent, "a")
	say := map[bool]string{true: "sampled", false: "not sampled"}
	return fmt.Sprintf("a root is %s, the child of a sampled caller is %s",
		say[root.SpanContext().IsSampled()], say[child.SpanContext().IsSampled()]), err
}

func propagated(t *testing.T, env []string) (string, error) {
	t.Helper()
	tr, err := beginIn(t, tracing.Options{Propagation: tracing.Propagation{Forward: []string{}}}, env)
	return strings.Join(tr.Propagator().Fields(), ", "), err
}

// warned observes whether a loss is logged.
func warned(t *testing.T, env []string) (string, error) {
	t.Helper()
	var lines bytes.Buffer
	f := &fake{export: rejected}
	tr, err := beginIn(t, tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Logger: slog.New(slog.NewTextHandler(&lines, nil))}, env)
	span(tr, "a")
	_ = tr.Shutdown(context.WithoutCancel(t.Context()))
	return fmt.Sprintf("%d warnings", strings.Count(lines.String(), "level=WARN")), err
}

// used observes the exporters in use.
func used(t *testing.T, env []string) (string, error) {
	t.Helper()
	tr, err := beginIn(t, tracing.Options{Exporters: []tracing.Exporter{named("otlp")}, Selectable: []tracing.Exporter{named("console")}}, env)
	var names []string
	for _, s := range tr.Stats() {
		names = append(names, s.Exporter)
	}
	_ = tr.Shutdown(context.WithoutCancel(t.Context()))
	return strings.Join(names, ", "), err
}

// recorded observes whether spans are recorded.
func recorded(t *testing.T, env []string) (string, error) {
	t.Helper()
	tr, err := beginIn(t, tracing.Options{}, env)
	return map[bool]string{true: "spans are recorded", false: "spans are not recorded"}[span(tr, "a").IsValid()], err
}

// timed returns an observer that runs with a fake clock.
func timed(see func(t *testing.T, env []string) (string, error)) observer {
	return func(t *testing.T, env []string) (effect string, err error) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) { effect, err = see(t, env) })
		return effect, err
	}
}

// sentAfter observes the wait of a span before its batch is sent.
func sentAfter(t *testing.T, env []string) (string, error) {
	var after time.Duration
	began := time.Now()
	f := &fake{export: func(context.Context, int) error { after = time.Since(began); return nil }}
	tr, err := beginIn(t, tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}}, env)
	span(tr, "a")
	time.Sleep(time.Hour)
	err = ended(t, tr, err)
	return after.String(), err
}

// givenUpAfter observes the time of a batch, from its first try.
func givenUpAfter(t *testing.T, env []string) (string, error) {
	var began time.Time
	f := &fake{export: func(ctx context.Context, n int) error {
		if began.IsZero() {
			began = time.Now()
		}
		return refused(ctx, n)
	}}
	tr, err := beginIn(t, tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}}, env)
	span(tr, "a")
	time.Sleep(500 * time.Millisecond) // between two seconds
	for range 2000 {
		if tr.Stats()[0].Counts.Failed == 1 {
			break
		}
		time.Sleep(time.Second)
	}
	now := time.Now()
	err = ended(t, tr, err)
	return now.Sub(began).Truncate(time.Second).String(), err
}

// ended shuts tracing down in a bubble, and returns err.
func ended(t *testing.T, tr *tracing.Provider, err error) error {
	t.Helper()
	_ = tr.Shutdown(context.WithoutCancel(t.Context()))
	return err
}

// queued observes how many of 200 spans wait while a batch hangs. The option of
// the size is 50.
func queued(t *testing.T, env []string) (string, error) {
	f := &fake{export: hanging}
	tr, err := beginIn(t, tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Queue: 50, Size: 1}}, env)
	span(tr, "a")
	synctest.Wait()
	for range 200 {
		span(tr, "a")
	}
	return fmt.Sprintf("%d spans wait", 200-tr.Stats()[0].Counts.Dropped), ended(t, tr, err)
}

// batched observes the size of the first batch of 100 spans.
func batched(t *testing.T, env []string) (string, error) {
	f := &fake{}
	tr, err := beginIn(t, tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Size: 50}}, env)
	for range 100 {
		span(tr, "a")
	}
	synctest.Wait()
	err = ended(t, tr, err)
	return strconv.Itoa(f.accepted()[0]) + " spans", err
}

// transportFunc is a transport by a function.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// via returns the exporters of OTLP and Zipkin with a transport, of which the
// environment selects one.
func via(transport http.RoundTripper) tracing.Options {
	return tracing.Options{
		Exporters:  []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: transport})},
		Selectable: []tracing.Exporter{zipkin.Exporter(&zipkin.Options{Transport: transport})},
	}
}

// requested returns an observer of the request by an exporter, and adds
// variables to the environment.
func requested(see func(*http.Request) string, env ...string) observer {
	return func(t *testing.T, more []string) (effect string, err error) {
		t.Helper()
		tr, err := beginIn(t, via(transportFunc(func(r *http.Request) (*http.Response, error) {
			effect = see(r)
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
			return w.Result(), nil
		})), append(more, env...))
		span(tr, "a")
		_ = tr.Shutdown(context.WithoutCancel(t.Context()))
		return effect, err
	}
}

func address(r *http.Request) string { return r.URL.String() }

func authorization(r *http.Request) string {
	return "header authorization: " + strconv.Quote(r.Header.Get("Authorization"))
}

func compression(r *http.Request) string {
	return "encoding: " + strconv.Quote(r.Header.Get("Content-Encoding"))
}

// waited returns an observer of the time that one try waits for a response.
func waited(env ...string) observer {
	return timed(func(t *testing.T, more []string) (string, error) {
		var after time.Duration
		tr, err := beginIn(t, via(transportFunc(func(r *http.Request) (*http.Response, error) {
			began := time.Now()
			<-r.Context().Done()
			if after == 0 {
				after = time.Since(began)
			}
			return nil, r.Context().Err()
		})), append(more, env...))
		span(tr, "a")
		time.Sleep(time.Minute)
		err = ended(t, tr, err)
		return after.String(), err
	})
}

// encrypted observes the encryption of a connection to collector:4317 by gRPC.
func encrypted(t *testing.T, env []string) (effect string, err error) {
	t.Helper()
	tr, err := beginIn(t, tracing.Options{Exporters: []tracing.Exporter{{Name: "otlp", New: func(lookup func(string) (string, bool)) (sdktrace.SpanExporter, error) {
		s, mistakes := otlp.Options{Endpoint: "collector:4317"}.Settings(otlp.ProtocolGRPC, lookup)
		effect = map[bool]string{true: "plain text", false: "encrypted"}[s.Plaintext]
		return &fake{}, mistakes
	}}}}, env)
	span(tr, "a")
	return effect, ended(t, tr, err)
}

// transported observes the transport of OTLP in use.
func transported(t *testing.T, env []string) (effect string, err error) {
	t.Helper()
	var all []tracing.Exporter
	for _, protocol := range []string{"http/protobuf", "grpc"} {
		e := speaking(protocol)
		create := e.New
		e.New = func(lookup func(string) (string, bool)) (sdktrace.SpanExporter, error) {
			effect = protocol
			return create(lookup)
		}
		all = append(all, e)
	}
	tr, err := beginIn(t, tracing.Options{Exporters: all}, env)
	return effect, ended(t, tr, err)
}
