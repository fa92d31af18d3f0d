package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

var (
	latency = sli.Indicator{
		Service: "users", Name: "latency", Kind: sli.KindLatency, Requests: []string{"GET /users/{userid}", "/shop.Users/*"},
		Good: sli.Condition{Within: 100 * time.Millisecond},
	}
	availability = sli.Indicator{
		Service: "users", Name: "availability", Kind: sli.KindAvailability, Requests: []string{"GET /users/{userid}", "/shop.Users/*"},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}, Code: []string{"OK", "NotFound"}},
	}
)

// served describes a request in a test.
type served struct {
	name     string
	kind     trace.SpanKind // zero means server
	took     time.Duration
	attrs    []attribute.KeyValue
	childErr bool
	do       func(ctx context.Context)
}

// serve creates the spans of a request: its own and a child.
func serve(tr *tracing.Provider, ctx context.Context, s served) {
	tracer := tr.TracerProvider().Tracer("t")
	if s.kind == trace.SpanKindUnspecified {
		s.kind = trace.SpanKindServer
	}
	ctx, request := tracer.Start(ctx, s.name, trace.WithSpanKind(s.kind), trace.WithAttributes(s.attrs...))
	_, child := tracer.Start(ctx, "load")
	if s.childErr {
		child.SetStatus(codes.Error, "no rows")
	}
	time.Sleep(s.took)
	child.End()
	if s.do != nil {
		s.do(ctx)
	}
	request.End()
}

func TestTailKeepsFailedRequests(t *testing.T) {
	route := attribute.String("http.route", "/users/{userid}")
	method := attribute.String("http.request.method", "GET")
	status := func(n int) attribute.KeyValue { return attribute.Int("http.response.status_code", n) }
	grpc := attribute.String("rpc.system", "grpc")
	tests := []struct {
		name string
		served
		want bool
	}{
		{"good", served{name: "GET /users/{userid}", took: 50 * time.Millisecond}, false},
		{"slow", served{name: "GET /users/{userid}", took: 101 * time.Millisecond}, true},
		{"slow, but no indicator applies", served{name: "GET /reports", took: time.Minute}, false},
		{"slow by its attributes", served{name: "GET", took: time.Second, attrs: []attribute.KeyValue{route, method}}, true},
		{"bad status", served{name: "GET /users/{userid}", attrs: []attribute.KeyValue{status(503)}}, true},
		{"good status", served{name: "GET /users/{userid}", attrs: []attribute.KeyValue{status(404)}}, false},
		{"bad code", served{name: "shop.Users/Load", attrs: []attribute.KeyValue{grpc, attribute.Int("rpc.grpc.status_code", 14)}}, true},
		{"good code", served{name: "shop.Users/Load", attrs: []attribute.KeyValue{grpc, attribute.Int("rpc.grpc.status_code", 5)}}, false},
		{"bad code by name", served{name: "shop.Users/Load", attrs: []attribute.KeyValue{grpc, attribute.String("rpc.response.status_code", "UNAVAILABLE")}}, true},
		{"a child's error", served{name: "GET /reports", childErr: true}, true},
		{"an error", served{name: "GET /reports", do: func(ctx context.Context) { tracing.RecordError(ctx, errors.New("x")) }}, true},
		{"a slow call of a poller", served{name: "GET /users/{userid}", kind: trace.SpanKindClient, took: time.Second}, false},
		{"a slow message sent", served{name: "GET /users/{userid}", kind: trace.SpanKindProducer, took: time.Second}, false},
		{"a slow message served", served{name: "GET /users/{userid}", kind: trace.SpanKindConsumer, took: time.Second}, true},
		{"kept on request", served{name: "GET /reports", do: tracing.Keep}, true},
	}
	for _, test := range tests {
		for caller, parent := range map[string]context.Context{"root": context.Background(), "caller that does not sample": remote(false)} {
			t.Run(test.name+"/"+caller, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := &fake{}
					tr := begin(t, &tracing.Options{
						Exporters: []tracing.Exporter{f.exporter("a")},
						Sampling: tracing.Sampling{Root: sdktrace.NeverSample(),
							Tail: &tracing.Tail{Indicators: []sli.Indicator{latency, availability}}},
					})
					serve(tr, parent, test.served)
					if err := tr.Shutdown(context.Background()); err != nil {
						t.Error(err)
					}
					want := tracing.TailStats{Discarded: 2}
					if test.want {
						want = tracing.TailStats{Kept: 2}
					}
					got, _ := tr.TailStats()
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					if c := tr.Stats()[0].Counts; c.Done != want.Kept {
						t.Errorf("exported %d spans, want %d", c.Done, want.Kept)
					}
				})
			})
		}
	}
}

func remote(sampled bool) context.Context {
	ctx, _ := spanContext(trace1, span1, sampled, true)
	return ctx
}

func TestTailLeavesSampledTracesAlone(t *testing.T) {
	f := &fake{}
	tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Sampling: tracing.Sampling{Tail: &tracing.Tail{}}})
	serve(tr, t.Context(), served{name: "a"})
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if c := tr.Stats()[0].Counts; c.Done != 2 || tailStats(tr) != (tracing.TailStats{}) || tracing.HeldTraces(tr) != 0 {
		t.Errorf("%v, tail %+v, remembers %d traces", c, tailStats(tr), tracing.HeldTraces(tr))
	}
}

// TestTailOfOverlappingRequests makes none or one of two requests of a trace
// fail.
func TestTailOfOverlappingRequests(t *testing.T) {
	tests := []struct {
		name       string
		firstFails bool
		otherFails bool
		want       tracing.TailStats
	}{
		{"both succeed", false, false, tracing.TailStats{Discarded: 3}},
		{"the first fails", true, false, tracing.TailStats{Kept: 3}},
		{"the second fails", false, true, tracing.TailStats{Kept: 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tr := begin(t, &tracing.Options{Sampling: tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}}})
			tracer := tr.TracerProvider().Tracer("t")
			_, first := tracer.Start(remote(false), "first")
			ctx, second := tracer.Start(remote(false), "second")
			_, late := tracer.Start(ctx, "late")
			mark := func(s trace.Span, failed bool) {
				if failed {
					s.SetStatus(codes.Error, "")
				}
				s.End()
			}
			mark(first, test.firstFails)
			mark(second, test.otherFails)
			mark(late, false) // ends after its request
			if got, _ := tr.TailStats(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			_ = tr.Shutdown(t.Context())
		})
	}
}

// TestTailIsBounded creates more spans than the tail holds. Then the oldest
// request fails.
func TestTailIsBounded(t *testing.T) {
	f := &fake{}
	tr := begin(t, &tracing.Options{
		Exporters: []tracing.Exporter{f.exporter("a")},
		Sampling:  tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{Spans: 10}},
	})
	tracer := tr.TracerProvider().Tracer("t")
	var requests []trace.Span
	for i := range 8 {
		ctx, request := tracer.Start(t.Context(), fmt.Sprint("request ", i))
		requests = append(requests, request)
		for range 3 {
			_, child := tracer.Start(ctx, "child")
			child.End()
		}
		if got, _ := tr.TailStats(); got.Held > 10 {
			t.Fatalf("%+v", got)
		}
	}
	if got, want := tailStats(tr), (tracing.TailStats{Held: 9, Evicted: 15}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	requests[0].SetStatus(codes.Error, "") // its children are evicted already
	requests[7].SetStatus(codes.Error, "")
	for _, request := range requests {
		request.End()
	}
	if got, want := tailStats(tr), (tracing.TailStats{Kept: 5, Discarded: 12, Evicted: 15}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	_ = tr.Shutdown(t.Context())
	if c := tr.Stats()[0].Counts; c.Done != 5 {
		t.Errorf("got %v, want 5 done", c)
	}
}

func tailStats(tr *tracing.Provider) tracing.TailStats {
	s, _ := tr.TailStats()
	return s
}

// TestTailForgetsRequestsThatNeverEnd checks that the number of traces is
// bounded too, not only the number of their spans.
func TestTailForgetsRequestsThatNeverEnd(t *testing.T) {
	tr := begin(t, &tracing.Options{Sampling: tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{Spans: 4}}})
	tracer := tr.TracerProvider().Tracer("t")
	var first trace.Span
	for i := range 100 {
		_, s := tracer.Start(t.Context(), "leaks")
		if i == 0 {
			first = s
		}
	}
	if n := tracing.HeldTraces(tr); n != 4 {
		t.Errorf("%d traces are remembered, want 4", n)
	}
	first.SetStatus(codes.Error, "")
	first.End()
	if got, want := tailStats(tr), (tracing.TailStats{Kept: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	_ = tr.Shutdown(t.Context())
}

// TestTailOutlivesOtherFailures lets a request last while more requests fail
// than the tail remembers.
func TestTailOutlivesOtherFailures(t *testing.T) {
	f := &fake{}
	tr := begin(t, &tracing.Options{
		Exporters: []tracing.Exporter{f.exporter("a")},
		Sampling:  tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{Spans: 4}},
	})
	ctx, slow := tr.TracerProvider().Tracer("t").Start(t.Context(), "slow")
	_, child := tr.TracerProvider().Tracer("t").Start(ctx, "child")
	child.End()
	for i := range 100 {
		if i == 50 { // from now on the held spans leave no room
			for range 3 {
				_, child := tr.TracerProvider().Tracer("t").Start(ctx, "child")
				child.End()
			}
		}
		// It fails with its first span, so that none of its spans is held.
		serve(tr, t.Context(), served{name: "fails", childErr: true})
	}
	tracing.Keep(ctx)
	slow.End()
	_ = tr.Shutdown(t.Context())
	if got, want := tailStats(tr).Evicted, uint64(0); got != want {
		t.Errorf("%d spans were evicted", got)
	}
	if n := tracing.HeldTraces(tr); n > 4 {
		t.Errorf("%d traces are remembered, want at most 4", n)
	}
}
