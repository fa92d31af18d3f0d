package benchmarks

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// Methods of the service.
const (
	getUser   = "/users.v1.Users/Get"
	listUsers = "/users.v1.Users/List"
)

var user = wrapperspb.String("Lora")

var users = grpc.ServiceDesc{
	ServiceName: "users.v1.Users",
	HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{{
		MethodName: "Get",
		Handler: func(srv any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
			req := new(wrapperspb.StringValue)
			if err := decode(req); err != nil {
				return nil, err
			}
			if interceptor == nil {
				return get(ctx, req)
			}
			return interceptor(ctx, req, &grpc.UnaryServerInfo{Server: srv, FullMethod: getUser}, get)
		},
	}},
	Streams: []grpc.StreamDesc{{StreamName: "List", ServerStreams: true, Handler: list}},
}

func get(context.Context, any) (any, error) { return user, nil }

const messages = 1000

func list(_ any, stream grpc.ServerStream) error {
	for range messages {
		if err := stream.SendMsg(user); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkGRPC makes a unary call in two forms: directly to the interceptors
// and the stats handler, as gRPC calls them, and to the ServeHTTP of a whole
// server. Neither has a client or a socket. Only the server starts a goroutine
// for each call, whose stack grows.
func BenchmarkGRPC(b *testing.B) {
	for _, s := range grpcStacks {
		b.Run("form=direct/stack="+s.name, func(b *testing.B) {
			call := partsOf(s.options()).unaryCall(b)
			b.ReportAllocs()
			defer reportCPU(b)()
			for b.Loop() {
				call()
			}
		})
	}
	for _, s := range grpcStacks {
		b.Run("form=server/stack="+s.name, func(b *testing.B) { serveGRPC(b, s.options()) })
	}
}

// BenchmarkGRPCStream sends the messages of a stream directly.
func BenchmarkGRPCStream(b *testing.B) {
	for _, s := range grpcStacks {
		b.Run(fmt.Sprintf("messages=%d/stack=%s", messages, s.name), func(b *testing.B) {
			call := partsOf(s.options()).streamCall(b)
			b.ReportAllocs()
			defer reportCPU(b)()
			for b.Loop() {
				call()
			}
		})
	}
}

// serveGRPC serves unary calls as a server of net/http hands them over.
func serveGRPC(b *testing.B, opts []grpc.ServerOption) {
	server := grpc.NewServer(opts...)
	defer server.Stop()
	server.RegisterService(&users, nil)
	call := servedCall(b, server)
	b.ReportAllocs()
	defer reportCPU(b)()
	for b.Loop() {
		call()
	}
}

// servedCall returns a function that makes a unary call to a server.
func servedCall(b *testing.B, server *grpc.Server) func() {
	frame, w := framed(b), &http1Stub{header: make(http.Header)}
	r := httptest.NewRequest(http.MethodPost, getUser, nil)
	r.ProtoMajor, r.ProtoMinor = 2, 0
	r.Header.Set("Content-Type", "application/grpc")
	r.Header.Set("User-Agent", "grpc-go/1.85.0")
	r.Header.Set("Te", "trailers")
	body := bytes.NewReader(frame)
	r.Body = io.NopCloser(body)
	return func() {
		clear(w.header)
		body.Reset(frame)
		server.ServeHTTP(w, r)
		if got := w.header.Get("Grpc-Status"); got != "0" {
			b.Errorf("got status %q, want 0", got)
		}
	}
}

// framed returns the request as it is on the wire.
func framed(b *testing.B) []byte {
	message, err := proto.Marshal(user)
	if err != nil {
		b.Fatal(err)
	}
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
}
