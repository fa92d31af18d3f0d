package logging

import (
	"context"
	"encoding/hex"
	"log/slog"

	"github.com/sligo-go/sligo/redact"
)

// An entry is the work space for one line.
type entry struct {
	fields                 // with the whole line in buf
	given  uint16          // fields that the context gave
	err    error           // of error_message, for its stack
	info   *redact.Encoder // members of additional_info

	line   Line
	record slog.Record
}

// encode builds the line in buf.
func (e *entry) encode(ctx context.Context, h *Handler, r *slog.Record) {
	const maxKept = 16 << 10 // one long line must not stay in memory
	if cap(e.buf)+cap(e.spare) > maxKept {
		e.buf, e.spare = nil, nil
	}
	e.begin(h.appendHead(e.buf[:0], r), &h.fields)
	e.given, e.err = 0, h.err
	e.fromContext(ctx, h)
	if r.NumAttrs() > 0 {
		e.fromCall(h, r)
	}
	e.info.Close()
	if r.Level >= slog.LevelError && h.stacks != nil && !e.has(stackTrace) {
		e.buf = append(e.buf, h.stacks.of(e.err, r.PC)...)
		e.place(stackTrace)
	}
	e.err = nil // must not outlive the call
	if e.info.Len() > 0 {
		e.buf = append(e.buf, `,"additional_info":{`...)
		e.buf = append(e.buf, e.info.Bytes()...)
		e.buf = append(e.buf, '}')
	}
	e.buf = append(e.buf, '}', '\n')
}

// fromContext starts additional_info with what the context and With bring, and
// sets the identity.
func (e *entry) fromContext(ctx context.Context, h *Handler) {
	s := scopeOf(ctx)
	if s == nil || len(s.attrs) == 0 {
		e.info.Reset(h.info)
	} else {
		e.info.Reset(nil)
		for _, a := range s.attrs {
			if !h.info.Has(a.Key) {
				e.info.Attr(a)
			}
		}
		e.info.Append(h.info)
	}
	if s != nil {
		e.give(userID, s.userID(), h)
		e.give(requestID, s.requestID, h)
	}
	if h.trace != nil && ctx != nil {
		if trace, span, ok := h.trace(ctx); ok {
			e.giveHex(traceID, trace[:])
			e.giveHex(spanID, span[:])
		}
	}
}

func (e *entry) give(f int, id string, h *Handler) {
	if id == "" {
		return
	}
	e.buf = append(e.buf, fieldPrefix[f]...)
	if f == userID {
		e.buf = h.redactor.AppendText(e.buf, id)
	} else {
		e.buf = h.redactor.AppendID(e.buf, id)
	}
	e.given |= 1 << f
	e.place(f)
}

func (e *entry) giveHex(f int, id []byte) {
	e.buf = append(append(e.buf, fieldPrefix[f]...), '"')
	e.buf = hex.AppendEncode(e.buf, id)
	e.buf = append(e.buf, '"')
	e.given |= 1 << f
	e.place(f)
}
