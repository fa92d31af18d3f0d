// Package console exports spans as JSON to standard output, to look at them
// during development. It wraps OpenTelemetry's stdouttrace.
//
// A program that adds the exporter to [tracing.Options.Selectable] prints its
// spans when it is started with OTEL_TRACES_EXPORTER=console.
package console

import (
	"io"
	"os"

	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
)

// Options configures the exporter. The zero Options and nil mean the defaults.
type Options struct {
	// Name identifies the exporter; "" means "console".
	Name string

	// Writer receives one JSON object per span. Nil means [os.Stdout]. An
	// exporter writes from one goroutine at a time.
	Writer io.Writer

	// Indent writes each object on several indented lines.
	Indent bool
}

// Exporter returns an exporter for [tracing.Options]. It reads no environment
// variable.
func Exporter(opts *Options) tracing.Exporter {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Name == "" {
		o.Name = "console"
	}
	return tracing.Exporter{Name: o.Name, New: o.start}
}

func (o Options) start(func(string) (string, bool)) (sdktrace.SpanExporter, error) {
	if o.Writer == nil {
		o.Writer = os.Stdout
	}
	options := []stdouttrace.Option{stdouttrace.WithWriter(o.Writer)}
	if o.Indent {
		options = append(options, stdouttrace.WithPrettyPrint())
	}
	return stdouttrace.New(options...)
}
