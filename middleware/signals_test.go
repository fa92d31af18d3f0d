package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// observatory keeps all signals of an instrument.
type observatory struct {
	in      *middleware.Instrument
	rec     *sli.Recorder
	spans   *tracetest.SpanRecorder
	lines   bytes.Buffer
	records []middleware.Record
}

// observe returns an instrument with all signals. Change may change the
// options.
func observe(t *testing.T, sampler sdktrace.Sampler, change func(*middleware.Options)) *observatory {
	t.Helper()
	o := &observatory{spans: tracetest.NewSpanRecorder()}
	handler, err := logging.New("users", &o.lines, &logging.Options{Trace: tracing.IDs})
	if err != nil {
		t.Fatal(err)
	}
	opts := &middleware.Options{
		Spans: &middleware.SpanOptions{TracerProvider: sdktrace.NewTracerProvider(
			sdktrace.WithSampler(sampler), sdktrace.WithSpanProcessor(o.spans))},
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(handler)},
		Done:      func(r middleware.Record) { o.records = append(o.records, r) },
	}
	if change != nil {
		change(opts)
	}
	o.in, o.rec = newInstrument(t, opts, availability)
	return o
}

// serve serves one request by the pattern "GET /users/{userid}".
func (o *observatory) serve(r *http.Request, handler http.HandlerFunc) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", handler)
	w := httptest.NewRecorder()
	func() {
		defer func() { _ = recover() }()
		o.in.Handler(mux).ServeHTTP(w, r)
	}()
	return w
}

// line returns the only line of the access log.
func (o *observatory) line(t *testing.T) map[string]any {
	t.Helper()
	var line map[string]any
	if err := json.Unmarshal(o.lines.Bytes(), &line); err != nil {
		t.Fatalf("%v in %q", err, o.lines.String())
	}
	return line
}

func attributesOf(s sdktrace.ReadOnlySpan) map[string]any {
	all := make(map[string]any)
	for _, a := range s.Attributes() {
		all[string(a.Key)] = a.Value.AsInterface()
	}
	return all
}

func getUser(change func(*http.Request)) *http.Request {
	r := httptest.NewRequest("GET", "http://shop.example:8080/users/Lora?token=hunter2", nil)
	r.RemoteAddr = "192.0.2.1:4711"
	r.Header.Set("User-Agent", "curl/8.5.0")
	if change != nil {
		change(r)
	}
	return r
}

func TestSignalsAgree(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	w := o.serve(getUser(nil), func(w http.ResponseWriter, r *http.Request) {
		logging.SetUser(r.Context(), "lora")
		_, _ = io.WriteString(w, "hello")
	})
	id := w.Header().Get("X-Request-Id")
	span := o.spans.Ended()[0]
	traceID := span.SpanContext().TraceID().String()
	line := o.line(t)
	took := line["execution_time_ms"]
	if took != float64(o.records[0].Event.Duration.Nanoseconds())/1e6 {
		t.Errorf("got %v ms, want %v", took, o.records[0].Event.Duration)
	}
	delete(line, "execution_time_ms")
	delete(line, "timestamp")
	want := map[string]any{
		"level": "INFO", "application": "users", "message": "Request served",
		"user_id": "lora", "request_id": id, "trace_id": traceID, "span_id": span.SpanContext().SpanID().String(),
		"response_code": 200.0,
		"additional_info": map[string]any{
			"method": "GET", "route": "/users/{userid}", "request_body_bytes": 0.0, "response_body_bytes": 5.0,
			"client_address": "192.0.2.1", "user_agent": "curl/8.5.0",
		},
	}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
	if len(id) != 36 || span.Name() != "GET /users/{userid}" || span.SpanKind() != trace.SpanKindServer || span.Status().Code != codes.Unset {
		t.Errorf("got ID %q, span %q, kind %v, status %v", id, span.Name(), span.SpanKind(), span.Status())
	}
	wantAttributes := map[string]any{
		"http.request.method": "GET", "http.route": "/users/{userid}", "url.scheme": "http", "url.path": "/users/Lora",
		"http.response.status_code": int64(200), "network.protocol.version": "1.1", "client.address": "192.0.2.1",
		"http.request.body.size": int64(0), "http.response.body.size": int64(5),
		"server.address": "shop.example", "server.port": int64(8080), "user_agent.original": "curl/8.5.0", "request_id": id,
	}
	if diff := cmp.Diff(wantAttributes, attributesOf(span)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if rec := o.records[0]; rec.RequestID != id || rec.UserID != "lora" || !rec.Span.Equal(span.SpanContext()) || rec.Bad || !rec.End.Equal(span.EndTime()) {
		t.Errorf("got record %+v", rec)
	}
}

func TestFailuresOnSpansAndLines(t *testing.T) {
	failure := errors.New("dial postgres://bob:hunter2@db/shop")
	cases := []struct {
		name      string
		handler   http.HandlerFunc
		status    codes.Code
		text      string
		level     string
		message   string
		errorType any
		stack     bool
	}{
		{name: "404", handler: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, level: "WARN", message: "Request served"},
		{
			name: "503", handler: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) },
			status: codes.Error, level: "ERROR", message: "Request failed", errorType: "503",
		},
		{
			name: "an error", handler: func(w http.ResponseWriter, _ *http.Request) { middleware.SetError(w, failure) },
			status: codes.Error, text: "dial postgres://bob:REDACTED@db/shop", level: "ERROR", message: "Request failed", errorType: "_OTHER",
		},
		{
			name: "a panic", handler: func(http.ResponseWriter, *http.Request) { panic(failure) },
			status: codes.Error, text: "panic: dial postgres://bob:REDACTED@db/shop", level: "ERROR", message: "Request failed", errorType: "panic", stack: true,
		},
		{
			name: "a client that disconnected",
			handler: func(_ http.ResponseWriter, r *http.Request) {
				r.Context().Value(cancelKey{}).(context.CancelFunc)()
			},
			level: "WARN", message: "Request canceled", errorType: "canceled",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := observe(t, sdktrace.AlwaysSample(), nil)
			o.serve(cancelable(getUser(nil)), c.handler)
			span, line := o.spans.Ended()[0], o.line(t)
			if got := span.Status(); got.Code != c.status || got.Description != c.text {
				t.Errorf("got status %+v, want %v %q", got, c.status, c.text)
			}
			if line["level"] != c.level || line["message"] != c.message {
				t.Errorf("got line %v, want %s %q", line, c.level, c.message)
			}
			if got := attributesOf(span)["error.type"]; got != c.errorType {
				t.Errorf("got error.type %v, want %v", got, c.errorType)
			}
			if got := line["additional_info"].(map[string]any)["error_type"]; got != c.errorType {
				t.Errorf("got error_type %v, want %v", got, c.errorType)
			}
			checkException(t, span, c.text, c.stack)
			if text := o.lines.String(); strings.Contains(text, "hunter2") || c.text != "" && !strings.Contains(text, "REDACTED") {
				t.Errorf("the line shows the secret, or no error: %s", text)
			}
		})
	}
}

func checkException(t *testing.T, span sdktrace.ReadOnlySpan, text string, stack bool) {
	t.Helper()
	if text == "" {
		if len(span.Events()) > 0 {
			t.Errorf("got events %v, want none", span.Events())
		}
		return
	}
	attrs := attribute.NewSet(span.Events()[0].Attributes...)
	if got, _ := attrs.Value("exception.message"); got.AsString() != text {
		t.Errorf("got exception %q, want %q", got.AsString(), text)
	}
	trail, has := attrs.Value("exception.stacktrace")
	if has != stack || stack && !strings.Contains(trail.AsString(), "TestFailuresOnSpansAndLines") || strings.Contains(trail.AsString(), "hunter2") {
		t.Errorf("got stack %t of %q, want %t", has, trail.AsString(), stack)
	}
}

type cancelKey struct{}

// cancelable gives the handler a function that cancels the request, as a
// client does that disconnects.
func cancelable(r *http.Request) *http.Request {
	ctx, cancel := context.WithCancel(r.Context())
	return r.WithContext(context.WithValue(ctx, cancelKey{}, cancel))
}

func TestRequestID(t *testing.T) {
	long := strings.Repeat("a", 128)
	cases := []struct {
		sent []string
		kept bool
	}{
		{[]string{"abc-123"}, true},
		{[]string{"A.z_0~+/=-"}, true},
		{[]string{long}, true},
		{[]string{long + "a"}, false},
		{[]string{""}, false},
		{[]string{"a b"}, false},
		{[]string{"a\r\nSet-Cookie: x"}, false},
		{[]string{"a\x00"}, false},
		{[]string{"ä"}, false},
		{[]string{`a"b`}, false},
		{[]string{"a", "b"}, false},
		{nil, false},
	}
	for _, c := range cases {
		o := observe(t, sdktrace.NeverSample(), nil)
		r := getUser(func(r *http.Request) {
			if c.sent != nil {
				r.Header["X-Request-Id"] = c.sent
			}
		})
		var inner string
		w := o.serve(r, func(_ http.ResponseWriter, r *http.Request) { inner = logging.RequestID(r.Context()) })
		got := w.Header()["X-Request-Id"]
		if len(got) != 1 || got[0] != inner || o.line(t)["request_id"] != inner || o.records[0].RequestID != inner {
			t.Errorf("%q: got response %q, context %q, line %v", c.sent, got, inner, o.line(t)["request_id"])
		}
		if kept := len(c.sent) > 0 && inner == c.sent[0]; kept != c.kept || !c.kept && len(inner) != 36 {
			t.Errorf("%q: got %q", c.sent, inner)
		}
	}
}

func TestRequestIDOptions(t *testing.T) {
	cases := []struct {
		name string
		opts middleware.IDOptions
		want string
	}{
		{"another header", middleware.IDOptions{Header: "x-correlation-id"}, "theirs"},
		{"a public service", middleware.IDOptions{Header: "X-Correlation-Id", Public: func(*http.Request) bool { return true }, New: func() string { return "ours" }}, "ours"},
		{"a panic in Public", middleware.IDOptions{Header: "X-Correlation-Id", Public: func(*http.Request) bool { panic("no") }, New: func() string { return "ours" }}, "ours"},
	}
	for _, c := range cases {
		o := observe(t, sdktrace.NeverSample(), func(opts *middleware.Options) { opts.RequestID = &c.opts })
		w := o.serve(getUser(func(r *http.Request) { r.Header.Set("X-Correlation-Id", "theirs") }), func(http.ResponseWriter, *http.Request) {})
		if got := w.Header().Get("X-Correlation-Id"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	for name, make := range map[string]func() string{"a panic": func() string { panic("no") }, "an invalid ID": func() string { return "a b" }} {
		o := observe(t, sdktrace.NeverSample(), func(opts *middleware.Options) { opts.RequestID = &middleware.IDOptions{New: make} })
		if got := o.serve(getUser(nil), func(http.ResponseWriter, *http.Request) {}).Header().Get("X-Request-Id"); len(got) != 36 {
			t.Errorf("%s in New: got %q, want a UUID", name, got)
		}
	}
}

// TestForeignHandler reads lines of slog's own handler, which knows nothing of
// the context.
func TestForeignHandler(t *testing.T) {
	var out bytes.Buffer
	o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) {
		opts.AccessLog.Logger = slog.New(slog.NewJSONHandler(&out, nil))
	})
	w := o.serve(getUser(func(r *http.Request) { r.Header.Set("User-Agent", "curl password=hunter2") }), func(w http.ResponseWriter, r *http.Request) {
		logging.SetUser(r.Context(), "lora@example.com")
		middleware.SetError(w, errors.New("dial postgres://bob:hunter2@db/shop"))
	})
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	sc := o.spans.Ended()[0].SpanContext()
	for key, want := range map[string]any{
		"request_id": w.Header().Get("X-Request-Id"), "trace_id": sc.TraceID().String(), "span_id": sc.SpanID().String(),
		"user_id": "REDACTED", "error_message": "dial postgres://bob:REDACTED@db/shop", "user_agent": "curl password=REDACTED",
		"response_code": 200.0, "error_type": "_OTHER",
	} {
		if line[key] != want {
			t.Errorf("got %s %v, want %v", key, line[key], want)
		}
	}
}

func TestClientAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	cases := []struct {
		remote    string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:4711", nil, "192.0.2.1"},
		{"192.0.2.1:4711", []string{"198.51.100.7"}, "198.51.100.7"},
		{"192.0.2.1:4711", []string{"203.0.113.1, 198.51.100.7, 192.0.2.9"}, "198.51.100.7"},
		{"192.0.2.1:4711", []string{"203.0.113.1", "198.51.100.7"}, "198.51.100.7"},
		{"192.0.2.1:4711", []string{"198.51.100.7:1234"}, "198.51.100.7"},
		{"192.0.2.1:4711", []string{"[2001:db9::7]:1234"}, "2001:db9::7"},
		{"[2001:db8::1]:4711", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		{"192.0.2.1:4711", []string{"192.0.2.5, 192.0.2.9"}, "192.0.2.5"},
		{"192.0.2.1:4711", []string{"198.51.100.7, nonsense"}, "192.0.2.1"},
		{"192.0.2.1:4711", []string{""}, "192.0.2.1"},
		{"203.0.113.9:4711", []string{"198.51.100.7"}, "203.0.113.9"},
		{"@", []string{"198.51.100.7"}, "198.51.100.7"},
		{"", nil, ""},
	}
	for _, c := range cases {
		o := observe(t, sdktrace.NeverSample(), func(opts *middleware.Options) { opts.TrustedProxies = proxies })
		o.serve(getUser(func(r *http.Request) {
			r.RemoteAddr = c.remote
			if c.forwarded != nil {
				r.Header["X-Forwarded-For"] = c.forwarded
			}
		}), func(http.ResponseWriter, *http.Request) {})
		if got := o.line(t)["additional_info"].(map[string]any)["client_address"]; got != c.want {
			t.Errorf("%s %q: got %v, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func TestOmit(t *testing.T) {
	for _, c := range []struct {
		omit                       middleware.Signal
		events, counts, spans, log int
	}{
		{0, 1, 1, 1, 1},
		{middleware.SignalEvent, 0, 1, 1, 1},
		{middleware.SignalMetrics, 1, 0, 1, 1},
		{middleware.SignalSpan, 1, 1, 0, 1},
		{middleware.SignalLine, 1, 1, 1, 0},
		{middleware.SignalAll, 0, 0, 0, 0},
	} {
		o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) {
			opts.Omit = func(*http.Request) middleware.Signal { return c.omit }
		})
		w := o.serve(getUser(nil), func(http.ResponseWriter, *http.Request) {})
		if w.Header().Get("X-Request-Id") == "" {
			t.Errorf("omit %b: no request ID", c.omit)
		}
		lines := bytes.Count(o.lines.Bytes(), []byte("\n"))
		if got := []int{validEvents(o.rec), histogramCount(t, o.in), len(o.spans.Ended()), lines}; !slices.Equal(got, []int{c.events, c.counts, c.spans, c.log}) {
			t.Errorf("omit %b: got %v events, durations, spans and lines, want %d, %d, %d and %d", c.omit, got, c.events, c.counts, c.spans, c.log)
		}
	}
}

func validEvents(rec *sli.Recorder) (valid int) {
	for _, counts := range rec.All() {
		valid += int(counts.Valid)
	}
	return valid
}

// histogramCount returns the number of durations.
func histogramCount(t *testing.T, c prometheus.Collector) (count int) {
	t.Helper()
	reg := prometheus.NewRegistry()
	reg.MustRegister(c)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == durationName {
			for _, m := range f.GetMetric() {
				count += int(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return count
}
