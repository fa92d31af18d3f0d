package logging

import (
	"context"
	"encoding/hex"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/logging/field"
)

// A Line is one log call on its way to the sinks. The line and the values that
// it returns are valid only during the call that receives the line. Values are
// not yet redacted: code that publishes them must redact them.
type Line struct {
	Time    time.Time  // of the call; zero if unknown
	Level   slog.Level // as passed to the call
	Message string     // as passed to the call
	PC      uintptr    // of the call; 0 if unknown

	ctx   context.Context
	attrs []slog.Attr // of the call, if lines are inspected
	h     *Handler    // for its bound attributes and open groups
}

// An Observer receives every line that passes the level, including lines that
// an exclusion keeps from the sinks. It must be fast, because the call waits
// for it, and safe for concurrent use. If it panics, the handler recovers.
type Observer interface {
	// Observe receives one line, which it must not keep.
	Observe(l *Line)
}

// unbound is the handler of lines that did not come through a Handler.
var unbound = &Handler{core: &core{inspected: true}}

// LineOf returns the line of a record that reached a handler of another
// package. It has the attributes of the record and of the context, but not
// those that With bound to a logger.
func LineOf(ctx context.Context, r *slog.Record) *Line {
	l := new(Line)
	l.read(ctx, unbound, r)
	return l
}

// read reads a record. If lines are inspected, it copies the attributes, so
// that the record is walked once however many values are looked up. Otherwise
// only the encoding walks it.
func (l *Line) read(ctx context.Context, h *Handler, r *slog.Record) {
	l.Time, l.Level, l.Message, l.PC = r.Time, r.Level, r.Message, r.PC
	l.ctx, l.h = ctx, h
	if h.inspected {
		l.readAttrs(r)
	}
}

func (l *Line) readAttrs(r *slog.Record) {
	attrs := slices.Grow(l.attrs, r.NumAttrs())
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	l.attrs = attrs
}

// Context returns the context of the call.
func (l *Line) Context() context.Context { return l.ctx }

// TraceID returns the ID of the trace of the call, in hexadecimal, as
// [Options].Trace finds it. It is empty without one.
func (l *Line) TraceID() string {
	var id identity
	id.read(l.ctx, l.h)
	if !id.traced {
		return ""
	}
	return hex.EncodeToString(id.traceID[:])
}

// Value returns the value of a field. It looks among the attributes of the
// call, then those bound by With, then the identity and the attributes in
// the context. The name of a group's member is dotted: "http.route". The
// prefix "additional_info." is optional. If a name occurs twice, the last
// one counts.
func (l *Line) Value(name string) (v slog.Value, ok bool) {
	name = strings.TrimPrefix(name, infoKey+".")
	if rest, in := strings.CutPrefix(name, l.h.prefix); in {
		if v, ok = findLast(l.attrs, rest); ok {
			return v, true
		}
	}
	for i := len(l.h.attrs) - 1; i >= 0; i-- {
		b := &l.h.attrs[i]
		if rest, in := strings.CutPrefix(name, b.prefix); in {
			if v, ok = find(b.attr, rest); ok {
				return v, true
			}
		}
	}
	return l.fromContext(name)
}

func (l *Line) fromContext(name string) (slog.Value, bool) {
	s := scope.Of(l.ctx)
	if s == nil {
		return slog.Value{}, false
	}
	switch name {
	case field.KeyRequestID:
		return slog.StringValue(s.RequestID), s.RequestID != ""
	case field.KeyUserID:
		id := s.UserID()
		return slog.StringValue(id), id != ""
	}
	return findLast(s.List(), name)
}

// findLast returns the value of the last attribute that has the dotted name.
func findLast(attrs []slog.Attr, name string) (v slog.Value, ok bool) {
	for i := len(attrs) - 1; i >= 0; i-- {
		if v, ok = find(attrs[i], name); ok {
			return v, true
		}
	}
	return v, false
}

// find looks up a dotted name in one attribute. Groups without a name and the
// group additional_info are transparent.
func find(a slog.Attr, name string) (v slog.Value, ok bool) {
	if a.Key != "" && a.Key != infoKey {
		rest, has := strings.CutPrefix(name, a.Key)
		switch {
		case !has:
			return v, false
		case rest == "":
			return a.Value.Resolve(), true
		case rest[0] != '.':
			return v, false
		}
		name = rest[1:]
	}
	group := a.Value.Resolve()
	if group.Kind() != slog.KindGroup {
		return v, false
	}
	return findLast(group.Group(), name)
}
