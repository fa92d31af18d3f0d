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
			labels := metric.GetLabel()
			fmt.Println(family.GetName(), labels[len(labels)-1].GetValue())
		}
	}
	// Output:
	// tracing_exporter_queued_spans otlp
	// tracing_exporter_spans_total done
	// tracing_exporter_spans_total dropped
	// tracing_exporter_spans_total failed
}
