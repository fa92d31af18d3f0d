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
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(nil)},
		// Nil reads the environment of the process.
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		fmt.Println(err)
	}
	defer func() { _ = p.Shutdown(context.Background()) }()
	registry := prometheus.NewRegistry()
	registry.MustRegister(traceprom.NewCollector(p))

	families, _ := registry.Gather()
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			fmt.Print(family.GetName())
			for _, label := range metric.GetLabel() {
				fmt.Printf(" %s=%s", label.GetName(), label.GetValue())
			}
			fmt.Println()
		}
	}
	// Output:
	// tracing_enabled
	// tracing_exporter_dropped_spans_total exporter=otlp reason=queue
	// tracing_exporter_dropped_spans_total exporter=otlp reason=queue_bytes
	// tracing_exporter_dropped_spans_total exporter=otlp reason=shutdown
	// tracing_exporter_queued_bytes exporter=otlp
	// tracing_exporter_queued_spans exporter=otlp
	// tracing_exporter_spans_total exporter=otlp outcome=done
	// tracing_exporter_spans_total exporter=otlp outcome=dropped
	// tracing_exporter_spans_total exporter=otlp outcome=failed
}
