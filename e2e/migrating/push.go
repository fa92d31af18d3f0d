package migrating

import (
	"time"

	"go.opentelemetry.io/contrib/bridges/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/sligo-go/sligo"
)

// Push exports the metrics of a kit every 30 seconds, for example by
// otlpmetrichttp. Shut the provider down after kit.Run, so that it sends the
// last events.
func Push(kit *sligo.Kit, exporter metric.Exporter) *metric.MeterProvider {
	metrics := prometheus.NewMetricProducer(prometheus.WithGatherer(kit.Registry))
	return metric.NewMeterProvider(
		metric.WithReader(metric.NewPeriodicReader(exporter, metric.WithInterval(30*time.Second), metric.WithProducer(metrics))),
		metric.WithResource(resource.NewSchemaless(attribute.String("service.name", "users"))),
	)
}
