package zipkin_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	otelttest "go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAnswers(t *testing.T) {
	tests := []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		text   string // of the error, if any
	}{
		{"accepted", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }, ""},
		{"accepted with text", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "OK") }, ""},
		{"accepted with JSON", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }, ""},
		{"a page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>Log in</html>") }, "a page for browsers"},
		{"redirected on the host", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/zipkin/api/v2/spans" {
				http.Redirect(w, r, "/zipkin/api/v2/spans", http.StatusTemporaryRedirect)
			}
		}, ""},
		{"redirected to another host", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://evil.example/api/v2/spans", http.StatusPermanentRedirect)
		}, "not followed to http://evil.example/api/v2/spans"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			transport := transportFunc(func(r *http.Request) (*http.Response, error) {
				if r.URL.Host != "localhost:9411" {
					t.Errorf("a request to %s", r.URL.Host)
				}
				w := httptest.NewRecorder()
				test.answer(w, r)
				return w.Result(), nil
			})
			e, err := zipkin.Exporter(&zipkin.Options{Transport: transport}).New(lookup())
			if err != nil {
				t.Fatal(err)
			}
			err = e.ExportSpans(t.Context(), otelttest.SpanStubs{{Name: "a"}}.Snapshots())
			if (err == nil) != (test.text == "") || err != nil && !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestLargeBatchIsNotEncoded exports a batch that is far above the limit.
func TestLargeBatchIsNotEncoded(t *testing.T) {
	text := strings.Repeat("x", 262_000)
	stubs := make(otelttest.SpanStubs, 511)
	for i := range stubs {
		stubs[i] = otelttest.SpanStub{Attributes: []attribute.KeyValue{attribute.String("k", text)}}
	}
	all := stubs.Snapshots()
	e, err := zipkin.Exporter(&zipkin.Options{Transport: new(recorded)}).New(lookup())
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = e.ExportSpans(t.Context(), all)
	runtime.ReadMemStats(&after)
	var tooLarge *tracing.ExportError
	if !errors.As(err, &tooLarge) || !tooLarge.TooLarge {
		t.Errorf("got %v", err)
	}
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 48<<20 {
		t.Errorf("%d bytes were allocated", bytes)
	}
}
