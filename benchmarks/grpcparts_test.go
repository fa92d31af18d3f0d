package benchmarks

import (
	"context"
	"net"
	"reflect"
	"testing"
	"time"
	"unsafe" //nolint:depguard // gRPC does not show what its options set

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/stats"
)

// parts are the hooks of a server, in the chains that gRPC makes of them. Each
// may be nil.
type parts struct {
	handler stats.Handler
	unary   grpc.UnaryServerInterceptor
	stream  grpc.StreamServerInterceptor
}

// partsOf takes the hooks out of a server, because an option does not show
// them.
func partsOf(opts []grpc.ServerOption) (p parts) {
	server := grpc.NewServer(opts...)
	defer server.Stop()
	fields := reflect.ValueOf(server).Elem()
	all := fields.FieldByName("opts")
	take(&p.handler, fields.FieldByName("statsHandler"))
	take(&p.unary, all.FieldByName("unaryInt"))
	take(&p.stream, all.FieldByName("streamInt"))
	return p
}

// take copies a field that is not exported.
func take[T any](to *T, field reflect.Value) {
	if field.Type() != reflect.TypeFor[T]() {
		panic("grpc.Server has another field of type " + field.Type().String())
	}
	*to = *(*T)(unsafe.Pointer(field.UnsafeAddr()))
}

// transportOf returns gRPC's part of a unary call that has ended, and so takes
// no more headers. sligrpc copies what it sends by other transports, because
// those may keep it.
func transportOf(b *testing.B) (transport grpc.ServerTransportStream) {
	server := grpc.NewServer(grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		transport = grpc.ServerTransportStreamFromContext(ctx)
		return handler(ctx, req)
	}))
	defer server.Stop()
	server.RegisterService(&users, nil)
	servedCall(b, server)()
	if transport == nil {
		b.Fatal("no interceptor was called")
	}
	return transport
}

// streamStub is a stream that loses its messages. As gRPC does, it tells the
// stats handler of each.
type streamStub struct {
	grpc.ServerStream
	ctx     context.Context
	handler stats.Handler
	sent    stats.RPCStats
}

func (s *streamStub) SendMsg(any) error {
	if s.handler != nil {
		s.handler.HandleRPC(s.ctx, s.sent)
	}
	return nil
}

func (*streamStub) SetHeader(metadata.MD) error { return nil }

func (s *streamStub) Context() context.Context { return s.ctx }

// connection returns the context of a connection, and the header of its calls.
func (p *parts) connection(b *testing.B, method string) (context.Context, *stats.InHeader) {
	addr := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4711}
	header := metadata.MD{":authority": {"users"}, "content-type": {"application/grpc"}, "user-agent": {"grpc-go/1.85.0"}}
	ctx := peer.NewContext(context.Background(), &peer.Peer{Addr: addr, LocalAddr: addr})
	if p.handler != nil {
		ctx = p.handler.TagConn(ctx, &stats.ConnTagInfo{RemoteAddr: addr, LocalAddr: addr})
	}
	ctx = grpc.NewContextWithServerTransportStream(metadata.NewIncomingContext(ctx, header), transportOf(b))
	return ctx, &stats.InHeader{Header: header, RemoteAddr: addr, LocalAddr: addr, FullMethod: method}
}

// events tells the stats handler of events.
func (p *parts) events(ctx context.Context, all []stats.RPCStats) {
	if p.handler != nil {
		for _, event := range all {
			p.handler.HandleRPC(ctx, event)
		}
	}
}

func (p *parts) tag(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	if p.handler == nil {
		return ctx
	}
	return p.handler.TagRPC(ctx, info)
}

// unaryCall returns a function that makes a unary call directly.
func (p parts) unaryCall(b *testing.B) func() {
	conn, header := p.connection(b, getUser)
	began := time.Now()
	before := []stats.RPCStats{header, &stats.Begin{BeginTime: began}, &stats.InPayload{Payload: user, Length: 6, RecvTime: began}}
	after := []stats.RPCStats{
		&stats.OutHeader{}, &stats.OutPayload{Payload: user, Length: 6, SentTime: began}, &stats.OutTrailer{},
		&stats.End{BeginTime: began, EndTime: began.Add(time.Millisecond)},
	}
	tag, info := &stats.RPCTagInfo{FullMethodName: getUser}, &grpc.UnaryServerInfo{FullMethod: getUser}
	if p.unary == nil {
		p.unary = func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			return handler(ctx, req)
		}
	}
	return func() {
		ctx := p.tag(conn, tag)
		p.events(ctx, before)
		if _, err := p.unary(ctx, user, info, get); err != nil {
			b.Error(err)
		}
		p.events(ctx, after)
	}
}

// streamCall returns a function that makes a call directly whose answer is a
// stream.
func (p parts) streamCall(b *testing.B) func() {
	conn, header := p.connection(b, listUsers)
	began := time.Now()
	before := []stats.RPCStats{header, &stats.Begin{BeginTime: began, IsServerStream: true}, &stats.InPayload{Payload: user, Length: 6, RecvTime: began}, &stats.OutHeader{}}
	sent := &stats.OutPayload{Payload: user, Length: 6, SentTime: began}
	after := []stats.RPCStats{&stats.OutTrailer{}, &stats.End{BeginTime: began, EndTime: began.Add(time.Millisecond)}}
	tag, info := &stats.RPCTagInfo{FullMethodName: listUsers}, &grpc.StreamServerInfo{FullMethod: listUsers, IsServerStream: true}
	if p.stream == nil {
		p.stream = func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
			return handler(srv, ss)
		}
	}
	return func() {
		ss := &streamStub{ctx: p.tag(conn, tag), handler: p.handler, sent: sent}
		p.events(ss.ctx, before)
		if err := p.stream(nil, ss, info, list); err != nil {
			b.Error(err)
		}
		p.events(ss.ctx, after)
	}
}
