package zipkin_test

import (
	"context"
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/tracingtest"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

func ExampleExporter() {
	var server tracingtest.Receiver // stands for Zipkin
	t, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{zipkin.Exporter(&zipkin.Options{Endpoint: "http://zipkin:9411", Transport: &server})},
		LookupEnv: func(string) (string, bool) { return "", false }, // or nil, for the process's
	})
	if err != nil {
		fmt.Println(err)
	}
	_, span := t.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	span.End()
	_ = t.Shutdown(context.Background())
	fmt.Println(server.Spans()[0].Service, server.Spans()[0].Name)
	// Output: users get /users/{userid}
}
