package otlp

import (
	"cmp"
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/env"
	"github.com/sligo-go/sligo/tracing/internal/otlpenv"
	"github.com/sligo-go/sligo/tracing/internal/post"
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

	// Endpoint is the receiver's URL; "" means http://localhost:4318. If it has
	// no path, OTLP's path /v1/traces is appended.
	Endpoint string

	// Headers are sent with each request, for example an API key.
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
	return tracing.Exporter{Name: o.Name, New: o.start}
}

func (o Options) start(lookupEnv func(string) (string, bool)) (sdktrace.SpanExporter, error) {
	client, err := o.client(lookupEnv)
	if err != nil {
		return nil, err
	}
	return otlptrace.New(context.Background(), client)
}

// client applies the environment and the defaults.
func (o Options) client(lookupEnv func(string) (string, bool)) (*client, error) {
	if o.Name != "otlp" {
		lookupEnv = nil
	}
	r := env.NewReader(lookupEnv)
	var errs sli.FieldErrors
	endpoint := o.endpoint(r, &errs)
	s := otlpenv.Settings{Headers: o.Headers, Timeout: o.Timeout, Gzip: o.Gzip, TLS: o.TLS}
	s.Override(r, "http/protobuf", "use package otlpgrpc for \"grpc\"")
	if s.Timeout < 0 {
		errs.Addf("Timeout", "%v is negative", s.Timeout)
	}
	if o.MaxBytes < 0 {
		errs.Addf("MaxBytes", "%d is negative", o.MaxBytes)
	}
	post.CheckHeaders(o.Headers, &errs)
	errs.Add("", r.Err())
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return o.newClient(endpoint, s), nil
}

func (o Options) newClient(endpoint *url.URL, s otlpenv.Settings) *client {
	c := &client{post.Client{
		URL: endpoint.String(), ContentType: contentType, Headers: s.Headers,
		Timeout:  cmp.Or(s.Timeout, 10*time.Second),
		MaxBytes: cmp.Or(o.MaxBytes, 4<<20),
		Gzip:     s.Gzip, Explain: explain, Transport: o.Transport,
	}}
	if c.post.Transport == nil {
		c.post.Transport = post.NewTransport(s.TLS)
	}
	return c
}

// path is the receivers' path in OTLP's specification.
const path = "/v1/traces"

// endpoint returns the URL that receives the requests.
func (o Options) endpoint(r *env.Reader, errs *sli.FieldErrors) *url.URL {
	const forTraces, general = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
	name, text, ok := r.First(forTraces, general)
	if !ok {
		name, text = "Endpoint", o.Endpoint
	}
	if text == "" {
		text = "http://localhost:4318"
	}
	u, err := post.Endpoint(text)
	switch {
	case err != nil:
		errs.Addf(name, "%w", err)
	case name == forTraces && u.Path == "":
		// The specification uses this URL unchanged, and no receiver listens there.
		errs.Addf(name, "URL %q has no path: want %q, or a trailing \"/\" for the root", u.Redacted(), u.JoinPath(path).Redacted())
	case name == general, name == "Endpoint" && strings.Trim(u.Path, "/") == "":
		u = u.JoinPath(path)
	}
	return u
}
