package tracing

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"math/rand/v2"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/guard"
)

// idGenerator is [Options.IDGenerator]. It replaces invalid IDs by random ones,
// because a span with such an ID is in no trace.
type idGenerator struct {
	own      sdktrace.IDGenerator
	failures *failureLog
}

// newIDGenerator returns random IDs if there is no other generator.
func newIDGenerator(own sdktrace.IDGenerator, logger *slog.Logger) sdktrace.IDGenerator {
	if own == nil {
		return randomIDs{}
	}
	return idGenerator{own, &failureLog{logger: logger, of: "IDGenerator"}}
}

var errInvalidID = errors.New("invalid ID: all bytes are zero")

// NewIDs returns the IDs of a new trace and its first span.
func (g idGenerator) NewIDs(ctx context.Context) (t trace.TraceID, s trace.SpanID) {
	g.failures.note(guard.Do(func() error {
		t, s = g.own.NewIDs(ctx)
		return checkIDs(t.IsValid(), s.IsValid())
	}))
	return validTraceID(t), validSpanID(s)
}

// NewSpanID returns the ID of a new span in a trace.
func (g idGenerator) NewSpanID(ctx context.Context, t trace.TraceID) (s trace.SpanID) {
	g.failures.note(guard.Do(func() error {
		s = g.own.NewSpanID(ctx, t)
		return checkIDs(true, s.IsValid())
	}))
	return validSpanID(s)
}

func checkIDs(traceValid, spanValid bool) error {
	if !traceValid || !spanValid {
		return errInvalidID
	}
	return nil
}

// randomIDs makes random IDs, as the SDK's generator does.
type randomIDs struct{}

// NewIDs returns the IDs of a new trace and its first span.
func (randomIDs) NewIDs(context.Context) (trace.TraceID, trace.SpanID) {
	return validTraceID(trace.TraceID{}), validSpanID(trace.SpanID{})
}

// NewSpanID returns the ID of a new span in a trace.
func (randomIDs) NewSpanID(context.Context, trace.TraceID) trace.SpanID {
	return validSpanID(trace.SpanID{})
}

func validTraceID(t trace.TraceID) trace.TraceID {
	for !t.IsValid() {
		binary.NativeEndian.PutUint64(t[:8], rand.Uint64())
		binary.NativeEndian.PutUint64(t[8:], rand.Uint64())
	}
	return t
}

func validSpanID(s trace.SpanID) trace.SpanID {
	for !s.IsValid() {
		binary.NativeEndian.PutUint64(s[:], rand.Uint64())
	}
	return s
}
