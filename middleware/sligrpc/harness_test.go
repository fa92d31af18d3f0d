package sligrpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/grpclog"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// logged is the log of gRPC.
var logged lockedBuffer

func TestMain(m *testing.M) {
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, &logged))
	m.Run()
}

type message = wrapperspb.StringValue

const (
	get    = "/shop.Orders/Get"    // unary
	watch  = "/shop.Orders/Watch"  // the server streams
	upload = "/shop.Orders/Upload" // the client streams
	chat   = "/shop.Orders/Chat"   // both stream
)

// shop is a service whose methods are the test's.
type shop struct {
	get  func(context.Context, *message) (*message, error)
	open func(grpc.ServerStream) error
}

var shopDesc = grpc.ServiceDesc{
	ServiceName: "shop.Orders", HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{{MethodName: "Get", Handler: getHandler}},
	Streams: []grpc.StreamDesc{
		{StreamName: "Watch", Handler: openHandler, ServerStreams: true},
		{StreamName: "Upload", Handler: openHandler, ClientStreams: true},
		{StreamName: "Chat", Handler: openHandler, ServerStreams: true, ClientStreams: true},
	},
}

func getHandler(srv any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
	in := new(message)
	if err := decode(in); err != nil {
		return nil, err
	}
	handler := func(ctx context.Context, req any) (any, error) { return srv.(*shop).get(ctx, req.(*message)) }
	if interceptor == nil {
		return handler(ctx, in)
	}
	return interceptor(ctx, in, &grpc.UnaryServerInfo{Server: srv, FullMethod: get}, handler)
}

func openHandler(srv any, stream grpc.ServerStream) error { return srv.(*shop).open(stream) }

func streamDesc(method string) *grpc.StreamDesc {
	for i := range shopDesc.Streams {
		if "/shop.Orders/"+shopDesc.Streams[i].StreamName == method {
			return &shopDesc.Streams[i]
		}
	}
	return nil
}

// lockedBuffer is a buffer for concurrent writers.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// side is an instrument with all signals.
type side struct {
	in    *middleware.Instrument
	rec   *sli.Recorder
	reg   *prometheus.Registry
	spans *tracetest.SpanRecorder
	out   lockedBuffer

	mu      sync.Mutex
	records []middleware.Record
}

// availability counts all calls that a server serves, and all calls that a
// client makes.
var availability = sli.Indicator{
	Service: "shop", Name: "availability", Requests: []string{"/*", "//*", "_OTHER"}, Patience: 300 * time.Millisecond,
	Good: sli.Condition{Code: []string{"OK", "NotFound", "InvalidArgument"}},
}

func newSide(t testing.TB, indicators ...sli.Indicator) *side {
	t.Helper()
	return newChangedSide(t, nil, indicators...)
}

// newChangedSide returns a side whose options are changed, unless change is
// nil.
func newChangedSide(t testing.TB, change func(*middleware.Options), indicators ...sli.Indicator) *side {
	t.Helper()
	if len(indicators) == 0 {
		indicators = []sli.Indicator{availability}
	}
	s := &side{spans: tracetest.NewSpanRecorder(), reg: prometheus.NewRegistry()}
	var err error
	if s.rec, err = sli.NewRecorder(indicators...); err != nil {
		t.Fatal(err)
	}
	handler, err := logging.New("shop", &s.out, &logging.Options{Trace: tracing.IDs})
	if err != nil {
		t.Fatal(err)
	}
	opts := &middleware.Options{
		Spans:     &middleware.SpanOptions{TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(s.spans))},
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(handler)},
		Done: func(r middleware.Record) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.records = append(s.records, r)
		},
	}
	if change != nil {
		change(opts)
	}
	if s.in, err = middleware.New(s.rec, opts); err != nil {
		t.Fatal(err)
	}
	s.reg.MustRegister(s.in)
	return s
}

// wait waits until n calls have ended, and returns their records.
func (s *side) wait(t *testing.T, n int) []middleware.Record {
	t.Helper()
	if !s.ended(n, 10*time.Second) {
		t.Fatalf("got %d ended calls, want %d", len(s.calls()), n)
	}
	return s.calls()
}

// ended reports whether n calls end within a time.
func (s *side) ended(n int, within time.Duration) bool {
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if len(s.calls()) >= n {
			return true
		}
	}
	return false
}

// calls returns the records of the calls that have ended.
func (s *side) calls() []middleware.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.records)
}

func (s *side) lines(t *testing.T) (all []map[string]any) {
	t.Helper()
	for text := range strings.Lines(s.out.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	return all
}

// histogram returns the series of a duration with their counts.
func (s *side) histogram(t *testing.T, name string) map[string]uint64 {
	t.Helper()
	families, err := s.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]uint64)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() != name {
				continue
			}
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			all[strings.Join(labels, " ")] = m.GetHistogram().GetSampleCount() + uint64(m.GetGauge().GetValue())
		}
	}
	return all
}

// counts returns the counts of the first indicator.
func (s *side) counts() sli.Counts { return s.rec.Report().Indicators[0].Counts }

// shopServer is a measured server with a measured client.
type shopServer struct {
	server, client *side
	grpc           *grpc.Server
	addr           string
	conn           *grpc.ClientConn
}

// config changes a shopServer.
type config struct {
	service       *shop
	opts          *sligrpc.Options
	clientOpts    *sligrpc.Options
	serverOptions []grpc.ServerOption
	dialOptions   []grpc.DialOption
	indicators    []sli.Indicator
	dialBehind    []grpc.DialOption
	register      func(*grpc.Server)
	plain         bool                     // measures nothing
	via           func(addr string) string // the address of a proxy
	change        func(*middleware.Options)
}

func start(t testing.TB, c config) *shopServer {
	t.Helper()
	s := &shopServer{server: newChangedSide(t, c.change, c.indicators...), client: newChangedSide(t, c.change, c.indicators...)}
	if c.clientOpts == nil {
		c.clientOpts = &sligrpc.Options{Lines: true}
	}
	dial := append([]grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}, c.dialOptions...)
	serve := c.serverOptions
	if !c.plain {
		serve = append(sligrpc.ServerOptions(s.server.in, c.opts), serve...)
		dial = append(dial, sligrpc.DialOptions(s.client.in, c.clientOpts)...)
	}
	dial = append(dial, c.dialBehind...)
	s.grpc = grpc.NewServer(serve...)
	s.grpc.RegisterService(&shopDesc, c.service)
	if c.register != nil {
		c.register(s.grpc)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = listener.Addr().String()
	go func() { _ = s.grpc.Serve(listener) }()
	target := s.addr
	if c.via != nil {
		target = c.via(s.addr)
	}
	if s.conn, err = grpc.NewClient("passthrough:///"+target, dial...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.conn.Close()
		s.grpc.Stop()
	})
	return s
}

func (s *shopServer) get(ctx context.Context, text string, opts ...grpc.CallOption) (string, error) {
	out := new(message)
	err := s.conn.Invoke(ctx, get, wrapperspb.String(text), out, opts...)
	return out.GetValue(), err
}

func (s *shopServer) open(ctx context.Context, t testing.TB, method string) grpc.ClientStream {
	t.Helper()
	stream, err := s.conn.NewStream(ctx, streamDesc(method), method)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// drain reads a stream to its end, and returns the number of messages and the
// error.
func drain(stream grpc.ClientStream) (n int, err error) {
	for {
		if err = stream.RecvMsg(new(message)); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
		n++
	}
}

// summary describes a record in one line.
func summary(r middleware.Record) string {
	state := ""
	if r.Event.Canceled {
		state = " canceled"
	}
	if r.Event.Unanswered {
		state = " unanswered"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s%s", r.Event.Operation, r.Event.Code, r.ErrorType, state))
}

// dialPlain returns a client that measures nothing.
func dialPlain(t testing.TB, addr string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient("passthrough:///"+addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
