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
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(info.Deps, func(m *debug.Module) bool { return m.Path == "github.com/prometheus/client_golang" }) {
		t.Errorf("the linked modules lack one that middleware imports: %v", info.Deps)
	}
	for _, m := range info.Deps {
		if strings.HasPrefix(m.Path, "google.golang.org/grpc") || strings.HasSuffix(m.Path, "/sligrpc") {
			t.Errorf("%s is linked", m.Path)
		}
	}
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
