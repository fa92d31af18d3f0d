package logprom_test

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logprom"
)

func ExampleNewCollector() {
	handler, err := logging.New("my-app", io.Discard, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(logprom.NewCollector(handler, nil))
	slog.New(handler).Info("started")
	families, err := registry.Gather()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, family := range families {
		fmt.Println(family.GetName(), len(family.GetMetric()))
	}
	// Output:
	// log_lines_total 4
	// log_sink_lines_total 3
	// log_sink_queued_lines 1
}
