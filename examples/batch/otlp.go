package main

import (
	"context"
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	bridge "go.opentelemetry.io/contrib/bridges/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
)

// otlp returns a sender over OTLP, which OpenTelemetry's variables configure.
// The bridge exports each counter as a cumulative sum that starts at the
// counter's created timestamp. The totals keep that over all runs.
//
// The resource is the same in each run. With an instance ID of its own, each
// run would begin new series.
func otlp(ctx context.Context) (sender, error) {
	exporter, err := otlpmetrichttp.New(ctx, otlpmetrichttp.WithTimeout(sendTime))
	if err != nil {
		return nil, err
	}
	identity := resource.NewSchemaless(attribute.String("service.name", service))
	return func(ctx context.Context, metrics prometheus.Gatherer) error {
		reader := metric.NewManualReader(metric.WithProducer(bridge.NewMetricProducer(bridge.WithGatherer(metrics))))
		provider := metric.NewMeterProvider(metric.WithReader(reader), metric.WithResource(identity))
		var batch metricdata.ResourceMetrics
		err := reader.Collect(ctx, &batch)
		if err == nil {
			err = exporter.Export(ctx, &batch)
		}
		return errors.Join(err, provider.Shutdown(ctx))
	}, nil
}
