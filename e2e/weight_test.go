package e2e_test

import (
	"debug/buildinfo"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// service is a program that serves HTTP. A test adds imports and statements.
const service = `package main

import (
	"fmt"
	"net/http"
	"os"
IMPORTS
)

func main() {
STATEMENTS
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	fmt.Fprintln(os.Stderr, http.ListenAndServe("127.0.0.1:0", nil))
}
`

// TestWeight bounds the bytes that the packages add to a program with net/http.
// An innocent call of reflect.Value.Method, which keeps every method of a
// program, or a generated protobuf message weighs megabytes.
func TestWeight(t *testing.T) {
	alone := weight(t, nil, "")
	tests := []struct {
		name       string
		imports    []string
		statements string
		most       int64 // in bytes
	}{
		{"logging", []string{"log/slog", "github.com/sligo-go/sligo/logging"}, `
	h, err := logging.New("users", os.Stdout, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	slog.SetDefault(slog.New(h))`, 1_600_000},
		{"promrules", []string{"github.com/sligo-go/sligo/slo", "github.com/sligo-go/sligo/slo/promrules"}, `
	rules, err := promrules.Generate([]slo.Objective{{Window: slo.MustParseWindow("30d")}}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	os.Stdout.Write(rules.YAML())
	os.Stdout.Write(rules.Tests("rules.yml"))`, 1_500_000},
		{"tracing with otlp", []string{"context", "github.com/sligo-go/sligo/tracing", "github.com/sligo-go/sligo/tracing/otlp"}, `
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(nil)},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	defer func() { _ = p.Shutdown(context.Background()) }()`, 6_000_000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			more := weight(t, test.imports, test.statements) - alone
			t.Logf("%d bytes", more)
			if more > test.most {
				t.Errorf("adds %d bytes to %d, want at most %d", more, alone, test.most)
			}
		})
	}
}

// TestMiddlewareLinksNoGRPC builds a service that measures HTTP only. Module
// sligrpc is for the others.
func TestMiddlewareLinksNoGRPC(t *testing.T) {
	program := compile(t, []string{"github.com/sligo-go/sligo/middleware", "github.com/sligo-go/sligo/sli"}, `
	recorder, err := sli.NewRecorder(sli.Indicator{Service: "users", Name: "availability"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	in, err := middleware.New(recorder, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	http.Handle("/measured/", in.Handler(http.NotFoundHandler()))`)
	refuseModules(t, program, "google.golang.org/grpc", "github.com/sligo-go/sligo/middleware/sligrpc")
}

// refuseModules fails if a program links one of some modules.
func refuseModules(t *testing.T, program string, refused ...string) {
	t.Helper()
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	linked := func(path string) bool {
		return slices.ContainsFunc(info.Deps, func(m *debug.Module) bool { return m.Path == path })
	}
	if !linked("github.com/prometheus/client_golang") {
		t.Errorf("the linked modules lack one that the program imports: %v", info.Deps)
	}
	for _, path := range refused {
		if linked(path) {
			t.Errorf("%s is linked", path)
		}
	}
}

// TestKitWeight bounds the bytes that a kit adds to a service that already has
// Prometheus metrics and OpenTelemetry's SDK. Much of it comes from
// html/template, for the page of errors, because a template can call every
// method of the program. The status page adds an eighth of it. A kit links no
// gRPC and no YAML.
func TestKitWeight(t *testing.T) {
	const most = 11_200_000
	by := weight(t, []string{
		"github.com/prometheus/client_golang/prometheus", "github.com/prometheus/client_golang/prometheus/collectors",
		"github.com/prometheus/client_golang/prometheus/promhttp", "go.opentelemetry.io/otel/sdk/trace", "context",
	}, `
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector())
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	_, span := trace.NewTracerProvider().Tracer("").Start(context.Background(), "start")
	span.End()`)
	program := compile(t, []string{"context", "github.com/sligo-go/sligo"}, `
	kit, err := sligo.Start(nil, &sligo.Options{Service: "users"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	http.Handle("/measured/", kit.Handler(http.NotFoundHandler()))
	defer func() { _ = kit.Run(context.Background()) }()`)
	info, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes by hand, and %d more", by, info.Size()-by)
	if more := info.Size() - by; more > most {
		t.Errorf("adds %d bytes to %d, want at most %d", more, by, most)
	}
	refuseModules(t, program, "google.golang.org/grpc", "go.yaml.in/yaml/v4", "gopkg.in/yaml.v3")
}

// weight returns the size of a service with these imports and statements.
func weight(t *testing.T, imports []string, statements string) int64 {
	t.Helper()
	info, err := os.Stat(compile(t, imports, statements))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// compile returns the path of a service with these imports and statements, as
// go build makes it without flags.
func compile(t *testing.T, imports []string, statements string) string {
	t.Helper()
	folder := t.TempDir()
	file, program := filepath.Join(folder, "main.go"), filepath.Join(folder, "program")
	var quoted strings.Builder
	for _, path := range imports {
		quoted.WriteString("\t\"" + path + "\"\n")
	}
	source := strings.NewReplacer("IMPORTS\n", quoted.String(), "STATEMENTS", statements).Replace(service)
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", "build", "-o", program, file)
	command.Dir = ".." // the module that users require
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}
