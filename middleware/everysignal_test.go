package middleware_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// signalSets are the sets of signals with which tests on real servers run: the
// metrics alone, and all signals with each kind of logger.
var signalSets = []string{"metrics", "logging", "slog"}

// watch keeps the signals of an instrument of one kind. Its buffer may be
// written by several requests.
type watch struct {
	kind    string
	in      *middleware.Instrument
	rec     *sli.Recorder
	spans   *tracetest.SpanRecorder
	records chan middleware.Record

	mu  sync.Mutex
	out bytes.Buffer
}

func (w *watch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(p)
}

// newWatch returns an instrument of a kind. Its options are opts with the
// signals of the kind.
func newWatch(t *testing.T, kind string, opts middleware.Options, indicators ...sli.Indicator) *watch {
	t.Helper()
	w := &watch{kind: kind, spans: tracetest.NewSpanRecorder(), records: make(chan middleware.Record, 100)}
	opts.Done = func(r middleware.Record) { w.records <- r }
	if kind != "metrics" {
		opts.Spans = &middleware.SpanOptions{TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(w.spans))}
		opts.RequestID = &middleware.IDOptions{}
		opts.AccessLog = &middleware.LogOptions{Logger: slog.New(w.handler(t)), BodyLimit: 1 << 10}
	}
	w.in, w.rec = newInstrument(t, &opts, indicators...)
	return w
}

func (w *watch) handler(t *testing.T) slog.Handler {
	t.Helper()
	if w.kind == "slog" {
		return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})
	}
	h, err := logging.New("users", w, &logging.Options{Trace: tracing.IDs, Level: slog.LevelDebug})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// lines returns the lines of the access log. Fields of package logging's
// additional_info are at the top.
func (w *watch) lines(t *testing.T) (all []map[string]any) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for text := range strings.Lines(w.out.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		if more, ok := line["additional_info"].(map[string]any); ok {
			maps.Copy(line, more)
		}
		if message := line["message"]; message != "Request body" && line["msg"] != "Request body" {
			all = append(all, line)
		}
	}
	return all
}

// check compares the span and the line of the only request with the labels of
// its histogram.
func (w *watch) check(t *testing.T, status, errorType string) {
	t.Helper()
	if w.kind == "metrics" {
		return
	}
	if len(w.spans.Ended()) != len(w.spans.Started()) || len(w.spans.Ended()) != 1 {
		t.Fatalf("started %d spans, ended %d, want 1", len(w.spans.Started()), len(w.spans.Ended()))
	}
	lines := w.lines(t)
	if len(lines) != 1 {
		t.Fatalf("got lines %v, want one", lines)
	}
	span, line := w.spans.Ended()[0], lines[0]
	attrs := attributesOf(span)
	wantType := any(errorType)
	if errorType == "" {
		wantType = nil
	}
	code, _ := strconv.Atoi(status)
	if attrs["http.response.status_code"] != int64(code) || attrs["error.type"] != wantType {
		t.Errorf("the span has %v, %v; the histogram %s, %s", attrs["http.response.status_code"], attrs["error.type"], status, errorType)
	}
	if line["response_code"] != float64(code) || line["error_type"] != wantType {
		t.Errorf("the line has %v, %v; the histogram %s, %s", line["response_code"], line["error_type"], status, errorType)
	}
	failed := errorType != "" && errorType != "canceled"
	if got := span.Status().Code == codes.Error; got != failed {
		t.Errorf("the span's status is %v, want failed: %t", span.Status(), failed)
	}
	if got := line["level"] == "ERROR"; got != failed {
		t.Errorf("the line's level is %v, want failed: %t", line["level"], failed)
	}
	if line["trace_id"] != span.SpanContext().TraceID().String() || line["request_id"] != attrs["request_id"] || attrs["request_id"] == nil {
		t.Errorf("line %v is not of span %v", line, attrs)
	}
}

// wrap is the instrument's Handler, or none for a nil watch: the oracle.
func (w *watch) wrap(next http.Handler) http.Handler {
	if w == nil {
		return next
	}
	return w.in.Handler(next)
}
