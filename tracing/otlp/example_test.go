package otlp_test

import (
	"context"
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// Spans go to a Jaeger in the cluster and to a vendor that requires a key.
func ExampleExporter() {
	var jaeger, vendor tracingtest.Receiver // instead of the real ones
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{
			otlp.Exporter(&otlp.Options{Endpoint: "http://jaeger:4318", Transport: &jaeger}),
			otlp.Exporter(&otlp.Options{Name: "vendor", Endpoint: "https://otlp.vendor.example", Gzip: true,
				Headers: map[string]string{"Api-Key": "…"}, Transport: &vendor}),
		},
		// Nil reads the environment of the process.
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		fmt.Println(err)
	}
	_, span := p.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	span.End()
	_ = p.Shutdown(context.Background())
	fmt.Println(len(jaeger.Spans()), len(vendor.Spans()))
	// Output: 1 1
}
