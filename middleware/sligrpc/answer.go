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
	own       reflect.Type // of grpc-go's transport, nil before the first call
	md        metadata.MD
	key       string   // the only one of md
	values    []string // of key
}

// Get returns "": nothing was written.
func (a *answer) Get(string) string { return "" }

// Set adds a header.
func (a *answer) Set(key, value string) {
	if a.transport == nil {
		return
	}
	if !a.copied() {
		_ = a.transport.SetHeader(metadata.Pairs(key, value))
		return
	}
	if a.key != key {
		a.key, a.values = key, make([]string, 1)
		a.md = metadata.MD{key: a.values}
	}
	a.values[0] = value
	_ = a.transport.SetHeader(a.md)
}

// copied reports whether the transport is one of grpc-go. A transport of the
// program may keep the metadata.
func (a *answer) copied() bool {
	t := reflect.TypeOf(a.transport)
	if t == a.own {
		return true
	}
	if t.Kind() != reflect.Pointer || t.Elem().PkgPath() != "google.golang.org/grpc/internal/transport" {
		return false
	}
	a.own = t
	return true
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
