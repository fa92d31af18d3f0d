package tracing

import (
	"context"
	"log/slog"

	otelbaggage "go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/internal/guard"
)

var baggageHeader = newHeader("baggage")

// maxBaggage bounds the baggage of a request, in bytes, over all its headers.
// W3C's specification requires no more. Longer baggage is not parsed at all.
const maxBaggage = 8192

// baggage is W3C Baggage. Unlike the SDK's propagator, it does not call the
// global error handler for a request, since callers could flood a log so.
type baggage struct {
	propagation.Baggage
	invalid *baggageLog // nil logs nothing
}

// Extract returns a context with the valid members of the carrier's baggage.
func (b baggage) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	text, length := baggageHeader.join(carrier, maxBaggage)
	if length > maxBaggage {
		b.invalid.add(length)
		return ctx
	}
	if text == "" {
		return ctx
	}
	bag, err := otelbaggage.Parse(text)
	if err != nil {
		b.invalid.add(length)
	}
	if bag.Len() == 0 {
		return ctx
	}
	return otelbaggage.ContextWithBaggage(ctx, bag)
}

// baggageLog logs invalid baggage, at most a line a minute. The lines do not
// quote it, because it is a stranger's text.
type baggageLog struct {
	logger  *slog.Logger
	limiter limiter
}

// add counts baggage that is invalid or too long.
func (l *baggageLog) add(length int) {
	if l == nil {
		return
	}
	if requests, due := l.limiter.permit(); due {
		_ = guard.Call(func() {
			l.logger.Warn("tracing: baggage is invalid", "bytes", length, "limit", maxBaggage, "requests", requests)
		})
	}
}
