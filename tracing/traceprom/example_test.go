package traceprom_test

import (
	"context"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/traceprom"
)

func ExampleNewCollector() {
	t, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(nil)},
		LookupEnv: func(string) (string, bool) { return "", false }, // or nil, for the process's
	})
	if err != nil {
		fmt.Println(err)
	}
	defer func() { _ = t.Shutdown(context.Background()) }()
	registry := prometheus.NewRegistry()
	registry.MustRegister(traceprom.NewCollector(t))

	families, _ := registry.Gather()
	for _, family := range families {
		fmt.Println(family.GetName())
	}
	// Output:
	// tracing_dropped_spans_total
	// tracing_ended_spans_total
	// tracing_exported_spans_total
	// tracing_failed_spans_total
	// tracing_queued_spans
}
