package zipkin_test

import (
	"context"
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/tracingtest"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

func ExampleExporter() {
	var server tracingtest.Receiver // instead of a real Zipkin
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{zipkin.Exporter(&zipkin.Options{Endpoint: "http://zipkin:9411", Transport: &server})},
		// Nil reads the environment of the process.
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		fmt.Println(err)
	}
	_, span := p.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	span.End()
	_ = p.Shutdown(context.Background())
	fmt.Println(server.Spans()[0].Service, server.Spans()[0].Name)
	// Output: users get /users/{userid}
}
