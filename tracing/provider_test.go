package tracing_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// environment returns a LookupEnv for pairs such as "NAME=value".
func environment(pairs ...string) func(string) (string, bool) {
	m := make(map[string]string)
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		m[name] = value
	}
	return func(name string) (string, bool) {
		value, ok := m[name]
		return value, ok
	}
}

// inMemory returns an exporter that keeps spans, and a function that returns
// them.
func inMemory(name string) (tracing.Exporter, func() tracetest.SpanStubs) {
	memory := &remember{}
	return tracing.Exporter{Name: name, New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) {
		return memory, nil
	}}, memory.GetSpans
}

// remember is an InMemoryExporter that survives its shutdown.
type remember struct{ tracetest.InMemoryExporter }

func (*remember) Shutdown(context.Context) error { return nil }

// start starts tracing and shuts it down at the end of the test.
func start(t *testing.T, opts *tracing.Options) *tracing.Provider {
	t.Helper()
	if opts.LookupEnv == nil {
		opts.LookupEnv = environment()
	}
	tr, err := tracing.Start(t.Context(), "users", opts)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() { _ = tr.Shutdown(context.WithoutCancel(t.Context())) })
	return tr
}

// span creates and ends a span and returns its context.
func span(tr *tracing.Provider, name string) trace.SpanContext {
	_, s := tr.TracerProvider().Tracer("test").Start(context.Background(), name)
	s.End()
	return s.SpanContext()
}

func TestStartReportsEveryMistake(t *testing.T) {
	tests := []struct {
		name string
		opts tracing.Options
		env  []string
		want []string // sorted paths
	}{
		{"none", tracing.Options{}, nil, nil},
		{"a negative queue", tracing.Options{Batch: tracing.Batch{Queue: -1}}, nil, []string{"Batch.Queue"}},
		{"a queue of gigabytes", tracing.Options{Batch: tracing.Batch{Queue: 1<<20 + 1}}, nil, []string{"Batch.Queue"}},
		{"a negative size of the queue", tracing.Options{Batch: tracing.Batch{QueueBytes: -1}}, nil, []string{"Batch.QueueBytes"}},
		{"a negative size of the tail", tracing.Options{Sampling: tracing.Sampling{Tail: &tracing.Tail{Bytes: -1}}}, nil, []string{"Sampling.Tail.Bytes"}},
		{"a batch above the queue", tracing.Options{Batch: tracing.Batch{Queue: 10, Size: 11}}, nil, []string{"Batch.Size"}},
		{"a negative delay and timeout", tracing.Options{Batch: tracing.Batch{Delay: -1, Timeout: -1}}, nil, []string{"Batch.Delay", "Batch.Timeout"}},
		{"an unknown mesh", tracing.Options{Propagation: tracing.Propagation{Mesh: 7}}, nil, []string{"Propagation.Mesh"}},
		{"headers with credentials", tracing.Options{Propagation: tracing.Propagation{Forward: []string{"x-ok", "Authorization", "cookie", "x-jwt-claim", "X-Api-Key", "traceparent", "x y", "foo-bin", "Ocp-Apim-Subscription-Key", "x-forwarded-client-cert", "X-User-Email"}}}, nil,
			[]string{"Propagation.Forward[10]", "Propagation.Forward[1]", "Propagation.Forward[2]", "Propagation.Forward[3]", "Propagation.Forward[4]", "Propagation.Forward[5]", "Propagation.Forward[6]", "Propagation.Forward[7]", "Propagation.Forward[8]", "Propagation.Forward[9]"}},
		{"an attribute without key", tracing.Options{Resource: []attribute.KeyValue{{}}}, nil, []string{"Resource[0].Key"}},
		{"exporters without a unique name or a New function", tracing.Options{Exporters: []tracing.Exporter{{}, named("a"), named("a")}, Selectable: []tracing.Exporter{named("a")}}, nil,
			[]string{"Exporters[0].Name", "Exporters[0].New", "Exporters[2].Name", "Selectable[0].Name"}},
		{"exporters with names that no variable can list", tracing.Options{Exporters: []tracing.Exporter{named("a,b"), named("a b"), named("none"), named("\xff"), named("a"), named("A")}}, nil,
			[]string{"Exporters[0].Name", "Exporters[1].Name", "Exporters[2].Name", "Exporters[3].Name", "Exporters[5].Name"}},
		{"an exporter that fails to start", tracing.Options{Exporters: []tracing.Exporter{named("a"), failing("b")}}, nil, []string{"Exporters[1]"}},
		{"an exporter with mistakes of its own", tracing.Options{Selectable: []tracing.Exporter{mistaken("a")}}, []string{"OTEL_TRACES_EXPORTER=a"}, []string{"OTEL_A", "Selectable[0].Endpoint"}},
		{"an invalid tail", tracing.Options{Sampling: tracing.Sampling{Tail: &tracing.Tail{Spans: -1, Indicators: []sli.Indicator{{}}}}}, nil, []string{"Sampling.Tail.Indicators[0].Name", "Sampling.Tail.Indicators[0].Service", "Sampling.Tail.Spans"}},
		{"every variable", tracing.Options{}, []string{
			"OTEL_SDK_DISABLED=yes", "OTEL_TRACES_EXPORTER=otlp", "OTEL_PROPAGATORS=tracecontext,xray",
			"OTEL_TRACES_SAMPLER=jaeger_remote", "OTEL_TRACES_SAMPLER_ARG=10%", "OTEL_RESOURCE_ATTRIBUTES=a=b,c",
			"OTEL_BSP_MAX_QUEUE_SIZE=-1", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=0", "OTEL_BSP_SCHEDULE_DELAY=5s", "OTEL_BSP_EXPORT_TIMEOUT=1m", "OTEL_LOG_LEVEL=loud", "OTEL_CONFIG_FILE=/etc/otel.yaml",
			"OTEL_EXPERIMENTAL_CONFIG_FILE=/etc/otel.yaml", "OTEL_ENTITIES=host{host.id=1}", "OTEL_EXPORTER_JAEGER_AGENT_HOST=jaeger",
			"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=-1", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=x", "OTEL_SPAN_EVENT_COUNT_LIMIT=x",
			"OTEL_SPAN_LINK_COUNT_LIMIT=x", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT=x", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT=x",
		}, []string{
			"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BSP_MAX_QUEUE_SIZE",
			"OTEL_BSP_SCHEDULE_DELAY", "OTEL_CONFIG_FILE", "OTEL_ENTITIES", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
			"OTEL_EXPERIMENTAL_CONFIG_FILE", "OTEL_EXPORTER_JAEGER_AGENT_HOST",
			"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "OTEL_LOG_LEVEL", "OTEL_PROPAGATORS",
			"OTEL_RESOURCE_ATTRIBUTES", "OTEL_SDK_DISABLED", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_SPAN_EVENT_COUNT_LIMIT",
			"OTEL_SPAN_LINK_COUNT_LIMIT", "OTEL_TRACES_EXPORTER", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
		}},
		{"none beside others", tracing.Options{Selectable: []tracing.Exporter{named("a")}}, []string{"OTEL_TRACES_EXPORTER=none,a", "OTEL_PROPAGATORS=none,b3"}, []string{"OTEL_PROPAGATORS", "OTEL_TRACES_EXPORTER"}},
		{"an exporter twice", tracing.Options{Selectable: []tracing.Exporter{named("a")}}, []string{"OTEL_TRACES_EXPORTER=a,A"}, []string{"OTEL_TRACES_EXPORTER"}},
		{"a batch of the environment above its queue", tracing.Options{}, []string{"OTEL_BSP_MAX_QUEUE_SIZE=10", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=20"}, []string{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE"}},
		{"a queue of the environment below its batch", tracing.Options{Batch: tracing.Batch{Size: 20}}, []string{"OTEL_BSP_MAX_QUEUE_SIZE=10"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.opts.LookupEnv = environment(test.env...)
			tr, err := tracing.Start(t.Context(), "users", &test.opts)
			if diff := cmp.Diff(test.want, paths(err)); diff != "" {
				t.Errorf("paths of the error (-want +got):\n%s\n%v", diff, err)
			}
			if sc := span(tr, "a"); !sc.IsSampled() {
				t.Errorf("the span is not sampled: %v, with error %v", sc, err)
			}
			if err := tr.Shutdown(t.Context()); err != nil {
				t.Errorf("Shutdown: %v", err)
			}
			for _, s := range tr.Stats() {
				if s.Counts.Done != 1 {
					t.Errorf("spans are lost: %v", s)
				}
			}
		})
	}
}

func named(name string) tracing.Exporter {
	e, _ := inMemory(name)
	return e
}

// speaking returns an exporter of OTLP with protocols.
func speaking(protocols ...string) tracing.Exporter {
	e := named("otlp")
	e.Protocols = protocols
	return e
}

func failing(name string) tracing.Exporter {
	return tracing.Exporter{Name: name, New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) {
		return nil, errors.New("cannot")
	}}
}

// mistaken returns an exporter with mistakes in its options and the
// environment.
func mistaken(name string) tracing.Exporter {
	return tracing.Exporter{Name: name, New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) {
		var errs sli.FieldErrors
		errs.Addf("Endpoint", "endpoint is empty")
		errs.Addf("OTEL_A", "value is empty")
		return nil, errs.Err()
	}}
}

// paths returns the sorted paths of the field errors in err.
func paths(err error) []string {
	if err == nil {
		return nil
	}
	var all []string
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var field *sli.FieldError
		if !errors.As(e, &field) {
			all = append(all, "no field error: "+e.Error())
			continue
		}
		all = append(all, field.Path)
	}
	slices.Sort(all)
	return all
}

// TestOtherExportersWork starts with exporters that have mistakes. Those that
// exist in spite of a mistake are used.
func TestOtherExportersWork(t *testing.T) {
	good, spans := inMemory("good")
	half := tracing.Exporter{Name: "half", New: func(lookup func(string) (string, bool)) (sdktrace.SpanExporter, error) {
		e, _ := named("x").New(lookup)
		var errs sli.FieldErrors
		errs.Addf("OTEL_HALF", "invalid")
		return e, errs.Err()
	}}
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{failing("b"), named("a b"), good, {Name: "no function"}, half}, LookupEnv: environment(),
	})
	if diff := cmp.Diff([]string{"Exporters[0]", "Exporters[1].Name", "Exporters[3].Name", "Exporters[3].New", "OTEL_HALF"}, paths(err)); diff != "" {
		t.Errorf("paths of the error (-want +got):\n%s", diff)
	}
	span(tr, "a")
	if err := tr.Shutdown(t.Context()); err != nil || len(spans()) != 1 {
		t.Errorf("%d spans, %v", len(spans()), err)
	}
	if all := tr.Stats(); len(all) != 2 || all[0].Exporter != "good" || all[1].Exporter != "half" || all[1].Counts.Done != 1 {
		t.Errorf("exporters %v", all)
	}
}

func TestServiceIsRequired(t *testing.T) {
	exporter, spans := inMemory("a")
	tr, err := tracing.Start(t.Context(), " ", &tracing.Options{Exporters: []tracing.Exporter{exporter}, LookupEnv: environment()})
	if diff := cmp.Diff([]string{"service"}, paths(err)); diff != "" {
		t.Error(diff)
	}
	span(tr, "a")
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	name, _ := spans()[0].Resource.Set().Value("service.name")
	if want := "unknown_service:" + filepath.Base(os.Args[0]); name.AsString() != want {
		t.Errorf("the service is %q, want %q", name.AsString(), want)
	}
	if _, err := tracing.Start(t.Context(), "", &tracing.Options{LookupEnv: environment("OTEL_SERVICE_NAME=users")}); err != nil {
		t.Errorf("with a name in the environment: %v", err)
	}
}

func TestErrorTexts(t *testing.T) {
	for name, test := range map[string]struct {
		opts tracing.Options
		env  []string
		want string
	}{
		"duplicate exporter": {tracing.Options{Exporters: []tracing.Exporter{named("a"), named("otlp"), named("OTLP")}}, nil,
			`Exporters[2].Name: duplicate exporter "OTLP"`},
		"empty name": {tracing.Options{Exporters: []tracing.Exporter{named("")}}, nil, "Exporters[0].Name: name is empty"},
		"invalid name": {tracing.Options{Selectable: []tracing.Exporter{named("a,b")}}, nil,
			`Selectable[0].Name: invalid name "a,b": want UTF-8 without spaces and commas, and not "none"`},
		"not linked": {tracing.Options{}, []string{"OTEL_TRACES_EXPORTER=Console"},
			`OTEL_TRACES_EXPORTER: exporter "console" is not linked: import "github.com/sligo-go/sligo/tracing/console" and add its Exporter to Options.Selectable`},
		"protocol not linked": {tracing.Options{Exporters: []tracing.Exporter{speaking("http/protobuf", "http/json")}}, []string{"OTEL_EXPORTER_OTLP_PROTOCOL=GRPC"},
			`OTEL_EXPORTER_OTLP_PROTOCOL: protocol "GRPC" is not linked, only http/protobuf, http/json: import "github.com/sligo-go/sligo/tracing/otlpgrpc" and add its Exporter to Options.Selectable`},
		"unknown protocol": {tracing.Options{Exporters: []tracing.Exporter{speaking("grpc")}, Selectable: []tracing.Exporter{speaking("http/protobuf")}}, []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http"},
			`OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: invalid protocol "http": want one of grpc, http/protobuf`},
		"unknown exporter": {tracing.Options{Exporters: []tracing.Exporter{named("a")}}, []string{"OTEL_TRACES_EXPORTER=jaeger"},
			`OTEL_TRACES_EXPORTER: unknown exporter "jaeger": want one of a, none`},
		"forwarded secret": {tracing.Options{Propagation: tracing.Propagation{Forward: []string{"X-Api-Key"}}}, nil,
			`Propagation.Forward[0]: header "X-Api-Key" may contain a credential or personal data, which must not reach other services`},
		"batch above the queue": {tracing.Options{}, []string{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE=100000"},
			"OTEL_BSP_MAX_EXPORT_BATCH_SIZE: a batch of 100000 spans exceeds the queue of 65536"},
		"negative queue": {tracing.Options{Batch: tracing.Batch{Queue: -1}}, nil, "Batch.Queue: invalid number -1: want 1 to 1048576"},
	} {
		t.Run(name, func(t *testing.T) {
			test.opts.LookupEnv = environment(test.env...)
			_, err := tracing.Start(t.Context(), "users", &test.opts)
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestErrorsQuoteNoSecret(t *testing.T) {
	_, err := tracing.Start(t.Context(), "users", &tracing.Options{LookupEnv: environment(
		"OTEL_BSP_SCHEDULE_DELAY=5s", "OTEL_RESOURCE_ATTRIBUTES=hunter2")})
	if err == nil || !strings.Contains(err.Error(), `OTEL_BSP_SCHEDULE_DELAY: invalid duration "5s": want milliseconds`) {
		t.Errorf("the error does not quote the value: %v", err)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error quotes a possible secret: %v", err)
	}
}

func TestEnvironmentChoosesExporters(t *testing.T) {
	tests := []struct {
		name string
		env  []string
		want []string
	}{
		{"unset", nil, []string{"a", "b"}},
		{"empty", []string{"OTEL_TRACES_EXPORTER="}, []string{"a", "b"}},
		{"none", []string{"OTEL_TRACES_EXPORTER=none"}, nil},
		{"one", []string{"OTEL_TRACES_EXPORTER=b"}, []string{"b"}},
		{"a list with spaces", []string{"OTEL_TRACES_EXPORTER= c , a ,"}, []string{"c", "a"}},
		{"in another case", []string{"OTEL_TRACES_EXPORTER=B"}, []string{"b"}},
		{"disabled", []string{"OTEL_SDK_DISABLED=TRUE"}, nil},
		{"not disabled", []string{"OTEL_SDK_DISABLED=false"}, []string{"a", "b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tr := start(t, &tracing.Options{
				Exporters: []tracing.Exporter{named("a"), named("b")}, Selectable: []tracing.Exporter{named("c")},
				LookupEnv: environment(test.env...),
			})
			var got []string
			for _, s := range tr.Stats() {
				got = append(got, s.Exporter)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("exporters (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDisabledPassesTracesOn(t *testing.T) {
	tr := start(t, &tracing.Options{LookupEnv: environment("OTEL_SDK_DISABLED=true")})
	if span(tr, "a").IsValid() {
		t.Error("a span is recorded")
	}
	in := propagation.MapCarrier{"traceparent": traceparent, "x-request-id": "r1"}
	ctx, s := tr.TracerProvider().Tracer("t").Start(tr.Propagator().Extract(t.Context(), in), "a")
	defer s.End()
	out := propagation.MapCarrier{}
	tr.Propagator().Inject(ctx, out)
	if out["traceparent"] != traceparent || out["x-request-id"] != "r1" {
		t.Errorf("passed on %v of %v", out, in)
	}
}

func TestResource(t *testing.T) {
	host, _ := os.Hostname()
	tests := []struct {
		name string
		opts tracing.Options
		env  []string
		want map[attribute.Key]string
	}{
		{"options", tracing.Options{Resource: []attribute.KeyValue{attribute.String("service.version", "1.2"), attribute.String("host.name", "h")}}, nil,
			map[attribute.Key]string{"service.name": "users", "service.version": "1.2", "host.name": "h"}},
		{"the environment overrides options", tracing.Options{Resource: []attribute.KeyValue{attribute.String("service.version", "1.2")}},
			[]string{"OTEL_RESOURCE_ATTRIBUTES=service.version=1.3,service.name=no, team = a%20b ", "OTEL_SERVICE_NAME=orders"},
			map[attribute.Key]string{"service.name": "orders", "service.version": "1.3", "team": "a b", "host.name": host}},
		{"service.name of the environment's attributes", tracing.Options{}, []string{"OTEL_RESOURCE_ATTRIBUTES=service.name=orders"},
			map[attribute.Key]string{"service.name": "orders"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			exporter, spans := inMemory("a")
			test.opts.Exporters = []tracing.Exporter{exporter}
			test.opts.LookupEnv = environment(test.env...)
			tr := start(t, &test.opts)
			span(tr, "a")
			if err := tr.ForceFlush(t.Context()); err != nil {
				t.Fatal(err)
			}
			res := spans()[0].Resource
			for key, want := range test.want {
				if got, _ := res.Set().Value(key); got.AsString() != want {
					t.Errorf("%s is %q, want %q", key, got.AsString(), want)
				}
			}
			if res.SchemaURL() != "" {
				t.Errorf("the schema is %q", res.SchemaURL())
			}
			for _, kv := range res.Attributes() {
				if strings.HasPrefix(string(kv.Key), "process.") {
					t.Errorf("the resource has %s", kv.Key)
				}
			}
		})
	}
}

func TestLimits(t *testing.T) {
	for _, test := range []struct {
		name   string
		limits *sdktrace.SpanLimits
		env    string
		want   int
	}{
		{"default", nil, "", 4096},
		{"default of a zero field", &sdktrace.SpanLimits{EventCountLimit: 1}, "", 4096},
		{"option", &sdktrace.SpanLimits{AttributeValueLengthLimit: 9}, "", 9},
		{"no limit", &sdktrace.SpanLimits{AttributeValueLengthLimit: -1}, "", 10_000},
		{"environment", &sdktrace.SpanLimits{AttributeValueLengthLimit: 9}, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=7", 7},
		{"environment, for spans", nil, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT=8", 8},
		{"zero in the environment", nil, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=0", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			exporter, spans := inMemory("a")
			tr := start(t, &tracing.Options{Exporters: []tracing.Exporter{exporter}, Sampling: tracing.Sampling{Limits: test.limits}, LookupEnv: environment(test.env)})
			_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a")
			s.SetAttributes(attribute.String("k", strings.Repeat("x", 10_000)))
			s.End()
			if err := tr.ForceFlush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := len(spans()[0].Attributes[0].Value.AsString()); got != test.want {
				t.Errorf("got %d characters, want %d", got, test.want)
			}
		})
	}
}

func TestGlobalsAreSetOnlyOnRequest(t *testing.T) {
	provider, propagator := otel.GetTracerProvider(), otel.GetTextMapPropagator()
	t.Cleanup(func() {
		otel.SetTracerProvider(provider)
		otel.SetTextMapPropagator(propagator)
	})
	start(t, &tracing.Options{})
	if otel.GetTracerProvider() != provider {
		t.Fatal("the global provider was set")
	}
	tr := start(t, &tracing.Options{Globals: true})
	if otel.GetTracerProvider() != tr.TracerProvider() || len(otel.GetTextMapPropagator().Fields()) == 0 {
		t.Error("the globals were not set")
	}
}

func TestNilAndZeroProvider(t *testing.T) {
	for name, tr := range map[string]*tracing.Provider{"nil": nil, "zero": {}} {
		t.Run(name, func(t *testing.T) {
			if span(tr, "a").IsValid() || tr.Stats() != nil && len(tr.Stats()) > 0 {
				t.Error("the provider records")
			}
			if _, ok := tr.TailStats(); ok {
				t.Error("the provider has a tail")
			}
			tr.Propagator().Inject(t.Context(), propagation.MapCarrier{})
			if err := errors.Join(tr.ForceFlush(t.Context()), tr.Shutdown(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
}
