package tracingtest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing/tracingtest"
)

func TestTree(t *testing.T) {
	r := tracingtest.New(t)
	tracer := r.Tracer("t")
	ctx, request := tracer.Start(t.Context(), "GET /users/{userid}", trace.WithSpanKind(trace.SpanKindServer))
	_, load := tracer.Start(ctx, "load user")
	inner, call := tracer.Start(ctx, "GET /orders", trace.WithSpanKind(trace.SpanKindClient))
	_, deep := tracer.Start(inner, "dial")
	call.SetStatus(codes.Error, "refused")
	for _, s := range []trace.Span{deep, call, load, request} {
		s.End()
	}
	elsewhere := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled, Remote: true})
	_, orphan := tracer.Start(trace.ContextWithRemoteSpanContext(t.Context(), elsewhere), "consume", trace.WithSpanKind(trace.SpanKindConsumer))
	orphan.End()

	want := `GET /users/{userid} (server)
  load user
  GET /orders (client) error
    dial
consume (consumer) <- missing parent
`
	if diff := cmp.Diff(want, r.Tree()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(r.Named("dial")); n != 1 || len(r.Named("none")) != 0 || len(r.Spans()) != 5 {
		t.Errorf("%d spans are named dial, of %d", n, len(r.Spans()))
	}
}

func TestSpansStayAfterShutdown(t *testing.T) {
	var r *tracingtest.Recorder
	t.Run("inner", func(t *testing.T) {
		r = tracingtest.New(t)
		_, s := r.Tracer("t").Start(t.Context(), "a")
		s.End()
	})
	if len(r.Spans()) != 1 {
		t.Errorf("%d spans", len(r.Spans()))
	}
	if _, s := r.Tracer("t").Start(t.Context(), "late"); s.IsRecording() {
		t.Error("the recorder was not shut down")
	}
}
