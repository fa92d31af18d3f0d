package middleware_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/middleware"
)

// TestInFlight begins calls of every kind. A request and a call leave when Done
// has returned, because their spans and lines come before.
func TestInFlight(t *testing.T) {
	var in *middleware.Instrument
	atDone := map[trace.SpanKind]int{}
	in, _ = newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { atDone[r.Kind] = in.InFlight() }}, listing)
	want := func(n int) {
		t.Helper()
		if got := in.InFlight(); got != n {
			t.Errorf("%d in flight, want %d", got, n)
		}
	}
	begin := func(kind trace.SpanKind) *middleware.Call {
		return in.Begin(context.Background(), middleware.CallInfo{Operation: "/shop.Orders/List", Kind: kind})
	}
	server, consumer := begin(trace.SpanKindServer), begin(trace.SpanKindConsumer)
	others := []*middleware.Call{begin(trace.SpanKindClient), begin(trace.SpanKindProducer), begin(trace.SpanKindInternal)}
	want(2)
	in.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		want(3)
		server.EndError(nil)
		want(2)
	})).ServeHTTP(newStub(), httptest.NewRequest(http.MethodGet, "/", nil))
	if n := atDone[trace.SpanKindServer]; n != 2 {
		t.Errorf("%d in flight when Done got the request, want 2", n)
	}
	consumer.EndError(nil)
	if n := atDone[trace.SpanKindConsumer]; n != 1 {
		t.Errorf("%d in flight when Done got the message, want 1", n)
	}
	want(0)
	for _, call := range others {
		call.EndError(nil)
	}
	want(0)
}
