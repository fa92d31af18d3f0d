package console_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/console"
)

// The environment selects the exporter, as in
//
//	OTEL_TRACES_EXPORTER=console go run .
func ExampleExporter() {
	env := map[string]string{"OTEL_TRACES_EXPORTER": "console"}
	var output bytes.Buffer
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Selectable: []tracing.Exporter{console.Exporter(&console.Options{Writer: &output})},
		LookupEnv:  func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	})
	if err != nil {
		fmt.Println(err)
	}
	_, span := p.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	span.End()
	_ = p.Shutdown(context.Background())

	var printed struct{ Name string }
	fmt.Println(json.Unmarshal(output.Bytes(), &printed), printed.Name)
	// Output: <nil> GET /users/{userid}
}
