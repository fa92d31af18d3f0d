package sligrpc_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// retained is the context of a call, which its handler left behind.
type retained struct {
	ctx  context.Context
	text string // of the request
	id   string
	span trace.SpanContext
}

// misuse does what would change a call, and checks that the context is still
// the one of its own call.
func (r *retained) misuse(t *testing.T) {
	sligrpc.SetGroup(r.ctx, "misused")
	logging.SetUser(r.ctx, "mallory")
	if id, span := logging.RequestID(r.ctx), trace.SpanContextFromContext(r.ctx); id != r.id || !span.Equal(r.span) {
		t.Errorf("a retained context has ID %s and span %v, want %s and %v", id, span, r.id, r.span)
	}
	_, _, _ = r.ctx.Err(), r.ctx.Done(), context.Cause(r.ctx)
	_, _ = r.ctx.Deadline()
}

// retention keeps the contexts of calls. Done is called when a call has ended.
type retention struct {
	t     *testing.T
	mu    sync.Mutex
	kept  map[string]*retained // by request ID
	ended []*retained
}

// get misuses the contexts of the latest calls, whose states other calls have.
func (all *retention) get(ctx context.Context, in *message) (*message, error) {
	r := &retained{ctx, in.GetValue(), logging.RequestID(ctx), trace.SpanContextFromContext(ctx)}
	logging.SetUser(ctx, r.text)
	sligrpc.SetGroup(ctx, r.text)
	all.mu.Lock()
	all.kept[r.id] = r
	latest := slices.Clone(all.ended[max(0, len(all.ended)-20):])
	all.mu.Unlock()
	for _, before := range latest {
		before.misuse(all.t)
	}
	return in, nil
}

func (all *retention) done(record middleware.Record) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if r := all.kept[record.RequestID]; r != nil {
		all.ended = append(all.ended, r)
	}
}

// TestRetainedContexts uses the contexts of calls that have ended while the
// server serves others. None of it may count for the others.
func TestRetainedContexts(t *testing.T) {
	const callers, each = 4, 100
	for name, sampler := range map[string]sdktrace.Sampler{"recorded": sdktrace.AlwaysSample(), "unrecorded": sdktrace.NeverSample()} {
		t.Run(name, func(t *testing.T) {
			bothModes(t, func(t *testing.T, opts sligrpc.Options) {
				all := &retention{t: t, kept: make(map[string]*retained)}
				s := start(t, config{opts: &opts, service: &shop{get: all.get}, change: func(o *middleware.Options) {
					o.Spans.TracerProvider = sampledBy(t, sampler)
					done := o.Done
					o.Done = func(r middleware.Record) { done(r); all.done(r) }
				}})
				conn := dialPlain(t, s.addr)
				var clients sync.WaitGroup
				for c := range callers {
					clients.Go(func() {
						for i := range each {
							if err := conn.Invoke(t.Context(), get, text(strconv.Itoa(c*each+i)), new(message)); err != nil {
								t.Error(err)
							}
						}
					})
				}
				clients.Wait()
				for _, record := range s.server.wait(t, callers*each) {
					all.check(record)
				}
				if got := s.server.counts(); got != (sli.Counts{Good: callers * each, Valid: callers * each}) {
					t.Errorf("got %v", got)
				}
			})
		})
	}
}

// sampledBy returns package tracing's provider with a sampler.
func sampledBy(t *testing.T, sampler sdktrace.Sampler) trace.TracerProvider {
	tr, err := tracing.Start(context.Background(), "shop", &tracing.Options{Sampling: tracing.Sampling{Root: sampler}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Shutdown(context.Background()) })
	return tr.TracerProvider()
}

// check compares the record of a call with its context.
func (all *retention) check(record middleware.Record) {
	r := all.kept[record.RequestID]
	if record.UserID != r.text || record.Event.Group != r.text || !record.Span.Equal(r.span) {
		all.t.Fatalf("call %s: got user %q, group %q and span %v, want %v", r.text, record.UserID, record.Event.Group, record.Span, r.span)
	}
	if r.misuse(all.t); logging.UserID(r.ctx) != "mallory" {
		all.t.Errorf("call %s: its context has user %q", r.text, logging.UserID(r.ctx))
	}
	for end := time.Now().Add(10 * time.Second); sligrpc.SetGroup(r.ctx, "misused"); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			all.t.Fatalf("call %s: SetGroup found a call that has ended", r.text)
		}
	}
}

// TestHandlersLeftBehind has an interceptor around that answers before the
// handler returns. The handler panics while the server serves other calls.
func TestHandlersLeftBehind(t *testing.T) {
	const during = 50
	proceed := make(chan struct{})
	var left sync.WaitGroup
	var waiting atomic.Int64
	impatient := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if req.(*message).GetValue() != "slow" {
			return handler(ctx, req)
		}
		left.Go(func() { _, _ = handler(ctx, req) })
		return nil, status.Error(codes.Unavailable, "slow")
	}
	s := start(t, config{serverOptions: []grpc.ServerOption{grpc.UnaryInterceptor(impatient)}, service: &shop{
		get: func(_ context.Context, in *message) (*message, error) {
			switch in.GetValue() {
			case "slow":
				<-proceed
				panic("late")
			case "during":
				if waiting.Add(1) == during {
					close(proceed)
				}
				left.Wait()
			}
			return in, nil
		},
	}})
	conn := dialPlain(t, s.addr)
	call := func(value string) error { return conn.Invoke(t.Context(), get, text(value), new(message)) }
	if err := call("slow"); status.Code(err) != codes.Unavailable {
		t.Errorf("got %v", err)
	}
	s.server.wait(t, 1)
	var clients sync.WaitGroup
	for range during {
		clients.Go(func() {
			if err := call("during"); err != nil {
				t.Error(err)
			}
		})
	}
	clients.Wait()
	want := append(slices.Repeat([]string{get + " OK"}, during), get+" UNAVAILABLE UNAVAILABLE")
	s.server.verify(t, "rpc_server", want, exact{good: during, bad: 1})
}

// TestHandlersThatReturnMeanwhile has interceptors around that answer while the
// handler returns in another goroutine.
func TestHandlersThatReturnMeanwhile(t *testing.T) {
	const each = 50
	late := func(value string) error {
		if value == "panic" {
			panic("late")
		}
		return nil
	}
	var behind sync.WaitGroup
	early := status.Error(codes.Unavailable, "early")
	unary := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		behind.Go(func() { _, _ = handler(ctx, req) })
		return nil, early
	}
	stream := func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		behind.Go(func() { _ = handler(srv, ss) })
		return early
	}
	s := start(t, config{
		serverOptions: []grpc.ServerOption{grpc.UnaryInterceptor(unary), grpc.StreamInterceptor(stream)},
		service: &shop{
			get:  func(_ context.Context, in *message) (*message, error) { return in, late(in.GetValue()) },
			open: func(grpc.ServerStream) error { return late("panic") },
		},
	})
	conn := dialPlain(t, s.addr)
	for range each {
		for _, value := range []string{"return", "panic"} {
			if err := conn.Invoke(t.Context(), get, text(value), new(message)); status.Code(err) != codes.Unavailable {
				t.Errorf("got %v", err)
			}
		}
		ss, err := conn.NewStream(t.Context(), streamDesc(chat), chat)
		if err == nil {
			err = ss.RecvMsg(new(message))
		}
		if status.Code(err) != codes.Unavailable {
			t.Errorf("got %v", err)
		}
	}
	behind.Wait()
	if got := len(s.server.wait(t, 3*each)); got != 3*each {
		t.Errorf("got %d records", got)
	}
}

// keeper is a transport of the program, which keeps the headers of its calls.
type keeper struct {
	grpc.ServerTransportStream
	mu   sync.Mutex
	kept []metadata.MD
}

func (k *keeper) SetHeader(md metadata.MD) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = append(k.kept, md)
	return nil
}

// TestRetainedHeaders keeps the headers of calls. Each has the request ID of
// its own call.
func TestRetainedHeaders(t *testing.T) {
	const calls = 20
	all := &keeper{}
	keep := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return handler(grpc.NewContextWithServerTransportStream(ctx, all), req)
	}
	s := start(t, config{
		serverOptions: []grpc.ServerOption{grpc.UnaryInterceptor(keep)},
		service:       &shop{get: func(_ context.Context, in *message) (*message, error) { return in, nil }},
	})
	conn := dialPlain(t, s.addr)
	for range calls {
		if err := conn.Invoke(t.Context(), get, text("1"), new(message)); err != nil {
			t.Fatal(err)
		}
	}
	var want, got []string
	for _, record := range s.server.wait(t, calls) {
		want = append(want, record.RequestID)
	}
	for _, md := range all.kept {
		for _, values := range md {
			got = append(got, values...)
		}
	}
	slices.Sort(want) // a call can end after the next one has begun
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
