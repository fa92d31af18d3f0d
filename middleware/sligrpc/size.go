package sligrpc

import (
	"context"
	"sync/atomic"

	"google.golang.org/grpc/stats"

	"github.com/sligo-go/sligo/middleware"
)

// sizes are the bytes and the numbers of the messages of a call. Both
// directions of a stream may count at once.
type sizes struct{ requestBytes, responseBytes, requests, responses atomic.Int64 }

// count adds a message that gRPC reports. A client receives responses, and a
// server requests.
func (s *sizes) count(event stats.RPCStats) {
	if s == nil {
		return
	}
	switch event := event.(type) {
	case *stats.InPayload:
		s.add(!event.Client, event.Length)
	case *stats.OutPayload:
		s.add(event.Client, event.Length)
	}
}

func (s *sizes) add(request bool, length int) {
	bytes, messages := &s.responseBytes, &s.responses
	if request {
		bytes, messages = &s.requestBytes, &s.requests
	}
	bytes.Add(int64(length))
	messages.Add(1)
}

// values returns the values in the order of sizeFamilies.
func (s *sizes) values() []int64 {
	if s == nil {
		return nil
	}
	return []int64{s.requestBytes.Load(), s.responseBytes.Load(), s.requests.Load(), s.responses.Load()}
}

// messageBuckets tell a unary call, a page and a long stream from each other.
var messageBuckets = []int64{1, 10, 100, 1000, 10_000, 100_000}

// withSizes returns the family with histograms of sizes if the options want
// them.
func withSizes(family middleware.FamilyOptions, opts *Options, side string) middleware.FamilyOptions {
	if opts.Sizes {
		family.Sizes = []middleware.SizeOptions{
			{Name: "rpc_" + side + "_request_size_bytes", Help: "Size of the request messages of a call."},
			{Name: "rpc_" + side + "_response_size_bytes", Help: "Size of the response messages of a call."},
			{Name: "rpc_" + side + "_request_messages", Help: "Number of request messages of a call.", Buckets: messageBuckets},
			{Name: "rpc_" + side + "_response_messages", Help: "Number of response messages of a call.", Buckets: messageBuckets},
		}
	}
	return family
}

// clientSizes is the stats handler of a client that counts messages.
type clientSizes struct{}

// sizesKey is the key of the sizes in the context of a client's call.
type sizesKey struct{}

// TagRPC implements [stats.Handler].
func (clientSizes) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC implements [stats.Handler].
func (clientSizes) HandleRPC(ctx context.Context, event stats.RPCStats) {
	switch event.(type) {
	case *stats.InPayload, *stats.OutPayload:
		if s, ok := ctx.Value(sizesKey{}).(*sizes); ok {
			s.count(event)
		}
	}
}

// TagConn implements [stats.Handler].
func (clientSizes) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn implements [stats.Handler].
func (clientSizes) HandleConn(context.Context, stats.ConnStats) {}
