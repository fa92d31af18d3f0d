package otlp_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
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
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
)

// posted exports spans and returns the request and its body.
func posted(t *testing.T, opts otlp.Options, spans otelttest.SpanStubs, env ...string) (*http.Request, []byte) {
	t.Helper()
	var request *http.Request
	var body []byte
	opts.Transport = transport(func(r *http.Request) (*http.Response, error) {
		request = r
		body, _ = io.ReadAll(r.Body)
		return httptest.NewRecorder().Result(), nil
	})
	e, err := otlp.Exporter(&opts).New(environment(env...))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(t.Context(), spans.Snapshots()); err != nil {
		t.Fatal(err)
	}
	return request, body
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// everything returns spans that have each field and each type of value.
func everything() otelttest.SpanStubs {
	state, _ := trace.ParseTraceState("a=b")
	at := time.Unix(1731760496, 789_000_001)
	id := func(b byte) trace.SpanContext {
		return trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{b, 0xff}, SpanID: trace.SpanID{b, 1}, TraceFlags: trace.FlagsSampled, TraceState: state})
	}
	attrs := []attribute.KeyValue{
		attribute.String("text", "<\"é\x00\u2028"), attribute.Bool("yes", true), attribute.Bool("no", false), attribute.Int64("int", math.MinInt64),
		attribute.Float64("float", 0.1), attribute.Float64("large", 1e300), attribute.Float64("nan", math.NaN()), attribute.ByteSlice("bytes", []byte{0, 0xff}),
		attribute.StringSlice("texts", []string{"", "a"}), attribute.Int64Slice("ints", []int64{1}), attribute.StringSlice("none", nil),
		attribute.Map("map", attribute.String("k", "v")), attribute.Slice("slice", attribute.IntValue(1), attribute.BoolValue(true)),
	}
	return otelttest.SpanStubs{
		{
			Name: "GET /users/{userid}", SpanContext: id(1), Parent: id(2), SpanKind: trace.SpanKindConsumer, StartTime: at, EndTime: at.Add(3),
			Attributes: attrs, DroppedAttributes: 1, DroppedEvents: 2, DroppedLinks: 3,
			Events:               []sdktrace.Event{{Name: "e", Time: at, Attributes: attrs, DroppedAttributeCount: 4}, {Time: at}},
			Links:                []sdktrace.Link{{SpanContext: id(3), Attributes: attrs, DroppedAttributeCount: 5}, {}},
			Status:               sdktrace.Status{Code: codes.Error, Description: "no connection"},
			Resource:             resource.NewWithAttributes("https://schema.example", attribute.String("service.name", "users")),
			InstrumentationScope: instrumentation.Scope{Name: "s", Version: "1", SchemaURL: "https://scope.example", Attributes: attribute.NewSet(attrs...)},
		},
		{Name: "", SpanContext: id(4), Status: sdktrace.Status{Code: codes.Ok}},
	}
}

// ids matches the IDs in OTLP's JSON.
var ids = regexp.MustCompile(`"(traceId|spanId|parentSpanId)":"([0-9a-f]*)"`)

// TestJSON decodes the same spans by protobuf's own decoder from both
// encodings. IDs are converted first, since OTLP has them in hexadecimal.
func TestJSON(t *testing.T) {
	_, encoded := posted(t, otlp.Options{}, everything())
	var want, got tracepb.TracesData
	if err := proto.Unmarshal(encoded, &want); err != nil {
		t.Fatal(err)
	}
	request, body := posted(t, otlp.Options{Protocol: otlp.ProtocolJSON}, everything())
	if contentType := request.Header.Get("Content-Type"); contentType != "application/json" {
		t.Errorf("the content type is %q", contentType)
	}
	converted := ids.ReplaceAllFunc(body, func(match []byte) []byte {
		parts := ids.FindSubmatch(match)
		id, err := hex.DecodeString(string(parts[2]))
		if err != nil {
			t.Error(err)
		}
		return []byte(`"` + string(parts[1]) + `":"` + base64.StdEncoding.EncodeToString(id) + `"`)
	})
	if err := protojson.Unmarshal(converted, &got); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	// otlptrace has no order of resources.
	for _, data := range []*tracepb.TracesData{&want, &got} {
		slices.SortFunc(data.ResourceSpans, func(a, b *tracepb.ResourceSpans) int { return strings.Compare(a.SchemaUrl, b.SchemaUrl) })
	}
	if diff := cmp.Diff(&want, &got, protocmp.Transform()); diff != "" {
		t.Errorf("(-protobuf +JSON):\n%s", diff)
	}
	if n := len(want.ResourceSpans); n != 2 {
		t.Errorf("%d resources", n)
	}
}

func TestProtocol(t *testing.T) {
	const protobuf, json = "application/x-protobuf", "application/json"
	for _, test := range []struct {
		opts otlp.Options
		env  string
		want string
	}{
		{otlp.Options{}, "", protobuf},
		{otlp.Options{Protocol: otlp.ProtocolHTTP}, "", protobuf},
		{otlp.Options{Protocol: otlp.ProtocolJSON}, "", json},
		{otlp.Options{}, "OTEL_EXPORTER_OTLP_PROTOCOL=http/json", json},
		{otlp.Options{}, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=HTTP/JSON", json},
		{otlp.Options{Protocol: otlp.ProtocolJSON}, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", protobuf},
		{otlp.Options{Protocol: otlp.ProtocolJSON}, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", json},
		{otlp.Options{Name: "vendor"}, "OTEL_EXPORTER_OTLP_PROTOCOL=http/json", protobuf},
	} {
		request, _ := posted(t, test.opts, otelttest.SpanStubs{{Name: "a"}}, test.env)
		if got := request.Header.Get("Content-Type"); got != test.want {
			t.Errorf("%q %s: got %q, want %q", test.opts.Protocol, test.env, got, test.want)
		}
	}
	e, err := otlp.Exporter(&otlp.Options{Protocol: otlp.ProtocolGRPC}).New(environment())
	if e == nil || err == nil || err.Error() != `Protocol: invalid protocol "grpc": want "http/protobuf" or "http/json"` {
		t.Errorf("exporter %v, error %v", e, err)
	}
}

// TestErrorInJSON reads the message of a receiver that refuses a request.
func TestErrorInJSON(t *testing.T) {
	e, err := otlp.Exporter(&otlp.Options{Protocol: otlp.ProtocolJSON, Transport: transport(func(*http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.WriteString(`{"code":3,"message":"no such tenant"}`)
		return w.Result(), nil
	})}).New(environment())
	if err != nil {
		t.Fatal(err)
	}
	err = e.ExportSpans(t.Context(), otelttest.SpanStubs{{Name: "a"}}.Snapshots())
	if err == nil || !strings.HasSuffix(err.Error(), "400 Bad Request: no such tenant") {
		t.Errorf("got %v", err)
	}
}

// TestLargeJSONIsSentInParts checks the limit of bytes, which the protobuf form
// of the batch does not exceed.
func TestLargeJSONIsSentInParts(t *testing.T) {
	spans := make(otelttest.SpanStubs, 10)
	_, small := posted(t, otlp.Options{}, spans)
	e, err := otlp.Exporter(&otlp.Options{Protocol: otlp.ProtocolJSON, MaxBytes: len(small) + 1}).New(environment())
	if err != nil {
		t.Fatal(err)
	}
	var failed *tracing.ExportError
	if err := e.ExportSpans(t.Context(), spans.Snapshots()); !errors.As(err, &failed) || !failed.TooLarge {
		t.Errorf("got %v", err)
	}
}
