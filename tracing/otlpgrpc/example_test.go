package otlpgrpc_test

import (
	"context"
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
)

// The exporter connects when there is a span to send, so a service starts
// even if its receiver is down.
func ExampleExporter() {
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: "http://jaeger.invalid:4317", Gzip: true})},
		// Nil reads the environment of the process.
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	fmt.Println(err)
	fmt.Println(p.Shutdown(context.Background()))
	// Output:
	// <nil>
	// <nil>
}
