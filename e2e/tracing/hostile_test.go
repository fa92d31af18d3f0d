package tracing_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
	zipkinexport "github.com/sligo-go/sligo/tracing/zipkin"
)

// TestOneHostileRequest sends 401 requests. One has a byte in its User-Agent
// that is not UTF-8.
func TestOneHostileRequest(t *testing.T) {
	j := newJaeger(t)
	if err := j.start(); err != nil {
		t.Fatal(err)
	}
	for service, exporter := range map[string]tracing.Exporter{
		"hostile-otlp":     otlp.Exporter(&otlp.Options{Endpoint: j.otlp}),
		"hostile-json":     otlp.Exporter(&otlp.Options{Endpoint: j.otlp, Protocol: otlp.ProtocolJSON}),
		"hostile-otlpgrpc": otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: j.otlpgrpc}),
		"hostile-zipkin":   zipkinexport.Exporter(&zipkinexport.Options{Endpoint: j.zipkin}),
	} {
		t.Run(service, func(t *testing.T) {
			tr, err := tracing.Start(t.Context(), service, &tracing.Options{Exporters: []tracing.Exporter{exporter}, LookupEnv: nothing})
			if err != nil {
				t.Fatal(err)
			}
			request401(t, tr)
			if err := tr.Shutdown(patient(t)); err != nil {
				t.Error(err)
			}
			err = eventually(func() error {
				agents, err := j.agents(service)
				if err == nil && (agents["curl"] != 400 || agents["curl\uFFFD"] != 1 || len(agents) != 2) {
					err = fmt.Errorf("spans by User-Agent: %v", agents)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// request401 sends the requests to a server that makes a span for each.
func request401(t *testing.T, tr *tracing.Provider) {
	t.Helper()
	tracer := tr.TracerProvider().Tracer("e2e")
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, span := tracer.Start(r.Context(), "GET /", trace.WithSpanKind(trace.SpanKindServer),
			trace.WithAttributes(attribute.String("user_agent.original", r.UserAgent())))
		span.End()
	}))
	defer server.Close()
	for i := range 401 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("User-Agent", "curl")
		if i == 200 {
			request.Header.Set("User-Agent", "curl\xff")
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
	}
}

// agents returns the number of a service's spans in Jaeger for each value of
// their User-Agent.
func (j *jaeger) agents(service string) (map[string]int, error) {
	answer, err := get[struct {
		Data []struct {
			Spans []struct {
				Tags []struct {
					Key   string
					Value any
				}
			}
		}
	}](j.query + "/api/traces?limit=100000&service=" + url.QueryEscape(service))
	all := make(map[string]int)
	for _, trace := range answer.Data {
		for _, span := range trace.Spans {
			for _, tag := range span.Tags {
				if tag.Key == "user_agent.original" {
					all[fmt.Sprint(tag.Value)]++
				}
			}
		}
	}
	return all, err
}
