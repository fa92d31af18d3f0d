package tracing_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
)

// spy is a processor of the program that notes its calls.
type spy struct {
	mu      sync.Mutex
	calls   []string
	start   func(sdktrace.ReadWriteSpan)
	end     func(sdktrace.ReadOnlySpan)
	flushed func(context.Context) error
	closing func(context.Context) error
}

func (s *spy) note(call string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
}

func (s *spy) noted() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.calls, " ")
}

func (s *spy) OnStart(_ context.Context, span sdktrace.ReadWriteSpan) {
	s.note("start")
	if s.start != nil {
		s.start(span)
	}
}

func (s *spy) OnEnd(span sdktrace.ReadOnlySpan) {
	s.note("end")
	if s.end != nil {
		s.end(span)
	}
}

func (s *spy) ForceFlush(ctx context.Context) error {
	s.note("flush")
	if s.flushed != nil {
		return s.flushed(ctx)
	}
	return nil
}

func (s *spy) Shutdown(ctx context.Context) error {
	s.note("shutdown")
	if s.closing != nil {
		return s.closing(ctx)
	}
	return nil
}

// keeper is an exporter that keeps the spans. Read them after the shutdown.
type keeper struct{ spans tracetest.SpanStubs }

func (k *keeper) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	k.spans = append(k.spans, tracetest.SpanStubsFromReadOnlySpans(spans)...)
	return nil
}

func (k *keeper) Shutdown(context.Context) error { return nil }

func (k *keeper) exporter() tracing.Exporter {
	return tracing.Exporter{Name: "kept", New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) { return k, nil }}
}

// TestProcessors checks the calls of the program's processors and that the
// exporters see the attributes they set.
func TestProcessors(t *testing.T) {
	var kept keeper
	var second *spy
	first := &spy{start: func(s sdktrace.ReadWriteSpan) {
		s.SetAttributes(attribute.String("tenant", "acme"))
		if second.noted() != "" {
			t.Error("the second processor comes first")
		}
	}}
	second = &spy{}
	tr := begin(t, &tracing.Options{
		Exporters:  []tracing.Exporter{kept.exporter()},
		Processors: []sdktrace.SpanProcessor{first, second},
	})
	span(tr, "a")
	if err := errors.Join(tr.ForceFlush(t.Context()), tr.Shutdown(t.Context()), tr.Shutdown(t.Context())); err != nil {
		t.Error(err)
	}
	span(tr, "late")
	for i, s := range []*spy{first, second} {
		if got, want := s.noted(), "start end flush shutdown"; got != want {
			t.Errorf("Processors[%d]: got %q, want %q", i, got, want)
		}
	}
	if got := kept.spans[0].Attributes; len(got) != 1 || got[0].Value.AsString() != "acme" {
		t.Errorf("exported attributes %v", got)
	}
}

// TestProcessorsPanic checks that processors that panic cost neither the
// request nor the spans, and one line of the log a minute.
func TestProcessorsPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := &spy{
			start:   func(sdktrace.ReadWriteSpan) { panic("at the start") },
			end:     func(sdktrace.ReadOnlySpan) { panic("at the end") },
			flushed: func(context.Context) error { panic("at the flush") },
			closing: func(context.Context) error { panic("at the shutdown") },
		}
		f := &fake{}
		var log bytes.Buffer
		tr := begin(t, &tracing.Options{
			Exporters:  []tracing.Exporter{f.exporter("a")},
			Processors: []sdktrace.SpanProcessor{bad},
			Logger:     slog.New(slog.NewTextHandler(&log, nil)),
		})
		for range 100 {
			span(tr, "a")
		}
		for call, err := range map[string]error{"flush": tr.ForceFlush(t.Context()), "shutdown": tr.Shutdown(t.Context())} {
			if err == nil || err.Error() != "Processors[0]: panic: at the "+call {
				t.Errorf("%s: got %v", call, err)
			}
		}
		if diff := cmp.Diff([]int{100}, f.accepted()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := strings.Count(log.String(), "\n"); got != 1 || !strings.Contains(log.String(), `option=Processors[0] error="panic: at the start"`) {
			t.Errorf("%d lines:\n%s", got, &log)
		}
	})
}

// TestProcessorsHang checks that the shutdown ends in time although a processor
// ignores its context.
func TestProcessorsHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		deaf := &spy{closing: func(context.Context) error { time.Sleep(time.Hour); return nil }}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Processors: []sdktrace.SpanProcessor{deaf}})
		span(tr, "a")
		begun := time.Now()
		err := tr.Shutdown(t.Context())
		if d := time.Since(begun); d > 6*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v after %v", err, d)
		}
		if diff := cmp.Diff([]int{1}, f.accepted()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		time.Sleep(time.Hour) // the processor returns at last
	})
}

// TestProcessorsOfDisabledTracing checks that processors are shut down although
// they see no span.
func TestProcessorsOfDisabledTracing(t *testing.T) {
	s := &spy{}
	tr := begin(t, &tracing.Options{Processors: []sdktrace.SpanProcessor{s}, LookupEnv: environment("OTEL_SDK_DISABLED=true")})
	span(tr, "a")
	if err := tr.Shutdown(t.Context()); err != nil || s.noted() != "shutdown" {
		t.Errorf("%v, %q", err, s.noted())
	}
}

func TestNilProcessorIsAMistake(t *testing.T) {
	_, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Processors: []sdktrace.SpanProcessor{&spy{}, nil}, LookupEnv: environment(),
	})
	if err == nil || err.Error() != "Processors[1]: processor is nil" {
		t.Errorf("got %v", err)
	}
}

// counter generates the IDs 1, 2, 3 and so on.
type counter struct{ n byte }

func (c *counter) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	c.n++
	t := trace.TraceID{15: c.n}
	return t, c.NewSpanID(ctx, t)
}

func (c *counter) NewSpanID(context.Context, trace.TraceID) trace.SpanID {
	c.n++
	return trace.SpanID{7: c.n}
}

// noIDs generates invalid IDs.
type noIDs struct{}

func (noIDs) NewIDs(context.Context) (t trace.TraceID, s trace.SpanID)  { return t, s }
func (noIDs) NewSpanID(context.Context, trace.TraceID) (s trace.SpanID) { return s }

// noSpanIDs generates invalid IDs of spans only.
type noSpanIDs struct{ noIDs }

func (noSpanIDs) NewIDs(context.Context) (t trace.TraceID, s trace.SpanID) {
	return trace.TraceID{1}, s
}

// brokenIDs panics.
type brokenIDs struct{}

func (brokenIDs) NewIDs(context.Context) (trace.TraceID, trace.SpanID)  { panic("IDs") }
func (brokenIDs) NewSpanID(context.Context, trace.TraceID) trace.SpanID { panic("ID") }

func TestIDGenerator(t *testing.T) {
	tr := begin(t, &tracing.Options{IDGenerator: &counter{}})
	tracer := tr.TracerProvider().Tracer("t")
	ctx, parent := tracer.Start(t.Context(), "a")
	_, child := tracer.Start(ctx, "b")
	if got, want := parent.SpanContext().TraceID(), (trace.TraceID{15: 1}); got != want {
		t.Errorf("got trace %v, want %v", got, want)
	}
	if got, want := parent.SpanContext().SpanID(), (trace.SpanID{7: 2}); got != want {
		t.Errorf("got parent %v, want %v", got, want)
	}
	if got, want := child.SpanContext().SpanID(), (trace.SpanID{7: 3}); got != want {
		t.Errorf("got child %v, want %v", got, want)
	}
}

// TestInvalidIDs checks that spans have IDs whatever the generator does.
func TestInvalidIDs(t *testing.T) {
	for name, ids := range map[string]sdktrace.IDGenerator{"none": noIDs{}, "no span IDs": noSpanIDs{}, "panics": brokenIDs{}} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			tr := begin(t, &tracing.Options{IDGenerator: ids, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			tracer := tr.TracerProvider().Tracer("t")
			ctx, parent := tracer.Start(t.Context(), "a")
			_, child := tracer.Start(ctx, "b")
			if !parent.SpanContext().IsValid() || !child.SpanContext().IsValid() {
				t.Errorf("invalid IDs: %v, %v", parent.SpanContext(), child.SpanContext())
			}
			if parent.SpanContext().SpanID() == child.SpanContext().SpanID() {
				t.Error("parent and child have the same ID")
			}
			if got := strings.Count(log.String(), "option=IDGenerator"); got != 1 {
				t.Errorf("%d lines:\n%s", got, &log)
			}
		})
	}
}
