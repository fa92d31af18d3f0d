package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// IDs returns the ids of the trace and of the span in a context, and false if there is none. It is what
// logging.Options.Trace asks for. The ids are there for spans that are not sampled too: the lines of a
// request belong together even if no trace of it is kept.
func IDs(ctx context.Context) (traceID [16]byte, spanID [8]byte, ok bool) {
	sc := trace.SpanContextFromContext(ctx)
	return sc.TraceID(), sc.SpanID(), sc.IsValid()
}

// LogAttrs returns the attributes trace_id and span_id of the span in a context, nil if there is none.
func LogAttrs(ctx context.Context) []slog.Attr {
	sc := trace.SpanContextFromContext(ctx)
	if !sc.IsValid() {
		return nil
	}
	return []slog.Attr{slog.String("trace_id", sc.TraceID().String()), slog.String("span_id", sc.SpanID().String())}
}

// Exemplar returns the labels of a Prometheus exemplar that points to the trace in a context, nil if
// that is not sampled and so cannot be found. It is assignable to prometheus.Labels.
func Exemplar(ctx context.Context) map[string]string {
	sc := trace.SpanContextFromContext(ctx)
	if !sc.IsSampled() || !sc.IsValid() {
		return nil
	}
	return map[string]string{"trace_id": sc.TraceID().String()}
}

// mostOfError bounds the text of an error in a span, as the limit of attributes does for those.
const mostOfError = 4096

// RecordError marks the span in a context as failed: the status Error with the error's text, the
// attribute error.type with its Go type, and an event exception. It takes no stack, which costs
// several times as much. It does nothing for a nil error or a span that is not recorded.
func RecordError(ctx context.Context, err error) {
	span := trace.SpanFromContext(ctx)
	if err == nil || !span.IsRecording() {
		return
	}
	text := errorText(err)
	kind := strings.TrimPrefix(fmt.Sprintf("%T", err), "*")
	span.SetStatus(codes.Error, text)
	span.SetAttributes(attribute.String("error.type", kind))
	span.AddEvent("exception", trace.WithAttributes(
		attribute.String("exception.type", kind), attribute.String("exception.message", text)))
}

// errorText returns the text of an error, even of one that panics.
func errorText(err error) (text string) {
	defer func() {
		if value := recover(); value != nil {
			text = fmt.Sprintf("panic in Error: %v", value)
		}
	}()
	text = err.Error()
	if len(text) > mostOfError {
		text = strings.ToValidUTF8(text[:mostOfError], "")
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
