package console_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sligo-go/sligo/tracing/console"
)

var span = tracetest.SpanStubs{{Name: "GET /users/{userid}"}}.Snapshots()

func TestLinesPerSpan(t *testing.T) {
	for name, test := range map[string]struct {
		opts   console.Options
		single bool
	}{
		"compact":  {console.Options{}, true},
		"indented": {console.Options{Indent: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var output bytes.Buffer
			test.opts.Writer = &output
			e, err := console.Exporter(&test.opts).New(nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := e.ExportSpans(t.Context(), span); err != nil {
				t.Fatal(err)
			}
			lines := strings.Count(output.String(), "\n")
			if (lines == 1) != test.single || !strings.Contains(output.String(), "GET /users/{userid}") {
				t.Errorf("%d lines: %s", lines, output.String())
			}
			if err := e.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNames(t *testing.T) {
	if got := console.Exporter(nil).Name; got != "console" {
		t.Errorf("the default name is %q", got)
	}
	if got := console.Exporter(&console.Options{Name: "debug"}).Name; got != "debug" {
		t.Errorf("got the name %q, want debug", got)
	}
}

// TestDefaultWriter replaces the process's standard output.
func TestDefaultWriter(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = file
	defer func() { os.Stdout = stdout }()
	e, err := console.Exporter(nil).New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(context.Background(), span); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(file); err != nil || !bytes.Contains(text, []byte("GET /users/{userid}")) {
		t.Errorf("standard output has %q, %v", text, err)
	}
}

// TestTracingDoesNotLinkTheConsole checks that only programs that import this
// package pay for stdouttrace.
func TestTracingDoesNotLinkTheConsole(t *testing.T) {
	for path, want := range map[string]bool{
		"github.com/sligo-go/sligo/tracing":         false,
		"github.com/sligo-go/sligo/tracing/otlp":    false,
		"github.com/sligo-go/sligo/tracing/zipkin":  false,
		"github.com/sligo-go/sligo/tracing/console": true,
	} {
		list, err := exec.CommandContext(t.Context(), "go", "list", "-deps", path).Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		const linked = "go.opentelemetry.io/otel/exporters/stdout/stdouttrace\n"
		if got := strings.Contains(string(list), linked); got != want {
			t.Errorf("%s links stdouttrace: %t, want %t", path, got, want)
		}
	}
}
