package logging

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/sligo-go/sligo/logging/field"
)

// A Line is one log call on its way to the sinks. It and what it returns are
// valid during the call that receives it only. Values are as they were logged,
// before redaction: who publishes them redacts them.
type Line struct {
	Time    time.Time  // of the call; zero when unknown
	Level   slog.Level // as it was logged
	Message string     // as it was logged
	PC      uintptr    // of the call; 0 when unknown

	ctx    context.Context
	record *slog.Record
	h      *Handler
}

// An Observer sees every line that passes the level, also those that exclusion
// rules keep from the sinks. It must be quick, since the call waits for it, and
// safe for concurrent use. A panic is contained.
type Observer interface {
	// Observe is called with each line, which it must not keep.
	Observe(l *Line)
}

// LineOf returns the line of a record that reached another handler. It knows what
// the record and the context hold, not what With has bound.
func LineOf(ctx context.Context, r *slog.Record) *Line {
	return &Line{Time: r.Time, Level: r.Level, Message: r.Message, PC: r.PC, ctx: ctx, record: r, h: &Handler{}}
}

// Context returns the context of the call.
func (l *Line) Context() context.Context { return l.ctx }

// Value returns the value of a field: an attribute of the call, else one bound by
// With, else the identity in the context. Members of groups have dotted names
// ("http.route"); the name additional_info is left out. Of two with one name the
// last counts.
func (l *Line) Value(name string) (v slog.Value, ok bool) {
	name = strings.TrimPrefix(name, infoKey+".")
	if rest, in := l.h.within(name); in {
		l.record.Attrs(func(a slog.Attr) bool {
			if found, hit := find(a, rest); hit {
				v, ok = found, true
			}
			return true
		})
	}
	if ok {
		return v, true
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
	s := scopeOf(l.ctx)
	if s == nil {
		return slog.Value{}, false
	}
	switch name {
	case field.KeyRequestID:
		return slog.StringValue(s.requestID), s.requestID != ""
	case field.KeyUserID:
		id := s.userID()
		return slog.StringValue(id), id != ""
	}
	for i := len(s.attrs) - 1; i >= 0; i-- {
		if v, ok := find(s.attrs[i], name); ok {
			return v, true
		}
	}
	return slog.Value{}, false
}

// find looks for a dotted name in an attribute.
func find(a slog.Attr, name string) (v slog.Value, ok bool) {
	rest, inside := name, a.Key == "" || a.Key == infoKey
	if !inside {
		if rest, ok = strings.CutPrefix(name, a.Key); !ok {
			return v, false
		}
		if rest == "" {
			return a.Value.Resolve(), true
		}
		if rest, ok = strings.CutPrefix(rest, "."); !ok {
			return v, false
		}
	}
	group := a.Value.Resolve()
	if group.Kind() != slog.KindGroup {
		return v, false
	}
	ok = false
	for _, m := range group.Group() {
		if found, hit := find(m, rest); hit {
			v, ok = found, true
		}
	}
	return v, ok
}

// Err returns the error the line is about: the value of error_message, error or
// err that is an error; nil if there is none.
func (l *Line) Err() error {
	for _, name := range [...]string{field.KeyError, "error", "err"} {
		if v, ok := l.Value(name); ok && v.Kind() == slog.KindAny {
			if err, ok := v.Any().(error); ok {
				return err
			}
		}
	}
	return nil
}
