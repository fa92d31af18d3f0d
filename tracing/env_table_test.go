package tracing_test

import (
	"testing"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// Invalid values of the types in OpenTelemetry's specification.
var (
	badBools   = []string{"1", "yes", "t", "on", "0"}
	badMillis  = []string{"5s", "-1", "1.5", "NaN", "2147483648", "1e3"}
	badNumbers = []string{"x", "-1", "1.5", "2147483648", "0x10"}
	badURLs    = []string{"collector:4318", "htps://collector", "http://:4318", "http://collector:99999", "http://collector?a=b", "/v1/traces"}
)

// sections returns the variables that are about traces.
func sections(t *testing.T) []section {
	t.Helper()
	return []section{
		{"General", general}, {"Batches", batches}, {"Limits", limits},
		{"OTLP", otlpSettings(t)}, {"Zipkin", zipkinSettings}, {"Not supported", unsupported},
	}
}

const everySpan = "a root is sampled, the child of a sampled caller is sampled"

var general = []setting{
	{name: "OTEL_SDK_DISABLED", meaning: "`true` turns tracing off. Traces are propagated even so", observe: recorded,
		valid: "true", effect: "spans are not recorded", absent: "spans are recorded", invalid: badBools},
	{name: "OTEL_SERVICE_NAME", meaning: "service.name; overrides the argument of Start and OTEL_RESOURCE_ATTRIBUTES", observe: resourceOf("service.name"),
		valid: "orders", effect: "service.name is orders", absent: "service.name is users"},
	{name: "OTEL_RESOURCE_ATTRIBUTES", meaning: "attributes of the resource, with percent-encoded values; a valid pair holds beside an invalid one", observe: resourceOf("team"),
		valid: "team=a%20b", effect: "team is a b", absent: "no team", invalid: []string{"no-pair", "team=%zz", "=value-only"}, secret: true},
	{name: "OTEL_LOG_LEVEL", meaning: "minimum level of the lines of Options.Logger: all, verbose, trace, debug, info, warn, error, none", observe: warned,
		valid: "ERROR", effect: "0 warnings", absent: "1 warnings", invalid: []string{"loud", "-1"}},
	{name: "OTEL_PROPAGATORS", meaning: "tracecontext, baggage, b3, b3multi or none; an unknown one is left out", observe: propagated,
		valid: "tracecontext,b3", effect: "b3, traceparent, tracestate",
		absent:  "traceparent, tracestate, x-b3-traceid, x-b3-spanid, x-b3-sampled, x-b3-flags, baggage",
		invalid: []string{"xray", "jaeger", "ottrace", "w3c"}},
	{name: "OTEL_TRACES_SAMPLER", meaning: "always_on, always_off, traceidratio, or one of them after parentbased_", observe: sampled,
		valid: "parentbased_always_off", effect: "a root is not sampled, the child of a sampled caller is sampled", absent: everySpan,
		invalid: []string{"jaeger_remote", "parentbased_jaeger_remote", "xray", "parentbased", "always"}},
	{name: "OTEL_TRACES_SAMPLER_ARG", meaning: "ratio of traceidratio, from 0 to 1", observe: sampled, with: []string{"OTEL_TRACES_SAMPLER=traceidratio"},
		valid: "0", effect: "a root is not sampled, the child of a sampled caller is not sampled", absent: everySpan,
		invalid: []string{"NaN", "10%", "-0.1", "1.1", "Inf", "0,5"}},
	{name: "OTEL_TRACES_EXPORTER", meaning: "names of exporters in the options, or none; an unknown one is left out", observe: used,
		valid: "otlp,console", effect: "otlp, console", absent: "otlp", invalid: []string{"jaeger", "zipkin", "logging", "otlp/stdout"}},
}

var batches = []setting{
	{name: "OTEL_BSP_SCHEDULE_DELAY", meaning: "wait of a span for others, in milliseconds; 0 means 1", observe: timed(sentAfter),
		valid: "1000", effect: "1s", absent: "5s", invalid: badMillis},
	{name: "OTEL_BSP_EXPORT_TIMEOUT", meaning: "time of a batch with all its tries, in milliseconds; 0 means no limit", observe: timed(givenUpAfter),
		valid: "30000", effect: "30s", absent: "15m0s", invalid: badMillis},
	{name: "OTEL_BSP_MAX_QUEUE_SIZE", meaning: "spans that wait, from 1 to 1048576; 65536 without an option, 50 in the test", observe: timed(queued),
		valid: "10", effect: "10 spans wait", absent: "50 spans wait", invalid: append(badNumbers, "0", "1048577")},
	{name: "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", meaning: "spans of a batch, from 1 to the size of the queue; 512 without an option, 50 in the test", observe: timed(batched),
		valid: "10", effect: "10 spans", absent: "50 spans", invalid: append(badNumbers, "0", "65537")},
}

var (
	attributes = kept("attributes", func(s tracetest.SpanStub) int { return len(s.Attributes) })
	value      = exportedSpan(func(s tracetest.SpanStub) string { return "the value long is " + s.Attributes[0].Value.AsString() })
)

var limits = []setting{
	{name: "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", meaning: "characters of a text value; 4096 by default", observe: value,
		valid: "2", effect: "the value long is lo", absent: "the value long is long", invalid: badNumbers},
	{name: "OTEL_ATTRIBUTE_COUNT_LIMIT", meaning: "attributes of a span; 128 by default", observe: attributes,
		valid: "1", effect: "1 of 2 attributes", absent: "2 of 2 attributes", invalid: badNumbers},
	{name: "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", meaning: "the same, with precedence", observe: value,
		valid: "3", effect: "the value long is lon", absent: "the value long is long", invalid: badNumbers},
	{name: "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", meaning: "the same, with precedence", observe: attributes,
		valid: "0", effect: "0 of 2 attributes", absent: "2 of 2 attributes", invalid: badNumbers},
	{name: "OTEL_SPAN_EVENT_COUNT_LIMIT", meaning: "events of a span; 128 by default", observe: kept("events", func(s tracetest.SpanStub) int { return len(s.Events) }),
		valid: "1", effect: "1 of 2 events", absent: "2 of 2 events", invalid: badNumbers},
	{name: "OTEL_SPAN_LINK_COUNT_LIMIT", meaning: "links of a span; 128 by default", observe: kept("links", func(s tracetest.SpanStub) int { return len(s.Links) }),
		valid: "1", effect: "1 of 2 links", absent: "2 of 2 links", invalid: badNumbers},
	{name: "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", meaning: "attributes of an event; 128 by default",
		observe: kept("attributes of an event", func(s tracetest.SpanStub) int { return len(s.Events[0].Attributes) }),
		valid:   "1", effect: "1 of 2 attributes of an event", absent: "2 of 2 attributes of an event", invalid: badNumbers},
	{name: "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", meaning: "attributes of a link; 128 by default",
		observe: kept("attributes of a link", func(s tracetest.SpanStub) int { return len(s.Links[0].Attributes) }),
		valid:   "1", effect: "1 of 2 attributes of a link", absent: "2 of 2 attributes of a link", invalid: badNumbers},
}

// standardURL is the endpoint of OTLP without a variable.
const standardURL = "http://localhost:4318/v1/traces"

// otlpSettings returns the variables of the exporters of OTLP.
func otlpSettings(t *testing.T) []setting {
	t.Helper()
	all := []setting{
		{name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", meaning: "URL of the receiver, used unchanged; with gRPC, see otlpgrpc.Options", observe: requested(address),
			valid: "http://collector:4318", effect: "http://collector:4318/", absent: standardURL, invalid: badURLs},
		{name: "OTEL_EXPORTER_OTLP_ENDPOINT", meaning: "URL of the receiver, to which /v1/traces is appended; with gRPC, see otlpgrpc.Options", observe: requested(address),
			valid: "https://collector/otlp", effect: "https://collector/otlp/v1/traces", absent: standardURL, invalid: badURLs},
	}
	tls := newSecured(t)
	for _, of := range []string{"TRACES_", ""} {
		prefix := "OTEL_EXPORTER_OTLP_" + of
		all = append(all, []setting{
			{name: prefix + "PROTOCOL", meaning: "transport, among those that the program links: http/protobuf and http/json of package otlp, grpc of otlpgrpc", observe: transported,
				valid: "grpc", effect: "grpc", absent: "http/protobuf", invalid: []string{"http", "thrift", "http/xml"}},
			{name: prefix + "HEADERS", meaning: "headers of each request, with percent-encoded values; a valid pair holds beside an invalid one", observe: requested(authorization),
				valid: "authorization=Bearer%20x", effect: `header authorization: "Bearer x"`, absent: `header authorization: ""`,
				invalid: []string{"no-pair", "authorization=%zz", "authorization: Bearer abc", "content-type=text/plain", "a=%0ab"}, secret: true},
			{name: prefix + "TIMEOUT", meaning: "wait of one try for the response, in milliseconds; 0 means no limit", observe: waited(),
				valid: "2000", effect: "2s", absent: "10s", invalid: badMillis},
			{name: prefix + "COMPRESSION", meaning: "gzip or none", observe: requested(compression),
				valid: "gzip", effect: `encoding: "gzip"`, absent: `encoding: ""`, invalid: []string{"zstd", "true", "snappy"}},
			{name: prefix + "INSECURE", meaning: "for gRPC if the endpoint is not a URL: `true` means no encryption", observe: encrypted,
				valid: "true", effect: "plain text", absent: "encrypted", invalid: badBools},
			{name: prefix + "CERTIFICATE", meaning: "file of the certificates to trust, in PEM; without it the system's", observe: tls.root,
				valid: tls.certificate, shown: "file", effect: trusted, absent: notTrusted, invalid: []string{"/none.pem", tls.empty, "/"}},
			{name: prefix + "CLIENT_CERTIFICATE", meaning: "file of the client's certificate, in PEM, which needs CLIENT_KEY", observe: tls.client, with: []string{prefix + "CLIENT_KEY=" + tls.key},
				valid: tls.certificate, shown: "file", effect: trusted, absent: notTrusted, invalid: []string{"/none.pem", tls.empty}},
			{name: prefix + "CLIENT_KEY", meaning: "file of the client's key, in PEM, which needs CLIENT_CERTIFICATE", observe: tls.client, with: []string{prefix + "CLIENT_CERTIFICATE=" + tls.certificate},
				valid: tls.key, shown: "file", effect: trusted, absent: notTrusted, invalid: []string{"/none.pem", "/"}},
		}...)
	}
	return append(all, setting{name: "OTEL_EXPORTER_OTLP_SPAN_INSECURE", meaning: "the old name of OTEL_EXPORTER_OTLP_TRACES_INSECURE", observe: encrypted,
		valid: "true", effect: "plain text", absent: "encrypted", invalid: badBools})
}

const useZipkin = "OTEL_TRACES_EXPORTER=zipkin"

var zipkinSettings = []setting{
	{name: "OTEL_EXPORTER_ZIPKIN_ENDPOINT", meaning: "URL of Zipkin; without a path, /api/v2/spans is appended", observe: requested(address, useZipkin),
		valid: "http://zipkin:9411/z", effect: "http://zipkin:9411/z", absent: "http://localhost:9411/api/v2/spans", invalid: badURLs},
	{name: "OTEL_EXPORTER_ZIPKIN_TIMEOUT", meaning: "wait of one try for the response, in milliseconds; 0 means no limit", observe: waited(useZipkin),
		valid: "2000", effect: "2s", absent: "10s", invalid: badMillis},
	{name: "OTEL_EXPORTER_ZIPKIN_PROTOCOL", meaning: "the specification reserves it and defines no values", observe: requested(address, useZipkin),
		absent: "http://localhost:9411/api/v2/spans", invalid: []string{"http/json"}},
}

var unsupported = []setting{
	{name: "OTEL_CONFIG_FILE", meaning: "a file instead of the variables", observe: delivery, absent: "delivered", invalid: []string{"/etc/otel.yaml"}},
	{name: "OTEL_EXPERIMENTAL_CONFIG_FILE", meaning: "its name in development", observe: delivery, absent: "delivered", invalid: []string{"/etc/otel.yaml"}},
	{name: "OTEL_ENTITIES", meaning: "entities of the resource, in development", observe: delivery, absent: "delivered", invalid: []string{"host{host.id=1}"}},
	jaegerSetting("PROTOCOL", "udp/thrift.compact"), jaegerSetting("ENDPOINT", "http://agent:14250"), jaegerSetting("TIMEOUT", "10000"),
	jaegerSetting("USER", "lora"), jaegerSetting("PASSWORD", "hunter2"), jaegerSetting("AGENT_HOST", "agent"), jaegerSetting("AGENT_PORT", "6831"),
}

// jaegerSetting returns a variable of an exporter that the specification no
// longer has.
func jaegerSetting(name, value string) setting {
	return setting{name: "OTEL_EXPORTER_JAEGER_" + name, meaning: "exporter for Jaeger, removed from the specification", observe: delivery,
		absent: "delivered", invalid: []string{value}, secret: true}
}

// ignored are the variables that are not about traces.
var ignored = []struct {
	names  []string
	reason string
}{
	{[]string{"OTEL_METRICS_EXPORTER", "OTEL_METRICS_EXEMPLAR_FILTER", "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT"},
		"metrics are on the scrape of Prometheus, see docs/metrics.md"},
	{[]string{"OTEL_EXPORTER_PROMETHEUS_HOST", "OTEL_EXPORTER_PROMETHEUS_PORT"}, "the address of the scrape, which `sligo.Start` reads"},
	{[]string{"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_INSECURE", "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
		"OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
		"OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
		"OTEL_EXPORTER_OTLP_METRIC_INSECURE", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
		"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"}, "no metrics are sent by OTLP"},
	{[]string{"OTEL_LOGS_EXPORTER", "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BLRP_EXPORT_TIMEOUT", "OTEL_BLRP_MAX_QUEUE_SIZE",
		"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT"},
		"logs are lines of JSON, see docs/logs.md"},
	{[]string{"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_INSECURE", "OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE",
		"OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", "OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
		"OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"}, "no logs are sent by OTLP"},
}
