package middleware

import (
	"log/slog"
	"strings"
	"sync"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/hexid"
	"github.com/sligo-go/sligo/logging/field"
)

const (
	hexTraceID = 2 * len(trace.TraceID{})
	hexIDs     = hexTraceID + 2*len(trace.SpanID{})
	// hexIDsAtOnce is the number of pairs of IDs in one allocation.
	hexIDsAtOnce = 32
)

// idTexts holds builders with room for the texts of further IDs. A builder only
// appends, so that the texts taken from it stay as they are.
var idTexts = sync.Pool{New: func() any { return new(strings.Builder) }}

// addTrace adds the trace ID and the span ID.
func addTrace(attrs []slog.Attr, sc trace.SpanContext) []slog.Attr {
	traceID, spanID := sc.TraceID(), sc.SpanID()
	var buf [hexIDs]byte
	ids := hexid.Append(hexid.Append(buf[:0], traceID[:]), spanID[:])

	b := idTexts.Get().(*strings.Builder)
	if b.Cap()-b.Len() < hexIDs {
		b.Reset()
		b.Grow(hexIDsAtOnce * hexIDs)
	}
	b.Write(ids)
	text := b.String()[b.Len()-hexIDs:]
	idTexts.Put(b)
	return append(attrs, field.TraceID(text[:hexTraceID]), field.SpanID(text[hexTraceID:]))
}
