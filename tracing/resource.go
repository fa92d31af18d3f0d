package tracing

import (
	"fmt"
	"os"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// resource returns the description of the service. It has no schema URL, since two of different
// versions, ours and that of a library, do not merge. And it has nothing of the process, whose
// arguments may hold passwords.
func (c *Options) resource(service string, r *env.Reader, errs *sli.FieldErrors) *resource.Resource {
	attrs := []attribute.KeyValue{
		attribute.String("telemetry.sdk.name", "opentelemetry"),
		attribute.String("telemetry.sdk.language", "go"),
		attribute.String("telemetry.sdk.version", sdk.Version()),
		attribute.String("service.name", service),
	}
	if host, err := os.Hostname(); err == nil {
		attrs = append(attrs, attribute.String("host.name", host))
	}
	attrs = append(attrs, c.Resource...)
	for _, pair := range r.Pairs("OTEL_RESOURCE_ATTRIBUTES") {
		attrs = append(attrs, attribute.String(pair.Key, pair.Value))
	}
	if name, ok := r.String("OTEL_SERVICE_NAME"); ok {
		attrs = append(attrs, attribute.String("service.name", name))
	}
	for i, kv := range c.Resource {
		if !kv.Valid() {
			errs.Addf(fmt.Sprintf("Resource[%d]", i), "%q has no key or no value", kv.Key)
		}
	}
	res := resource.NewSchemaless(attrs...) // of equal keys the last one counts
	if name, _ := res.Set().Value("service.name"); strings.TrimSpace(name.AsString()) == "" {
		errs.Addf("service", "%q is no name", service)
	}
	return res
}
