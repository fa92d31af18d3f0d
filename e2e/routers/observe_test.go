package routers

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// observatory keeps all signals of an instrument.
type observatory struct {
	in     *middleware.Instrument
	rec    *sli.Recorder
	events chan sli.Event
	spans  *tracetest.SpanRecorder
	lines  lockedBuffer
}

// lockedBuffer is a buffer that the goroutines of a server may write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func observe(t *testing.T) *observatory {
	t.Helper()
	rec, err := sli.NewRecorder(availability)
	if err != nil {
		t.Fatal(err)
	}
	o := &observatory{rec: rec, events: make(chan sli.Event, 10), spans: tracetest.NewSpanRecorder()}
	o.in, err = middleware.New(rec, &middleware.Options{
		Spans:     &middleware.SpanOptions{TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(o.spans))},
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(slog.NewJSONHandler(&o.lines, nil))},
		Done:      func(r middleware.Record) { o.events <- r.Event },
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// request makes a request such as "GET /users/7". It returns the status and the
// request ID of the answer, which are zero if the connection was closed.
func (o *observatory) request(t *testing.T, server *httptest.Server, request string) (status int, id string) {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.Client().Do(r)
	if err != nil {
		return 0, ""
	}
	_ = resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("X-Request-Id")
}

// agree checks that the only span, line and label have a route, and the span
// and the line the ID of the answer, unless it is empty.
func (o *observatory) agree(t *testing.T, method, route, id string) {
	t.Helper()
	spans := o.spans.Ended()
	if len(spans) != 1 || spans[0].Name() != method+" "+route {
		t.Fatalf("got spans %v, want one %s %s", spans, method, route)
	}
	attrs := attribute.NewSet(spans[0].Attributes()...)
	for key, want := range map[attribute.Key]string{"http.route": route, "request_id": id} {
		if got, _ := attrs.Value(key); got.AsString() != want && want != "" {
			t.Errorf("the span's %s is %q, want %q", key, got.AsString(), want)
		}
	}
	var line struct {
		Method, Route string
		RequestID     string `json:"request_id"`
	}
	if err := json.Unmarshal(o.lines.b.Bytes(), &line); err != nil {
		t.Fatalf("%v in %s", err, o.lines.b.String())
	}
	if line.Method != method || line.Route != route || line.RequestID == "" || id != "" && line.RequestID != id {
		t.Errorf("got the line %+v, want %s %s with the ID %s", line, method, route, id)
	}
	if got := routesOf(t, o.in); len(got) != 1 || got[0] != method+" "+route {
		t.Errorf("got series of %q, want %s %s", got, method, route)
	}
}

// routesOf returns the methods and routes of the series of durations.
func routesOf(t *testing.T, in *middleware.Instrument) (routes []string) {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(in)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != "http_server_request_duration_seconds" {
			continue
		}
		for _, m := range f.GetMetric() {
			labels := make(map[string]string)
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			routes = append(routes, labels["http_request_method"]+" "+labels["http_route"])
		}
	}
	return routes
}
