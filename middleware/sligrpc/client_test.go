package sligrpc_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// dialMeasured returns a client with all signals, on its own.
func dialMeasured(t *testing.T, target string, opts ...grpc.DialOption) *shopServer {
	t.Helper()
	s := &shopServer{client: newSide(t)}
	opts = append(sligrpc.DialOptions(s.client.in, &sligrpc.Options{Lines: true}), opts...)
	opts = append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))
	var err error
	if s.conn, err = grpc.NewClient(target, opts...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.conn.Close() })
	return s
}

// checkClient compares the only call of a client.
func checkClient(t *testing.T, s *side, want string, counts sli.Counts) {
	t.Helper()
	records := s.wait(t, 1)
	if _, got, _ := strings.Cut(summary(records[0]), " "); len(records) != 1 || got != want {
		t.Errorf("got %d calls, the first one %q, want %q", len(records), got, want)
	}
	if got := s.counts(); got != counts {
		t.Errorf("got %v, want %v", got, counts)
	}
	tally(t, s, "rpc_client_call_duration_seconds")
}

// TestRetriesAreOneCall has a service that fails twice.
func TestRetriesAreOneCall(t *testing.T) {
	const retry = `{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":3,"initialBackoff":"0.001s",
		"maxBackoff":"0.001s","backoffMultiplier":1,"retryableStatusCodes":["UNAVAILABLE"]}}]}`
	var attempts atomic.Int32
	fails := func() error {
		if attempts.Add(1)%3 != 0 {
			return status.Error(codes.Unavailable, "not yet")
		}
		return nil
	}
	s := start(t, config{
		service: &shop{
			get: func(_ context.Context, in *message) (*message, error) { return in, fails() },
			open: func(s grpc.ServerStream) error {
				if err := fails(); err != nil {
					return err
				}
				return s.SendMsg(wrapperspb.String("Lora"))
			},
		},
		dialOptions: []grpc.DialOption{grpc.WithDefaultServiceConfig(retry)},
	})
	if _, err := s.get(t.Context(), "Lora"); err != nil {
		t.Fatal(err)
	}
	if err := openAll(watch, 1)(t, s); err != nil {
		t.Fatal(err)
	}
	s.server.wait(t, 6)
	if got, want := s.server.counts(), (sli.Counts{Good: 2, Valid: 6}); got != want {
		t.Errorf("server: got %v, want %v", got, want)
	}
	s.client.wait(t, 2)
	if got, want := s.client.counts(), (sli.Counts{Good: 2, Valid: 2}); got != want {
		t.Errorf("client: got %v, want %v", got, want)
	}
}

// refuseFirst is a server that refuses the first stream of a connection before
// it processes it, by GOAWAY or by REFUSED_STREAM, and answers the next one.
func refuseFirst(conn net.Conn, goAway bool) error {
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return err
	}
	framer := http2.NewFramer(conn, conn)
	if err := framer.WriteSettings(); err != nil {
		return err
	}
	for refused := false; ; {
		frame, err := framer.ReadFrame()
		if err != nil {
			return err
		}
		headers, ok := frame.(*http2.HeadersFrame)
		switch {
		case !ok:
		case refused:
			return answer(framer, headers.StreamID)
		case goAway:
			return framer.WriteGoAway(0, http2.ErrCodeNo, nil)
		default:
			refused = true
			if err := framer.WriteRSTStream(headers.StreamID, http2.ErrCodeRefusedStream); err != nil {
				return err
			}
		}
	}
}

// answer writes an empty message and the code OK.
func answer(framer *http2.Framer, stream uint32) error {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	write := func(end bool, pairs ...string) error {
		block.Reset()
		for i := 0; i < len(pairs); i += 2 {
			if err := encoder.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]}); err != nil {
				return err
			}
		}
		return framer.WriteHeaders(http2.HeadersFrameParam{
			StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: end,
		})
	}
	return errors.Join(
		write(false, ":status", "200", "content-type", "application/grpc"),
		framer.WriteData(stream, false, make([]byte, 5)),
		write(true, "grpc-status", "0"),
	)
}

// TestRefusedAttemptsDoNotCount calls a server that refuses one stream.
func TestRefusedAttemptsDoNotCount(t *testing.T) {
	for _, goAway := range []bool{true, false} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server := grpc.NewServer()
		service := returning(nil)
		server.RegisterService(&shopDesc, &service)
		t.Cleanup(server.Stop)
		refused := make(chan error, 1)
		go func() {
			conn, err := listener.Accept()
			if err == nil {
				t.Cleanup(func() { _ = conn.Close() })
				err = refuseFirst(conn, goAway)
			}
			refused <- err
			_ = server.Serve(listener)
		}()
		s := dialMeasured(t, "passthrough:///"+listener.Addr().String())
		if _, err := s.get(t.Context(), "Lora", grpc.WaitForReady(true)); err != nil {
			t.Errorf("GOAWAY %t: %v", goAway, err)
		}
		if err := <-refused; err != nil {
			t.Errorf("GOAWAY %t: no attempt was refused: %v", goAway, err)
		}
		checkClient(t, s.client, "OK", good)
	}
}

func TestRefusedConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	s := dialMeasured(t, "passthrough:///"+listener.Addr().String())
	if _, err := s.get(t.Context(), "Lora"); status.Code(err) != codes.Unavailable {
		t.Errorf("got %v, want Unavailable", err)
	}
	checkClient(t, s.client, "UNAVAILABLE UNAVAILABLE", bad)
}

// cutting is a listener whose connections can be cut.
type cutting struct {
	net.Listener
	conns chan net.Conn
}

func (l *cutting) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.conns <- conn
	}
	return conn, err
}

// TestCutConnection cuts the connection of a call that is in flight.
func TestCutConnection(t *testing.T) {
	for _, method := range []string{get, watch} {
		server, service := newSide(t), waiting(nil)
		entered := make(chan struct{}, 1)
		grpcServer := grpc.NewServer(append(sligrpc.ServerOptions(server.in),
			grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
				entered <- struct{}{}
				return handler(ctx, req)
			}))...)
		grpcServer.RegisterService(&shopDesc, &service)
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		cutter := &cutting{listener, make(chan net.Conn, 1)}
		go func() { _ = grpcServer.Serve(cutter) }()
		t.Cleanup(grpcServer.Stop)
		s := dialMeasured(t, "passthrough:///"+listener.Addr().String())
		called := make(chan error, 1)
		if method == get {
			go func() {
				_, err := s.get(t.Context(), "Lora")
				called <- err
			}()
			<-entered
		} else {
			stream := s.open(t.Context(), t, method)
			_ = stream.SendMsg(wrapperspb.String("Lora"))
			if err := stream.RecvMsg(new(message)); err != nil {
				t.Fatal(err)
			}
			go func() {
				_, err := drain(stream)
				called <- err
			}()
		}
		_ = (<-cutter.conns).Close()
		if err := <-called; status.Code(err) != codes.Unavailable {
			t.Errorf("%s: the client got %v", method, err)
		}
		checkClient(t, s.client, "UNAVAILABLE UNAVAILABLE", bad)
		want, counts := get+" CANCELLED canceled canceled", ignored
		if method == watch {
			want, counts = watch+" OK", good // it has sent a message
		}
		if got := summary(server.wait(t, 1)[0]); got != want || server.counts() != counts {
			t.Errorf("server: got %q and %v, want %q and %v", got, server.counts(), want, counts)
		}
	}
}

// TestClientLeaves ends calls of a client in its own ways.
func TestClientLeaves(t *testing.T) {
	timeout := &net.DNSError{IsTimeout: true}
	for _, c := range []struct {
		name   string
		cause  error
		close  bool // the connection
		want   string
		counts sli.Counts
	}{
		{name: "without a cause", want: "CANCELLED canceled canceled", counts: bad},
		{name: "with a cause", cause: errors.New("the winner answered"), want: "CANCELLED canceled canceled", counts: ignored},
		{name: "with a time-out as the cause", cause: timeout, want: "DEADLINE_EXCEEDED timeout unanswered", counts: bad},
		{name: "with a deadline as the cause", cause: context.DeadlineExceeded, want: "DEADLINE_EXCEEDED timeout unanswered", counts: bad},
		{name: "closed the connection", close: true, want: "CANCELLED canceled canceled", counts: ignored},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var s *shopServer
			service := waiting(nil)
			wait := service.get
			service.get = func(called context.Context, in *message) (*message, error) {
				time.AfterFunc(400*time.Millisecond, func() { // beyond the bound
					if c.close {
						_ = s.conn.Close()
					} else {
						cancel(c.cause)
					}
				})
				return wait(called, in)
			}
			s = start(t, config{service: &service})
			if _, err := s.get(ctx, "Lora"); status.Code(err) != codes.Canceled {
				t.Errorf("got %v, want Canceled", err)
			}
			checkClient(t, s.client, c.want, c.counts)
		})
	}
}

// TestAbandonedStream cancels a stream that nobody reads.
func TestAbandonedStream(t *testing.T) {
	service := waiting(nil)
	s := start(t, config{service: &service})
	ctx, cancel := context.WithCancel(t.Context())
	stream := s.open(ctx, t, chat)
	for range 3 {
		_ = stream.SendMsg(wrapperspb.String("Lora"))
	}
	cancel()
	checkClient(t, s.client, "CANCELLED canceled canceled", ignored)
	for range 3 {
		_ = stream.RecvMsg(new(message))
	}
	if n := len(s.client.wait(t, 1)); n != 1 {
		t.Errorf("got %d calls, want 1", n)
	}
}

func TestTargets(t *testing.T) {
	for target, want := range map[string]string{
		"passthrough:///payments:8443":      "//payments" + get + " payments 8443",
		"dns:///payments:8443":              "//payments" + get + " payments 8443",
		"dns://192.0.2.1/payments":          "//payments" + get + " payments ",
		"payments:8443":                     "//payments" + get + " payments 8443",
		"passthrough:///[2001:db8::1]:8443": "//2001:db8::1" + get + " 2001:db8::1 8443",
		"unix:///run/payments.sock":         "//local" + get + " /run/payments.sock ",
		"unix-abstract:payments":            "//payments" + get + " payments ",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := dialMeasured(t, target)
		_, _ = s.get(ctx, "Lora")
		got := s.client.wait(t, 1)[0].Event.Operation
		for labels := range s.client.histogram(t, "rpc_client_call_duration_seconds") {
			// error_type, method, code, system, address and port
			fields := strings.SplitN(labels, " ", 5)
			got += " " + fields[4]
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}

// TestEndBeforeHeader asks a stream that has ended for its header. gRPC is done
// with it then, and the caller need not read it to its end.
func TestEndBeforeHeader(t *testing.T) {
	for _, c := range []struct {
		err    error
		want   string
		counts sli.Counts
	}{
		{status.Error(codes.Unauthenticated, "no token"), "UNAUTHENTICATED UNAUTHENTICATED", bad},
		{nil, "OK", good},
	} {
		for _, reads := range []bool{false, true} {
			s := start(t, config{service: &shop{open: func(grpc.ServerStream) error { return c.err }}})
			ctx, cancel := context.WithCancel(t.Context())
			stream := s.open(ctx, t, chat)
			if header, err := stream.Header(); header != nil || err != nil {
				t.Errorf("got the header %v and %v, want none", header, err)
			}
			if reads {
				_, _ = drain(stream)
				s.client.wait(t, 1)
			}
			cancel()
			checkClient(t, s.client, c.want, c.counts)
		}
	}
}
