package traceprom_test

import (
	"context"
	"strings"
	"testing"

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
	compare := func(ended, exported, failed string) {
		t.Helper()
		want := `
# HELP tracing_dropped_spans_total Spans that found the queue full or came after the shutdown.
# TYPE tracing_dropped_spans_total counter
tracing_dropped_spans_total{exporter="otlp"} 0
# HELP tracing_ended_spans_total Spans that ended and were to be exported.
# TYPE tracing_ended_spans_total counter
tracing_ended_spans_total{exporter="otlp"} ` + ended + `
# HELP tracing_exported_spans_total Spans that the receiver accepted.
# TYPE tracing_exported_spans_total counter
tracing_exported_spans_total{exporter="otlp"} ` + exported + `
# HELP tracing_failed_spans_total Spans that the receiver refused or that could not be sent in time.
# TYPE tracing_failed_spans_total counter
tracing_failed_spans_total{exporter="otlp"} ` + failed + `
# HELP tracing_queued_spans Spans that wait or are being sent.
# TYPE tracing_queued_spans gauge
tracing_queued_spans{exporter="otlp"} 0
`
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
	}
	compare("0", "0", "0")
	request(tr)
	_ = tr.ForceFlush(t.Context())
	receiver.Behave(tracingtest.BehaviorReject)
	request(tr)
	request(tr)
	_ = tr.ForceFlush(t.Context())
	compare("3", "1", "2")
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
# HELP tracing_tail_discarded_spans_total Spans that were not sampled and whose request went well.
# TYPE tracing_tail_discarded_spans_total counter
tracing_tail_discarded_spans_total 1
`
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), "tracing_tail_discarded_spans_total"); err != nil {
		t.Error(err)
	}
	if n := testutil.CollectAndCount(collector); n != 5+4 {
		t.Errorf("%d series", n)
	}
	if problems, err := testutil.CollectAndLint(collector); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

func TestNilTracing(t *testing.T) {
	if n := testutil.CollectAndCount(traceprom.NewCollector(nil)); n != 0 {
		t.Errorf("%d series", n)
	}
}
