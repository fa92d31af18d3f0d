package tracingtest

import (
	"slices"
	"strings"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tree returns spans as text, one line for each, indented below their parents
// and in the order of their starts. A line consists of the name, the kind
// unless it is internal, and "error" if the span failed:
//
//	GET /users/{userid} (server)
//	  load user
//	  GET /orders (client) error
//
// A span whose parent is not among the spans is not indented, and its line
// ends in " <- missing parent". Traces follow one another.
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

// node identifies a span.
type node struct {
	trace.TraceID
	trace.SpanID
}

func nodeOf(sc trace.SpanContext) node { return node{sc.TraceID(), sc.SpanID()} }

// tree is the state of [Tree].
type tree struct {
	children map[node][]sdktrace.ReadOnlySpan
	text     strings.Builder
}

// write appends the lines of a span and its descendants.
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
