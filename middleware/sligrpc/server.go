package sligrpc

import (
	"context"
	"net"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"

	"github.com/sligo-go/sligo/middleware"
)

// ServerOptions returns options for [grpc.NewServer] that measure the calls
// that the server serves. Servers may share an instrument, and then count
// together. If one server gets the options of an instrument twice, its calls
// count twice. Only the first Options is used; gRPC's log has an error if there
// are more.
//
// Put them in front of the server's other interceptors, so that a call that one
// of these refuses is measured too. [grpc.UnaryInterceptor] and
// [grpc.StreamInterceptor] always run around them: the panics of these are not
// recovered.
func ServerOptions(in *middleware.Instrument, opts ...*Options) []grpc.ServerOption {
	s := newServer(in, optionsOf(opts, "ServerOptions"))
	all := []grpc.ServerOption{
		grpc.ChainUnaryInterceptor(s.unary),
		grpc.ChainStreamInterceptor(s.stream),
	}
	if !s.opts.OmitStatsHandler {
		all = append(all, grpc.StatsHandler(s))
	}
	return all
}

// server measures the calls that servers with the same options serve.
type server struct {
	in       *middleware.Instrument
	opts     Options
	family   *middleware.Family
	methods  table[string]
	unknown  *method
	messages *messageFamilies
	calls    sync.Pool // of *serverCall, each for this server
}

func newServer(in *middleware.Instrument, opts Options) *server {
	family, _ := in.SharedFamily(withSizes(serverFamily, &opts, "server")) // valid
	return &server{
		in: in, opts: opts, family: family, messages: newMessageFamilies(in, &opts, "server", serverFamily.Labels),
		unknown: &method{operation: otherMethod, labels: []string{system, otherMethod}},
	}
}

// find returns a method that a call has reached, or nil.
func (s *server) find(fullMethod string) *method { return s.methods.find(fullMethod) }

// add adds a method that the server has.
func (s *server) add(fullMethod string) (m *method) {
	name := logicalName(fullMethod)
	m = &method{operation: fullMethod, labels: []string{system, name}, attrs: []attribute.KeyValue{attribute.String("rpc.method", name)}}
	// Also if Omit ends the goroutine.
	defer func() { m = s.methods.add(fullMethod, m) }()
	m.omit = s.opts.omit(fullMethod)
	return m
}

// excluded reports whether the options exclude a method. A nil method is not
// known yet.
func (m *method) excluded() bool { return m != nil && m.omit == middleware.SignalAll }

// TagConn implements [stats.Handler]. If net/http serves the gRPC server, each
// request is a connection.
func (s *server) TagConn(ctx context.Context, info *stats.ConnTagInfo) context.Context {
	return &connection{ctx, addressOf(info.RemoteAddr), managedBy(info.LocalAddr), s.in.Serves(ctx)}
}

// HandleConn implements [stats.Handler].
func (s *server) HandleConn(context.Context, stats.ConnStats) {}

// connection is the context of a connection, with the facts that are the same
// for all of its calls.
type connection struct {
	context.Context
	caller  string
	managed *ManagedServer // that accepted the connection, or nil
	served  bool           // the instrument's handler measures its only call
}

// connKey is the key of the connection in the context of a call.
type connKey struct{}

// Value returns the connection, or a value of the parent.
func (c *connection) Value(key any) any {
	if _, ok := key.(connKey); ok {
		return c
	}
	return c.Context.Value(key)
}

// TagRPC implements [stats.Handler]. Nobody knows yet whether the server has
// the method, so the call begins with stats.Begin.
func (s *server) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	conn, _ := ctx.Value(connKey{}).(*connection)
	if conn == nil { // another handler of the program did not pass it on
		conn = &connection{served: s.in.Serves(ctx)}
	}
	m := s.find(info.FullMethodName)
	if conn.served || m.excluded() {
		return ctx
	}
	c := s.newCall(ctx, info.FullMethodName, conn, m)
	if s.opts.Sizes {
		c.sizes = new(sizes)
	}
	return c.ctx
}

// HandleRPC implements [stats.Handler].
func (s *server) HandleRPC(ctx context.Context, event stats.RPCStats) {
	in := s.contextOf(ctx)
	if in == nil || in.uses.Load() < 0 { // it is not measured, or has ended
		return
	}
	c := in.call
	switch event := event.(type) {
	case *stats.InPayload:
		c.sizes.count(event)
	case *stats.OutPayload:
		c.sizes.count(event)
		c.responds(event.SentTime)
	case *stats.InHeader:
		c.header = event.Header
	case *stats.Begin:
		c.opens(event.BeginTime, event.IsClientStream, event.IsServerStream, headers(c.header))
	case *stats.OutTrailer:
		if c.trailed.Store(true); !c.begun {
			c.refuse()
		}
	case *stats.End:
		c.end(event.Error, event.EndTime)
		c.release()
	}
}

// addressOf returns the address of a caller. One of TCP is without its port,
// which takes two more allocations and is not used.
func addressOf(addr net.Addr) string {
	if addr == nil {
		return ""
	}
	if tcp, ok := addr.(*net.TCPAddr); ok {
		if ip := tcp.AddrPort().Addr(); ip.IsValid() {
			return ip.Unmap().String()
		}
	}
	return addr.String()
}
