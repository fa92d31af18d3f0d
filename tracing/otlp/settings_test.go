package otlp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/tracing/otlp"
)

func TestSettings(t *testing.T) {
	tests := []struct {
		name     string
		protocol otlp.Protocol
		opts     otlp.Options
		env      []string
		want     otlp.Settings // without Endpoint
		endpoint string
	}{
		{"HTTP defaults", otlp.ProtocolHTTP, otlp.Options{}, nil,
			otlp.Settings{Timeout: 10 * time.Second, MaxBytes: 4 << 20}, "http://localhost:4318/v1/traces"},
		{"gRPC defaults", otlp.ProtocolGRPC, otlp.Options{}, nil,
			otlp.Settings{Timeout: 10 * time.Second, MaxBytes: 4 << 20}, "http://localhost:4317"},
		{"options", otlp.ProtocolGRPC, otlp.Options{Endpoint: "https://jaeger:1", Timeout: time.Second, Gzip: true, MaxBytes: 9}, nil,
			otlp.Settings{Timeout: time.Second, Gzip: true, MaxBytes: 9}, "https://jaeger:1"},
		{"environment", otlp.ProtocolGRPC, otlp.Options{Endpoint: "https://jaeger:1", Timeout: time.Second, Gzip: true},
			[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://a", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://b", "OTEL_EXPORTER_OTLP_TIMEOUT=2000",
				"OTEL_EXPORTER_OTLP_COMPRESSION=none", "OTEL_EXPORTER_OTLP_HEADERS=k=v", "OTEL_EXPORTER_OTLP_PROTOCOL=GRPC"},
			otlp.Settings{Timeout: 2 * time.Second, MaxBytes: 4 << 20, Headers: map[string]string{"k": "v"}}, "http://b"},
		{"another name", otlp.ProtocolGRPC, otlp.Options{Name: "vendor"}, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://a"},
			otlp.Settings{Timeout: 10 * time.Second, MaxBytes: 4 << 20}, "http://localhost:4317"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.opts.Settings(test.protocol, environment(test.env...))
			if err != nil {
				t.Fatal(err)
			}
			if got.Endpoint.String() != test.endpoint {
				t.Errorf("the endpoint is %s, want %s", got.Endpoint, test.endpoint)
			}
			got.Endpoint = nil
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSettingsLeaveOptionsAlone checks that the environment's headers do not
// reach the caller's map.
func TestSettingsLeaveOptionsAlone(t *testing.T) {
	headers := map[string]string{"a": "1"}
	s, err := otlp.Options{Headers: headers}.Settings(otlp.ProtocolHTTP, environment("OTEL_EXPORTER_OTLP_HEADERS=b=2"))
	if err != nil || len(s.Headers) != 2 || len(headers) != 1 {
		t.Errorf("got %v of %v, %v", s.Headers, headers, err)
	}
}

// TestTheEnvironmentsHeadersWin compares names that differ only in case, often
// enough to notice an order by chance.
func TestTheEnvironmentsHeadersWin(t *testing.T) {
	for range 50 {
		for _, protocol := range []otlp.Protocol{otlp.ProtocolHTTP, otlp.ProtocolGRPC} {
			s, err := otlp.Options{Headers: map[string]string{"authorization": "code", "X-Other": "o"}}.Settings(protocol,
				environment("OTEL_EXPORTER_OTLP_HEADERS=Authorization=first,AUTHORIZATION=env"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]string{"AUTHORIZATION": "env", "X-Other": "o"}, s.Headers); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", protocol, diff)
			}
		}
	}
}

func TestHeadersThatCannotBeSent(t *testing.T) {
	const http, grpc, both = otlp.ProtocolHTTP, otlp.ProtocolGRPC, ""
	tests := []struct {
		name, value string
		by          otlp.Protocol // "" if both refuse it
		refused     bool
	}{
		{"Host", "tenant.example", both, true},
		{"content-type", "text/plain", both, true},
		{"Content-Length", "1", both, true},
		{"User-Agent", "u", http, false},
		{"User-Agent", "u", grpc, true},
		{"grpc-timeout", "1S", grpc, true},
		{"grpc-timeout", "1S", http, false},
		{"x!y", "v", grpc, true},
		{"x!y", "v", http, false},
		{"x", "é", grpc, true},
		{"x", "é", http, false},
		{"x-bin", "é", grpc, false},
		{"Authorization", "Bearer x", both, false},
	}
	for _, test := range tests {
		for _, protocol := range []otlp.Protocol{http, grpc} {
			if test.by != both && test.by != protocol {
				continue
			}
			_, err := otlp.Options{Headers: map[string]string{test.name: test.value}}.Settings(protocol, nil)
			if (err != nil) != test.refused {
				t.Errorf("%s, option %q: %v", protocol, test.name, err)
			}
			variable := "OTEL_EXPORTER_OTLP_HEADERS=" + test.name + "=" + test.value
			_, err = otlp.Options{}.Settings(protocol, environment(variable))
			if (err != nil) != test.refused {
				t.Errorf("%s, %s: %v", protocol, variable, err)
			}
		}
	}
}

func TestMistakesOfGRPC(t *testing.T) {
	_, err := otlp.Options{Endpoint: "http://jaeger:4317/v1/traces", Timeout: -1, MaxBytes: -1}.Settings(
		otlp.ProtocolGRPC, environment("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
	if err == nil {
		t.Fatal("no error")
	}
	want := []string{
		`Endpoint: URL "http://jaeger:4317/v1/traces" has a path: want none, as gRPC has a fixed one`,
		"Timeout: invalid duration -1ns: want zero or more",
		"MaxBytes: invalid size -1: want zero or more",
		`OTEL_EXPORTER_OTLP_PROTOCOL: unsupported protocol "http/protobuf": this exporter uses "grpc"; use package otlp for "http/protobuf"`,
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}
