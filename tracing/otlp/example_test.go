package otlp_test

import (
	"context"
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// Spans go to a Jaeger in the cluster, and to a vendor that wants a key.
func ExampleExporter() {
	var jaeger, vendor tracingtest.Receiver // stand for the two
	t, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{
			otlp.Exporter(&otlp.Options{Endpoint: "http://jaeger:4318", Transport: &jaeger}),
			otlp.Exporter(&otlp.Options{Name: "vendor", Endpoint: "https://otlp.vendor.example", Gzip: true,
				Headers: map[string]string{"Api-Key": "…"}, Transport: &vendor}),
		},
		LookupEnv: func(string) (string, bool) { return "", false }, // or nil, for the process's
	})
	if err != nil {
		fmt.Println(err)
	}
	_, span := t.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	span.End()
	_ = t.Shutdown(context.Background())
	fmt.Println(len(jaeger.Spans()), len(vendor.Spans()))
	// Output: 1 1
}
