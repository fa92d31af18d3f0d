package tracing_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// gathered is an exporter that keeps the spans of all services in a test.
type gathered struct {
	mu    sync.Mutex
	spans []sdktrace.ReadOnlySpan
}

func (g *gathered) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.spans = append(g.spans, spans...)
	return nil
}

func (*gathered) Shutdown(context.Context) error { return nil }

func (g *gathered) exporter() tracing.Exporter {
	return tracing.Exporter{Name: "gathered", New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) { return g, nil }}
}

// sidecar is a proxy that behaves like Envoy. It creates a span, rewrites the
// headers of its own format, passes the others on unchanged, and ensures that
// there is an x-request-id.
type sidecar struct {
	name     string
	speaksB3 bool
	tracer   trace.Tracer
	next     http.Handler

	requestID string // of the last request
}

func (s *sidecar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, span := s.tracer.Start(s.parent(r), s.name, trace.WithSpanKind(trace.SpanKindServer))
	defer span.End()
	onward := r.Clone(context.Background())
	if s.requestID = r.Header.Get("X-Request-Id"); s.requestID == "" {
		s.requestID = "made by " + s.name
	}
	onward.Header.Set("X-Request-Id", s.requestID)
	sc := trace.SpanContextFromContext(ctx)
	if s.speaksB3 {
		onward.Header.Set("X-B3-Traceid", sc.TraceID().String())
		onward.Header.Set("X-B3-Spanid", sc.SpanID().String())
		onward.Header.Set("X-B3-Sampled", "1")
	} else {
		onward.Header.Set("Traceparent", "00-"+sc.TraceID().String()+"-"+sc.SpanID().String()+"-01")
	}
	s.next.ServeHTTP(w, onward)
}

func (s *sidecar) parent(r *http.Request) context.Context {
	if !s.speaksB3 {
		return propagation.TraceContext{}.Extract(context.Background(), propagation.HeaderCarrier(r.Header))
	}
	tid, err := trace.TraceIDFromHex(r.Header.Get("X-B3-Traceid"))
	sid, err2 := trace.SpanIDFromHex(r.Header.Get("X-B3-Spanid"))
	if err != nil || err2 != nil {
		return context.Background()
	}
	return trace.ContextWithRemoteSpanContext(context.Background(),
		trace.NewSpanContext(trace.SpanContextConfig{TraceID: tid, SpanID: sid, TraceFlags: trace.FlagsSampled, Remote: true}))
}

// service serves requests with a span and calls next with another one.
func service(tr *tracing.Provider, name string, next http.Handler) http.Handler {
	tracer := tr.TracerProvider().Tracer("t")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := tr.Propagator().Extract(context.Background(), propagation.HeaderCarrier(r.Header))
		ctx, serving := tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
		defer serving.End()
		if next == nil {
			return
		}
		ctx, calling := tracer.Start(ctx, name+" calls", trace.WithSpanKind(trace.SpanKindClient))
		defer calling.End()
		onward := httptest.NewRequest(http.MethodGet, "/", nil)
		tr.Propagator().Inject(ctx, propagation.HeaderCarrier(onward.Header))
		next.ServeHTTP(w, onward)
	})
}

// TestMesh sends a request through the sidecar of a to a, and from there
// through the sidecar of b to b. Each service uses the format of its
// sidecar.
func TestMesh(t *testing.T) {
	const oneTrace = `sidecar of a (server)
  a (server)
    a calls (client)
      sidecar of b (server)
        b (server)
`
	const ofTheClient = `sidecar of a (server) <- missing parent
  a (server)
    a calls (client)
      sidecar of b (server)
        b (server)
`
	for _, test := range []struct {
		first, second tracing.Mesh // formats of the two sidecars
		client        string       // the client's traceparent
		want          string
	}{
		{tracing.MeshW3C, tracing.MeshW3C, "", oneTrace},
		{tracing.MeshW3C, tracing.MeshB3, "", oneTrace},
		{tracing.MeshB3, tracing.MeshW3C, "", oneTrace},
		{tracing.MeshB3, tracing.MeshB3, "", oneTrace},
		{tracing.MeshW3C, tracing.MeshW3C, traceparent, ofTheClient},
		{tracing.MeshW3C, tracing.MeshB3, traceparent, ofTheClient},
		// The first sidecar does not understand the client's format.
		{tracing.MeshB3, tracing.MeshW3C, traceparent, oneTrace},
		{tracing.MeshB3, tracing.MeshB3, traceparent, oneTrace},
	} {
		formats := []string{tracing.MeshW3C: "W3C", tracing.MeshB3: "B3"}
		t.Run(formats[test.first]+", "+formats[test.second]+", client with "+test.client, func(t *testing.T) {
			proxies, services := tracingtest.New(t), &gathered{}
			begin := func(mesh tracing.Mesh) *tracing.Provider {
				return start(t, &tracing.Options{
					Exporters:   []tracing.Exporter{services.exporter()},
					Propagation: tracing.Propagation{Mesh: mesh},
				})
			}
			proxy := func(name string, mesh tracing.Mesh, next http.Handler) *sidecar {
				return &sidecar{name: name, speaksB3: mesh == tracing.MeshB3, tracer: proxies.Tracer("envoy"), next: next}
			}
			a, b := begin(test.first), begin(test.second)
			second := proxy("sidecar of b", test.second, service(b, "b", nil))
			first := proxy("sidecar of a", test.first, service(a, "a", second))
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			if test.client != "" {
				request.Header.Set("Traceparent", test.client)
			}
			first.ServeHTTP(httptest.NewRecorder(), request)
			if err := errors.Join(a.ForceFlush(t.Context()), b.ForceFlush(t.Context())); err != nil {
				t.Fatal(err)
			}
			all := append(proxies.Spans(), services.spans...)
			if diff := cmp.Diff(test.want, tracingtest.Tree(all)); diff != "" {
				t.Errorf("the tree (-want +got):\n%s", diff)
			}
			for _, s := range all {
				if s.SpanContext().TraceID() != all[0].SpanContext().TraceID() {
					t.Errorf("%s is in another trace", s.Name())
				}
			}
			if second.requestID != "made by sidecar of a" {
				t.Errorf("the second sidecar got the request ID %q", second.requestID)
			}
		})
	}
}
