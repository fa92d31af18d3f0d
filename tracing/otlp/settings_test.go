package otlp_test

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/tracing/internal/env"
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
			otlp.Settings{Timeout: 10 * time.Second, MaxBytes: 4 << 20, Target: "dns:///localhost:4317", Plaintext: true}, ""},
		{"options", otlp.ProtocolGRPC, otlp.Options{Endpoint: "https://jaeger:1", Timeout: time.Second, Gzip: true, MaxBytes: 9}, nil,
			otlp.Settings{Timeout: time.Second, Gzip: true, MaxBytes: 9, Target: "dns:///jaeger:1"}, ""},
		{"environment", otlp.ProtocolGRPC, otlp.Options{Endpoint: "https://jaeger:1", Timeout: time.Second, Gzip: true},
			[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://a", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://b", "OTEL_EXPORTER_OTLP_TIMEOUT=2000",
				"OTEL_EXPORTER_OTLP_COMPRESSION=none", "OTEL_EXPORTER_OTLP_HEADERS=k=v"},
			otlp.Settings{Timeout: 2 * time.Second, MaxBytes: 4 << 20, Headers: map[string]string{"k": "v"}, Target: "dns:///b:80", Plaintext: true}, ""},
		{"another name", otlp.ProtocolGRPC, otlp.Options{Name: "vendor"}, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://a"},
			otlp.Settings{Timeout: 10 * time.Second, MaxBytes: 4 << 20, Target: "dns:///localhost:4317", Plaintext: true}, ""},
		{"wrong options", otlp.ProtocolHTTP, otlp.Options{Endpoint: "jaeger", Timeout: -1, MaxBytes: -1, Headers: map[string]string{"Host": "h", "k": "v"}}, nil,
			otlp.Settings{Timeout: 10 * time.Second, MaxBytes: 4 << 20, Headers: map[string]string{"k": "v"}}, "http://localhost:4318/v1/traces"},
		{"a wrong environment", otlp.ProtocolHTTP, otlp.Options{Endpoint: "https://jaeger", Timeout: time.Second, Gzip: true, Headers: map[string]string{"k": "v"}},
			[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=jaeger", "OTEL_EXPORTER_OTLP_TIMEOUT=2s", "OTEL_EXPORTER_OTLP_COMPRESSION=zstd",
				"OTEL_EXPORTER_OTLP_HEADERS=broken,k2=v2", "OTEL_EXPORTER_OTLP_CERTIFICATE=/none", "OTEL_EXPORTER_OTLP_CLIENT_KEY=/none"},
			otlp.Settings{Timeout: time.Second, Gzip: true, MaxBytes: 4 << 20, Headers: map[string]string{"k": "v", "k2": "v2"}}, "https://jaeger/v1/traces"},
		{"a wrong variable for traces and a valid general one", otlp.ProtocolHTTP, otlp.Options{},
			[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=jaeger", "OTEL_EXPORTER_OTLP_ENDPOINT=http://b/c", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=-1", "OTEL_EXPORTER_OTLP_TIMEOUT=0"},
			otlp.Settings{Timeout: env.NoLimit, MaxBytes: 4 << 20}, "http://b/c/v1/traces"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.opts.Settings(test.protocol, environment(test.env...))
			if (err != nil) != strings.Contains(test.name, "wrong") {
				t.Fatal(err)
			}
			if got.Endpoint != nil && got.Endpoint.String() != test.endpoint || got.Endpoint == nil && test.endpoint != "" {
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
		otlp.ProtocolGRPC, environment("OTEL_EXPORTER_OTLP_INSECURE=1"))
	if err == nil {
		t.Fatal("no error")
	}
	want := []string{
		"Timeout: invalid duration -1ns: want zero or more",
		"MaxBytes: invalid size -1: want zero or more",
		`Endpoint: URL "http://jaeger:4317/v1/traces" has a path: want none, as gRPC has a fixed one`,
		`OTEL_EXPORTER_OTLP_INSECURE: invalid value "1": want true or false`,
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestTargets(t *testing.T) {
	const defaultTarget = "dns:///localhost:4317"
	file := certificateFile(t)
	tests := []struct {
		endpoint  string
		env       string
		want      string
		plaintext bool
		mistake   string // a part of the error
	}{
		{"", "", defaultTarget, true, ""},
		{"http://collector:4317", "", "dns:///collector:4317", true, ""},
		{"http://collector", "", "dns:///collector:80", true, ""},
		{"https://collector", "", "dns:///collector:443", false, ""},
		{"HTTPS://collector/", "", "dns:///collector:443", false, ""},
		{"http://[::1]:4317", "", "dns:///[::1]:4317", true, ""},
		{"http://collector:4317", "OTEL_EXPORTER_OTLP_INSECURE=false", "dns:///collector:4317", true, ""},
		{"https://collector:4317", "OTEL_EXPORTER_OTLP_INSECURE=true", "dns:///collector:4317", false, ""},
		{"collector:4317", "", "dns:///collector:4317", false, ""},
		{"collector:4317", "OTEL_EXPORTER_OTLP_INSECURE=true", "dns:///collector:4317", true, ""},
		{"collector:4317", "OTEL_EXPORTER_OTLP_SPAN_INSECURE=true", "dns:///collector:4317", true, ""},
		{"collector:4317", "OTEL_EXPORTER_OTLP_TRACES_INSECURE=TRUE", "dns:///collector:4317", true, ""},
		{"collector", "", "dns:///collector", false, ""},
		{"10.0.0.1:4317", "", "dns:///10.0.0.1:4317", false, ""},
		{"[2001:db8::1]:4317", "", "dns:///[2001:db8::1]:4317", false, ""},
		{"2001:db8::1", "", "dns:///2001:db8::1", false, ""},
		{"localhost:4317", "", "dns:///localhost:4317", true, ""},
		{"127.0.0.1:4317", "", "dns:///127.0.0.1:4317", true, ""},
		{"[::1]:4317", "", "dns:///[::1]:4317", true, ""},
		{"localhost:4317", "OTEL_EXPORTER_OTLP_INSECURE=false", "dns:///localhost:4317", false, ""},
		{"localhost:4317", "OTEL_EXPORTER_OTLP_CERTIFICATE=" + file, "dns:///localhost:4317", false, ""},
		{"dns:///collector:4317", "", "dns:///collector:4317", false, ""},
		{"dns:collector:4317", "OTEL_EXPORTER_OTLP_INSECURE=true", "dns:collector:4317", true, ""},
		{"dns://10.0.0.53/collector:4317", "", "dns://10.0.0.53/collector:4317", false, ""},
		{"dns:///localhost:4317", "", "dns:///localhost:4317", true, ""},
		{"passthrough:///127.0.0.1:4317", "", "passthrough:///127.0.0.1:4317", true, ""},
		{"unix:///run/otlp.sock", "", "unix:///run/otlp.sock", true, ""},
		{"unix:run/otlp.sock", "", "unix:run/otlp.sock", true, ""},
		{"unix-abstract:otlp", "", "unix-abstract:otlp", true, ""},
		{"unix:///run/otlp.sock", "OTEL_EXPORTER_OTLP_INSECURE=false", "unix:///run/otlp.sock", false, ""},
		{"unix://", "", defaultTarget, true, `invalid socket "unix://": want a path`},
		{"unix://run/otlp.sock", "", defaultTarget, true, `invalid socket "unix://run/otlp.sock": want a path`},
		{"unix:///a%zz", "", defaultTarget, true, `invalid target "unix:///a%zz"`},
		{"col\x00lector:4317", "", defaultTarget, true, `invalid target "col\x00lector:4317"`},
		{"htps://collector", "", defaultTarget, true, `unknown scheme in "htps://collector"`},
		{"xds:///collector", "", defaultTarget, true, `unknown scheme in "xds:///collector"`},
		{"ftp://user:secret@collector", "", defaultTarget, true, `unknown scheme in "REDACTED@collector"`},
		{"http://user:secret@collector/x", "", defaultTarget, true, `URL "http://user:xxxxx@collector/x" has a path`},
		{"collector:4317/v1/traces", "", defaultTarget, true, `invalid target "collector:4317/v1/traces"`},
		{"collector:0", "", defaultTarget, true, `invalid port in "collector:0": want 1 to 65535`},
		{"collector:99999", "", defaultTarget, true, `invalid port in "collector:99999"`},
		{"collector:grpc", "", defaultTarget, true, `invalid port in "collector:grpc"`},
		{":4317", "", defaultTarget, true, `invalid target ":4317"`},
		{"dns:///", "", defaultTarget, true, `invalid target ""`},
		{"http://", "", defaultTarget, true, "has no host"},
		{"a b:4317", "", defaultTarget, true, `invalid target "a b:4317"`},
	}
	for _, test := range tests {
		t.Run(test.endpoint+" "+test.env, func(t *testing.T) {
			for _, variable := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "Endpoint"} {
				opts, pairs := otlp.Options{}, []string{test.env, variable + "=" + test.endpoint}
				if variable == "Endpoint" {
					opts.Endpoint, pairs = test.endpoint, pairs[:1]
				}
				s, err := opts.Settings(otlp.ProtocolGRPC, environment(pairs...))
				if s.Target != test.want || s.Plaintext != test.plaintext {
					t.Errorf("%s: target %q, plaintext %t", variable, s.Target, s.Plaintext)
				}
				switch {
				case test.mistake == "":
					if err != nil {
						t.Errorf("%s: %v", variable, err)
					}
				case err == nil || !strings.HasPrefix(err.Error(), variable+": ") || !strings.Contains(err.Error(), test.mistake):
					t.Errorf("%s: got %v, want %s", variable, err, test.mistake)
				case strings.Contains(err.Error(), "secret"):
					t.Errorf("%s: a password in %v", variable, err)
				}
			}
		})
	}
}

// certificateFile returns a file with a certificate.
func certificateFile(t *testing.T) string {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
