package zipkin_test

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	otelttest "go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/tracingtest"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

// recorded keeps the last request.
type recorded struct {
	*http.Request
	body []byte
}

func (r *recorded) RoundTrip(request *http.Request) (*http.Response, error) {
	r.Request = request
	r.body, _ = io.ReadAll(request.Body)
	w := httptest.NewRecorder()
	w.WriteHeader(http.StatusAccepted)
	return w.Result(), nil
}

func lookup(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, pair := range pairs {
			if n, value, _ := strings.Cut(pair, "="); n == name {
				return value, true
			}
		}
		return "", false
	}
}

// sent returns the JSON object that a span becomes.
func sent(t *testing.T, stub otelttest.SpanStub) map[string]any {
	t.Helper()
	var r recorded
	e, err := zipkin.Exporter(&zipkin.Options{Transport: &r}).New(lookup())
	if err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(t.Context(), otelttest.SpanStubs{stub}.Snapshots()); err != nil {
		t.Fatal(err)
	}
	var spans []map[string]any
	if err := json.Unmarshal(r.body, &spans); err != nil || len(spans) != 1 {
		t.Fatalf("%v in %s", err, r.body)
	}
	return spans[0]
}

var (
	traceID = trace.TraceID{0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36}
	spanID  = trace.SpanID{0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7}
	parent  = trace.SpanID{1}
	began   = time.Date(2024, 11, 16, 12, 34, 56, 789_000_000, time.UTC)
)

func context1(id trace.SpanID) trace.SpanContext {
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: id, TraceFlags: trace.FlagsSampled})
}

// stub returns a span with a test's additions.
func stub(add func(*otelttest.SpanStub)) otelttest.SpanStub {
	s := otelttest.SpanStub{Name: "a", SpanContext: context1(spanID), StartTime: began, EndTime: began.Add(time.Millisecond)}
	add(&s)
	return s
}

func TestWholeSpan(t *testing.T) {
	got := sent(t, otelttest.SpanStub{
		Name:        "GET /users/{userid}",
		SpanContext: context1(spanID),
		Parent:      context1(parent),
		SpanKind:    trace.SpanKindServer,
		StartTime:   began,
		EndTime:     began.Add(150 * time.Millisecond),
		Attributes: []attribute.KeyValue{
			attribute.Int("http.response.status_code", 503), attribute.Bool("cached", true),
			attribute.Float64("ratio", 0.5), attribute.StringSlice("names", []string{"a", "b"}), attribute.String("host.name", "of the span"),
		},
		Events: []sdktrace.Event{
			{Name: "retry", Time: began.Add(time.Millisecond)},
			{Name: `ca"che`, Time: began.Add(2 * time.Millisecond), Attributes: []attribute.KeyValue{attribute.Int("hits", 3), attribute.Float64("nan", math.NaN())}},
		},
		Links:                []sdktrace.Link{{SpanContext: context1(parent)}, {SpanContext: context1(spanID)}},
		Status:               sdktrace.Status{Code: codes.Error, Description: "no connection"},
		DroppedAttributes:    1,
		DroppedEvents:        2,
		DroppedLinks:         3,
		Resource:             resource.NewSchemaless(attribute.String("service.name", "users"), attribute.String("host.name", "h"), attribute.String("service.version", "1")),
		InstrumentationScope: instrumentation.Scope{Name: "example.com/users", Version: "2"},
	})
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	want := map[string]any{
		"traceId": id, "id": "00f067aa0ba902b7", "parentId": "0100000000000000",
		"name": "get /users/{userid}", "kind": "SERVER",
		"timestamp": float64(began.UnixMicro()), "duration": 150_000.0,
		"localEndpoint": map[string]any{"serviceName": "users"},
		"annotations": []any{
			map[string]any{"timestamp": float64(began.UnixMicro() + 1000), "value": "retry"},
			map[string]any{"timestamp": float64(began.UnixMicro() + 2000), "value": `"ca\"che": {"hits":3,"nan":"NaN"}`},
		},
		"tags": map[string]any{
			"http.response.status_code": "503", "cached": "true", "ratio": "0.5", "names": `["a","b"]`,
			"host.name": "of the span", "service.version": "1",
			"otel.scope.name": "example.com/users", "otel.scope.version": "2",
			"otel.status_code": "ERROR", "error": "no connection",
			"otel.links":                    id + "-0100000000000000 " + id + "-00f067aa0ba902b7",
			"otel.dropped_attributes_count": "1", "otel.dropped_events_count": "2", "otel.dropped_links_count": "3",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAttributesOfEachType(t *testing.T) {
	attrs := []attribute.KeyValue{
		attribute.ByteSlice("bytes", []byte("hi")),
		attribute.Slice("slice", attribute.IntValue(1), attribute.Float64Value(math.Inf(1))),
		attribute.Map("map", attribute.String("user", "lora"), attribute.Float64("nan", math.NaN())),
		attribute.Float64("nan", math.NaN()),
	}
	got := sent(t, stub(func(s *otelttest.SpanStub) {
		s.Attributes = attrs
		s.Events = []sdktrace.Event{{Name: "e", Time: began, Attributes: attrs}}
	}))
	want := map[string]any{
		"bytes": "aGk=", "slice": `[1,"Infinity"]`, "map": `{"nan":"NaN","user":"lora"}`, "nan": "NaN",
	}
	if diff := cmp.Diff(want, got["tags"]); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	value := got["annotations"].([]any)[0].(map[string]any)["value"]
	const annotation = `"e": {"bytes":"aGk=","map":{"nan":"NaN","user":"lora"},"nan":"NaN","slice":[1,"Infinity"]}`
	if value != annotation {
		t.Errorf("annotation: got  %s\nwant %s", value, annotation)
	}
}

func TestFields(t *testing.T) {
	kind := func(k trace.SpanKind) otelttest.SpanStub {
		return stub(func(s *otelttest.SpanStub) { s.SpanKind = k })
	}
	status := func(code codes.Code, attrs ...attribute.KeyValue) otelttest.SpanStub {
		return stub(func(s *otelttest.SpanStub) { s.Status.Code, s.Attributes = code, attrs })
	}
	tests := []struct {
		name  string
		span  otelttest.SpanStub
		field string
		want  any
	}{
		{"no parent", stub(func(*otelttest.SpanStub) {}), "parentId", nil},
		{"internal", kind(trace.SpanKindInternal), "kind", nil},
		{"client", kind(trace.SpanKindClient), "kind", "CLIENT"},
		{"producer", kind(trace.SpanKindProducer), "kind", "PRODUCER"},
		{"consumer", kind(trace.SpanKindConsumer), "kind", "CONSUMER"},
		{"without duration", stub(func(s *otelttest.SpanStub) { s.EndTime = s.StartTime }), "duration", 1.0},
		{"an end before the start", stub(func(s *otelttest.SpanStub) { s.EndTime = s.StartTime.Add(-time.Hour) }), "duration", 1.0},
		{"less than a microsecond", stub(func(s *otelttest.SpanStub) { s.EndTime = s.StartTime.Add(3) }), "duration", 1.0},
		{"before 1970", stub(func(s *otelttest.SpanStub) { s.StartTime = time.Time{} }), "timestamp", 1e6},
		{"an error without text", status(codes.Error), "tags", map[string]any{"otel.status_code": "ERROR", "error": ""}},
		{"ok", status(codes.Ok), "tags", map[string]any{"otel.status_code": "OK"}},
		{"an attribute error of a span without error", status(codes.Unset, attribute.Bool("error", false)), "tags", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, sent(t, test.span)[test.field]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.field, diff)
			}
		})
	}
}

func TestEndpoint(t *testing.T) {
	// want is a URL or a part of the error.
	tests := []struct{ name, endpoint, env, want string }{
		{"default", "", "", "http://localhost:9411/api/v2/spans"},
		{"base", "http://zipkin:9411/", "", "http://zipkin:9411/api/v2/spans"},
		{"with a path", "https://x.example/zipkin/api/v2/spans", "", "https://x.example/zipkin/api/v2/spans"},
		{"environment", "http://a", "OTEL_EXPORTER_ZIPKIN_ENDPOINT=http://b:1/api/v2/spans", "http://b:1/api/v2/spans"},
		{"no scheme", "zipkin:9411", "", `Endpoint: "zipkin:9411" does not begin with`},
		{"no scheme, environment", "", "OTEL_EXPORTER_ZIPKIN_ENDPOINT=zipkin:9411", `OTEL_EXPORTER_ZIPKIN_ENDPOINT: "zipkin:9411" does not begin with`},
		{"timeout", "", "OTEL_EXPORTER_ZIPKIN_TIMEOUT=10s", `OTEL_EXPORTER_ZIPKIN_TIMEOUT: invalid duration "10s"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var r recorded
			e, err := zipkin.Exporter(&zipkin.Options{Endpoint: test.endpoint, Transport: &r}).New(lookup(test.env))
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want %s", err, test.want)
				}
				return
			}
			if err := e.ExportSpans(t.Context(), otelttest.SpanStubs{stub(func(*otelttest.SpanStub) {})}.Snapshots()); err != nil {
				t.Fatal(err)
			}
			if got := r.URL.String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	_, err := zipkin.Exporter(&zipkin.Options{Timeout: -1, MaxBytes: -1, Headers: map[string]string{"": ""}}).New(lookup())
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three mistakes give %v", err)
	}
}

// TestLargeBatchesAreSentInParts sends a batch of 2 MiB in eight parts, and the
// rest in one.
func TestLargeBatchesAreSentInParts(t *testing.T) {
	var r tracingtest.Receiver
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{zipkin.Exporter(&zipkin.Options{Name: "parts", Transport: &r, MaxBytes: 512 << 10, Gzip: true})},
		LookupEnv: lookup(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 512 {
		_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a", trace.WithAttributes(attribute.String("k", strings.Repeat("x", 4000))))
		s.End()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := tr.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if len(r.Spans()) != 512 || r.Requests() != 9 {
		t.Errorf("%d spans in %d requests", len(r.Spans()), r.Requests())
	}
}
