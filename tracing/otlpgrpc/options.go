package otlpgrpc

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding/gzip"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
)

// Options configures an exporter. The zero Options and nil mean the defaults.
//
// Environment variables override the options: OTEL_EXPORTER_OTLP_ENDPOINT,
// _HEADERS, _TIMEOUT, _COMPRESSION, _CERTIFICATE, _CLIENT_CERTIFICATE and
// _CLIENT_KEY, or those for traces, such as OTEL_EXPORTER_OTLP_TRACES_ENDPOINT.
type Options struct {
	// Name identifies the exporter; "" means "otlp". An exporter with any other
	// name is an additional one and ignores the environment.
	Name string

	// Endpoint is the receiver: a URL without a path, "host:port", or a name of
	// gRPC, such as unix:///run/otlp.sock or dns:///collector:4317. "" means
	// http://localhost:4317.
	//
	// The connection is encrypted with https, and not with http. For the other
	// forms, OTEL_EXPORTER_OTLP_INSECURE decides. If it is not set, the
	// connection is encrypted, except without TLS to a socket or a loopback
	// address.
	Endpoint string

	// Headers are sent as metadata with each request, for example an API key.
	// The environment overrides them by name, in any case. Names that gRPC or
	// HTTP reserves, such as Host and User-Agent, are mistakes.
	Headers map[string]string

	// Timeout is the time that one try waits for the response; zero means 10 s.
	Timeout time.Duration

	// Gzip compresses the requests.
	Gzip bool

	// TLS configures https; nil means the system's certificates.
	TLS *tls.Config

	// MaxBytes is the maximum size of a request before compression; zero means
	// 4 MiB, the default limit of gRPC servers. A larger batch is sent in
	// parts.
	MaxBytes int
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
	return tracing.Exporter{Name: o.Name, Protocols: []string{string(otlp.ProtocolGRPC)}, New: o.start}
}

func (o Options) start(lookupEnv func(string) (string, bool)) (sdktrace.SpanExporter, error) {
	s, mistakes := otlp.Options{
		Name: o.Name, Endpoint: o.Endpoint, Headers: o.Headers, Timeout: o.Timeout,
		Gzip: o.Gzip, TLS: o.TLS, MaxBytes: o.MaxBytes,
	}.Settings(otlp.ProtocolGRPC, lookupEnv)
	connection, err := grpc.NewClient(s.Target, dialOptions(s)...)
	if err != nil {
		return nil, errors.Join(mistakes, err)
	}
	sender, err := otlptrace.New(context.Background(), newClient(connection, s))
	if err != nil {
		return nil, errors.Join(mistakes, err)
	}
	return exporter{sender, s.Target}, mistakes
}

// exporter sends spans to a target.
type exporter struct {
	*otlptrace.Exporter
	target string
}

// String returns the target.
func (e exporter) String() string { return e.target }

// maxResponse bounds the bytes read from a response.
const maxResponse = 16 << 20

func dialOptions(s otlp.Settings) []grpc.DialOption {
	transport := credentials.NewTLS(s.TLS)
	if s.Plaintext {
		transport = insecure.NewCredentials()
	}
	// By default gRPC doubles its pauses up to two minutes, and a receiver that
	// has recovered would get no spans for that time.
	reconnect := backoff.DefaultConfig
	reconnect.BaseDelay, reconnect.MaxDelay = 500*time.Millisecond, 5*time.Second
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: 5 * time.Second}),
		grpc.WithUserAgent("sligo"),
		// By default gRPC refuses a response above 4 MiB, which says that spans
		// were rejected, with the error for a request that is too large.
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxResponse)),
	}
	if s.Gzip {
		options = append(options, grpc.WithDefaultCallOptions(grpc.UseCompressor(gzip.Name)))
	}
	return options
}
