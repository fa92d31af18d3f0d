package sligrpc

import (
	"context"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	"google.golang.org/grpc/metadata"
)

// headers reads the metadata that a server received. Reading does not allocate.
type headers metadata.MD

var _ propagation.ValuesGetter = headers(nil)

// Get returns the first value of a key, or "".
func (h headers) Get(key string) string {
	if values := h.Values(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns all values of a key.
func (h headers) Values(key string) []string { return h[lower(key)] }

// lower returns a key in lower case. Each call asks for the first three.
func lower(key string) string {
	switch key {
	case "x-request-id", "traceparent", "baggage":
		return key
	}
	return strings.ToLower(key)
}

// Set replaces the values of a key.
func (h headers) Set(key, value string) { h[strings.ToLower(key)] = []string{value} }

// Keys returns all keys.
func (h headers) Keys() []string { return slices.Collect(maps.Keys(h)) }

// incoming reads metadata from a context, key by key, because
// metadata.FromIncomingContext copies all of it.
type incoming struct{ context.Context }

var _ propagation.ValuesGetter = incoming{}

func (in incoming) Get(key string) string {
	if values := in.Values(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns all values of a key.
func (in incoming) Values(key string) []string {
	return metadata.ValueFromIncomingContext(in.Context, key)
}

// Set does nothing: received metadata does not change.
func (in incoming) Set(string, string) {}

// Keys returns all keys.
func (in incoming) Keys() []string {
	md, _ := metadata.FromIncomingContext(in.Context)
	return headers(md).Keys()
}

// outgoing collects the metadata that a call adds to its program's own.
type outgoing struct {
	own   metadata.MD // a copy of the program's, nil if it sends none
	added []string    // keys and values
	room  [8]string   // of added
}

func newOutgoing(ctx context.Context) *outgoing {
	o := &outgoing{}
	o.own, _ = metadata.FromOutgoingContext(ctx)
	o.added = o.room[:0]
	return o
}

// Get returns the first value of a key, or "".
func (o *outgoing) Get(key string) string {
	if len(o.own) > 0 {
		if value := headers(o.own).Get(key); value != "" {
			return value
		}
	}
	for i := 0; i < len(o.added); i += 2 {
		if strings.EqualFold(o.added[i], key) {
			return o.added[i+1]
		}
	}
	return ""
}

// Set replaces the values of a key.
func (o *outgoing) Set(key, value string) {
	if len(o.own) > 0 {
		headers(o.own).Set(key, value)
	} else {
		o.added = append(o.added, key, value)
	}
}

// Keys returns all keys.
func (o *outgoing) Keys() []string {
	keys := headers(o.own).Keys()
	for i := 0; i < len(o.added); i += 2 {
		keys = append(keys, o.added[i])
	}
	return keys
}

// attach returns the context with the metadata of the program and of the call.
func (o *outgoing) attach(ctx context.Context) context.Context {
	switch {
	case len(o.own) > 0:
		return metadata.NewOutgoingContext(ctx, o.own)
	case len(o.added) > 0:
		return metadata.AppendToOutgoingContext(ctx, o.added...)
	}
	return ctx
}
