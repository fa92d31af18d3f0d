package traceprom_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/traceprom"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

func begin(t *testing.T, receiver *tracingtest.Receiver, sampling tracing.Sampling) *tracing.Provider {
	t.Helper()
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: receiver})},
		Sampling:  sampling,
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Shutdown(context.WithoutCancel(t.Context())) })
	return tr
}

func TestCollector(t *testing.T) {
	var receiver tracingtest.Receiver
	tr := begin(t, &receiver, tracing.Sampling{})
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(traceprom.NewCollector(tr))
	compare := func(done, failed string) {
		t.Helper()
		want := `
# HELP tracing_exporter_dropped_spans_total Spans that an exporter did not get, by reason.
# TYPE tracing_exporter_dropped_spans_total counter
tracing_exporter_dropped_spans_total{exporter="otlp",reason="queue"} 0
tracing_exporter_dropped_spans_total{exporter="otlp",reason="queue_bytes"} 0
tracing_exporter_dropped_spans_total{exporter="otlp",reason="shutdown"} 0
# HELP tracing_exporter_queued_bytes Memory of the spans that are waiting or being sent.
# TYPE tracing_exporter_queued_bytes gauge
tracing_exporter_queued_bytes{exporter="otlp"} 0
# HELP tracing_exporter_queued_spans Spans given to an exporter that are waiting or being sent.
# TYPE tracing_exporter_queued_spans gauge
tracing_exporter_queued_spans{exporter="otlp"} 0
# HELP tracing_exporter_spans_total Spans given to an exporter, by outcome.
# TYPE tracing_exporter_spans_total counter
tracing_exporter_spans_total{exporter="otlp",outcome="done"} ` + done + `
tracing_exporter_spans_total{exporter="otlp",outcome="dropped"} 0
tracing_exporter_spans_total{exporter="otlp",outcome="failed"} ` + failed + `
# HELP tracing_enabled Whether sampled spans are given to an exporter (1) or tracing is off (0).
# TYPE tracing_enabled gauge
tracing_enabled 1
`
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
	}
	compare("0", "0")
	request(tr)
	_ = tr.ForceFlush(t.Context())
	receiver.Behave(tracingtest.BehaviorReject)
	request(tr)
	request(tr)
	_ = tr.ForceFlush(t.Context())
	compare("1", "2")
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

func request(tr *tracing.Provider) {
	_, s := tr.TracerProvider().Tracer("t").Start(context.Background(), "GET /users/{userid}")
	s.End()
}

func TestTail(t *testing.T) {
	tr := begin(t, new(tracingtest.Receiver), tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}})
	request(tr)
	collector := traceprom.NewCollector(tr)
	want := `
# HELP tracing_tail_held_spans Spans that were not sampled and wait for the end of their request.
# TYPE tracing_tail_held_spans gauge
tracing_tail_held_spans 0
# HELP tracing_tail_spans_total Spans that were not sampled, by the decision about their request.
# TYPE tracing_tail_spans_total counter
tracing_tail_spans_total{outcome="discarded"} 1
tracing_tail_spans_total{outcome="evicted"} 0
tracing_tail_spans_total{outcome="kept"} 0
`
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), "tracing_tail_spans_total", "tracing_tail_held_spans"); err != nil {
		t.Error(err)
	}
	if n := testutil.CollectAndCount(collector); n != 1+8+4 {
		t.Errorf("%d series", n)
	}
	if problems, err := testutil.CollectAndLint(collector); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// TestDropsByReason drops two spans because of the queue, one because of its
// bytes and one because of the shutdown.
func TestDropsByReason(t *testing.T) {
	var receiver tracingtest.Receiver
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: &receiver})},
		Batch:     tracing.Batch{Queue: 3, Size: 3, QueueBytes: 4000, Delay: time.Hour},
		Logger:    slog.New(slog.DiscardHandler),
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	receiver.Behave(tracingtest.BehaviorHang)
	_, large := tr.TracerProvider().Tracer("t").Start(context.Background(), strings.Repeat("x", 4000))
	large.End()
	for range 3 {
		request(tr)
	}
	// Until the batch is taken out.
	for tr.Stats()[0].QueuedBytes == 0 || receiver.Requests() == 0 {
		time.Sleep(time.Millisecond)
	}
	for range 5 {
		request(tr)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = tr.Shutdown(ctx)
	for range 4 {
		request(tr)
	}
	// The queued spans may count as failed.
	dropped := tr.Stats()[0].Counts.Dropped - 3
	if dropped < 4 || dropped > 7 {
		t.Errorf("%d spans were dropped because of the shutdown", dropped)
	}
	want := `
# HELP tracing_exporter_dropped_spans_total Spans that an exporter did not get, by reason.
# TYPE tracing_exporter_dropped_spans_total counter
tracing_exporter_dropped_spans_total{exporter="otlp",reason="queue"} 2
tracing_exporter_dropped_spans_total{exporter="otlp",reason="queue_bytes"} 1
tracing_exporter_dropped_spans_total{exporter="otlp",reason="shutdown"} ` + fmt.Sprint(dropped) + "\n"
	if err := testutil.CollectAndCompare(traceprom.NewCollector(tr), strings.NewReader(want), "tracing_exporter_dropped_spans_total"); err != nil {
		t.Error(err)
	}
}

// TestNilProvider checks that a service without tracing says so.
func TestNilProvider(t *testing.T) {
	for _, c := range []*traceprom.Collector{traceprom.NewCollector(nil), traceprom.NewCollector((*tracing.Provider)(nil)), traceprom.NewCollector((*tracing.Processor)(nil))} {
		if n, on := testutil.CollectAndCount(c), testutil.ToFloat64(c); n != 1 || on != 0 {
			t.Errorf("%d series, tracing_enabled %v", n, on)
		}
	}
}

// TestEnabled checks that the gauge tells tracing that is off.
func TestEnabled(t *testing.T) {
	env := func(pairs ...string) func(string) (string, bool) {
		return func(name string) (string, bool) {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1], true
				}
			}
			return "", false
		}
	}
	exporters := []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: new(tracingtest.Receiver)})}
	tail := tracing.Sampling{Tail: &tracing.Tail{}}
	tests := []struct {
		name      string
		exporters []tracing.Exporter
		sampling  tracing.Sampling
		env       func(string) (string, bool)
		want      float64
	}{
		{"on", exporters, tracing.Sampling{}, env(), 1},
		{"a sampled caller is possible", exporters, tracing.Sampling{Root: sdktrace.NeverSample()}, env(), 1},
		{"parentbased_always_off", exporters, tracing.Sampling{}, env("OTEL_TRACES_SAMPLER", "parentbased_always_off"), 1},
		{"no exporter", nil, tracing.Sampling{}, env(), 0},
		{"disabled", exporters, tracing.Sampling{}, env("OTEL_SDK_DISABLED", "true"), 0},
		{"none", exporters, tracing.Sampling{}, env("OTEL_TRACES_EXPORTER", "none"), 0},
		{"always_off", exporters, tracing.Sampling{}, env("OTEL_TRACES_SAMPLER", "always_off"), 0},
		{"always_off with a tail", exporters, tail, env("OTEL_TRACES_SAMPLER", "always_off"), 1},
		{"a wrong variable", exporters, tracing.Sampling{}, env("OTEL_EXPORTER_OTLP_ENDPOINT", "::"), 1},
		{"no exporter starts", []tracing.Exporter{{Name: "a"}}, tracing.Sampling{}, env(), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, _ := tracing.Start(t.Context(), "users", &tracing.Options{Exporters: test.exporters, Sampling: test.sampling, LookupEnv: test.env})
			if on := only(t, p); on != test.want {
				t.Errorf("got %v, want %v", on, test.want)
			}
			_ = p.Shutdown(context.WithoutCancel(t.Context()))
			if on := only(t, p); on != 0 {
				t.Errorf("got %v after the shutdown, want 0", on)
			}
		})
	}
}

// only returns the value of tracing_enabled.
func only(t *testing.T, s traceprom.Source) float64 {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(traceprom.NewCollector(s))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "tracing_enabled" {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatal("no tracing_enabled")
	return 0
}

// TestProcessor checks the series of a processor in a TracerProvider that the
// program makes.
func TestProcessor(t *testing.T) {
	var receiver tracingtest.Receiver
	p, err := tracing.NewProcessor(
		[]tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: &receiver})},
		&tracing.ProcessorOptions{LookupEnv: func(string) (string, bool) { return "", false }})
	if err != nil {
		t.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(p))
	_, s := provider.Tracer("t").Start(t.Context(), "GET /users/{userid}")
	s.End()
	if err := provider.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
	want := `
# HELP tracing_exporter_spans_total Spans given to an exporter, by outcome.
# TYPE tracing_exporter_spans_total counter
tracing_exporter_spans_total{exporter="otlp",outcome="done"} 1
tracing_exporter_spans_total{exporter="otlp",outcome="dropped"} 0
tracing_exporter_spans_total{exporter="otlp",outcome="failed"} 0
# HELP tracing_enabled Whether sampled spans are given to an exporter (1) or tracing is off (0).
# TYPE tracing_enabled gauge
tracing_enabled 1
`
	if err := testutil.CollectAndCompare(traceprom.NewCollector(p), strings.NewReader(want), "tracing_exporter_spans_total", "tracing_enabled"); err != nil {
		t.Error(err)
	}
	if err := provider.Shutdown(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if on := only(t, p); on != 0 {
		t.Errorf("tracing_enabled is %v after the shutdown", on)
	}
}
