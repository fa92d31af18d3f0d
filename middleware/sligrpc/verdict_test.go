package sligrpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

var errQuery = errors.New("query postgres://bob:hunter2@db/shop: no rows")

// callCase is a call with its outcome on both sides.
type callCase struct {
	name    string
	service shop
	options []grpc.ServerOption
	make    func(*testing.T, *shopServer) error // the client's part
	code    codes.Code                          // that the client sees
	server  string                              // summary of the record
	client  string
	counts  sli.Counts // of the server
	calls   sli.Counts // of the client
	crashes bool       // without the interceptor

	patience time.Duration // of the indicator, unless it is zero
	hurried  bool          // the deadline is shorter than a busy machine's delays
}

var (
	good    = sli.Counts{Good: 1, Valid: 1}
	bad     = sli.Counts{Valid: 1}
	ignored = sli.Counts{}
)

// oneGet makes one unary call.
func oneGet(t *testing.T, s *shopServer) error {
	_, err := s.get(t.Context(), "Lora")
	return err
}

// getFor makes one unary call with a deadline.
func getFor(d time.Duration) func(*testing.T, *shopServer) error {
	return func(t *testing.T, s *shopServer) error {
		s.connect(t) // the deadline is for the call alone
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		_, err := s.get(ctx, "Lora")
		return err
	}
}

// leaving is a call whose client leaves some time after its handler has begun,
// when the clocks of both sides run.
func (c callCase) leaving(after time.Duration) callCase {
	begun := make(chan struct{}, 1)
	c.service.get = func(ctx context.Context, in *message) (*message, error) {
		begun <- struct{}{}
		gone(ctx)
		return in, nil
	}
	c.make = func(t *testing.T, s *shopServer) error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			select {
			case <-begun:
				time.Sleep(after)
				cancel()
			case <-ctx.Done():
			}
		}()
		_, err := s.get(ctx, "Lora")
		return err
	}
	return c
}

// openAll sends n messages on a stream and reads it to its end.
func openAll(method string, n int) func(*testing.T, *shopServer) error {
	return func(t *testing.T, s *shopServer) error {
		stream := s.open(t.Context(), t, method)
		for range n {
			if err := stream.SendMsg(wrapperspb.String("Lora")); err != nil {
				break
			}
		}
		_ = stream.CloseSend()
		_, err := drain(stream)
		return err
	}
}

// openFor opens a stream with a deadline and reads it to its end.
func openFor(method string, d time.Duration) func(*testing.T, *shopServer) error {
	return func(t *testing.T, s *shopServer) error {
		s.connect(t) // the deadline is for the call alone
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		_, err := drain(s.open(ctx, t, method))
		return err
	}
}

func returning(err error) shop {
	return shop{
		get: func(_ context.Context, in *message) (*message, error) { return in, err },
		open: func(stream grpc.ServerStream) error {
			if sendErr := stream.SendMsg(wrapperspb.String("Lora")); sendErr != nil {
				return sendErr
			}
			return err
		},
	}
}

// waiting is a service whose handlers wait until the client has left.
func waiting(err error) shop {
	return shop{
		get: func(ctx context.Context, in *message) (*message, error) { gone(ctx); return in, err },
		open: func(stream grpc.ServerStream) error {
			if err := stream.SendMsg(wrapperspb.String("Lora")); err != nil {
				return err
			}
			gone(stream.Context())
			return err
		},
	}
}

// gone waits until the client has left. At its deadline, the server's clock may
// be ahead, and the client would still take an answer.
func gone(ctx context.Context) {
	<-ctx.Done()
	time.Sleep(20 * time.Millisecond)
}

// answering is a service of streams.
func answering(open func(grpc.ServerStream) error) shop { return shop{open: open} }

func callCases() []callCase {
	return []callCase{
		{name: "handler returned", service: returning(nil), make: oneGet, code: codes.OK, server: get + " OK", client: " OK", counts: good, calls: good},
		{name: "handler returned NotFound", service: returning(status.Error(codes.NotFound, "no such order")), make: oneGet, code: codes.NotFound,
			server: get + " NOT_FOUND", client: " NOT_FOUND NOT_FOUND", counts: good, calls: good},
		{name: "handler returned Unavailable", service: returning(status.Error(codes.Unavailable, "")), make: oneGet, code: codes.Unavailable,
			server: get + " UNAVAILABLE UNAVAILABLE", client: " UNAVAILABLE UNAVAILABLE", counts: bad, calls: bad},
		{name: "handler returned an error", service: returning(errQuery), make: oneGet, code: codes.Unknown,
			server: get + " UNKNOWN UNKNOWN", client: " UNKNOWN UNKNOWN", counts: bad, calls: bad},
		{name: "handler returned io.EOF", service: returning(io.EOF), make: oneGet, code: codes.Unknown,
			server: get + " UNKNOWN UNKNOWN", client: " UNKNOWN UNKNOWN", counts: bad, calls: bad},
		{name: "handler returned context.Canceled", service: returning(context.Canceled), make: oneGet, code: codes.Canceled,
			server: get + " CANCELLED", client: " CANCELLED CANCELLED", counts: bad, calls: bad},
		{name: "handler returned a wrapped deadline", service: returning(fmt.Errorf("query: %w", context.DeadlineExceeded)), make: oneGet, code: codes.DeadlineExceeded,
			server: get + " DEADLINE_EXCEEDED DEADLINE_EXCEEDED", client: " DEADLINE_EXCEEDED DEADLINE_EXCEEDED", counts: bad, calls: bad},
		{name: "handler returned code 77", service: returning(status.Error(77, "")), make: oneGet, code: 77,
			server: get + " UNKNOWN UNKNOWN", client: " UNKNOWN UNKNOWN", counts: bad, calls: bad},
		{name: "handler panicked", service: shop{get: func(context.Context, *message) (*message, error) { panic(fmt.Errorf("boom: %w", errQuery)) }}, make: oneGet, code: codes.Internal,
			server: get + " INTERNAL panic", client: " INTERNAL INTERNAL", counts: bad, calls: bad, crashes: true},
		{name: "handler ended its goroutine", service: shop{get: func(context.Context, *message) (*message, error) { runtime.Goexit(); return nil, nil }}, make: getFor(150 * time.Millisecond), code: codes.DeadlineExceeded,
			server: get + " INTERNAL aborted", client: " DEADLINE_EXCEEDED timeout unanswered", counts: bad, calls: bad},
		{name: "request larger than the maximum", service: returning(nil), options: []grpc.ServerOption{grpc.MaxRecvMsgSize(3)}, make: oneGet, code: codes.ResourceExhausted,
			server: get + " RESOURCE_EXHAUSTED", client: " RESOURCE_EXHAUSTED RESOURCE_EXHAUSTED", counts: bad, calls: bad},
		{name: "response larger than the maximum", service: returning(nil), options: []grpc.ServerOption{grpc.MaxSendMsgSize(3)}, make: oneGet, code: codes.ResourceExhausted,
			server: get + " RESOURCE_EXHAUSTED", client: " RESOURCE_EXHAUSTED RESOURCE_EXHAUSTED", counts: bad, calls: bad},
		{name: "response that cannot be encoded", service: shop{get: func(context.Context, *message) (*message, error) { return wrapperspb.String("\xff"), nil }}, make: oneGet, code: codes.Internal,
			server: get + " INTERNAL INTERNAL", client: " INTERNAL INTERNAL", counts: bad, calls: bad},
		{name: "an interceptor refused the call", service: returning(nil), options: []grpc.ServerOption{grpc.ChainUnaryInterceptor(refuse)}, make: oneGet, code: codes.Unauthenticated,
			server: get + " UNAUTHENTICATED", client: " UNAUTHENTICATED UNAUTHENTICATED", counts: bad, calls: bad},
		{name: "an interceptor around refused the call", service: returning(nil), options: []grpc.ServerOption{grpc.UnaryInterceptor(refuse)}, make: oneGet, code: codes.Unauthenticated,
			server: get + " UNAUTHENTICATED", client: " UNAUTHENTICATED UNAUTHENTICATED", counts: bad, calls: bad},

		{name: "deadline passed", service: waiting(nil), make: getFor(500 * time.Millisecond), code: codes.DeadlineExceeded,
			server: get + " DEADLINE_EXCEEDED timeout unanswered", client: " DEADLINE_EXCEEDED timeout unanswered", counts: bad, calls: bad},
		{name: "deadline passed, then handler failed", service: waiting(errQuery), make: getFor(500 * time.Millisecond), code: codes.DeadlineExceeded,
			server: get + " DEADLINE_EXCEEDED timeout unanswered", client: " DEADLINE_EXCEEDED timeout unanswered", counts: bad, calls: bad},
		{name: "deadline shorter than 10 ms", service: waiting(nil), make: getFor(8 * time.Millisecond), code: codes.DeadlineExceeded,
			server: get + " DEADLINE_EXCEEDED timeout unanswered", client: " DEADLINE_EXCEEDED timeout unanswered", counts: ignored, calls: bad, hurried: true},
		callCase{name: "client left before the bound", patience: time.Minute, code: codes.Canceled,
			server: get + " CANCELLED canceled canceled", client: " CANCELLED canceled canceled", counts: ignored, calls: ignored}.leaving(0),
		callCase{name: "client left after the bound", code: codes.Canceled,
			server: get + " CANCELLED canceled canceled", client: " CANCELLED canceled canceled", counts: bad, calls: bad}.leaving(availability.Patience),

		{name: "stream ended", service: returning(nil), make: openAll(watch, 1), code: codes.OK, server: watch + " OK", client: " OK", counts: good, calls: good},
		{name: "stream failed after a message", service: returning(status.Error(codes.DataLoss, "")), make: openAll(watch, 1), code: codes.DataLoss,
			server: watch + " DATA_LOSS DATA_LOSS", client: " DATA_LOSS DATA_LOSS", counts: bad, calls: bad},
		{name: "stream of the client ended", service: answering(upAll), make: openAll(upload, 3), code: codes.OK, server: upload + " OK", client: " OK", counts: good, calls: good},
		{name: "both streamed", service: answering(echo), make: openAll(chat, 3), code: codes.OK, server: chat + " OK", client: " OK", counts: good, calls: good},
		{name: "stream panicked before a message", service: answering(func(grpc.ServerStream) error { panic("boom") }), make: openAll(watch, 1), code: codes.Internal,
			server: watch + " INTERNAL panic", client: " INTERNAL INTERNAL", counts: bad, calls: bad, crashes: true},
		{name: "stream panicked after a message", service: answering(func(s grpc.ServerStream) error {
			if err := s.SendMsg(wrapperspb.String("Lora")); err != nil {
				return err
			}
			panic("boom")
		}), make: openAll(watch, 1), code: codes.Internal, server: watch + " INTERNAL panic", client: " INTERNAL INTERNAL", counts: bad, calls: bad, crashes: true},
		{name: "handler ignored an error of Send", service: answering(func(s grpc.ServerStream) error {
			_ = s.SendMsg(wrapperspb.String("\xff"))
			return nil
		}), make: openAll(watch, 1), code: codes.Internal, server: watch + " INTERNAL INTERNAL", client: " INTERNAL INTERNAL", counts: bad, calls: bad},
		{name: "message of a stream above the maximum", service: answering(echo), options: []grpc.ServerOption{grpc.MaxRecvMsgSize(3)}, make: openAll(chat, 1), code: codes.ResourceExhausted,
			server: chat + " RESOURCE_EXHAUSTED", client: " RESOURCE_EXHAUSTED RESOURCE_EXHAUSTED", counts: bad, calls: bad},
		{name: "client left a stream after a message", service: waiting(nil), make: leaveStream(watch, true), code: codes.Canceled,
			server: watch + " OK", client: " OK", counts: good, calls: good},
		{name: "client left a stream before a message", service: answering(func(s grpc.ServerStream) error { <-s.Context().Done(); return s.Context().Err() }), make: leaveStream(watch, false), code: codes.Canceled,
			server: watch + " CANCELLED canceled canceled", client: " CANCELLED canceled canceled", counts: ignored, calls: ignored},
		{name: "deadline passed in a stream", service: waiting(nil), make: openFor(chat, time.Second), code: codes.DeadlineExceeded, server: chat + " DEADLINE_EXCEEDED timeout", client: " DEADLINE_EXCEEDED timeout", counts: bad, calls: bad},

		{name: "unknown method", service: returning(nil), make: unknown("/shop.Orders/Nothing"), code: codes.Unimplemented,
			server: "_OTHER UNIMPLEMENTED UNIMPLEMENTED", client: " UNIMPLEMENTED UNIMPLEMENTED", counts: bad, calls: bad},
		{name: "unknown service", service: returning(nil), make: unknown("/shop.Nothing/Get"), code: codes.Unimplemented,
			server: "_OTHER UNIMPLEMENTED UNIMPLEMENTED", client: " UNIMPLEMENTED UNIMPLEMENTED", counts: bad, calls: bad},
		{name: "method of an unknown service handler", service: returning(nil), options: []grpc.ServerOption{grpc.UnknownServiceHandler(func(_ any, s grpc.ServerStream) error {
			return s.SendMsg(wrapperspb.String("proxied"))
		})}, make: unknown("/shop.Nothing/Get"), code: codes.OK, server: "_OTHER OK", client: " OK", counts: good, calls: good},
	}
}

func refuse(context.Context, any, *grpc.UnaryServerInfo, grpc.UnaryHandler) (any, error) {
	return nil, status.Error(codes.Unauthenticated, "who are you?")
}

func unknown(method string) func(*testing.T, *shopServer) error {
	return func(t *testing.T, s *shopServer) error {
		return s.conn.Invoke(t.Context(), method, wrapperspb.String("Lora"), new(message))
	}
}

func echo(s grpc.ServerStream) error {
	for {
		m := new(message)
		if err := s.RecvMsg(m); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := s.SendMsg(m); err != nil {
			return err
		}
	}
}

func upAll(s grpc.ServerStream) error {
	for {
		if err := s.RecvMsg(new(message)); errors.Is(err, io.EOF) {
			return s.SendMsg(wrapperspb.String("stored"))
		} else if err != nil {
			return err
		}
	}
}

// leaveStream cancels a stream, after its first message or before.
func leaveStream(method string, read bool) func(*testing.T, *shopServer) error {
	return func(t *testing.T, s *shopServer) error {
		ctx, cancel := context.WithCancel(t.Context())
		stream := s.open(ctx, t, method)
		if err := stream.SendMsg(wrapperspb.String("Lora")); err != nil {
			t.Error(err)
		}
		if read {
			if err := stream.RecvMsg(new(message)); err != nil {
				t.Error(err)
			}
		} else {
			time.Sleep(50 * time.Millisecond)
		}
		cancel()
		_, err := drain(stream)
		return err
	}
}

// TestVerdicts makes each call through real sockets, with a plain server and a
// plain client as the oracle.
func TestVerdicts(t *testing.T) {
	for _, c := range callCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !c.crashes {
				plain := start(t, config{service: &c.service, serverOptions: c.options, plain: true})
				if err := c.make(t, plain); status.Code(err) != c.code {
					t.Errorf("a plain client got %v, want %v", err, c.code)
				}
			}
			s, err := c.reach(t, nil)
			if status.Code(err) != c.code {
				t.Errorf("the client got %v, want %v", err, c.code)
			}
			if err != nil && strings.Contains(err.Error(), "boom") {
				t.Errorf("the client got the text of the panic: %v", err)
			}
			c.check(t, s)
		})
	}
}

// reach makes the call until the server has seen it. On a busy machine, a short
// deadline can pass before, or its client can leave long before the server's
// clock has reached it.
func (c *callCase) reach(t *testing.T, opts *sligrpc.Options) (*shopServer, error) {
	t.Helper()
	for try := 1; ; try++ {
		indicator := availability
		if c.patience != 0 {
			indicator.Patience = c.patience
		}
		s := start(t, config{service: &c.service, serverOptions: c.options, opts: opts, indicators: []sli.Indicator{indicator}})
		err := c.make(t, s)
		seen := s.server.ended(1, time.Second)
		left := seen && c.hurried && s.server.calls()[0].Event.Canceled
		if seen && !left || try == 20 {
			return s, err
		}
	}
}

// TestDocumentedVerdicts compares the table in the package documentation with
// the cases.
func TestDocumentedVerdicts(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	documented := make(map[string]string)
	row := regexp.MustCompile(`(?m)^//\t(good|bad|ignored) +([A-Z_]+) +(code |timeout |canceled |panic |aborted )? *(\S.*)$`)
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		errorType := strings.TrimSpace(m[3])
		if errorType == "code" {
			errorType = m[2]
		}
		documented[m[4]] = strings.TrimSpace(m[2]+" "+errorType) + ", " + m[1]
	}
	want := make(map[string]string)
	for _, c := range callCases() {
		verdict := map[sli.Counts]string{good: "good", bad: "bad", ignored: "ignored"}[c.counts]
		fields := strings.Fields(c.server)[1:] // code, error_type and the state
		for len(fields) > 1 && (fields[len(fields)-1] == "unanswered" || len(fields) == 3) {
			fields = fields[:len(fields)-1]
		}
		want[c.name] = strings.Join(fields, " ") + ", " + verdict
	}
	if diff := cmp.Diff(want, documented); diff != "" {
		t.Errorf("table (-want +documented):\n%s", diff)
	}
}

func (c *callCase) check(t *testing.T, s *shopServer) {
	t.Helper()
	record := s.server.wait(t, 1)[0]
	if got := summary(record); got != c.server {
		t.Errorf("server: got %q, want %q", got, c.server)
	}
	called := s.client.wait(t, 1)[0]
	if _, got, _ := strings.Cut(summary(called), " "); " "+got != c.client {
		t.Errorf("client: got %q, want %q", got, c.client)
	}
	if got := s.server.counts(); got != c.counts {
		t.Errorf("server: got %v, want %v", got, c.counts)
	}
	if got := s.client.counts(); got != c.calls {
		t.Errorf("client: got %v, want %v", got, c.calls)
	}
	tally(t, s.server, "rpc_server_call_duration_seconds")
	tally(t, s.client, "rpc_client_call_duration_seconds")
}

// tally checks that all signals of a side have each of its calls, with the same
// code and error_type.
func tally(t *testing.T, s *side, name string) {
	t.Helper()
	want := make(map[string]int)
	for _, r := range s.records {
		want[r.ErrorType+" "+r.Event.Code]++
	}
	got := make(map[string]int)
	for labels, n := range s.histogram(t, name) {
		parts := strings.Split(labels, " ") // error_type, rpc_method, code, …
		got[parts[0]+" "+parts[2]] += int(n)
	}
	spans := make(map[string]int)
	for _, span := range s.spans.Ended() {
		var errorType, code string
		for _, a := range span.Attributes() {
			switch a.Key {
			case "error.type":
				errorType = a.Value.AsString()
			case "rpc.response.status_code":
				code = a.Value.AsString()
			}
		}
		spans[errorType+" "+code]++
	}
	lines := make(map[string]int)
	for _, line := range s.lines(t) {
		more, _ := line["additional_info"].(map[string]any)
		errorType, _ := more["error_type"].(string)
		lines[fmt.Sprintf("%s %s", errorType, more["code"])]++
	}
	for _, signal := range []map[string]int{got, spans, lines} {
		if fmt.Sprint(signal) != fmt.Sprint(want) {
			t.Errorf("%s: got %v, want %v", name, signal, want)
		}
	}
	if strings.Contains(s.out.String(), "hunter2") {
		t.Errorf("a line has a secret:\n%s", s.out.String())
	}
}

// TestVerdictsWithoutStatsHandler has the cases that need no stats handler.
func TestVerdictsWithoutStatsHandler(t *testing.T) {
	unseen := map[string]bool{
		"request larger than the maximum": true, "response larger than the maximum": true,
		"response that cannot be encoded": true, "unknown method": true, "unknown service": true,
		"an interceptor around refused the call": true,
	}
	for _, c := range callCases() {
		if unseen[c.name] {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := c.reach(t, &sligrpc.Options{OmitStatsHandler: true})
			if status.Code(err) != c.code {
				t.Errorf("the client got %v, want %v", err, c.code)
			}
			c.check(t, s)
		})
	}
}
