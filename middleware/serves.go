package middleware

import "context"

// servedKey is the key of the mark in the context of a gRPC request.
type servedKey struct{ in *Instrument }

// Serves reports whether ctx belongs to a gRPC request that passed through
// [Instrument.Handler]. A gRPC server behind the handler leaves the measuring
// of such a call to it, so that the call counts once.
func (in *Instrument) Serves(ctx context.Context) bool {
	return ctx.Value(servedKey{in}) != nil
}

// mark puts the mark into the context of a gRPC request.
func (e *exchange) mark() {
	e.r = e.r.WithContext(context.WithValue(e.r.Context(), servedKey{e.in}, true))
}
