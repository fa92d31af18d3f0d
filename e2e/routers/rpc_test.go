package routers

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sliconnect"
	"github.com/sligo-go/sligo/sli"
)

func codeOf(err error) string {
	if err == nil {
		return "OK"
	}
	return connect.CodeOf(err).String()
}

// procedures of the service health in the spelling of its protocol.
const (
	check = healthpb.Health_Check_FullMethodName
	watch = healthpb.Health_Watch_FullMethodName
)

// wanted returns the error that a request's service names.
func wanted(req *healthpb.HealthCheckRequest) error {
	if req.Service == "" {
		return nil
	}
	var code connect.Code
	if err := code.UnmarshalText([]byte(req.Service)); err != nil {
		return err
	}
	return connect.NewError(code, errors.New("wanted"))
}

// connectServer serves the service health by connect-go.
func connectServer(t *testing.T, in *middleware.Instrument, opts ...connect.HandlerOption) *httptest.Server {
	mux := http.NewServeMux()
	mux.Handle(check, connect.NewUnaryHandler(check,
		func(_ context.Context, req *connect.Request[healthpb.HealthCheckRequest]) (*connect.Response[healthpb.HealthCheckResponse], error) {
			return connect.NewResponse(&healthpb.HealthCheckResponse{}), wanted(req.Msg)
		}, opts...))
	mux.Handle(watch, connect.NewServerStreamHandler(watch,
		func(ctx context.Context, req *connect.Request[healthpb.HealthCheckRequest], stream *connect.ServerStream[healthpb.HealthCheckResponse]) error {
			if err := stream.Send(&healthpb.HealthCheckResponse{}); err != nil {
				return err
			}
			if req.Msg.Service == "wait" {
				<-ctx.Done()
				return ctx.Err()
			}
			return wanted(req.Msg)
		}, opts...))
	return start(t, Connect(in, "/grpc.health.v1.Health/", mux))
}

// http2 returns a client for HTTP/2 without TLS.
func http2(t *testing.T) *http.Client {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// result is the verdict on a call, for an indicator that lists statuses and one
// that lists codes.
type result struct{ operation, code, byStatus, byCode string }

func resultOf(rec *sli.Recorder, event sli.Event) result {
	verdict := func(name string) string {
		switch c, _ := rec.Counts(name); c {
		case sli.Counts{Good: 1, Valid: 1}:
			return "good"
		case sli.Counts{Valid: 1}:
			return "bad"
		case sli.Counts{}:
			return "ignored: " + string(event.Ignore)
		default:
			return c.String()
		}
	}
	return result{event.Operation, event.Code, verdict("status"), verdict("code")}
}

func rpcInstrument(t *testing.T) (*middleware.Instrument, *sli.Recorder, chan sli.Event) {
	t.Helper()
	rec, err := sli.NewRecorder(
		sli.Indicator{Service: "health", Name: "status", Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}},
		sli.Indicator{Service: "health", Name: "code", Good: sli.Condition{Code: []string{"OK", "NotFound"}}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan sli.Event, 10)
	in, err := middleware.New(rec, &middleware.Options{Done: func(r middleware.Record) { done <- r.Event }})
	if err != nil {
		t.Fatal(err)
	}
	return in, rec, done
}

// TestConnect calls connect-go by each of its protocols, with and without the
// interceptor.
func TestConnect(t *testing.T) {
	protocols := map[string][]connect.ClientOption{
		"Connect": nil, "gRPC": {connect.WithGRPC()}, "gRPC-Web": {connect.WithGRPCWeb()},
	}
	const unjudged = "ignored: unjudged"
	cases := []struct {
		protocol, procedure, service string
		marked                       bool
		want                         result
	}{
		{"gRPC", check, "", false, result{"", "OK", "good", "good"}},
		{"gRPC", check, "internal", false, result{"", "Internal", "bad", "bad"}},
		{"gRPC", check, "not_found", false, result{"", "NotFound", "good", "good"}},
		{"gRPC", watch, "", false, result{"", "OK", "good", "good"}},
		{"gRPC", watch, "unavailable", false, result{"", "Unavailable", "bad", "bad"}},
		{"gRPC", check, "internal", true, result{"", "Internal", "bad", "bad"}},
		{"gRPC", watch, "unavailable", true, result{"", "Unavailable", "bad", "bad"}},
		{"gRPC-Web", check, "", false, result{"", "", unjudged, unjudged}},
		{"gRPC-Web", check, "internal", false, result{"", "", unjudged, unjudged}},
		{"gRPC-Web", watch, "unavailable", false, result{"", "", unjudged, unjudged}},
		{"gRPC-Web", check, "", true, result{"", "OK", "good", "good"}},
		{"gRPC-Web", check, "internal", true, result{"", "Internal", "bad", "bad"}},
		{"gRPC-Web", watch, "unavailable", true, result{"", "Unavailable", "bad", "bad"}},
		{"gRPC-Web", watch, "deadline_exceeded", true, result{"", "DeadlineExceeded", "bad", "bad"}},
		{"Connect", check, "", false, result{"", "", "good", "bad"}},
		{"Connect", check, "internal", false, result{"", "", "bad", "bad"}},
		{"Connect", check, "not_found", false, result{"", "", "good", "bad"}},
		{"Connect", check, "", true, result{"", "OK", "good", "good"}},
		{"Connect", check, "not_found", true, result{"", "NotFound", "good", "good"}},
		{"Connect", watch, "", false, result{"", "", unjudged, unjudged}},
		{"Connect", watch, "internal", false, result{"", "", unjudged, unjudged}},
		{"Connect", watch, "", true, result{"", "OK", "good", "good"}},
		{"Connect", watch, "canceled", true, result{"", "Canceled", "good", "bad"}},
		{"Connect", watch, "internal", true, result{"", "Internal", "bad", "bad"}},
	}
	for _, c := range cases {
		name := c.protocol + c.procedure + " " + c.service
		var opts []connect.HandlerOption
		if c.marked {
			name += " marked"
			opts = append(opts, connect.WithInterceptors(sliconnect.NewInterceptor()))
		}
		t.Run(name, func(t *testing.T) {
			in, rec, done := rpcInstrument(t)
			server := connectServer(t, in, opts...)
			client := connect.NewClient[healthpb.HealthCheckRequest, healthpb.HealthCheckResponse](
				http2(t), server.URL+c.procedure, protocols[c.protocol]...)
			err := send(t.Context(), client, c.procedure, c.service)
			if got := codeOf(err); c.service != "" && got != c.service {
				t.Errorf("the client got %v, want %s", err, c.service)
			}
			c.want.operation = "POST " + c.procedure
			if !c.marked { // the mux knows only the service
				c.want.operation = "POST /grpc.health.v1.Health/"
			}
			if got := resultOf(rec, <-done); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// send calls a procedure and reads the whole answer.
func send(ctx context.Context, client *connect.Client[healthpb.HealthCheckRequest, healthpb.HealthCheckResponse], procedure, service string) error {
	req := connect.NewRequest(&healthpb.HealthCheckRequest{Service: service})
	if procedure == check {
		_, err := client.CallUnary(ctx, req)
		return err
	}
	stream, err := client.CallServerStream(ctx, req)
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }()
	for stream.Receive() {
	}
	return stream.Err()
}

// TestConnectClientLeavesAStream lets the client end a stream of each protocol.
func TestConnectClientLeavesAStream(t *testing.T) {
	for name, opt := range map[string]connect.ClientOption{
		"gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb(), "Connect": connect.WithClientOptions(),
	} {
		t.Run(name, func(t *testing.T) {
			in, rec, done := rpcInstrument(t)
			server := connectServer(t, in, connect.WithInterceptors(sliconnect.NewInterceptor()))
			client := connect.NewClient[healthpb.HealthCheckRequest, healthpb.HealthCheckResponse](http2(t), server.URL+watch, opt)
			ctx, cancel := context.WithCancel(t.Context())
			stream, err := client.CallServerStream(ctx, connect.NewRequest(&healthpb.HealthCheckRequest{Service: "wait"}))
			if err != nil {
				t.Fatal(err)
			}
			if !stream.Receive() {
				t.Fatal(stream.Err())
			}
			cancel()
			_ = stream.Close()
			want := result{"POST " + watch, "OK", "good", "good"}
			if got := resultOf(rec, <-done); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// healthServer serves the service health by grpc-go.
type healthServer struct {
	healthpb.UnimplementedHealthServer
}

func (healthServer) Check(_ context.Context, req *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	var code codes.Code
	if err := code.UnmarshalJSON([]byte(`"` + req.Service + `"`)); err != nil {
		return nil, err
	}
	return &healthpb.HealthCheckResponse{}, status.Error(code, "wanted")
}

// TestGRPCServer calls a grpc.Server that net/http serves.
func TestGRPCServer(t *testing.T) {
	for code, want := range map[string]result{
		"OK":          {"", "OK", "good", "good"},
		"INTERNAL":    {"", "Internal", "bad", "bad"},
		"NOT_FOUND":   {"", "NotFound", "good", "good"},
		"UNAVAILABLE": {"", "Unavailable", "bad", "bad"},
	} {
		t.Run(code, func(t *testing.T) {
			in, rec, done := rpcInstrument(t)
			grpcServer := grpc.NewServer()
			healthpb.RegisterHealthServer(grpcServer, healthServer{})
			server := start(t, GRPC(in, grpcServer))
			conn, err := grpc.NewClient(server.Listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_, err = healthpb.NewHealthClient(conn).Check(t.Context(), &healthpb.HealthCheckRequest{Service: code})
			if got := status.Code(err).String(); got != want.code {
				t.Errorf("the client got %s", got)
			}
			want.operation = "POST " + check
			if got := resultOf(rec, <-done); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// TestReverseProxyOfGRPC measures a proxy in front of a gRPC server, which
// passes the trailers on.
func TestReverseProxyOfGRPC(t *testing.T) {
	upstream, _, _ := rpcInstrument(t)
	backend, err := url.Parse(connectServer(t, upstream).URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(backend)
	proxy.Transport = http2(t).Transport
	for service, want := range map[string]result{
		"":          {"POST /", "OK", "good", "good"},
		"internal":  {"POST /", "Internal", "bad", "bad"},
		"not_found": {"POST /", "NotFound", "good", "good"},
	} {
		for _, procedure := range []string{check, watch} {
			t.Run(procedure+" "+service, func(t *testing.T) {
				in, rec, done := rpcInstrument(t)
				mux := http.NewServeMux()
				mux.Handle("/", proxy)
				server := start(t, in.Handler(mux))
				client := connect.NewClient[healthpb.HealthCheckRequest, healthpb.HealthCheckResponse](
					http2(t), server.URL+procedure, connect.WithGRPC())
				if err := send(t.Context(), client, procedure, service); service != "" && codeOf(err) != service {
					t.Errorf("the client got %v, want %s", err, service)
				}
				if got := resultOf(rec, <-done); got != want {
					t.Errorf("got %v, want %v", got, want)
				}
			})
		}
	}
}

// TestDeadlineOfAHang calls a handler that ignores its context. The call is
// bad when the deadline that the client sent has passed, although the indicator
// always ignores clients that leave.
func TestDeadlineOfAHang(t *testing.T) {
	patient := availability
	patient.Patience = -1
	for name, opt := range map[string]connect.ClientOption{"gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb()} {
		t.Run(name, func(t *testing.T) {
			rec, err := sli.NewRecorder(patient)
			if err != nil {
				t.Fatal(err)
			}
			in, err := middleware.New(rec, nil)
			if err != nil {
				t.Fatal(err)
			}
			release := make(chan struct{})
			server := start(t, in.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release })))
			defer close(release)
			client := connect.NewClient[healthpb.HealthCheckRequest, healthpb.HealthCheckResponse](http2(t), server.URL+check, opt)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := send(ctx, client, check, ""); codeOf(err) != "deadline_exceeded" {
				t.Errorf("the client got %v", err)
			}
			if got := firstCount(rec); got != (sli.Counts{Valid: 1}) {
				t.Errorf("got %v while the handler hangs, want a bad event", got)
			}
		})
	}
}
