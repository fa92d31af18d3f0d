package sligrpc

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"

	"github.com/sligo-go/sligo/middleware"
)

// Parts returns the hooks of a server, so that a test can call them as gRPC
// does.
func Parts(in *middleware.Instrument, opts ...*Options) (stats.Handler, grpc.UnaryServerInterceptor, grpc.StreamServerInterceptor) {
	s := newServer(in, optionsOf(opts, ""))
	return s, s.unary, s.stream
}
