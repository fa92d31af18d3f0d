package otlp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Options configures an exporter. The zero Options and nil mean the defaults.
//
// Environment variables override the options: OTEL_EXPORTER_OTLP_ENDPOINT,
// _PROTOCOL, _HEADERS, _TIMEOUT, _COMPRESSION, _CERTIFICATE,
// _CLIENT_CERTIFICATE and _CLIENT_KEY, or the same for traces, such as
// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT.
type Options struct {
	// Name identifies the exporter; "" means "otlp". An exporter with any other
	// name is an additional one and ignores the environment.
	Name string

	// Endpoint is the receiver's URL; "" means http://localhost:4318. If it has
	// no path, OTLP's path /v1/traces is appended.
	Endpoint string

	// Protocol is ProtocolHTTP or ProtocolJSON; "" means ProtocolHTTP.
	// OTEL_EXPORTER_OTLP_PROTOCOL overrides it.
	Protocol Protocol

	// Headers are sent with each request, for example an API key. The
	// environment overrides them by name, in any case. Headers that the
	// exporter or HTTP determines, such as Host and Content-Type, are mistakes.
	Headers map[string]string

	// Timeout is the time that one try waits for the response; zero means 10 s.
	Timeout time.Duration

	// Gzip compresses the requests to about an eighth. It takes about as much
	// time as encoding does.
	Gzip bool

	// TLS configures https; nil means the system's certificates.
	TLS *tls.Config

	// MaxBytes is the maximum size of a request before compression; zero means
	// 4 MiB, the default limit of receivers. A larger batch is sent in parts.
	MaxBytes int

	// Transport sends the requests; nil means the exporter's own with TLS.
	Transport http.RoundTripper
}

// Exporter returns an exporter for [tracing.Options].
func Exporter(opts *Options) tracing.Exporter {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Name == "" {
		o.Name = "otlp"
	}
	return tracing.Exporter{Name: o.Name, Protocols: []string{string(ProtocolHTTP), string(ProtocolJSON)}, New: o.start}
}

func (o Options) start(lookupEnv func(string) (string, bool)) (sdktrace.SpanExporter, error) {
	p, mistake := o.protocol(lookupEnv)
	s, mistakes := o.Settings(p, lookupEnv)
	return newClient(p, s, o.Transport), errors.Join(mistake, mistakes)
}

// protocol returns the encoding. Package tracing reports a mistake in the
// variable, because another exporter may have that protocol.
func (o Options) protocol(lookupEnv func(string) (string, bool)) (p Protocol, mistake error) {
	p = ProtocolHTTP
	switch o.Protocol {
	case "", ProtocolHTTP:
	case ProtocolJSON:
		p = ProtocolJSON
	default:
		mistake = &sli.FieldError{Path: "Protocol", Err: fmt.Errorf("invalid protocol %q: want %q or %q", o.Protocol, ProtocolHTTP, ProtocolJSON)}
	}
	env.NewReader(o.environment(lookupEnv)).Parse(names("PROTOCOL"), func(value string) error {
		switch found := Protocol(strings.ToLower(value)); found {
		case ProtocolHTTP, ProtocolJSON:
			p = found
			return nil
		}
		return errors.New("another exporter's protocol")
	})
	return p, mistake
}
