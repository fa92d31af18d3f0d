package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/redact"
)

// IDs returns the IDs of the trace and the span in a context, and false if
// there is no span. It fits logging.Options.Trace. It returns the IDs of
// spans that are not sampled too: they connect the log lines of a request
// even if its trace is not kept.
func IDs(ctx context.Context) (traceID [16]byte, spanID [8]byte, ok bool) {
	sc := trace.SpanContextFromContext(ctx)
	return sc.TraceID(), sc.SpanID(), sc.IsValid()
}

// LogAttrs returns the attributes trace_id and span_id of the span in a
// context, or nil if there is no span.
func LogAttrs(ctx context.Context) []slog.Attr {
	sc := trace.SpanContextFromContext(ctx)
	if !sc.IsValid() {
		return nil
	}
	return []slog.Attr{slog.String("trace_id", sc.TraceID().String()), slog.String("span_id", sc.SpanID().String())}
}

// Exemplar returns the labels of a Prometheus exemplar that refers to the
// trace in a context. It returns nil if the trace is not sampled, because
// nobody could find it. The result is assignable to prometheus.Labels.
func Exemplar(ctx context.Context) map[string]string {
	sc := trace.SpanContextFromContext(ctx)
	if !sc.IsSampled() || !sc.IsValid() {
		return nil
	}
	return map[string]string{"trace_id": sc.TraceID().String()}
}

// maxErrorText bounds the text of an error in a span, in bytes. Attributes have
// the same limit by default.
const maxErrorText = 4096

// RecordError marks the span in a context as failed. It sets the status Error
// with the error's text and the attribute error.type to its Go type, and adds
// an event named exception. Package redact's default policy replaces secrets
// in the text. RecordError records no stack, which would cost several times
// as much. It does nothing if err is nil or the span is not recorded.
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

// redactor applies redact's default policy.
var redactor = sync.OnceValue(redact.Default)

// errorText returns the redacted text of an error, even if its Error method
// panics. The text is redacted before it is cut: half a secret has no form that
// redact recognizes.
func errorText(err error) string {
	text := redactor().Text(guard.ErrorText(err))
	if len(text) > maxErrorText {
		text = strings.ToValidUTF8(text[:maxErrorText], "")
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
