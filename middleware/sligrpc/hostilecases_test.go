package sligrpc_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

func hostileCases() []hostileCase {
	return slicesOf(deadlineCases(), leavingCases(), streamCases(), attemptCases(), wireCases(), sizeCases())
}

func slicesOf(groups ...[]hostileCase) (all []hostileCase) {
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

// echoed answers a unary call with its request.
func echoed(_ context.Context, in *message) (*message, error) { return in, nil }

// untilGone waits until the client is gone.
func untilGone(ctx context.Context, _ *message) (*message, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// around runs a function around all interceptors.
func around(f func(context.Context)) grpc.ServerOption {
	return grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		f(ctx)
		return handler(ctx, req)
	})
}

// after runs a function when all interceptors have returned.
func after(f func(context.Context)) grpc.ServerOption {
	return grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		defer f(ctx)
		return handler(ctx, req)
	})
}

// timedOut makes a case whose deadline passes while a function of its server
// waits. The server answers after the client has returned, because its clock
// may be ahead.
func timedOut(use func(sc *scenario, wait func(context.Context))) func() *scenario {
	return func() *scenario {
		returned := make(chan bool)
		sc := &scenario{shop: shop{get: echoed}}
		sc.client = func(t *testing.T, s *shopServer) reply {
			defer close(returned)
			s.connect(t)
			ctx := t.Context()
			if sc.dial == nil { // else the service config has a deadline
				var cancel func()
				ctx, cancel = context.WithTimeout(ctx, shortly)
				defer cancel()
			}
			return one(ctx, s, "Lora")
		}
		use(sc, func(ctx context.Context) {
			<-ctx.Done()
			<-returned
			passDeadline(ctx)
		})
		return sc
	}
}

func deadlineCases() []hostileCase {
	timeout := []string{get + " DEADLINE_EXCEEDED timeout unanswered"}
	return []hostileCase{
		{name: "deadline passed before the call was sent", code: codes.DeadlineExceeded, caller: timeout, called: exact{bad: 1},
			make: func() *scenario {
				return &scenario{client: func(t *testing.T, s *shopServer) reply {
					ctx, cancel := context.WithTimeout(t.Context(), -time.Second)
					defer cancel()
					return one(ctx, s, "Lora")
				}}
			}},
		{name: "deadline passed before the handler", code: codes.DeadlineExceeded, stats: true, server: timeout, caller: timeout, served: exact{bad: 1}, called: exact{bad: 1},
			make: timedOut(func(sc *scenario, wait func(context.Context)) { sc.serve = []grpc.ServerOption{around(wait)} })},
		{name: "deadline passed in the handler", code: codes.DeadlineExceeded, server: timeout, caller: timeout, served: exact{bad: 1}, called: exact{bad: 1},
			make: timedOut(func(sc *scenario, wait func(context.Context)) {
				sc.get = func(ctx context.Context, in *message) (*message, error) { wait(ctx); return in, nil }
			})},
		{name: "deadline passed after the handler", code: codes.DeadlineExceeded, stats: true, server: timeout, caller: timeout, served: exact{bad: 1}, called: exact{bad: 1},
			make: timedOut(func(sc *scenario, wait func(context.Context)) { sc.serve = []grpc.ServerOption{after(wait)} })},
		{name: "deadline of the service config", code: codes.DeadlineExceeded, server: timeout, caller: timeout, served: exact{bad: 1}, called: exact{bad: 1},
			make: timedOut(func(sc *scenario, wait func(context.Context)) {
				sc.get = func(ctx context.Context, in *message) (*message, error) { wait(ctx); return in, nil }
				sc.dial = []grpc.DialOption{grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "1s"}]}`)}
			})},
		{name: "deadline passed in a stream that nobody drains", code: codes.DeadlineExceeded,
			server: []string{watch + " DEADLINE_EXCEEDED timeout"}, served: exact{bad: 1},
			caller: []string{watch + " DEADLINE_EXCEEDED timeout"}, called: exact{bad: 1},
			make: func() *scenario {
				return &scenario{shop: shop{open: flood(nil)}, client: func(t *testing.T, s *shopServer) reply {
					s.connect(t)
					ctx, cancel := context.WithTimeout(t.Context(), shortly)
					defer cancel()
					stream := s.open(ctx, t, watch)
					_ = stream.CloseSend()
					if err := stream.RecvMsg(new(message)); err != nil {
						t.Error(err)
					}
					<-ctx.Done()
					return reply{err: all(stream).err}
				}}
			}},
	}
}

// passDeadline waits for the deadline by the server's clock. The client's end
// of the call can arrive long before if its begin was delayed.
func passDeadline(ctx context.Context) {
	if deadline, ok := ctx.Deadline(); ok {
		time.Sleep(time.Until(deadline))
	}
}

// flood sends messages until the client is gone. It reports the first one.
func flood(sent chan<- bool) func(grpc.ServerStream) error {
	return func(stream grpc.ServerStream) error {
		big := text(strings.Repeat("coffee ", 4000))
		for first := true; ; first = false {
			if err := stream.SendMsg(big); err != nil {
				passDeadline(stream.Context())
				return err
			}
			if first && sent != nil {
				sent <- true
			}
		}
	}
}

// leave makes a unary call and cancels it when the handler has begun.
func leave(entered <-chan bool, patience time.Duration, cause error) func(*testing.T, *shopServer) reply {
	return func(t *testing.T, s *shopServer) reply {
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			<-entered
			time.Sleep(patience)
			cancel(cause)
		}()
		return one(ctx, s, "Lora")
	}
}

func leavingCases() []hostileCase {
	canceled := []string{get + " CANCELLED canceled canceled"}
	// left returns a client that leaves after a time, and a handler that returns
	// an answer then.
	left := func(after time.Duration, cause error, answer error) func() *scenario {
		return func() *scenario {
			entered := make(chan bool, 1)
			sc := &scenario{client: leave(entered, after, cause), shop: shop{get: func(ctx context.Context, in *message) (*message, error) {
				entered <- true
				<-ctx.Done()
				return in, answer
			}}}
			if after > 0 {
				sc.patience = after
			}
			return sc
		}
	}
	return []hostileCase{
		{name: "client left, handler returned nil", code: codes.Canceled, server: canceled, caller: canceled, served: exact{ignored: 1}, called: exact{ignored: 1},
			make: left(0, nil, nil)},
		{name: "client left, handler failed", code: codes.Canceled, server: canceled, caller: canceled, served: exact{ignored: 1}, called: exact{ignored: 1},
			make: left(0, nil, errQuery)},
		{name: "client left with a cause", code: codes.Canceled, server: canceled, caller: canceled, served: exact{ignored: 1}, called: exact{ignored: 1},
			make: left(0, errQuery, nil)},
		{name: "client left after the bound", code: codes.Canceled, server: canceled, caller: canceled, served: exact{bad: 1}, called: exact{bad: 1},
			make: left(10*time.Millisecond, nil, nil)},
		{name: "client left after the bound with a cause", code: codes.Canceled, server: canceled, caller: canceled, served: exact{bad: 1}, called: exact{ignored: 1},
			make: left(10*time.Millisecond, errQuery, nil)},
		{name: "canceled before the call was sent", code: codes.Canceled, caller: canceled, called: exact{ignored: 1},
			make: func() *scenario {
				return &scenario{client: func(t *testing.T, s *shopServer) reply {
					ctx, cancel := context.WithCancel(t.Context())
					cancel()
					return one(ctx, s, "Lora")
				}}
			}},
		{name: "server canceled the call", code: codes.Canceled, server: []string{get + " CANCELLED"}, caller: []string{get + " CANCELLED CANCELLED"}, served: exact{bad: 1}, called: exact{bad: 1},
			make: func() *scenario {
				return &scenario{shop: shop{get: func(ctx context.Context, _ *message) (*message, error) {
					ctx, cancel := context.WithCancel(ctx)
					cancel()
					return nil, ctx.Err()
				}}, client: func(t *testing.T, s *shopServer) reply { return one(t.Context(), s, "Lora") }}
			}},
		{name: "client left between the handler and its answer", code: codes.Canceled, stats: true, server: canceled, caller: canceled, served: exact{ignored: 1}, called: exact{ignored: 1},
			make: func() *scenario {
				entered := make(chan bool, 1)
				return &scenario{shop: shop{get: echoed}, client: leave(entered, 0, nil), serve: []grpc.ServerOption{after(func(ctx context.Context) {
					entered <- true
					<-ctx.Done()
				})}}
			}},
		{name: "server stopped in a call", code: codes.Unavailable, server: canceled, caller: []string{get + " UNAVAILABLE UNAVAILABLE"}, served: exact{ignored: 1}, called: exact{bad: 1},
			make: func() *scenario {
				entered := make(chan bool, 1)
				return &scenario{shop: shop{get: func(ctx context.Context, _ *message) (*message, error) {
					entered <- true
					<-ctx.Done()
					return nil, ctx.Err()
				}}, client: func(t *testing.T, s *shopServer) reply {
					go func() { <-entered; s.grpc.Stop() }()
					return one(t.Context(), s, "Lora")
				}}
			}},
		{name: "server stopped gracefully in a call", code: codes.OK, server: []string{get + " OK"}, caller: []string{get + " OK"}, served: exact{good: 1}, called: exact{good: 1},
			make: func() *scenario {
				entered, drains := make(chan bool, 1), make(chan bool)
				return &scenario{shop: shop{get: func(_ context.Context, in *message) (*message, error) {
					entered <- true
					<-drains
					return in, nil
				}}, client: func(t *testing.T, s *shopServer) reply {
					stopped := make(chan bool)
					go func() {
						<-entered
						close(drains)
						s.grpc.GracefulStop()
						close(stopped)
					}()
					r := one(t.Context(), s, "Lora")
					<-stopped
					return r
				}}
			}},
		{name: "client closed its connection in a call", code: codes.Canceled, server: canceled, caller: canceled, served: exact{ignored: 1}, called: exact{ignored: 1},
			make: func() *scenario {
				entered := make(chan bool, 1)
				return &scenario{shop: shop{get: func(ctx context.Context, _ *message) (*message, error) {
					entered <- true
					<-ctx.Done()
					return nil, ctx.Err()
				}}, client: func(t *testing.T, s *shopServer) reply {
					go func() { <-entered; _ = s.conn.Close() }()
					return one(t.Context(), s, "Lora")
				}}
			}},
	}
}

func streamCases() []hostileCase {
	return []hostileCase{
		{name: "client never reads its stream and leaves", code: codes.Canceled, server: []string{watch + " OK"}, served: exact{good: 1},
			caller: []string{watch + " CANCELLED canceled canceled"}, called: exact{ignored: 1},
			make: func() *scenario {
				sent := make(chan bool, 1)
				return &scenario{shop: shop{open: flood(sent)}, client: func(t *testing.T, s *shopServer) reply {
					ctx, cancel := context.WithCancel(t.Context())
					stream := s.open(ctx, t, watch)
					_ = stream.CloseSend()
					<-sent
					cancel()
					return reply{err: status.FromContextError(ctx.Err()).Err()}
				}}
			}},
		{name: "client reads its stream after its end", code: codes.NotFound, server: []string{watch + " NOT_FOUND"}, served: exact{good: 1},
			caller: []string{watch + " NOT_FOUND NOT_FOUND"}, called: exact{good: 1},
			make: func() *scenario {
				return &scenario{shop: returning(status.Error(codes.NotFound, "no such order")), client: func(t *testing.T, s *shopServer) (r reply) {
					stream := s.open(t.Context(), t, watch)
					_ = stream.CloseSend()
					for range 5 {
						r = all(stream)
					}
					return r
				}}
			}},
		{name: "client left an idle stream after the bound", code: codes.Canceled, server: []string{chat + " CANCELLED canceled canceled"}, served: exact{ignored: 1},
			caller: []string{chat + " CANCELLED canceled canceled"}, called: exact{ignored: 1},
			make: func() *scenario {
				entered := make(chan bool, 1)
				return &scenario{patience: time.Millisecond, shop: shop{open: func(stream grpc.ServerStream) error {
					entered <- true
					<-stream.Context().Done()
					return stream.Context().Err()
				}}, client: func(t *testing.T, s *shopServer) reply {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					stream := s.open(ctx, t, chat)
					<-entered
					time.Sleep(5 * time.Millisecond) // longer than the bound
					cancel()
					return all(stream)
				}}
			}},
		{name: "half-closed stream goes on", code: codes.OK, server: []string{chat + " OK"}, caller: []string{chat + " OK"}, served: exact{good: 1}, called: exact{good: 1},
			make: func() *scenario {
				return &scenario{shop: shop{open: func(stream grpc.ServerStream) error {
					err := stream.RecvMsg(new(message))
					for i := 0; !errors.Is(err, io.EOF) || i < 3; i++ {
						if err := stream.SendMsg(text("order")); err != nil {
							return err
						}
						err = stream.RecvMsg(new(message))
					}
					stream.SetTrailer(metadata.Pairs("rows", "3"))
					return nil
				}}, client: func(t *testing.T, s *shopServer) reply {
					stream := s.open(t.Context(), t, chat)
					_ = stream.SendMsg(text("Lora"))
					_ = stream.CloseSend()
					return all(stream)
				}}
			}},
		{name: "server ends a stream that the client still sends on", code: codes.FailedPrecondition, server: []string{upload + " FAILED_PRECONDITION"}, served: exact{bad: 1},
			caller: []string{upload + " FAILED_PRECONDITION FAILED_PRECONDITION"}, called: exact{bad: 1},
			make: func() *scenario {
				return &scenario{shop: shop{open: func(grpc.ServerStream) error { return status.Error(codes.FailedPrecondition, "shop closed") }},
					client: func(t *testing.T, s *shopServer) reply {
						stream := s.open(t.Context(), t, upload)
						for stream.SendMsg(text("Lora")) == nil {
						}
						return all(stream)
					}}
			}},
		{name: "handler ignores the end of its client", code: codes.Canceled, server: []string{chat + " OK"}, served: exact{good: 1},
			caller: []string{chat + " OK"}, called: exact{good: 1},
			make: func() *scenario {
				return &scenario{shop: shop{open: func(stream grpc.ServerStream) error {
					_ = stream.SendMsg(text("order"))
					<-stream.Context().Done()
					for range 5 {
						_ = stream.SendMsg(text("order"))
						_ = stream.RecvMsg(new(message))
					}
					return errQuery
				}}, client: func(t *testing.T, s *shopServer) reply {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					stream := s.open(ctx, t, chat)
					if err := stream.RecvMsg(new(message)); err != nil {
						t.Error(err)
					}
					cancel()
					return all(stream)
				}}
			}},
		{name: "stream in a graceful stop", code: codes.OK, server: []string{chat + " OK"}, caller: []string{chat + " OK"}, served: exact{good: 1}, called: exact{good: 1},
			make: func() *scenario {
				return &scenario{shop: shop{open: echo}, client: func(t *testing.T, s *shopServer) reply {
					stream := s.open(t.Context(), t, chat)
					_ = stream.SendMsg(text("one"))
					if err := stream.RecvMsg(new(message)); err != nil {
						t.Error(err)
					}
					stopped := make(chan bool)
					go func() { s.grpc.GracefulStop(); close(stopped) }()
					_ = stream.SendMsg(text("two"))
					_ = stream.CloseSend()
					r := all(stream)
					<-stopped
					return r
				}}
			}},
	}
}

// retries is a service config that tries a call three times.
const retries = `{"methodConfig": [{"name": [{"service": "shop.Orders"}], "retryPolicy": {"maxAttempts": 3,
	"initialBackoff": "0.001s", "maxBackoff": "0.001s", "backoffMultiplier": 1, "retryableStatusCodes": ["UNAVAILABLE"]}}]}`

// failing fails the first n calls.
func failing(n int32) shop {
	var calls atomic.Int32
	fails := func() error {
		if calls.Add(1) <= n {
			return status.Error(codes.Unavailable, "no database")
		}
		return nil
	}
	return shop{get: func(_ context.Context, in *message) (*message, error) { return in, fails() }, open: func(stream grpc.ServerStream) error {
		if err := fails(); err != nil {
			return err
		}
		return echo(stream)
	}}
}

// again is an interceptor that makes a failed call once more.
func again(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if err := invoker(ctx, method, req, reply, cc, opts...); err == nil {
		return nil
	}
	return invoker(ctx, method, req, reply, cc, opts...)
}

func attemptCases() []hostileCase {
	unavailable := get + " UNAVAILABLE UNAVAILABLE"
	unary := func(t *testing.T, s *shopServer) reply { return one(t.Context(), s, "Lora") }
	retried := []grpc.DialOption{grpc.WithDefaultServiceConfig(retries)}
	return []hostileCase{
		{name: "third attempt succeeds", code: codes.OK, server: []string{get + " OK", unavailable, unavailable}, served: exact{good: 1, bad: 2},
			caller: []string{get + " OK"}, called: exact{good: 1},
			make: func() *scenario { return &scenario{shop: failing(2), dial: retried, client: unary} }},
		{name: "all attempts fail", code: codes.Unavailable, server: []string{unavailable, unavailable, unavailable}, served: exact{bad: 3},
			caller: []string{unavailable}, called: exact{bad: 1},
			make: func() *scenario { return &scenario{shop: failing(3), dial: retried, client: unary} }},
		{name: "third attempt of a stream succeeds", code: codes.OK, served: exact{good: 1, bad: 2},
			server: []string{chat + " OK", chat + " UNAVAILABLE UNAVAILABLE", chat + " UNAVAILABLE UNAVAILABLE"},
			caller: []string{chat + " OK"}, called: exact{good: 1},
			make: func() *scenario {
				return &scenario{shop: failing(2), dial: retried, client: func(t *testing.T, s *shopServer) reply {
					stream := s.open(t.Context(), t, chat)
					_ = stream.SendMsg(text("Lora"))
					_ = stream.CloseSend()
					return all(stream)
				}}
			}},
		{name: "an interceptor behind makes two attempts", code: codes.OK, server: []string{get + " OK", unavailable}, served: exact{good: 1, bad: 1},
			caller: []string{get + " OK"}, called: exact{good: 1},
			make: func() *scenario {
				return &scenario{shop: failing(1), client: func(t *testing.T, s *shopServer) reply { return one(t.Context(), s, "Lora") },
					behind: []grpc.DialOption{grpc.WithChainUnaryInterceptor(again)}}
			}},
		{name: "an interceptor in front makes two calls", code: codes.OK, server: []string{get + " OK", unavailable}, served: exact{good: 1, bad: 1},
			caller: []string{get + " OK", unavailable}, called: exact{good: 1, bad: 1},
			make: func() *scenario {
				return &scenario{shop: failing(1), client: unary, dial: []grpc.DialOption{grpc.WithChainUnaryInterceptor(again)}}
			}},
		{name: "hedged calls", code: codes.OK, server: []string{get + " CANCELLED canceled canceled", get + " OK"}, served: exact{good: 1, ignored: 1},
			caller: []string{get + " CANCELLED canceled canceled", get + " OK"}, called: exact{good: 1, ignored: 1},
			make: hedged},
	}
}

// hedged makes two calls at once, of which the first hangs, and cancels it when
// the second has an answer.
func hedged() *scenario {
	entered := make(chan bool, 1)
	return &scenario{shop: shop{get: func(ctx context.Context, in *message) (*message, error) {
		if in.GetValue() == "second" {
			return in, nil
		}
		entered <- true
		return untilGone(ctx, in)
	}}, client: func(t *testing.T, s *shopServer) reply {
		ctx, cancel := context.WithCancelCause(t.Context())
		lost := make(chan bool)
		go func() {
			one(ctx, s, "first")
			close(lost)
		}()
		<-entered
		r := one(t.Context(), s, "second")
		cancel(errors.New("another attempt answered"))
		<-lost
		return r
	}}
}

// nthHeaders counts the calls that pass a proxy.
func nthHeaders(act func(w *wire, n int32, stream uint32) bool) func(*wire, frame) bool {
	var n atomic.Int32
	return func(w *wire, f frame) bool { return f.kind != frameHeaders || act(w, n.Add(1), f.stream) }
}

func wireCases() []hostileCase {
	ok, canceled := []string{get + " OK"}, []string{get + " CANCELLED canceled canceled"}
	unary := func(t *testing.T, s *shopServer) reply { return one(t.Context(), s, "Lora") }
	passing := func(act func(w *wire, n int32, stream uint32) bool, client func(*testing.T, *shopServer) reply) func() *scenario {
		return func() *scenario {
			return &scenario{shop: shop{get: echoed, open: echo}, client: client, pass: nthHeaders(act)}
		}
	}
	refuse := func(n int32) func(*wire, int32, uint32) bool {
		return func(w *wire, i int32, stream uint32) bool {
			if i <= n {
				w.refuse(stream)
			}
			return true
		}
	}
	stream := func(t *testing.T, s *shopServer) reply {
		stream := s.open(t.Context(), t, chat)
		_ = stream.SendMsg(text("Lora"))
		_ = stream.CloseSend()
		return all(stream)
	}
	return []hostileCase{
		{name: "refused stream is tried again", code: codes.OK, server: ok, caller: ok, served: exact{good: 1}, called: exact{good: 1}, make: passing(refuse(1), unary)},
		{name: "refused stream of messages is tried again", code: codes.OK, server: []string{chat + " OK"}, caller: []string{chat + " OK"}, served: exact{good: 1}, called: exact{good: 1},
			make: passing(refuse(1), stream)},
		{name: "refused stream is refused again", code: codes.Unavailable, caller: []string{get + " UNAVAILABLE UNAVAILABLE"}, called: exact{bad: 1}, make: passing(refuse(9), unary)},
		{name: "GOAWAY before the call was processed", code: codes.OK, server: ok, caller: ok, served: exact{good: 1}, called: exact{good: 1},
			make: passing(func(w *wire, _ int32, stream uint32) bool {
				if w.nth > 1 {
					return true
				}
				w.goAway()
				return false
			}, unary)},
		{name: "connection cut when the call was sent", code: codes.Unavailable, caller: []string{get + " UNAVAILABLE UNAVAILABLE"}, called: exact{bad: 1},
			make: passing(func(w *wire, _ int32, _ uint32) bool {
				w.cut()
				return false
			}, unary)},
		{name: "connection cut in a call", code: codes.Unavailable, server: canceled, caller: []string{get + " UNAVAILABLE UNAVAILABLE"}, served: exact{ignored: 1}, called: exact{bad: 1},
			make: func() *scenario { return duringCall(func(w *wire) { w.cut() }) }},
		{name: "too many pings", code: codes.Unavailable, server: canceled, caller: []string{get + " UNAVAILABLE UNAVAILABLE"}, served: exact{ignored: 1}, called: exact{bad: 1},
			make: func() *scenario {
				return duringCall(func(w *wire) {
					for range 10 {
						_ = w.send(w.server, frame{framePing, 0, 0, make([]byte, 8)})
					}
				})
			}},
		{name: "connection cut in a stream", code: codes.Unavailable, server: []string{chat + " OK"}, caller: []string{chat + " UNAVAILABLE UNAVAILABLE"}, served: exact{good: 1}, called: exact{bad: 1},
			make: func() *scenario {
				var cut atomic.Pointer[wire]
				return &scenario{shop: shop{open: echo}, pass: nthHeaders(func(w *wire, _ int32, _ uint32) bool { cut.Store(w); return true }),
					client: func(t *testing.T, s *shopServer) reply {
						stream := s.open(t.Context(), t, chat)
						_ = stream.SendMsg(text("Lora"))
						if err := stream.RecvMsg(new(message)); err != nil {
							t.Error(err)
						}
						cut.Load().cut()
						return all(stream)
					}}
			}},
	}
}

// duringCall acts on the connection while the handler runs.
func duringCall(act func(*wire)) *scenario {
	var conn atomic.Pointer[wire]
	return &scenario{
		pass: nthHeaders(func(w *wire, _ int32, _ uint32) bool { conn.Store(w); return true }),
		shop: shop{get: func(ctx context.Context, in *message) (*message, error) {
			act(conn.Load())
			return untilGone(ctx, in)
		}},
		client: func(t *testing.T, s *shopServer) reply { return one(t.Context(), s, "Lora") },
	}
}

func sizeCases() []hostileCase {
	exhausted := []string{get + " RESOURCE_EXHAUSTED RESOURCE_EXHAUSTED"}
	long := strings.Repeat("coffee ", 10_000)
	call := func(opts ...grpc.CallOption) func(*testing.T, *shopServer) reply {
		return func(t *testing.T, s *shopServer) reply { return one(t.Context(), s, long, opts...) }
	}
	with := func(name, value string) func(*testing.T, *shopServer) reply {
		return func(t *testing.T, s *shopServer) reply {
			return one(metadata.AppendToOutgoingContext(t.Context(), name, value), s, "Lora")
		}
	}
	ok := []string{get + " OK"}
	sends := func(set func(context.Context)) shop {
		return shop{get: func(ctx context.Context, in *message) (*message, error) { set(ctx); return in, nil }}
	}
	return []hostileCase{
		{name: "compressed call", code: codes.OK, server: ok, caller: ok, served: exact{good: 1}, called: exact{good: 1},
			make: func() *scenario {
				return &scenario{shop: shop{get: echoed}, client: call(grpc.UseCompressor(gzip.Name))}
			}},
		{name: "compressed request too large", code: codes.ResourceExhausted, stats: true, server: []string{get + " RESOURCE_EXHAUSTED"}, caller: exhausted, served: exact{bad: 1}, called: exact{bad: 1},
			make: func() *scenario {
				return &scenario{shop: shop{get: echoed}, client: call(grpc.UseCompressor(gzip.Name)), serve: []grpc.ServerOption{grpc.MaxRecvMsgSize(10_000)}}
			}},
		{name: "request too large for the client", code: codes.ResourceExhausted, chance: true, caller: exhausted, called: exact{bad: 1},
			make: func() *scenario { return &scenario{client: call(grpc.MaxCallSendMsgSize(10))} }},
		{name: "response too large for the client", code: codes.ResourceExhausted, server: ok, caller: exhausted, served: exact{good: 1}, called: exact{bad: 1},
			make: func() *scenario { return &scenario{shop: shop{get: echoed}, client: call(grpc.MaxCallRecvMsgSize(10))} }},
		{name: "metadata too large for the server", code: codes.Internal, caller: []string{get + " INTERNAL INTERNAL"}, called: exact{bad: 1},
			make: func() *scenario {
				return &scenario{client: with("tenant", long), serve: []grpc.ServerOption{grpc.MaxHeaderListSize(2000)}}
			}},
		{name: "metadata of many values", code: codes.OK, server: ok, caller: ok, served: exact{good: 1}, called: exact{good: 1},
			make: func() *scenario {
				return &scenario{shop: shop{get: func(ctx context.Context, in *message) (*message, error) {
					md, _ := metadata.FromIncomingContext(ctx)
					for _, key := range []string{"x-request-id", "traceparent", "user-agent", ":authority", "tracestate"} {
						delete(md, key)
					}
					return in, grpc.SetTrailer(ctx, md)
				}}, client: func(t *testing.T, s *shopServer) reply {
					ctx := t.Context()
					for range 100 {
						ctx = metadata.AppendToOutgoingContext(ctx, "x-request-id", "evil, \"line\"", "traceparent", "00-evil", "baggage", "a=b,,,=;", "key-bin", "\x00\xff\n")
					}
					return one(ctx, s, "Lora")
				}}
			}},
		{name: "headers too large for the client", code: codes.Internal, stats: true, server: []string{get + " INTERNAL INTERNAL"}, caller: []string{get + " INTERNAL INTERNAL"}, served: exact{bad: 1}, called: exact{bad: 1},
			make: func() *scenario {
				return &scenario{shop: sends(func(ctx context.Context) { _ = grpc.SetHeader(ctx, metadata.Pairs("orders", long)) }),
					client: call(), dial: []grpc.DialOption{grpc.WithMaxHeaderListSize(2000)}}
			}},
		{name: "trailers too large for the client", code: codes.Internal, stats: true, server: []string{get + " INTERNAL INTERNAL"}, caller: []string{get + " INTERNAL INTERNAL"}, served: exact{bad: 1}, called: exact{bad: 1},
			make: func() *scenario {
				return &scenario{shop: sends(func(ctx context.Context) { _ = grpc.SetTrailer(ctx, metadata.Pairs("orders", long)) }),
					client: call(), dial: []grpc.DialOption{grpc.WithMaxHeaderListSize(2000)}}
			}},
	}
}
