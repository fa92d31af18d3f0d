package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

func TestIDsAndExemplars(t *testing.T) {
	sampled, sc := spanContext(trace1, span1, true, false)
	unsampled, _ := spanContext(trace1, span1, false, false)
	tests := []struct {
		name     string
		ctx      context.Context
		ids      bool
		exemplar prometheus.Labels
	}{
		{"sampled", sampled, true, prometheus.Labels{"trace_id": trace1}},
		{"not sampled", unsampled, true, nil},
		{"none", context.Background(), false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			traceID, spanID, ok := tracing.IDs(test.ctx)
			if ok != test.ids || ok && (traceID != sc.TraceID() || spanID != sc.SpanID()) {
				t.Errorf("IDs: %x, %x, %t", traceID, spanID, ok)
			}
			var want []slog.Attr
			if test.ids {
				want = []slog.Attr{slog.String("trace_id", trace1), slog.String("span_id", span1)}
			}
			if got := tracing.LogAttrs(test.ctx); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("LogAttrs: %v, want %v", got, want)
			}
			var got prometheus.Labels = tracing.Exemplar(test.ctx)
			if diff := cmp.Diff(test.exemplar, got); diff != "" {
				t.Errorf("Exemplar (-want +got):\n%s", diff)
			}
		})
	}
	for name, ctx := range map[string]context.Context{"sampled": sampled, "none": context.Background()} {
		if n := testing.AllocsPerRun(100, func() { tracing.IDs(ctx) }); n != 0 {
			t.Errorf("IDs, %s: %v allocations", name, n)
		}
	}
	if n := testing.AllocsPerRun(100, func() { tracing.Exemplar(unsampled) }); n != 0 {
		t.Errorf("Exemplar, not sampled: %v allocations", n)
	}
}

type badError struct{}

func (*badError) Error() string { panic("Error") }

func TestRecordError(t *testing.T) {
	tests := []struct {
		name, kind, text string
		err              error
	}{
		{"plain", "errors.errorString", "no rows", errors.New("no rows")},
		{"an Error method that panics", "tracing_test.badError", "panic: Error", new(badError)},
		{"long", "errors.errorString", strings.Repeat("ä", 2048), errors.New(strings.Repeat("ä", 9000))},
		{"with a secret", "errors.errorString", "dial postgres://app:REDACTED@db/users: refused",
			errors.New("dial postgres://app:hunter2@db/users: refused")},
		{"with a secret at the cut", "errors.errorString", strings.Repeat("x", 4080) + " Bearer REDACTED",
			errors.New(strings.Repeat("x", 4080) + " Bearer " + strings.Repeat("a1B2c3D4", 8))},
		{"long, cut within a character", "errors.errorString", "a" + strings.Repeat("ä", 2047), errors.New("a" + strings.Repeat("ä", 9000))},
		{"invalid UTF-8", "errors.errorString", "a\uFFFDb", errors.New("a\xffb")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := tracingtest.New(t)
			ctx, s := r.Tracer("t").Start(t.Context(), "a")
			tracing.RecordError(ctx, test.err)
			tracing.RecordError(ctx, nil)
			s.End()
			got := r.Spans()[0]
			if got.Status() != (sdktrace.Status{Code: codes.Error, Description: test.text}) {
				t.Errorf("status %+v", got.Status())
			}
			attrs := make(map[string]string)
			for _, kv := range got.Attributes() {
				attrs[string(kv.Key)] = kv.Value.AsString()
			}
			for _, kv := range got.Events()[0].Attributes {
				attrs[string(kv.Key)] = kv.Value.AsString()
			}
			want := map[string]string{"error.type": test.kind, "exception.type": test.kind, "exception.message": test.text}
			if diff := cmp.Diff(want, attrs); diff != "" || len(got.Events()) != 1 {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
		})
	}
	if n := testing.AllocsPerRun(100, func() { tracing.RecordError(context.Background(), errors.ErrUnsupported) }); n != 0 {
		t.Errorf("%v allocations without a span", n)
	}
}
