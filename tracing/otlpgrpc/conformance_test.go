package otlpgrpc_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/sligo-go/sligo/tracing/internal/wire"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
)

// official is a client of OpenTelemetry's exporter that keeps its messages.
type official struct{ sent []*tracepb.ResourceSpans }

func (o *official) Start(context.Context) error { return nil }
func (o *official) Stop(context.Context) error  { return nil }
func (o *official) UploadTraces(_ context.Context, spans []*tracepb.ResourceSpans) error {
	o.sent = spans
	return nil
}

// TestWireEqualsOfficialEncoding compares the messages of package wire, which
// the exporter of OTLP over HTTP sends, with the ones of OpenTelemetry's
// exporter.
func TestWireEqualsOfficialEncoding(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 200 {
		spans := randomSpans(random).Snapshots()
		var client official
		exporter, err := otlptrace.New(t.Context(), &client)
		if err != nil {
			t.Fatal(err)
		}
		if err := exporter.ExportSpans(t.Context(), spans); err != nil {
			t.Fatal(err)
		}
		otlpgrpc.Prepare(client.sent)
		want := &tracepb.TracesData{ResourceSpans: client.sent}
		body, ok := wire.Append(nil, spans, math.MaxInt)
		var got tracepb.TracesData
		if err := proto.Unmarshal(body, &got); err != nil || !ok {
			t.Fatal(err, ok)
		}
		fromWire := proto.CloneOf(&got)
		byURL := func(a, b *tracepb.ResourceSpans) int { return strings.Compare(a.SchemaUrl, b.SchemaUrl) }
		slices.SortStableFunc(want.ResourceSpans, byURL)
		slices.SortStableFunc(got.ResourceSpans, byURL)
		if !proto.Equal(want, &got) {
			t.Fatalf("batch %d: official:\n%.5000s\nours:\n%.5000s", i, prototext.Format(want), prototext.Format(&got))
		}
		if data := fromJSON(t, spans); !proto.Equal(data, fromWire) {
			t.Fatalf("batch %d: binary:\n%.5000s\nJSON:\n%.5000s", i, prototext.Format(fromWire), prototext.Format(data))
		}
		if size := proto.Size(want); size != len(body) {
			t.Fatalf("batch %d has %d bytes, the official one %d", i, len(body), size)
		}
	}
}

// ids matches the IDs in OTLP's JSON, which has them in hexadecimal.
var ids = regexp.MustCompile(`"(traceId|spanId|parentSpanId)":"([0-9a-f]+)"`)

// fromJSON encodes spans in OTLP's JSON and decodes them by protobuf's own
// decoder, which reads IDs in base64.
func fromJSON(t *testing.T, spans []sdktrace.ReadOnlySpan) *tracepb.TracesData {
	t.Helper()
	body, ok, err := wire.AppendJSON(nil, spans, math.MaxInt)
	if err != nil || !ok {
		t.Fatal(err, ok)
	}
	body = ids.ReplaceAllFunc(body, func(match []byte) []byte {
		parts := ids.FindSubmatch(match)
		id, _ := hex.DecodeString(string(parts[2]))
		return fmt.Appendf(nil, `"%s":"%s"`, parts[1], base64.StdEncoding.EncodeToString(id))
	})
	var data tracepb.TracesData
	if err := protojson.Unmarshal(body, &data); err != nil {
		t.Fatalf("%v in %.5000s", err, body)
	}
	return &data
}

// randomSpans returns spans of a few resources and scopes.
func randomSpans(r *rand.Rand) tracetest.SpanStubs {
	var resources []*resource.Resource
	var scopes []instrumentation.Scope
	for i := range 3 {
		url := fmt.Sprintf("https://example.com/%d", i)
		resources = append(resources, resource.NewWithAttributes(url, attribute.Int("n", i), attribute.String("service.name", "users")))
		scopes = append(scopes, instrumentation.Scope{Name: fmt.Sprint("scope", i), Version: "1", SchemaURL: url,
			Attributes: attribute.NewSet(attribute.Int("n", i))})
	}
	resources = append(resources, resource.Empty())
	scopes = append(scopes, instrumentation.Scope{}, instrumentation.Scope{Name: "only a name"})
	var spans tracetest.SpanStubs
	for range r.IntN(12) {
		s := randomSpan(r)
		s.Resource = resources[r.IntN(len(resources))]
		s.InstrumentationScope = scopes[r.IntN(len(scopes))]
		spans = append(spans, s)
	}
	return spans
}

func randomSpan(r *rand.Rand) tracetest.SpanStub {
	start := time.Unix(0, r.Int64N(2e18))
	s := tracetest.SpanStub{
		Name:              randomText(r),
		SpanContext:       randomContext(r),
		SpanKind:          trace.SpanKind(r.IntN(7)),
		StartTime:         start,
		EndTime:           start.Add(time.Duration(r.Int64N(2e9) - 1e9)),
		Attributes:        randomAttributes(r, 6),
		Status:            sdktrace.Status{Code: codes.Code(r.IntN(3)), Description: randomText(r)},
		DroppedAttributes: r.IntN(3) - 1,
		DroppedEvents:     r.IntN(1000),
		DroppedLinks:      r.IntN(2),
	}
	if r.IntN(2) == 0 {
		s.Parent = randomContext(r)
	}
	if r.IntN(9) == 0 {
		s.StartTime, s.EndTime = time.Unix(-5, 0), time.Unix(-4, 0)
	}
	for range r.IntN(3) {
		s.Events = append(s.Events, sdktrace.Event{Name: randomText(r), Time: start, Attributes: randomAttributes(r, 3), DroppedAttributeCount: r.IntN(3)})
		// The official exporter leaves out a link's trace state.
		link := randomContext(r).WithTraceState(trace.TraceState{})
		s.Links = append(s.Links, sdktrace.Link{SpanContext: link, Attributes: randomAttributes(r, 3), DroppedAttributeCount: r.IntN(300)})
	}
	return s
}

func randomContext(r *rand.Rand) trace.SpanContext {
	state, _ := trace.ParseTraceState("vendor=" + string(rune('a'+r.IntN(26))))
	if r.IntN(2) == 0 {
		state = trace.TraceState{}
	}
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1: byte(r.IntN(256)), 15: 1}, SpanID: trace.SpanID{byte(r.IntN(256)), 7: byte(r.IntN(2))},
		TraceFlags: trace.TraceFlags(r.IntN(4)), Remote: r.IntN(2) == 0, TraceState: state,
	})
}

// randomText returns a text whose length often needs two or three bytes.
func randomText(r *rand.Rand) string {
	text := make([]byte, []int{0, 1, 50, 127, 128, 129, 300, 20000}[r.IntN(8)])
	for i := range text {
		text[i] = 'a' + byte(r.IntN(26))
	}
	if r.IntN(4) == 0 {
		return string(text) + "\xff\xfeé"
	}
	return string(text)
}

func randomAttributes(r *rand.Rand, n int) []attribute.KeyValue {
	var all []attribute.KeyValue
	for range r.IntN(n + 1) {
		all = append(all, attribute.KeyValue{Key: attribute.Key(randomText(r)), Value: randomValue(r, 3)})
	}
	return all
}

func randomValue(r *rand.Rand, depth int) attribute.Value {
	floats := []float64{0, 1.5, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), -1e300}
	switch kind := r.IntN(12); {
	case kind == 0:
		return attribute.Value{}
	case kind == 1:
		return attribute.BoolValue(r.IntN(2) == 0)
	case kind == 2:
		return attribute.Int64Value(r.Int64() - r.Int64())
	case kind == 3:
		return attribute.Float64Value(floats[r.IntN(len(floats))])
	case kind == 4:
		return attribute.BoolSliceValue([]bool{true, false})
	case kind == 5:
		return attribute.Int64SliceValue([]int64{0, -1, r.Int64()})
	case kind == 6:
		return attribute.Float64SliceValue(floats)
	case kind == 7:
		return attribute.StringSliceValue([]string{"", randomText(r), "\xff"})
	case kind == 8:
		return attribute.ByteSliceValue([]byte(randomText(r)))
	case kind == 9 && depth > 0:
		return attribute.SliceValue(randomValue(r, depth-1), randomValue(r, depth-1))
	case kind == 10 && depth > 0:
		return attribute.MapValue(attribute.KeyValue{Key: attribute.Key(randomText(r)), Value: randomValue(r, depth-1)})
	default:
		return attribute.StringValue(randomText(r))
	}
}
