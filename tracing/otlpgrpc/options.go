package otlpgrpc

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding/gzip"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/env"
	"github.com/sligo-go/sligo/tracing/internal/otlpenv"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// Options is where and how spans are sent. The zero Options and nil mean the defaults.
//
// The variables OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS, _TIMEOUT, _COMPRESSION, _CERTIFICATE,
// _CLIENT_CERTIFICATE and _CLIENT_KEY, and those for traces (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and so on),
// override it. OTEL_EXPORTER_OTLP_INSECURE is not needed, since the URL says it.
type Options struct {
	// Name is what the exporter is called; "" means "otlp". An exporter with another name is one
	// beside that: it does not read the environment.
	Name string

	// Endpoint is the receiver's URL, without a path; "" means http://localhost:4317. With https
	// the connection is encrypted.
	Endpoint string

	// Headers are sent with each request as metadata, an API key for instance.
	Headers map[string]string

	// Timeout is how long a try waits for the answer; zero means 10 s.
	Timeout time.Duration

	// Gzip compresses what is sent.
	Gzip bool

	// TLS is for https; nil means the system's certificates.
	TLS *tls.Config

	// MaxBytes is how much is sent at once at most, before compression; zero means 4 MiB, which
	// gRPC's servers take by default. A larger batch is sent in parts.
	MaxBytes int
}

// Exporter returns an exporter for [tracing.Options].
func Exporter(config *Options) tracing.Exporter {
	var c Options
	if config != nil {
		c = *config
	}
	if c.Name == "" {
		c.Name = "otlp"
	}
	return tracing.Exporter{Name: c.Name, New: c.start}
}

func (c Options) start(lookupEnv func(string) (string, bool)) (sdktrace.SpanExporter, error) {
	if c.Name != "otlp" {
		lookupEnv = nil
	}
	r := env.NewReader(lookupEnv)
	endpoint := c.endpoint(r)
	s := otlpenv.Settings{Headers: c.Headers, Timeout: c.Timeout, Gzip: c.Gzip, TLS: c.TLS}
	s.Override(r, "grpc", "use package otlp for \"http/protobuf\"")
	if s.Timeout < 0 {
		r.Reject("Timeout", "%v is negative", s.Timeout)
	}
	if c.MaxBytes < 0 {
		r.Reject("MaxBytes", "%d is negative", c.MaxBytes)
	}
	var errs sli.FieldErrors
	post.CheckHeaders(c.Headers, &errs)
	errs.Add("", r.Err())
	if err := errs.Err(); err != nil {
		return nil, err
	}
	connection, err := grpc.NewClient(target(endpoint), dialOptions(endpoint, s)...)
	if err != nil {
		return nil, err
	}
	return otlptrace.New(context.Background(), newClient(connection, s, c.MaxBytes))
}

// endpoint returns the URL to connect to.
func (c Options) endpoint(r *env.Reader) *url.URL {
	name, text, ok := r.First("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
	if !ok {
		name, text = "Endpoint", c.Endpoint
	}
	if text == "" {
		text = "http://localhost:4317"
	}
	u, err := post.Endpoint(text)
	switch {
	case err != nil:
		r.Reject(name, "%w", err)
	case strings.Trim(u.Path, "/") != "":
		r.Reject(name, "%q has a path, which gRPC knows nothing of", u.Redacted())
	}
	return u
}

// target returns a URL as gRPC has it, with the port that its scheme has.
func target(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return "dns:///" + net.JoinHostPort(u.Hostname(), port)
}

func dialOptions(u *url.URL, s otlpenv.Settings) []grpc.DialOption {
	transport := insecure.NewCredentials()
	if u.Scheme == "https" {
		transport = credentials.NewTLS(s.TLS)
	}
	// gRPC doubles its pauses up to two minutes, for which a receiver that is back would stay alone.
	reconnect := backoff.DefaultConfig
	reconnect.BaseDelay, reconnect.MaxDelay = 500*time.Millisecond, 5*time.Second
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: 5 * time.Second}),
		grpc.WithUserAgent("sligo"),
	}
	if s.Gzip {
		options = append(options, grpc.WithDefaultCallOptions(grpc.UseCompressor(gzip.Name)))
	}
	return options
}
