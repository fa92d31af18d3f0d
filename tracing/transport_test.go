package tracing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
)

func TestEnvironmentChoosesTransport(t *testing.T) {
	tests := []struct {
		name                  string
		exporters, selectable []string // protocols
		env                   []string
		want                  string
		mistake               bool
	}{
		{"the first by default", []string{"grpc", "http/protobuf"}, nil, nil, "grpc", false},
		{"the one of Exporters by default", []string{"http/protobuf"}, []string{"grpc"}, nil, "http/protobuf", false},
		{"an empty variable", []string{"http/protobuf"}, []string{"grpc"}, []string{"OTEL_EXPORTER_OTLP_PROTOCOL="}, "http/protobuf", false},
		{"selectable", []string{"http/protobuf"}, []string{"grpc"}, []string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, "grpc", false},
		{"in another case", []string{"grpc"}, []string{"http/protobuf"}, []string{"OTEL_EXPORTER_OTLP_PROTOCOL=HTTP/Protobuf"}, "http/protobuf", false},
		{"for traces", []string{"http/protobuf", "grpc"}, nil,
			[]string{"OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc"}, "grpc", false},
		{"for traces, others not linked", []string{"http/protobuf"}, nil,
			[]string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf"}, "http/protobuf", false},
		{"for other signals", []string{"http/protobuf"}, nil,
			[]string{"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=x"}, "http/protobuf", false},
		{"not linked", []string{"http/protobuf"}, nil, []string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, "http/protobuf", true},
		{"unknown", []string{"grpc", "http/protobuf"}, nil, []string{"OTEL_EXPORTER_OTLP_PROTOCOL=http/thrift"}, "grpc", true},
		{"unknown for traces", []string{"http/protobuf", "grpc"}, nil,
			[]string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=x", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, "grpc", true},
		{"both selectable", nil, []string{"http/protobuf", "grpc"},
			[]string{"OTEL_TRACES_EXPORTER=otlp", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, "grpc", false},
		{"both selectable, none selected", nil, []string{"http/protobuf", "grpc"}, []string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, "", false},
		{"no exporter of OTLP in use", []string{"http/protobuf"}, nil,
			[]string{"OTEL_TRACES_EXPORTER=none", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got string
			speaking := func(protocols []string) []tracing.Exporter {
				var all []tracing.Exporter
				for _, p := range protocols {
					all = append(all, tracing.Exporter{Name: "otlp", Protocols: []string{p},
						New: func(lookup func(string) (string, bool)) (sdktrace.SpanExporter, error) {
							got += p
							return named("x").New(lookup)
						}})
				}
				return all
			}
			tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
				Exporters: speaking(test.exporters), Selectable: speaking(test.selectable), LookupEnv: environment(test.env...),
			})
			if (err != nil) != test.mistake {
				t.Errorf("error %v", err)
			}
			if got != test.want {
				t.Errorf("created %q, want %q", got, test.want)
			}
			if n := len(tr.Stats()); n > 1 {
				t.Errorf("%d exporters", n)
			}
			_ = tr.Shutdown(t.Context())
		})
	}
}

// TestTransportsThatAreNoAlternatives checks which exporters of one name the
// environment cannot tell apart.
func TestTransportsThatAreNoAlternatives(t *testing.T) {
	vendor := func() tracing.Exporter {
		e := speaking("grpc")
		e.Name = "vendor"
		return e
	}
	for name, exporters := range map[string][]tracing.Exporter{
		"the same protocol": {speaking("grpc"), speaking("http/json", "GRPC")},
		"no protocol":       {speaking("grpc"), named("otlp")},
		"another name":      {vendor(), vendor()},
	} {
		tr, err := tracing.Start(t.Context(), "users", &tracing.Options{Exporters: exporters, LookupEnv: environment()})
		if diff := cmp.Diff([]string{"Exporters[1].Name"}, paths(err)); diff != "" {
			t.Errorf("%s: paths of the error (-want +got):\n%s", name, diff)
		}
		if len(tr.Stats()) != 1 {
			t.Errorf("%s: exporters %v", name, tr.Stats())
		}
	}
}
