//go:build !race

package sligrpc_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// everySignal returns an instrument with all signals, by the SDK and slog,
// which samples one trace of a hundred.
func everySignal(tb testing.TB) *middleware.Instrument {
	tb.Helper()
	sampler := sdktrace.ParentBased(sdktrace.TraceIDRatioBased(0.01))
	return instrumentWith(tb, sdktrace.NewTracerProvider(sdktrace.WithSampler(sampler)), slog.NewJSONHandler(io.Discard, nil))
}

// ownSignals is everySignal by packages tracing and logging.
func ownSignals(tb testing.TB) *middleware.Instrument {
	tb.Helper()
	tr, err := tracing.Start(tb.Context(), "shop", &tracing.Options{Sampling: tracing.Sampling{Root: sdktrace.TraceIDRatioBased(0.01)}})
	if err != nil {
		tb.Fatal(err)
	}
	handler, err := logging.New("shop", io.Discard, &logging.Options{Trace: tracing.IDs})
	if err != nil {
		tb.Fatal(err)
	}
	return instrumentWith(tb, tr.TracerProvider(), handler)
}

func instrumentWith(tb testing.TB, provider trace.TracerProvider, handler slog.Handler) *middleware.Instrument {
	tb.Helper()
	rec, err := sli.NewRecorder(availability)
	if err != nil {
		tb.Fatal(err)
	}
	in, err := middleware.New(rec, &middleware.Options{
		Spans:     &middleware.SpanOptions{TracerProvider: provider},
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(handler)},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

// ended returns gRPC's part of a unary call that has ended. It takes no more
// headers.
func ended(tb testing.TB) (transport grpc.ServerTransportStream) {
	tb.Helper()
	s := start(tb, config{plain: true, service: &shop{get: func(ctx context.Context, in *message) (*message, error) {
		transport = grpc.ServerTransportStreamFromContext(ctx)
		return in, nil
	}}})
	if err := dialPlain(tb, s.addr).Invoke(tb.Context(), get, text("1"), new(message)); err != nil {
		tb.Fatal(err)
	}
	return transport
}

// discard is a stream that loses its messages.
type discard struct {
	grpc.ServerStream
	ctx context.Context
}

func (*discard) SendMsg(any) error          { return nil }
func (d *discard) Context() context.Context { return d.ctx }

var ipv4 = net.IPv4(127, 0, 0, 1)

// unaryCall returns a function that makes a unary call directly, with the
// events of gRPC.
func unaryCall(tb testing.TB, in *middleware.Instrument, caller net.IP, sent ...string) func() {
	handler, unary, _ := sligrpc.Parts(in)
	md := metadata.MD{":authority": {"shop"}, "content-type": {"application/grpc"}, "user-agent": {"grpc-go/1.83.2"}}
	if len(sent) > 0 {
		md["x-request-id"] = sent
	}
	addr := &net.TCPAddr{IP: caller, Port: 4711}
	conn := handler.TagConn(metadata.NewIncomingContext(context.Background(), md), &stats.ConnTagInfo{RemoteAddr: addr, LocalAddr: addr})
	conn = grpc.NewContextWithServerTransportStream(conn, ended(tb))
	tag, info := &stats.RPCTagInfo{FullMethodName: get}, &grpc.UnaryServerInfo{FullMethod: get}
	before := []stats.RPCStats{&stats.InHeader{Header: md, RemoteAddr: addr, LocalAddr: addr, FullMethod: get}, &stats.Begin{}, &stats.InPayload{}}
	after := []stats.RPCStats{&stats.OutHeader{}, &stats.OutPayload{}, &stats.OutTrailer{}, &stats.End{}}
	req := wrapperspb.String("Lora")
	serve := func(_ context.Context, req any) (any, error) { return req, nil }
	return func() {
		ctx := handler.TagRPC(conn, tag)
		for _, event := range before {
			handler.HandleRPC(ctx, event)
		}
		if _, err := unary(ctx, req, info, serve); err != nil {
			tb.Error(err)
		}
		for _, event := range after {
			handler.HandleRPC(ctx, event)
		}
	}
}

// TestAllocations counts one allocation of a call. Recorded spans, and request
// IDs, which are made in blocks, add less than another one. The SDK makes three
// more for each span, and slog's handler one.
func TestAllocations(t *testing.T) {
	for _, caller := range []net.IP{ipv4, net.IPv6loopback} {
		for _, sent := range [][]string{{"abc-123"}, nil} {
			for own, most := range map[bool]float64{true: 2, false: 5} {
				in := everySignal(t)
				if own {
					in = ownSignals(t)
				}
				call := unaryCall(t, in, caller, sent...)
				call()
				if got := testing.AllocsPerRun(1000, call); got > most {
					t.Errorf("caller %s, request ID %q, own signals %t: got %v allocations, want at most %v", caller, sent, own, got, most)
				}
			}
		}
	}
}

func BenchmarkUnary(b *testing.B) {
	call := unaryCall(b, ownSignals(b), ipv4, "abc-123")
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}

// BenchmarkStream sends 1,000 messages on each stream, directly and through the
// interceptor.
func BenchmarkStream(b *testing.B) {
	const messages = 1000
	message := wrapperspb.String("Lora")
	send := func(_ any, stream grpc.ServerStream) error {
		for range messages {
			if err := stream.SendMsg(message); err != nil {
				return err
			}
		}
		return nil
	}
	for _, measured := range []bool{false, true} {
		b.Run(fmt.Sprintf("measured=%t", measured), func(b *testing.B) {
			handler, _, stream := sligrpc.Parts(everySignal(b))
			info := &grpc.StreamServerInfo{FullMethod: watch, IsServerStream: true}
			b.ReportAllocs()
			for b.Loop() {
				plain := &discard{ctx: context.Background()}
				if !measured {
					_ = send(nil, plain)
					continue
				}
				plain.ctx = handler.TagRPC(plain.ctx, &stats.RPCTagInfo{FullMethodName: watch})
				handler.HandleRPC(plain.ctx, &stats.Begin{IsServerStream: true})
				_ = stream(nil, plain, info, send)
				handler.HandleRPC(plain.ctx, &stats.End{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/messages, "ns/message")
		})
	}
}
