package middleware_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/middleware"
)

// TestClientLineHasItsIdentity checks that the line of an attempt has the
// request ID that was sent and the trace of the attempt's span, with each kind
// of logger, though the caller's context has neither.
func TestClientLineHasItsIdentity(t *testing.T) {
	for _, kind := range []string{"logging", "slog"} {
		w := newWatch(t, kind, middleware.Options{Client: &middleware.ClientOptions{Lines: true}}, availability)
		next := &received{status: 200}
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://shop/", nil)
		roundTrip(t, w.in.Transport(next), r)
		lines, span := w.lines(t), w.spans.Ended()[0].SpanContext()
		if len(lines) != 1 {
			t.Fatalf("%s: got lines %v, want one", kind, lines)
		}
		for name, want := range map[string]string{
			"request_id": next.header.Get("X-Request-Id"), "trace_id": span.TraceID().String(), "span_id": span.SpanID().String(),
		} {
			if got := lines[0][name]; got != want || want == "" {
				t.Errorf("%s: %s is %v, want %s", kind, name, got, want)
			}
		}
	}
}

// TestLineOfAnotherContext lets a handler replace the context of its request.
func TestLineOfAnotherContext(t *testing.T) {
	for _, kind := range []string{"logging", "slog"} {
		w := newWatch(t, kind, middleware.Options{}, availability)
		handler := w.wrap(handle(func(_ http.ResponseWriter, r *http.Request) { *r = *r.WithContext(context.Background()) }))
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		w.check(t, "200", "")
	}
}

// TestExecutionTime is in milliseconds with each kind of logger.
func TestExecutionTime(t *testing.T) {
	for _, kind := range []string{"logging", "slog"} {
		w := newWatch(t, kind, middleware.Options{}, availability)
		w.wrap(handle(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		_ = w.in.Do(t.Context(), "import", func(context.Context) error { return nil })
		for _, line := range w.lines(t) {
			took := (<-w.records).Event.Duration
			if got := line["execution_time_ms"]; got != float64(took)/1e6 {
				t.Errorf("%s: got %v, want %v in milliseconds", kind, got, took)
			}
		}
	}
}

// TestBodyThatNobodyReads has no line.
func TestBodyThatNobodyReads(t *testing.T) {
	w := newWatch(t, "slog", middleware.Options{}, availability)
	r := httptest.NewRequest("POST", "/", onlyReader{declared()})
	w.wrap(handle(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(httptest.NewRecorder(), r)
	if n := strings.Count(w.out.String(), "\n"); n != 1 {
		t.Errorf("got %d lines, want one: %s", n, w.out.String())
	}
}
