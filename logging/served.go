package logging

import (
	"context"
	"log/slog"
	"slices"
	"strconv"

	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/redact"
)

// servedLines writes the lines of an access log that differ only in a few
// values, whose names and types are known. Without a record, a line takes half
// of the time.
type servedLines struct{ h *Handler }

// Served returns a writer of the lines of served requests for a handler. It
// returns nil if the handler wraps h, or if h needs a record for each line.
// Package middleware calls it.
func (h *Handler) Served(handler slog.Handler) scope.ServedHandler {
	if own, ok := handler.(*Handler); !ok || own != h || !h.servesPlainly() {
		return nil
	}
	return servedLines{h}
}

// servesPlainly reports whether h can write a line without a record: only sinks
// receive it, in the default schema, and no group is open. The names of the
// values must be neither bound by With nor secret.
func (h *Handler) servesPlainly() bool {
	if h.inspected || h.layout != nil || h.next != nil || h.prefix != "" {
		return false
	}
	return !slices.ContainsFunc([]string{scope.KeyRequestBytes, scope.KeyResponseBytes, scope.KeyClient, scope.KeyUserAgent},
		func(key string) bool { return h.info.Has(key) || h.redactor.IsSecret(key) })
}

// smallestCard is a number with 13 digits, the fewest that a payment card has.
const smallestCard = 1e12

// HandleServed writes a line and returns true. If the line has a stack, a
// number that may be a card's, or attributes of its context, HandleServed
// writes nothing and returns false.
func (w servedLines) HandleServed(ctx context.Context, s scope.Served) bool {
	if s.Level >= slog.LevelError || max(s.RequestBytes, s.ResponseBytes) >= smallestCard {
		return false
	}
	h := w.h
	var id identity
	if id.read(ctx, h); len(id.attrs) > 0 {
		return false
	}
	h.lines[levelIndex(s.Level)].Add(1)
	e := h.pool.Get().(*entry)
	e.line.Time, e.line.Level, e.line.Message, e.line.h = s.Time, s.Level, s.Message, h
	e.encodeServed(&id, &s)
	_ = h.write(e) // the outlets report their errors
	e.release()
	h.pool.Put(e)
	return true
}

// encodeServed writes the line to buf.
func (e *entry) encodeServed(id *identity, s *scope.Served) {
	h := e.line.h
	e.begin(h.appendHead(e.buf[:0], &e.line))
	e.given = 0
	e.setIdentity(id)
	e.add(&h.fields, e.given)
	e.buf = appendMillis(append(e.buf, fieldPrefix[executionTime]...), s.Duration)
	e.place(executionTime)
	buf := append(e.buf, `,"`+infoKey+`":{`...)
	if h.info.Len() > 0 {
		buf = append(append(buf, h.info.Bytes()...), ',')
	}
	e.buf = append(appendServed(buf, h.redactor, s), '}', '}', '\n')
}

// appendServed appends the members of additional_info.
func appendServed(buf []byte, redactor *redact.Redactor, s *scope.Served) []byte {
	if s.Sized {
		buf = strconv.AppendInt(append(buf, `"`+scope.KeyRequestBytes+`":`...), s.RequestBytes, 10)
		buf = strconv.AppendInt(append(buf, `,"`+scope.KeyResponseBytes+`":`...), s.ResponseBytes, 10)
		buf = append(buf, ',')
	}
	buf = redactor.AppendText(append(buf, `"`+scope.KeyClient+`":`...), s.Client)
	if s.UserAgent != "" {
		buf = redactor.AppendText(append(buf, `,"`+scope.KeyUserAgent+`":`...), s.UserAgent)
	}
	return buf
}
