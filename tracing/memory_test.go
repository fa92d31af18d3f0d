package tracing_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
)

// memory returns the heap in use after a garbage collection.
func memory() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

const mebibyte = 1 << 20

// large ends a span with a text of a megabyte in each of its places.
func large(tr *tracing.Provider) {
	text := strings.Repeat("x", mebibyte)
	_, s := tr.TracerProvider().Tracer("t").Start(context.Background(), text[:100], trace.WithAttributes(
		attribute.String("http.request.body", text), attribute.StringSlice("list", []string{text[:7], text})))
	s.AddEvent("exception", trace.WithAttributes(attribute.String("exception.stacktrace", text)))
	s.AddLink(trace.Link{SpanContext: s.SpanContext(), Attributes: []attribute.KeyValue{attribute.String("k", text)}})
	s.SetStatus(codes.Error, text)
	s.End()
}

// TestMemoryWhileTheReceiverIsDown fills the queue with spans that are cut from
// megabytes.
func TestMemoryWhileTheReceiverIsDown(t *testing.T) {
	tests := []struct {
		name string
		opts tracing.Options
	}{
		{"exporter", tracing.Options{}},
		{"tail", tracing.Options{Sampling: tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fake{export: refused}
			test.opts.Exporters = []tracing.Exporter{f.exporter("a")}
			tr := begin(t, &test.opts)
			// The tail decides when this span ends, which is too late.
			parent, _ := tr.TracerProvider().Tracer("t").Start(t.Context(), "request")
			before, body := memory(), make([]byte, mebibyte)
			for range 700 { // of 100 kB each
				text := string(body)
				_, s := tr.TracerProvider().Tracer("t").Start(parent, "a", trace.WithAttributes(
					attribute.String("a", text), attribute.StringSlice("b", slices.Repeat([]string{text}, 24))))
				s.End()
			}
			if grown := memory() - before; grown > 72*mebibyte {
				t.Errorf("the heap has grown by %d bytes", grown)
			}
			stats, kept := tr.Stats()[0], tailStats(tr)
			if full := stats.BytesFull; full == 0 && kept.Evicted == 0 {
				t.Errorf("the queue is not full: %+v, %+v", stats, kept)
			}
			if stats.BytesFull != stats.Counts.Dropped || stats.QueuedBytes > 64*mebibyte {
				t.Errorf("got %+v", stats)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_ = tr.Shutdown(ctx)
		})
	}
}

// TestEveryTextIsCut counts the bytes of spans with long texts everywhere.
func TestEveryTextIsCut(t *testing.T) {
	f := &fake{export: refused}
	tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Delay: time.Hour}})
	for range 50 {
		large(tr)
	}
	// Five of the texts are cut to 4096 characters.
	if got := tr.Stats()[0].QueuedBytes; got < 50*5*4096 || got > 50*6*4096 {
		t.Errorf("50 spans take %d bytes", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = tr.Shutdown(ctx)
}

// ordinary ends the span of a request as middleware makes it.
func ordinary(tr *tracing.Provider, i int) {
	_, s := tr.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}/orders/{orderid}",
		trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("http.request.method", "GET"), attribute.String("http.route", "/users/{userid}/orders/{orderid}"),
			attribute.String("url.scheme", "https"), attribute.String("url.path", fmt.Sprintf("/users/%d/orders/%d", i, i*7919)),
			attribute.String("server.address", "users.shop.svc.cluster.local"), attribute.Int("server.port", 8443),
			attribute.String("client.address", "2001:db8:85a3::8a2e:370:7334"), attribute.String("network.peer.address", "10.244.31.207"),
			attribute.Int("network.peer.port", 50000+i%9000), attribute.String("network.protocol.version", "1.1"),
			attribute.String("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"),
		))
	s.SetAttributes(attribute.Int("http.response.status_code", 200), attribute.String("enduser.id", fmt.Sprint(i)))
	s.End()
}

// TestOutageOfTenMinutes sends a span each 10 ms, also while the receiver is
// down.
func TestOutageOfTenMinutes(t *testing.T) {
	for name, answer := range map[string]func(context.Context, int) error{
		"refuses": refused,
		// The exporters of this module wait as long.
		"hangs": func(ctx context.Context, _ int) error {
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			<-ctx.Done()
			return &tracing.ExportError{Err: ctx.Err(), Retry: true}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const rate, outage = 100, 10 * time.Minute
				f := &fake{}
				tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
				before, most := memory(), tracing.Stats{}
				for i := range rate * int((outage + time.Minute).Seconds()) {
					switch i {
					case rate * 7:
						f.answer(answer)
					case rate * (7 + int(outage.Seconds())):
						most = tr.Stats()[0]
						if grown := memory() - before; grown < most.QueuedBytes*9/10 || grown > most.QueuedBytes*12/10+4*mebibyte {
							t.Errorf("the heap has grown by %d bytes; the spans take %d", grown, most.QueuedBytes)
						}
						f.answer(nil)
					}
					ordinary(tr, i)
					time.Sleep(time.Second / rate)
				}
				if most.Counts.Queued < rate*uint64(outage.Seconds()) || most.QueuedBytes > 64*mebibyte {
					t.Errorf("at the end of the outage: %+v", most)
				}
				err := tr.Shutdown(t.Context())
				if c := tr.Stats()[0].Counts; err != nil || c.Lost() != 0 || c.Done != rate*uint64((outage+time.Minute).Seconds()) {
					t.Errorf("%v, error %v", c, err)
				}
			})
		})
	}
}

// TestQueueIsBoundedInBytes also counts the spans that are being sent.
func TestQueueIsBoundedInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: hanging}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{QueueBytes: 100_000}})
		end := func(length int) {
			_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a", trace.WithAttributes(attribute.String("k", strings.Repeat("x", length))))
			s.End()
			synctest.Wait()
		}
		end(4000)
		one := tr.Stats()[0].QueuedBytes
		if one < 4000 || one > 4500 {
			t.Fatalf("a span takes %d bytes", one)
		}
		fit := 100_000 / one
		for range fit - 1 {
			end(4000)
		}
		if got := tr.Stats()[0]; got.Counts.Queued != fit || got.Counts.Dropped != 0 || got.QueuedBytes != fit*one {
			t.Errorf("of %d spans that fit: %+v", fit, got)
		}
		for range 5 {
			end(4000)
		}
		if got := tr.Stats()[0]; got.Counts.Queued != fit || got.Counts.Dropped != 5 || got.BytesFull != 5 || got.QueueFull != 0 {
			t.Errorf("of five spans more: %+v", got)
		}
		end(0) // a small span still fits
		if got := tr.Stats()[0]; got.Counts.Queued != fit+1 {
			t.Errorf("of a small span: %+v", got)
		}
		f.answer(nil)
		_ = tr.Shutdown(t.Context())
		if got := tr.Stats()[0]; got.QueuedBytes != 0 || got.Counts.Queued != 0 {
			t.Errorf("after the shutdown: %+v", got)
		}
	})
}

// TestDropsAreCountedByReason drops spans for each of the three reasons.
func TestDropsAreCountedByReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: hanging}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")},
			Batch: tracing.Batch{Queue: 10, Size: 10, QueueBytes: 8000}, Sampling: tracing.Sampling{Limits: &sdktrace.SpanLimits{AttributeValueLengthLimit: -1}}})
		for range 10 {
			span(tr, "a")
		}
		synctest.Wait() // the exporter holds the first ten, and the queue is empty
		for range 12 {
			span(tr, "a")
		}
		for range 3 {
			_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a", trace.WithAttributes(attribute.String("k", strings.Repeat("x", 9000))))
			s.End()
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_ = tr.Shutdown(ctx)
		for range 4 {
			span(tr, "a")
		}
		got := tr.Stats()[0]
		if got.QueueFull != 2 || got.BytesFull != 3 || got.Counts.Dropped-got.QueueFull-got.BytesFull < 4 || got.Counts.Accepted() != 29 {
			t.Errorf("got %+v", got)
		}
	})
}

// TestLargeSpansAreSentBeforeTheDelay ends spans that fill the queue's bytes
// although they are few, with a receiver that accepts all of them.
func TestLargeSpansAreSentBeforeTheDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")},
			Batch: tracing.Batch{Delay: time.Hour}, Sampling: tracing.Sampling{Limits: &sdktrace.SpanLimits{AttributeValueLengthLimit: -1}}})
		text := strings.Repeat("x", 256<<10)
		for range 400 { // 100 MiB
			_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a", trace.WithAttributes(attribute.String("k", text)))
			s.End()
			synctest.Wait()
		}
		if err := tr.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		for _, n := range f.accepted() {
			if n > 8 {
				t.Errorf("a batch has %d spans of 256 kB", n)
			}
		}
	})
}

// TestTailIsBoundedInBytes holds more bytes than the tail may.
func TestTailIsBoundedInBytes(t *testing.T) {
	tr := begin(t, &tracing.Options{Sampling: tracing.Sampling{
		Root: sdktrace.NeverSample(), Tail: &tracing.Tail{Bytes: 10_000}, Limits: &sdktrace.SpanLimits{AttributeValueLengthLimit: -1}}})
	tracer := tr.TracerProvider().Tracer("t")
	child := func(ctx context.Context, length int) {
		_, s := tracer.Start(ctx, "child", trace.WithAttributes(attribute.String("k", strings.Repeat("x", length))))
		s.End()
	}
	first, firstSpan := tracer.Start(t.Context(), "first")
	second, secondSpan := tracer.Start(t.Context(), "second")
	child(first, 4000)
	child(second, 4000)
	child(second, 4000) // evicts the first child
	if got, want := tailStats(tr), (tracing.TailStats{Held: 2, Evicted: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	child(second, 20_000) // is too large alone and evicts no other
	if got, want := tailStats(tr), (tracing.TailStats{Held: 2, Evicted: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	child(first, 9000) // evicts both children of the second
	if got, want := tailStats(tr), (tracing.TailStats{Held: 1, Evicted: 4}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	firstSpan.SetStatus(codes.Error, "")
	firstSpan.End()
	secondSpan.End()
	if got, want := tailStats(tr), (tracing.TailStats{Kept: 2, Discarded: 1, Evicted: 4}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	_ = tr.Shutdown(t.Context())
}
