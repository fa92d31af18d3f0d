package sliconnect_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sliconnect"
	"github.com/sligo-go/sligo/sli"
)

type text = wrapperspb.StringValue

const (
	service = "/demo.v1.Echo/"
	say     = service + "Say"
	repeat  = service + "Repeat"
)

// outcome returns the error of the code that a request names.
func outcome(name string) error {
	var code connect.Code
	switch err := code.UnmarshalText([]byte(name)); {
	case name == "panic":
		panic("boom")
	case name == "abort":
		panic(http.ErrAbortHandler)
	case name == "plain":
		return errors.New("boom")
	case err != nil:
		return nil
	}
	return connect.NewError(code, errors.New("wanted"))
}

// handler serves a unary and a streaming procedure.
func handler(opts ...connect.HandlerOption) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(say, connect.NewUnaryHandler(say, func(_ context.Context, req *connect.Request[text]) (*connect.Response[text], error) {
		if err := outcome(req.Msg.GetValue()); err != nil {
			return nil, err
		}
		return connect.NewResponse(req.Msg), nil
	}, opts...))
	mux.Handle(repeat, connect.NewServerStreamHandler(repeat, func(_ context.Context, req *connect.Request[text], stream *connect.ServerStream[text]) error {
		if err := stream.Send(req.Msg); err != nil {
			return err
		}
		return outcome(req.Msg.GetValue())
	}, opts...))
	return mux
}

// serve starts an instrumented server, which sends its records on a channel.
func serve(t *testing.T, next http.Handler) (*httptest.Server, *sli.Recorder, chan middleware.Record) {
	t.Helper()
	rec, err := sli.NewRecorder(sli.Indicator{
		Service: "demo", Name: "availability", Good: sli.Condition{Code: []string{"OK", "NotFound"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	records := make(chan middleware.Record, 10)
	in, err := middleware.New(rec, &middleware.Options{Done: func(r middleware.Record) { records <- r }})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(service, next)
	server := httptest.NewUnstartedServer(in.Handler(mux))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	return server, rec, records
}

// call calls a procedure by HTTP/2, and reads its whole answer.
func call(t *testing.T, url, procedure, value string, opts ...connect.ClientOption) error {
	t.Helper()
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	defer transport.CloseIdleConnections()
	client := connect.NewClient[text, text](&http.Client{Transport: transport}, url+procedure, opts...)
	if procedure != repeat {
		_, err := client.CallUnary(t.Context(), connect.NewRequest(wrapperspb.String(value)))
		return err
	}
	stream, err := client.CallServerStream(t.Context(), connect.NewRequest(wrapperspb.String(value)))
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }()
	for stream.Receive() {
	}
	return stream.Err()
}

var protocols = map[string]connect.ClientOption{
	"Connect": connect.WithClientOptions(), "gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb(),
}

// TestCalls makes calls with each outcome by each protocol. The route is the
// procedure and the code is the client's.
func TestCalls(t *testing.T) {
	server, _, records := serve(t, sliconnect.Handler(handler(connect.WithInterceptors(sliconnect.NewInterceptor()))))
	for value, code := range map[string]string{
		"hello": "OK", "not_found": "NotFound", "internal": "Internal", "unavailable": "Unavailable",
		"data_loss": "DataLoss", "plain": "Unknown", "panic": "Internal",
	} {
		for _, procedure := range []string{say, repeat} {
			for protocol, opt := range protocols {
				err := call(t, server.URL, procedure, value, opt)
				got := <-records
				if got.Event.Operation != "POST "+procedure || got.Event.Code != code || got.Route != procedure {
					t.Errorf("%s %s %q: got %v with the client's error %v, want the code %s", protocol, procedure, value, got.Event, err, code)
				}
				if panicked := got.ErrorType == "panic"; panicked != (value == "panic") {
					t.Errorf("%s %s %q: got the error type %q", protocol, procedure, value, got.ErrorType)
				}
			}
		}
	}
}

// TestRecover lets connect-go recover a panic inside and outside the
// interceptor. The client's code is counted.
func TestRecover(t *testing.T) {
	recovers := connect.WithRecover(func(context.Context, connect.Spec, http.Header, any) error {
		return connect.NewError(connect.CodeInternal, errors.New("recovered"))
	})
	counts := connect.WithInterceptors(sliconnect.NewInterceptor())
	for name, opts := range map[string][]connect.HandlerOption{"inside": {counts, recovers}, "outside": {recovers, counts}} {
		server, rec, records := serve(t, sliconnect.Handler(handler(opts...)))
		want := sli.Counts{}
		for _, procedure := range []string{say, repeat} {
			for protocol, opt := range protocols {
				err := call(t, server.URL, procedure, "panic", opt)
				if got := <-records; got.Event.Code != "Internal" || connect.CodeOf(err) != connect.CodeInternal {
					t.Errorf("%s %s %s: got %v, the client %v", name, protocol, procedure, got.Event, err)
				}
				want.Valid++
				if got, _ := rec.Counts("availability"); got != want {
					t.Errorf("%s %s %s: got %v, want %v", name, protocol, procedure, got, want)
				}
			}
		}
	}
}

// TestUnknownProcedure calls a procedure that the service has not. No part of
// the client's path becomes a route.
func TestUnknownProcedure(t *testing.T) {
	server, _, records := serve(t, sliconnect.Handler(handler(connect.WithInterceptors(sliconnect.NewInterceptor()))))
	for protocol, opt := range protocols {
		_ = call(t, server.URL, service+"Secret", "hello", opt)
		if got := (<-records).Route; got != service {
			t.Errorf("%s: got the route %q, want %q", protocol, got, service)
		}
	}
}

// TestWithoutHandler shows that the interceptor alone has no effect, on a
// server or on a client: the code in the body stays unknown.
func TestWithoutHandler(t *testing.T) {
	both := connect.WithInterceptors(sliconnect.NewInterceptor())
	server, _, records := serve(t, handler(both))
	for _, procedure := range []string{say, repeat} {
		err := call(t, server.URL, procedure, "internal", both, connect.WithGRPCWeb())
		if got := (<-records).Event; got.Code != "" || got.Ignore != sli.ReasonUnjudged || connect.CodeOf(err) != connect.CodeInternal {
			t.Errorf("%s: got %v, ignored as %q; the client got %v", procedure, got, got.Ignore, err)
		}
	}
}

// TestClientInAHandler calls from a handler with the same interceptor and the
// handler's context. The call does not change the route of the request.
func TestClientInAHandler(t *testing.T) {
	both := connect.WithInterceptors(sliconnect.NewInterceptor())
	inner, _, _ := serve(t, sliconnect.Handler(handler(both)))
	outer := http.NewServeMux()
	outer.Handle(say, connect.NewUnaryHandler(say, func(ctx context.Context, req *connect.Request[text]) (*connect.Response[text], error) {
		for _, failing := range []string{service + "Missing", repeat} {
			client := connect.NewClient[text, text](http.DefaultClient, inner.URL+failing, both)
			_, _ = client.CallUnary(ctx, connect.NewRequest(wrapperspb.String("internal")))
		}
		return connect.NewResponse(req.Msg), nil
	}, both))
	server, _, records := serve(t, sliconnect.Handler(outer))
	if err := call(t, server.URL, say, "hello"); err != nil {
		t.Fatal(err)
	}
	if got := <-records; got.Route != say || got.Event.Code != "OK" {
		t.Errorf("got %v, want %s with OK", got.Event, say)
	}
}

func ExampleNewInterceptor() {
	rec, err := sli.NewRecorder(sli.Indicator{
		Service: "demo", Name: "availability", Good: sli.Condition{Code: []string{"OK", "NotFound"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, &middleware.Options{Done: func(r middleware.Record) {
		fmt.Println(r.Event.Operation, r.Event.Code)
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/demo.v1.Echo/", sliconnect.Handler(connect.NewUnaryHandler("/demo.v1.Echo/Say",
		func(context.Context, *connect.Request[text]) (*connect.Response[text], error) {
			return nil, connect.NewError(connect.CodeUnavailable, errors.New("no database"))
		}, connect.WithInterceptors(sliconnect.NewInterceptor()))))
	server := httptest.NewServer(in.Handler(mux))
	client := connect.NewClient[text, text](server.Client(), server.URL+"/demo.v1.Echo/Say")
	_, err = client.CallUnary(context.Background(), connect.NewRequest(wrapperspb.String("hello")))
	fmt.Println(err)
	server.Close()
	// Unordered output:
	// POST /demo.v1.Echo/Say Unavailable
	// unavailable: no database
}
