package wire_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sligo-go/sligo/tracing/internal/wire"
)

// The module otlpgrpc compares the messages with the ones of OpenTelemetry's
// exporter.

func request(t *testing.T, stubs ...tracetest.SpanStub) *tracepb.TracesData {
	t.Helper()
	body, ok := wire.Append(nil, tracetest.SpanStubs(stubs).Snapshots(), math.MaxInt)
	var data tracepb.TracesData
	if err := proto.Unmarshal(body, &data); err != nil || !ok {
		t.Fatal(err, ok)
	}
	return &data
}

// TestEveryTextBecomesUTF8 puts bytes that are not UTF-8 into each text.
func TestEveryTextBecomesUTF8(t *testing.T) {
	const bad = "a\xff\xfeb"
	attrs := []attribute.KeyValue{
		attribute.String(bad, bad),
		attribute.StringSlice("list", []string{bad}),
		attribute.Map("map", attribute.String(bad, bad)),
	}
	data := request(t, tracetest.SpanStub{
		Name: bad, Attributes: attrs, Status: sdktrace.Status{Code: codes.Error, Description: bad},
		Events:               []sdktrace.Event{{Name: bad, Attributes: attrs}},
		Links:                []sdktrace.Link{{Attributes: attrs}},
		Resource:             resource.NewWithAttributes(bad, attrs...),
		InstrumentationScope: instrumentation.Scope{Name: bad, Version: bad, SchemaURL: bad, Attributes: attribute.NewSet(attrs...)},
	})
	body, err := proto.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	if n, want := strings.Count(string(body), "a\uFFFDb"), 5*5+7; n != want {
		t.Errorf("%d texts with U+FFFD, want %d", n, want)
	}
}

func TestNumbersWithoutJSON(t *testing.T) {
	for want, f := range map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)} {
		data := request(t, tracetest.SpanStub{Attributes: []attribute.KeyValue{
			attribute.Float64("x", f), attribute.Float64Slice("list", []float64{1, f}),
		}})
		all := data.GetResourceSpans()[0].GetScopeSpans()[0].GetSpans()[0].GetAttributes()
		list := all[1].GetValue().GetArrayValue().GetValues()
		if all[0].GetValue().GetStringValue() != want || list[0].GetDoubleValue() != 1 || list[1].GetStringValue() != want {
			t.Errorf("%v: got %v", f, all)
		}
	}
}

func TestEndBeforeStart(t *testing.T) {
	start := time.Unix(1e9, 0)
	data := request(t, tracetest.SpanStub{StartTime: start, EndTime: start.Add(-time.Second)})
	s := data.GetResourceSpans()[0].GetScopeSpans()[0].GetSpans()[0]
	if s.GetEndTimeUnixNano() != 1e18 || s.GetStartTimeUnixNano() != 1e18 {
		t.Errorf("from %d to %d", s.GetStartTimeUnixNano(), s.GetEndTimeUnixNano())
	}
}

// TestSpansOfOneResource checks that resources and scopes occur once.
func TestSpansOfOneResource(t *testing.T) {
	a, b := instrumentation.Scope{Name: "a"}, instrumentation.Scope{Name: "b"}
	first, second := resource.NewSchemaless(attribute.Int("n", 1)), resource.NewSchemaless(attribute.Int("n", 2))
	data := request(t,
		tracetest.SpanStub{Name: "1", Resource: first, InstrumentationScope: a},
		tracetest.SpanStub{Name: "2", Resource: second, InstrumentationScope: a},
		tracetest.SpanStub{Name: "3", Resource: first, InstrumentationScope: b},
		tracetest.SpanStub{Name: "4", Resource: first, InstrumentationScope: a},
	)
	var names strings.Builder
	for _, r := range data.GetResourceSpans() {
		names.WriteString("/")
		for _, s := range r.GetScopeSpans() {
			names.WriteString(s.GetScope().GetName())
			for _, span := range s.GetSpans() {
				names.WriteString(span.GetName())
			}
		}
	}
	if got, want := names.String(), "/a14b3/a2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestLimit checks the limit at and around the size of a request, and that a
// request is added to the bytes before it.
func TestLimit(t *testing.T) {
	spans := tracetest.SpanStubs{
		{Name: "a", Attributes: []attribute.KeyValue{attribute.String("k", strings.Repeat("x", 1000))}},
		{Name: "b", Attributes: []attribute.KeyValue{attribute.StringSlice("k", []string{strings.Repeat("x", 1000)})}},
	}.Snapshots()
	whole, _ := wire.Append(nil, spans, math.MaxInt)
	for limit := range len(whole) + 3 {
		body, ok := wire.Append([]byte("before"), spans, limit)
		if ok != (limit >= len(whole)) {
			t.Fatalf("limit %d of %d bytes: %t", limit, len(whole), ok)
		}
		if ok && string(body) != "before"+string(whole) {
			t.Fatalf("limit %d changes the request", limit)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	var stubs tracetest.SpanStubs
	for range 512 {
		stubs = append(stubs, tracetest.SpanStub{
			Name: "GET /users/{userid}", StartTime: time.Unix(1e9, 0), EndTime: time.Unix(1e9, 5),
			Attributes: []attribute.KeyValue{
				attribute.String("http.request.method", "GET"), attribute.Int("http.response.status_code", 200),
				attribute.String("http.route", "/users/{userid}"), attribute.String("server.address", "api.example.com"),
				attribute.String("user_agent.original", "curl/8.5.0"), attribute.String("network.peer.address", "10.0.0.1"),
				attribute.Bool("cached", true), attribute.Float64("ratio", 0.5),
			},
		})
	}
	spans := stubs.Snapshots()
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		buffer, _ = wire.Append(buffer[:0], spans, 4<<20)
	}
}
