package tracingtest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Recorder is a provider of tracers that samples everything and keeps the spans that have ended. It is
// injected where a service takes a provider, never set globally. Its methods are safe for concurrent use.
type Recorder struct {
	trace.TracerProvider
	spans kept
}

// New returns a recorder, which is shut down at the end of the test. Its spans stay.
func New(t testing.TB) *Recorder {
	t.Helper()
	r := new(Recorder)
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.AlwaysSample()),
		sdktrace.WithSpanProcessor(&r.spans),
	)
	r.TracerProvider = provider
	t.Cleanup(func() { _ = provider.Shutdown(context.WithoutCancel(t.Context())) })
	return r
}

// Spans returns the spans that have ended, in that order.
func (r *Recorder) Spans() []sdktrace.ReadOnlySpan { return r.spans.all() }

// Named returns the spans of a name that have ended, in that order.
func (r *Recorder) Named(name string) []sdktrace.ReadOnlySpan {
	return slices.DeleteFunc(r.Spans(), func(s sdktrace.ReadOnlySpan) bool { return s.Name() != name })
}

// Tree returns the spans that have ended as Tree does.
func (r *Recorder) Tree() string { return Tree(r.Spans()) }

// Tree returns spans as text, a line for each, below their parents and further in, in the order of their
// start. A line is the name, the kind unless that is internal, and "error" if the span failed:
//
//	GET /users/{userid} (server)
//	  load user
//	  GET /orders (client) error
//
// A span whose parent is not among the spans is at the left, with " <- missing parent" at its end if it
// has one. Traces follow one another.
func Tree(spans []sdktrace.ReadOnlySpan) string {
	ordered := slices.Clone(spans)
	slices.SortStableFunc(ordered, func(a, b sdktrace.ReadOnlySpan) int { return a.StartTime().Compare(b.StartTime()) })
	t := tree{children: make(map[node][]sdktrace.ReadOnlySpan)}
	known := make(map[node]bool)
	for _, s := range ordered {
		known[nodeOf(s.SpanContext())] = true
	}
	var roots []sdktrace.ReadOnlySpan
	for _, s := range ordered {
		if parent := nodeOf(s.Parent()); known[parent] {
			t.children[parent] = append(t.children[parent], s)
		} else {
			roots = append(roots, s)
		}
	}
	for _, s := range roots {
		t.write(s, "", s.Parent().IsValid())
	}
	return t.text.String()
}

type node struct {
	trace.TraceID
	trace.SpanID
}

func nodeOf(sc trace.SpanContext) node { return node{sc.TraceID(), sc.SpanID()} }

type tree struct {
	children map[node][]sdktrace.ReadOnlySpan
	text     strings.Builder
}

func (t *tree) write(s sdktrace.ReadOnlySpan, indent string, orphan bool) {
	t.text.WriteString(indent + s.Name())
	if s.SpanKind() != trace.SpanKindInternal {
		t.text.WriteString(" (" + s.SpanKind().String() + ")")
	}
	if s.Status().Code == codes.Error {
		t.text.WriteString(" error")
	}
	if orphan {
		t.text.WriteString(" <- missing parent")
	}
	t.text.WriteString("\n")
	for _, child := range t.children[nodeOf(s.SpanContext())] {
		t.write(child, indent+"  ", false)
	}
}
