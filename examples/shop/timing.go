package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/middleware"
)

// The services send their clients the measured duration in a trailer, so that
// clients judge latency by the same reading but count it themselves.
const timingTrailer = "Server-Timing"

type timingKey struct{}

// tellTiming sends the duration from keepTiming.
func tellTiming(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var took time.Duration
		w.Header().Set("Trailer", timingTrailer)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), timingKey{}, &took)))
		w.Header().Set(timingTrailer, fmt.Sprintf("app;dur=%.6f", took.Seconds()*1000))
	})
}

// keepTiming stores the duration of a request for tellTiming.
func keepTiming(r middleware.Record) {
	if r.Kind != trace.SpanKindServer || r.Request == nil {
		return
	}
	if took, ok := r.Request.Context().Value(timingKey{}).(*time.Duration); ok {
		*took = r.Event.Duration
	}
}
