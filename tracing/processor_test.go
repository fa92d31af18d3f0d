package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
)

// newProcessor returns a processor that the test shuts down, and the provider
// of a team that uses it.
func newProcessor(t *testing.T, opts tracing.ProcessorOptions, exporters []tracing.Exporter, more ...sdktrace.TracerProviderOption) (*tracing.Processor, *sdktrace.TracerProvider) {
	t.Helper()
	if opts.LookupEnv == nil {
		opts.LookupEnv = environment()
	}
	opts.Logger = slog.New(slog.DiscardHandler)
	p, err := tracing.NewProcessor(exporters, &opts)
	if err != nil {
		t.Fatal(err)
	}
	return p, sdktrace.NewTracerProvider(append(more, sdktrace.WithSpanProcessor(p))...)
}

func end(provider trace.TracerProvider, n int) {
	for range n {
		_, s := provider.Tracer("t").Start(context.Background(), "GET /users/{userid}")
		s.End()
	}
}

// TestProcessorDelivers checks that a processor retries, counts and tells of
// losses in a provider that the program makes, for each exporter by itself.
func TestProcessorDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down, bad, good := &fake{export: refused}, &fake{export: rejected}, &fake{}
		p, provider := newProcessor(t, tracing.ProcessorOptions{Batch: tracing.Batch{Size: 4}},
			[]tracing.Exporter{down.exporter("down"), bad.exporter("bad"), good.exporter("good")})
		end(provider, 10)
		time.Sleep(time.Minute)
		down.answer(nil)
		err := provider.Shutdown(t.Context())
		want := []tracing.Stats{
			{Exporter: "down", Counts: telemetry.Counts{Done: 10}},
			{Exporter: "bad", Counts: telemetry.Counts{Failed: 10}},
			{Exporter: "good", Counts: telemetry.Counts{Done: 10}},
		}
		if diff := cmp.Diff(want, p.Stats()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		var loss *telemetry.LossError
		if !errors.As(err, &loss) || loss.Name != "bad" || loss.Counts.Failed != 10 {
			t.Errorf("got %v", err)
		}
		if !down.shutdown || !bad.shutdown || !good.shutdown {
			t.Error("an exporter is not shut down")
		}
	})
}

// TestProcessorShutdown checks both orders: first the processor, first the
// provider.
func TestProcessorShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		p, provider := newProcessor(t, tracing.ProcessorOptions{}, []tracing.Exporter{f.exporter("a")})
		end(provider, 3)
		if err := p.Shutdown(t.Context()); err != nil {
			t.Errorf("the spans before the shutdown: %v", err)
		}
		if p.Exporting() {
			t.Error("exports after the shutdown")
		}
		end(provider, 2) // are counted
		if diff := cmp.Diff(telemetry.Counts{Done: 3, Dropped: 2}, p.Stats()[0].Counts); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if err := provider.Shutdown(t.Context()); err != nil {
			t.Errorf("the second shutdown: %v", err)
		}
		end(provider, 1) // has no processor any more
		if got := p.Stats()[0].Counts.Accepted(); got != 5 {
			t.Errorf("accounts for %d spans, want 5", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		p, provider := newProcessor(t, tracing.ProcessorOptions{}, []tracing.Exporter{f.exporter("a")})
		end(provider, 3)
		if err := provider.ForceFlush(t.Context()); err != nil || p.Stats()[0].Counts.Done != 3 {
			t.Errorf("flush: %v, %v", err, p.Stats())
		}
		end(provider, 1)
		if err := provider.Shutdown(t.Context()); err != nil || p.Stats()[0].Counts.Done != 4 {
			t.Errorf("shutdown: %v, %v", err, p.Stats())
		}
		if err := p.Shutdown(t.Context()); err != nil {
			t.Errorf("the second shutdown: %v", err)
		}
	})
}

// TestProcessorShutdownInTime checks that a receiver that hangs costs a healthy
// one nothing and the provider its own time only.
func TestProcessorShutdownInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung, good := &fake{export: hanging}, &fake{}
		p, provider := newProcessor(t, tracing.ProcessorOptions{}, []tracing.Exporter{hung.exporter("hung"), good.exporter("good")})
		end(provider, 5)
		begun := time.Now()
		err := provider.Shutdown(t.Context())
		if d := time.Since(begun); d > 6*time.Second {
			t.Errorf("took %v", d)
		}
		if err == nil || !strings.Contains(err.Error(), "hung") || p.Stats()[1].Counts.Done != 5 {
			t.Errorf("%v, %v", err, p.Stats())
		}
	})
}

// TestProcessorTail checks that the sampler of a Tail lets the processor see
// the spans that it may keep.
func TestProcessorTail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sampling := tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}}
		f := &fake{}
		p, provider := newProcessor(t, tracing.ProcessorOptions{Tail: sampling.Tail}, []tracing.Exporter{f.exporter("a")},
			sdktrace.WithSampler(sampling.Sampler()))
		end(provider, 3)
		ctx, s := provider.Tracer("t").Start(t.Context(), "GET /users/{userid}")
		tracing.RecordError(ctx, errDown)
		s.End()
		if err := provider.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if stats, ok := p.TailStats(); !ok || stats.Kept != 1 || stats.Discarded != 3 {
			t.Errorf("got %v, %t", stats, ok)
		}
		if diff := cmp.Diff([]int{1}, f.accepted()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestSampler checks that the sampler honors decisions that only B3 expresses,
// and is the default without options.
func TestSampler(t *testing.T) {
	propagator, err := tracing.NewPropagator(nil)
	if err != nil {
		t.Fatal(err)
	}
	never := &tracing.Sampling{Root: sdktrace.NeverSample()}
	id := map[string]string{"x-b3-traceid": strings.Repeat("3", 32), "x-b3-spanid": strings.Repeat("3", 16)}
	with := func(sampled string) map[string]string {
		m := map[string]string{"x-b3-sampled": sampled}
		for k, v := range id {
			m[k] = v
		}
		return m
	}
	tests := []struct {
		name     string
		sampling *tracing.Sampling
		headers  map[string]string
		want     bool
	}{
		{"no parent", nil, nil, true},
		{"no parent, none sampled", never, nil, false},
		{"deferred", nil, id, true},
		{"deferred, none sampled", never, id, false},
		{"accepted", never, with("1"), true},
		{"denied", nil, with("0"), false},
		{"denied without a parent", nil, map[string]string{"x-b3-sampled": "0"}, false},
		{"zero", &tracing.Sampling{}, nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			provider := sdktrace.NewTracerProvider(sdktrace.WithSampler(test.sampling.Sampler()))
			ctx := propagator.Extract(t.Context(), propagation.MapCarrier(test.headers))
			_, s := provider.Tracer("t").Start(ctx, "a")
			if got := s.SpanContext().IsSampled(); got != test.want {
				t.Errorf("sampled: %t", got)
			}
		})
	}
}

// TestProcessorStranger checks that the processor links to the traces that a
// public propagator does not continue.
func TestProcessorStranger(t *testing.T) {
	propagator, err := tracing.NewPropagator(&tracing.Propagation{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	p, provider := newProcessor(t, tracing.ProcessorOptions{}, nil)
	theirs := strings.Repeat("1", 32)
	ctx := propagator.Extract(t.Context(), propagation.MapCarrier{"traceparent": "00-" + theirs + "-1111111111111111-01"})
	_, s := provider.Tracer("t").Start(ctx, "a")
	links := s.(sdktrace.ReadOnlySpan).Links()
	if len(links) != 1 || links[0].SpanContext.TraceID().String() != theirs {
		t.Errorf("links: %v", links)
	}
	if p.Exporting() || len(p.Stats()) != 0 {
		t.Error("exports without exporters")
	}
}

// TestProcessorEnvironment checks that the environment overrides the options.
func TestProcessorEnvironment(t *testing.T) {
	tests := []struct {
		name    string
		env     []string
		want    string // exporters
		batches []int
	}{
		{"nothing", nil, "a", []int{10}},
		{"disabled", []string{"OTEL_SDK_DISABLED=true"}, "", nil},
		{"none", []string{"OTEL_TRACES_EXPORTER=none"}, "", nil},
		{"a selectable one", []string{"OTEL_TRACES_EXPORTER=b"}, "b", nil},
		{"both", []string{"OTEL_TRACES_EXPORTER=b,a"}, "b,a", []int{10}},
		{"batches", []string{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE=7"}, "a", []int{7, 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := &fake{}, &fake{}
				p, provider := newProcessor(t, tracing.ProcessorOptions{
					Selectable: []tracing.Exporter{b.exporter("b")},
					LookupEnv:  environment(test.env...),
				}, []tracing.Exporter{a.exporter("a")})
				if p.Exporting() != (test.want != "") {
					t.Errorf("exporting: %t", p.Exporting())
				}
				end(provider, 10)
				if err := provider.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				var names []string
				for _, s := range p.Stats() {
					names = append(names, s.Exporter)
				}
				if got := strings.Join(names, ","); got != test.want {
					t.Errorf("exporters %q, want %q", got, test.want)
				}
				if diff := cmp.Diff(test.batches, a.accepted()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestProcessorMistakes checks that all mistakes are reported at their places,
// and that the processor delivers spans even so.
func TestProcessorMistakes(t *testing.T) {
	good := &fake{}
	p, err := tracing.NewProcessor([]tracing.Exporter{good.exporter("a"), {Name: "A"}}, &tracing.ProcessorOptions{
		Selectable: []tracing.Exporter{{}},
		Batch:      tracing.Batch{Queue: -1},
		Tail:       &tracing.Tail{Spans: -2, Bytes: -2},
		LookupEnv:  environment("OTEL_BSP_SCHEDULE_DELAY=5s"),
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, path := range []string{"exporters[1].Name: ", "exporters[1].New: ", "Selectable[0].Name: ", "Batch.Queue: ", "Tail.Spans: ", "Tail.Bytes: ", "OTEL_BSP_SCHEDULE_DELAY: "} {
		if !strings.Contains("\n"+err.Error(), "\n"+path) {
			t.Errorf("no mistake at %q in:\n%v", path, err)
		}
	}
	end(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(p)), 1)
	if err := p.Shutdown(t.Context()); err != nil || len(good.batches) != 1 {
		t.Errorf("%d batches, %v", len(good.batches), err)
	}
}

// TestNoProcessor checks that nil and zero processors export nothing.
func TestNoProcessor(t *testing.T) {
	for _, p := range []*tracing.Processor{nil, {}} {
		provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(p))
		end(provider, 1)
		if err := errors.Join(provider.ForceFlush(t.Context()), provider.Shutdown(t.Context())); err != nil {
			t.Error(err)
		}
		if _, ok := p.TailStats(); ok || p.Exporting() || len(p.Stats()) != 0 {
			t.Error(fmt.Sprint("counts: ", p.Stats()))
		}
	}
}
