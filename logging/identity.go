package logging

import (
	"context"
	"encoding/hex"
	"log/slog"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/hexid"
	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/logging/field"
)

// An identity is all that the context of a call contributes to its line.
type identity struct {
	userID, requestID string      // empty if unknown
	attrs             []slog.Attr // of With

	traced  bool // traceID and spanID are valid
	traceID [16]byte
	spanID  [8]byte
}

// read reads the context, once for a line. The trace hook is a caller's code.
func (id *identity) read(ctx context.Context, h *Handler) {
	if ctx == nil {
		return
	}
	if s := scope.Of(ctx); s != nil {
		id.userID, id.requestID, id.attrs = s.UserID(), s.RequestID, s.List()
	}
	if h.trace != nil {
		_ = guard.Call(func() { id.traceID, id.spanID, id.traced = h.trace(ctx) })
	}
}

// asAttrs returns the identity as attributes, for handlers of other packages.
func (id *identity) asAttrs() []slog.Attr {
	var attrs []slog.Attr
	if id.requestID != "" {
		attrs = append(attrs, field.RequestID(id.requestID))
	}
	if id.userID != "" {
		attrs = append(attrs, field.UserID(id.userID))
	}
	attrs = append(attrs, id.attrs...)
	if id.traced {
		attrs = append(attrs, field.TraceID(hex.EncodeToString(id.traceID[:])), field.SpanID(hex.EncodeToString(id.spanID[:])))
	}
	return attrs
}

// setIdentity sets the identity's fields. Attributes cannot change them.
func (e *entry) setIdentity(id *identity) {
	redactor := e.line.h.redactor
	if id.userID != "" {
		e.buf = redactor.AppendText(append(e.buf, fieldPrefix[userID]...), id.userID)
		e.give(userID)
	}
	if id.requestID != "" {
		e.buf = redactor.AppendID(append(e.buf, fieldPrefix[requestID]...), id.requestID)
		e.give(requestID)
	}
	if id.traced {
		e.giveHex(traceID, id.traceID[:])
		e.giveHex(spanID, id.spanID[:])
	}
}

// giveHex sets a field to an ID in hexadecimal.
func (e *entry) giveHex(f int, id []byte) {
	buf := append(append(e.buf, fieldPrefix[f]...), '"')
	e.buf = append(hexid.Append(buf, id), '"')
	e.give(f)
}

// give places the pending field and marks it as given by the context.
func (e *entry) give(f int) {
	e.given |= 1 << f
	e.place(f)
}

// Identifies reports that the handler writes the request ID and the user of a
// record's context, and whether it writes the trace. Package middleware calls
// it.
func (h *Handler) Identifies() (request, trace bool) { return true, h.trace != nil }
