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
	compare := func(done, failed string) {
		t.Helper()
		want := `
# HELP tracing_exporter_queued_spans Spans given to an exporter that are waiting or being sent.
# TYPE tracing_exporter_queued_spans gauge
tracing_exporter_queued_spans{exporter="otlp"} 0
# HELP tracing_exporter_spans_total Spans given to an exporter, by outcome.
# TYPE tracing_exporter_spans_total counter
tracing_exporter_spans_total{exporter="otlp",outcome="done"} ` + done + `
tracing_exporter_spans_total{exporter="otlp",outcome="dropped"} 0
tracing_exporter_spans_total{exporter="otlp",outcome="failed"} ` + failed + `
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
	if n := testutil.CollectAndCount(collector); n != 4+4 {
		t.Errorf("%d series", n)
	}
	if problems, err := testutil.CollectAndLint(collector); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

func TestNilProvider(t *testing.T) {
	if n := testutil.CollectAndCount(traceprom.NewCollector(nil)); n != 0 {
		t.Errorf("%d series", n)
	}
}
