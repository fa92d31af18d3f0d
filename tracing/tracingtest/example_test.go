package tracingtest_test

import (
	"context"
	"fmt"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// A test passes a recorder to its service as the provider and checks the tree.
func ExampleNew() {
	test := func(t testing.TB) {
		recorder := tracingtest.New(t)
		handle(recorder)
		fmt.Print(recorder.Tree())
	}
	test(new(testing.T)) // a real test has its own
	// Output:
	// GET /users/{userid} (server)
	//   load user
}

// handle represents a service.
func handle(provider trace.TracerProvider) {
	tracer := provider.Tracer("example.com/users")
	ctx, request := tracer.Start(context.Background(), "GET /users/{userid}", trace.WithSpanKind(trace.SpanKindServer))
	defer request.End()
	_, load := tracer.Start(ctx, "load user")
	load.End()
}
