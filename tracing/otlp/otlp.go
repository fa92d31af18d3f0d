package otlp

import (
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

// Options is where and how spans are sent. The zero Options and nil mean the defaults.
//
// The variables OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS, _TIMEOUT, _COMPRESSION, _CERTIFICATE,
// _CLIENT_CERTIFICATE and _CLIENT_KEY, and those for traces (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and so on),
// override it.
type Options struct {
	// Name is what the exporter is called; "" means "otlp". An exporter with another name is one
	// beside that: it does not read the environment.
	Name string

	// Endpoint is the receiver's URL; "" means http://localhost:4318. If it has no path it is that
	// of OTLP, /v1/traces.
	Endpoint string

	// Headers are sent with each request, an API key for instance.
	Headers map[string]string

	// Timeout is how long a try waits for the answer; zero means 10 s.
	Timeout time.Duration

	// Gzip compresses what is sent: to about an eighth, for about as much time as encoding takes.
	Gzip bool

	// TLS is for https; nil means the system's certificates.
	TLS *tls.Config

	// MaxBytes is how much is sent at once at most, before compression; zero means 4 MiB, which
	// receivers take by default. A larger batch is sent in parts.
	MaxBytes int

	// Transport sends the requests; nil means one of the exporter's own, with TLS.
	Transport http.RoundTripper
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
	client, err := c.client(lookupEnv)
	if err != nil {
		return nil, err
	}
	return otlptrace.New(context.Background(), client)
}

// client resolves the config.
func (c Options) client(lookupEnv func(string) (string, bool)) (*client, error) {
	if c.Name != "otlp" {
		lookupEnv = nil
	}
	r := env.NewReader(lookupEnv)
	var errs sli.FieldErrors
	endpoint := c.endpoint(r, &errs)
	s := otlpenv.Settings{Headers: c.Headers, Timeout: c.Timeout, Gzip: c.Gzip, TLS: c.TLS}
	s.Override(r, "http/protobuf", "use package otlpgrpc for \"grpc\"")
	if s.Timeout < 0 {
		errs.Addf("Timeout", "%v is negative", s.Timeout)
	}
	if c.MaxBytes < 0 {
		errs.Addf("MaxBytes", "%d is negative", c.MaxBytes)
	}
	post.CheckHeaders(c.Headers, &errs)
	errs.Add("", r.Err())
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return c.newClient(endpoint, s), nil
}

func (c Options) newClient(endpoint *url.URL, s otlpenv.Settings) *client {
	made := &client{post.Client{
		URL: endpoint.String(), ContentType: contentType, Headers: s.Headers,
		Timeout: s.Timeout, MaxBytes: c.MaxBytes, Gzip: s.Gzip, Explain: explain, Transport: c.Transport,
	}}
	if made.post.Timeout == 0 {
		made.post.Timeout = 10 * time.Second
	}
	if made.post.MaxBytes == 0 {
		made.post.MaxBytes = 4 << 20
	}
	if made.post.Transport == nil {
		made.post.Transport = post.NewTransport(s.TLS)
	}
	return made
}

// path is where OTLP's specification has receivers listen.
const path = "/v1/traces"

// endpoint returns the URL to post to.
func (c Options) endpoint(r *env.Reader, errs *sli.FieldErrors) *url.URL {
	const forTraces, general = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
	name, text, ok := r.First(forTraces, general)
	if !ok {
		name, text = "Endpoint", c.Endpoint
	}
	if text == "" {
		text = "http://localhost:4318"
	}
	u, err := post.Endpoint(text)
	switch {
	case err != nil:
		errs.Addf(name, "%w", err)
	case name == forTraces && u.Path == "":
		// It is to be used as it is, by the specification, and then nobody listens there.
		errs.Addf(name, "%q has no path: want %q, or a \"/\" at its end for the root", u.Redacted(), u.JoinPath(path).Redacted())
	case name == general, name == "Endpoint" && strings.Trim(u.Path, "/") == "":
		u = u.JoinPath(path)
	}
	return u
}
