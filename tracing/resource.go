package tracing

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// resource returns the description of the service. It has no schema URL,
// because resources with different URLs, such as this one and a library's, do
// not merge. It does not describe the process, whose arguments may contain
// passwords.
func (o *Options) resource(service string, r *env.Reader, errs *sli.FieldErrors) *resource.Resource {
	attrs := []attribute.KeyValue{
		attribute.String("telemetry.sdk.name", "opentelemetry"),
		attribute.String("telemetry.sdk.language", "go"),
		attribute.String("telemetry.sdk.version", sdk.Version()),
		attribute.String("service.name", service),
	}
	if host, err := os.Hostname(); err == nil {
		attrs = append(attrs, attribute.String("host.name", host))
	}
	for i, kv := range o.Resource {
		if !kv.Key.Defined() {
			errs.Addf(fmt.Sprintf("Resource[%d].Key", i), "key is empty")
			continue
		}
		attrs = append(attrs, kv)
	}
	_, pairs := r.Pairs("OTEL_RESOURCE_ATTRIBUTES")
	for _, pair := range pairs {
		attrs = append(attrs, attribute.String(pair.Key, pair.Value))
	}
	if name, ok := r.String("OTEL_SERVICE_NAME"); ok {
		attrs = append(attrs, attribute.String("service.name", name))
	}
	res := resource.NewSchemaless(attrs...) // the last of equal keys wins
	if name, _ := res.Set().Value("service.name"); strings.TrimSpace(name.AsString()) == "" {
		errs.Addf("service", "name is empty")
		res = resource.NewSchemaless(append(attrs, attribute.String("service.name", unknownService()))...)
	}
	return res
}

// unknownService returns the name that OpenTelemetry's specification gives to a
// service without one.
func unknownService() string {
	if len(os.Args) == 0 {
		return "unknown_service"
	}
	return "unknown_service:" + filepath.Base(os.Args[0])
}
