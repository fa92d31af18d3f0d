package sligrpc_test

import (
	"context"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// faultyHandler is a logger's handler with a fault.
type faultyHandler struct {
	slog.Handler
	fault func()
}

func (h faultyHandler) Handle(context.Context, slog.Record) error      { h.fault(); return nil }
func (h faultyHandler) WithAttrs([]slog.Attr) slog.Handler             { return h }
func (h faultyHandler) WithGroup(string) slog.Handler                  { return h }
func (h faultyHandler) Enabled(ctx context.Context, l slog.Level) bool { return true }

// TestFaultyFunctions has a function of the program fail in each place. The
// call is counted once, and none stays in flight.
func TestFaultyFunctions(t *testing.T) {
	faults := map[string]func(){"panics": func() { panic("telemetry") }, "ends the goroutine": runtime.Goexit}
	places := map[string]func(fault func(), own *sligrpc.Options, opts *middleware.Options){
		"Omit": func(fault func(), own *sligrpc.Options, _ *middleware.Options) {
			own.Omit = func(string) middleware.Signal { fault(); return middleware.SignalAll }
		},
		"Public": func(fault func(), own *sligrpc.Options, _ *middleware.Options) {
			own.Public = func(context.Context) bool { fault(); return false }
		},
		"Group": func(fault func(), own *sligrpc.Options, _ *middleware.Options) {
			own.Group = func(context.Context, string) string { fault(); return "gold" }
		},
		"Done": func(fault func(), _ *sligrpc.Options, opts *middleware.Options) {
			done := opts.Done
			opts.Done = func(r middleware.Record) { done(r); fault() }
		},
		"Handle": func(fault func(), _ *sligrpc.Options, opts *middleware.Options) {
			opts.AccessLog.Logger = slog.New(faultyHandler{slog.DiscardHandler, fault})
		},
	}
	for place, put := range places {
		for kind, fault := range faults {
			for _, omit := range []bool{false, true} {
				for _, method := range []string{get, chat, "/shop.Orders/Nothing"} {
					if omit && method == "/shop.Orders/Nothing" {
						continue // is not seen
					}
					t.Run(strings.Join([]string{place, kind, method, map[bool]string{true: "OmitStatsHandler"}[omit]}, " "), func(t *testing.T) {
						t.Parallel()
						own := sligrpc.Options{OmitStatsHandler: omit, FirstMessage: true}
						side := newChangedSide(t, func(opts *middleware.Options) { put(fault, &own, opts) })
						s := startFaulty(t, side, &own)
						ctx, cancel := context.WithCancel(t.Context())
						defer cancel()
						go s.openOnce(ctx, method) // a goroutine that ended answers nothing
						want := 1
						if method == chat {
							want = 2 // with the first message
						}
						records := side.wait(t, want)
						cancel()
						side.idle(t, "rpc_server")
						if counts := side.counts(); counts.Valid != 1 || len(records) != want {
							t.Errorf("got %v and %d calls, want 1 and %d", counts, len(records), want)
						}
						ends := kind != "panics" && place != "Handle" && place != "Done"
						if last := records[want-1]; place != "Done" && ends != (last.ErrorType == "aborted") {
							t.Errorf("got %q", summary(last))
						}
						var observed uint64
						for _, n := range side.histogram(t, "rpc_server_call_duration_seconds") {
							observed += n
						}
						if observed != 1 {
							t.Errorf("the histogram has %d calls, want 1", observed)
						}
					})
				}
			}
		}
	}
}

// startFaulty serves the shop with the options, for a plain client.
func startFaulty(t *testing.T, side *side, own *sligrpc.Options) *shopServer {
	t.Helper()
	server := grpc.NewServer(sligrpc.ServerOptions(side.in, own)...)
	server.RegisterService(&shopDesc, &shop{get: echoed, open: echo})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return &shopServer{server: side, grpc: server, conn: dialPlain(t, listener.Addr().String())}
}

// openOnce sends one message and reads the answer.
func (s *shopServer) openOnce(ctx context.Context, method string) {
	stream, err := s.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method)
	if err != nil {
		return
	}
	_ = stream.SendMsg(text("Lora"))
	_ = stream.CloseSend()
	all(stream)
}

// TestFaultyFunctionsOfClients has a function of the program panic. The call is
// made and counted.
func TestFaultyFunctionsOfClients(t *testing.T) {
	s := start(t, config{
		service: &shop{get: echoed, open: echo},
		clientOpts: &sligrpc.Options{
			Omit: func(string) middleware.Signal { panic("telemetry") }, Group: func(context.Context, string) string { panic("telemetry") },
			Public: func(context.Context) bool { panic("telemetry") }, Lines: true,
		},
		change: func(opts *middleware.Options) {
			done := opts.Done
			opts.Done = func(r middleware.Record) { done(r); panic("telemetry") }
		},
	})
	for _, call := range []func(*testing.T, *shopServer) error{oneGet, openAll(chat, 2)} {
		if err := call(t, s); err != nil {
			t.Error(err)
		}
	}
	s.client.verify(t, "rpc_client", []string{chat + " OK", get + " OK"}, exact{good: 2})
}

// TestClientEndsItsGoroutine ends the goroutine of a call's caller in a hook
// and in an interceptor. Nothing stays in flight.
func TestClientEndsItsGoroutine(t *testing.T) {
	ends := func(run func()) {
		var wg sync.WaitGroup
		wg.Go(run)
		wg.Wait()
	}
	s := start(t, config{service: &shop{get: echoed}, clientOpts: &sligrpc.Options{
		Group: func(context.Context, string) string { runtime.Goexit(); return "" },
	}})
	ends(func() { _, _ = s.get(t.Context(), "Lora") })
	if n := len(s.client.spans.Started()); n != 0 || len(s.client.calls()) != 0 {
		t.Errorf("a call that was never made has begun")
	}
	s = start(t, config{service: &shop{get: echoed}, dialBehind: []grpc.DialOption{grpc.WithChainUnaryInterceptor(
		func(context.Context, string, any, any, *grpc.ClientConn, grpc.UnaryInvoker, ...grpc.CallOption) error {
			runtime.Goexit()
			return nil
		})}})
	ends(func() { _, _ = s.get(t.Context(), "Lora") })
	if got := summary(s.client.wait(t, 1)[0]); got != "//127.0.0.1"+get+"  aborted" {
		t.Errorf("got %q", got)
	}
}

// TestInterceptorAroundEndsTheGoroutine never answers, so the call fails.
func TestInterceptorAroundEndsTheGoroutine(t *testing.T) {
	ends := func(context.Context) { runtime.Goexit() }
	for _, option := range []grpc.ServerOption{around(ends), after(ends)} {
		s := start(t, config{service: &shop{get: echoed}, serverOptions: []grpc.ServerOption{option}})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _, _ = s.get(ctx, "Lora") }()
		s.server.verify(t, "rpc_server", []string{get + " INTERNAL aborted"}, exact{bad: 1})
		cancel()
	}
}

// TestRepanicHasTheCodeOfTheClient recovers a panic in an interceptor around.
func TestRepanicHasTheCodeOfTheClient(t *testing.T) {
	recovers := grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
		defer func() {
			if recover() != nil {
				err = status.Error(codes.Unavailable, "try again")
			}
		}()
		return handler(ctx, req)
	})
	s := start(t, config{
		service: &shop{get: func(context.Context, *message) (*message, error) { panic("boom") }},
		opts:    &sligrpc.Options{Repanic: true}, serverOptions: []grpc.ServerOption{recovers},
	})
	if _, err := s.get(t.Context(), "Lora"); status.Code(err) != codes.Unavailable {
		t.Errorf("the client got %v", err)
	}
	s.server.verify(t, "rpc_server", []string{get + " UNAVAILABLE panic"}, exact{bad: 1})
}

// TestNilOptions measures with nil, and with no options.
func TestNilOptions(t *testing.T) {
	for _, opts := range [][]*sligrpc.Options{nil, {nil}, {{}}} {
		side := newSide(t)
		server := grpc.NewServer(sligrpc.ServerOptions(side.in, opts...)...)
		server.RegisterService(&shopDesc, &shop{get: echoed})
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = server.Serve(listener) }()
		conn, err := grpc.NewClient("passthrough:///"+listener.Addr().String(),
			append(sligrpc.DialOptions(side.in, opts...), grpc.WithTransportCredentials(insecure.NewCredentials()))...)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Invoke(t.Context(), get, text("Lora"), new(message)); err != nil {
			t.Error(err)
		}
		side.wait(t, 2)
		_ = conn.Close()
		server.Stop()
		if got := side.counts(); got != (sli.Counts{Good: 2, Valid: 2}) {
			t.Errorf("got %v, want the call on both sides", got)
		}
	}
}

// TestServersShareAnInstrument has two servers with one instrument, of which
// one lacks a service.
func TestServersShareAnInstrument(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		side := newSide(t)
		options := sligrpc.ServerOptions(side.in, &opts)
		for _, register := range []bool{true, true, false} {
			server := grpc.NewServer(options...)
			if register {
				server.RegisterService(&shopDesc, &shop{get: echoed})
			}
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go func() { _ = server.Serve(listener) }()
			if err := dialPlain(t, listener.Addr().String()).Invoke(t.Context(), get, text("Lora"), new(message)); (err == nil) != register {
				t.Errorf("got %v", err)
			}
			server.GracefulStop()
		}
		if opts.OmitStatsHandler {
			side.verify(t, "rpc_server", []string{get + " OK", get + " OK"}, exact{good: 2})
		} else {
			side.verify(t, "rpc_server", []string{get + " OK", get + " OK", "_OTHER UNIMPLEMENTED UNIMPLEMENTED"}, exact{good: 2, bad: 1})
		}
	})
}

// TestFurtherOptions shows the mistake in gRPC's log.
func TestFurtherOptions(t *testing.T) {
	in, err := middleware.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	sligrpc.ServerOptions(in, nil)
	sligrpc.DialOptions(in, &sligrpc.Options{})
	if log := logged.String(); strings.Contains(log, "got 1 Options") {
		t.Errorf("the log has an error about one Options: %s", log)
	}
	sligrpc.ServerOptions(in, &sligrpc.Options{}, &sligrpc.Options{Repanic: true})
	sligrpc.DialOptions(in, nil, &sligrpc.Options{Sizes: true}, nil)
	for _, want := range []string{
		"ServerOptions got 2 Options: only the first is used", "DialOptions got 3 Options: only the first is used",
	} {
		if log := logged.String(); !strings.Contains(log, want) {
			t.Errorf("no %q in the log: %s", want, log)
		}
	}
}
