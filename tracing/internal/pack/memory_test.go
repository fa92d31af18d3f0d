package pack_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sligo-go/sligo/tracing/internal/pack"
)

// heap returns the bytes of reachable objects.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestSizeIsHonest compares the sizes of spans with the growth of the heap.
func TestSizeIsHonest(t *testing.T) {
	for _, length := range []int{0, 10, 100, 300, 1000, 1100, 5000, 33000, 100_000} {
		t.Run(fmt.Sprint(length), func(t *testing.T) {
			p := pack.Packer{MaxText: -1}
			spans := make([]*pack.Span, 4_000_000/(length+400))
			s := tracetest.SpanStub{Name: "GET /users/{userid}", Attributes: []attribute.KeyValue{attribute.String("k", strings.Repeat("x", length))}}.Snapshot()
			_ = p.Pack(s) // the buffers that are reused
			before, sum := heap()-8*len(spans), 0
			for i := range spans {
				spans[i] = p.Pack(s)
				sum += spans[i].Size()
			}
			grown := heap() - before
			runtime.KeepAlive(spans)
			if diff := grown - sum; max(diff, -diff) > sum/20+64<<10 {
				t.Errorf("%d spans take %d bytes, but their sizes add up to %d", len(spans), grown, sum)
			}
		})
	}
}

// TestCutTextsPinNothing packs spans whose texts were cut from one of a
// megabyte.
func TestCutTextsPinNothing(t *testing.T) {
	places := map[string]func(cut string) tracetest.SpanStub{
		"name": func(cut string) tracetest.SpanStub { return tracetest.SpanStub{Name: cut} },
		"status": func(cut string) tracetest.SpanStub {
			return tracetest.SpanStub{Status: sdktrace.Status{Code: codes.Error, Description: cut}}
		},
		"key": func(cut string) tracetest.SpanStub {
			return tracetest.SpanStub{Attributes: []attribute.KeyValue{attribute.Bool(cut, true)}}
		},
		"text": func(cut string) tracetest.SpanStub {
			return tracetest.SpanStub{Attributes: []attribute.KeyValue{attribute.String("k", cut)}}
		},
		"list": func(cut string) tracetest.SpanStub {
			return tracetest.SpanStub{Attributes: []attribute.KeyValue{attribute.StringSlice("k", []string{"a", cut})}}
		},
		"map": func(cut string) tracetest.SpanStub {
			return tracetest.SpanStub{Attributes: []attribute.KeyValue{attribute.Map("k", attribute.String(cut, cut))}}
		},
		"slice": func(cut string) tracetest.SpanStub {
			return tracetest.SpanStub{Attributes: []attribute.KeyValue{attribute.Slice("k", attribute.StringValue(cut))}}
		},
		"event": func(cut string) tracetest.SpanStub {
			return tracetest.SpanStub{Events: []sdktrace.Event{{Name: cut, Attributes: []attribute.KeyValue{attribute.String(cut, cut)}}}}
		},
		"link": func(cut string) tracetest.SpanStub {
			return tracetest.SpanStub{Links: []sdktrace.Link{{Attributes: []attribute.KeyValue{attribute.String(cut, cut)}}}}
		},
	}
	for place, stub := range places {
		t.Run(place, func(t *testing.T) {
			p := pack.Packer{MaxText: 4096}
			var spans []*pack.Span
			before := heap()
			for i := range 32 {
				whole := strings.Repeat(fmt.Sprint(i%10), 1<<20)
				spans = append(spans, p.Pack(stub(whole[:100]).Snapshot()))
			}
			if grown := heap() - before; grown > 1<<20 {
				t.Errorf("%d spans keep %d bytes", len(spans), grown)
			}
			runtime.KeepAlive(spans)
		})
	}
}

func BenchmarkPack(b *testing.B) {
	s := tracetest.SpanStub{
		Name: "GET /users/{userid}", InstrumentationScope: instrumentation.Scope{Name: "example.com/users"},
		Attributes: []attribute.KeyValue{
			attribute.String("http.request.method", "GET"), attribute.String("http.route", "/users/{userid}"),
			attribute.Int("http.response.status_code", 200), attribute.String("url.path", "/users/lora"),
			attribute.String("url.scheme", "http"), attribute.String("server.address", "users.example"),
			attribute.String("network.protocol.version", "1.1"), attribute.String("user_agent.original", "curl/8.5.0"),
		},
	}.Snapshot()
	p := pack.Packer{MaxText: 4096}
	var packed *pack.Span
	b.Run("pack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			packed = p.Pack(s)
		}
		b.ReportMetric(float64(packed.Size()), "B/span")
	})
	b.Run("unpack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = packed.Unpack()
		}
	})
}
