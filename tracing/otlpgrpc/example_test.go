package otlpgrpc_test

import (
	"context"
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
)

// Nothing connects before there is a span to send, so a service starts without its receiver.
func ExampleExporter() {
	t, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: "http://jaeger.invalid:4317", Gzip: true})},
		LookupEnv: func(string) (string, bool) { return "", false }, // or nil, for the process's
	})
	fmt.Println(err)
	fmt.Println(t.Shutdown(context.Background()))
	// Output:
	// <nil>
	// <nil>
}
