package sligrpc

import (
	"context"
	"reflect"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// answer writes to the headers of a call's answer. Calls share its metadata,
// one after the other, because grpc-go copies it.
type answer struct {
	transport grpc.ServerTransportStream
	md        metadata.MD
}

func newAnswer() answer { return answer{md: make(metadata.MD, 1)} }

// Get returns "": nothing was written.
func (a *answer) Get(string) string { return "" }

// Set adds a header.
func (a *answer) Set(key, value string) {
	if a.transport == nil {
		return
	}
	if !copies(a.transport) {
		_ = a.transport.SetHeader(metadata.Pairs(key, value))
		return
	}
	if values := a.md[key]; len(values) == 1 {
		values[0] = value
	} else {
		a.md[key] = []string{value}
	}
	_ = a.transport.SetHeader(a.md)
}

// copies reports whether a transport is one of grpc-go. A transport of the
// program may keep the metadata.
func copies(transport grpc.ServerTransportStream) bool {
	t := reflect.TypeOf(transport)
	return t.Kind() == reflect.Pointer && t.Elem().PkgPath() == "google.golang.org/grpc/internal/transport"
}

// Keys returns nil.
func (a *answer) Keys() []string { return nil }

// prepare prepares the answer of a call whose handler is about to run.
func (c *serverCall) prepare(ctx context.Context) {
	if c.call == nil {
		return
	}
	c.answer.transport = grpc.ServerTransportStreamFromContext(ctx)
	c.call.WriteRequestID(&c.answer)
	c.answer.transport = nil
}
