package zipkin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/openzipkin/zipkin-go/model"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/env"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// Options is where and how spans are sent. The zero Options and nil mean the defaults. The
// variables OTEL_EXPORTER_ZIPKIN_ENDPOINT and OTEL_EXPORTER_ZIPKIN_TIMEOUT override it.
type Options struct {
	// Name is what the exporter is called; "" means "zipkin". An exporter with another name is one
	// beside that: it does not read the environment.
	Name string

	// Endpoint is Zipkin's URL; "" means http://localhost:9411. If it has no path it is that
	// of the API, /api/v2/spans.
	Endpoint string

	// Headers are sent with each request.
	Headers map[string]string

	// Timeout is how long a try waits for the answer; zero means 10 s.
	Timeout time.Duration

	// Gzip compresses what is sent.
	Gzip bool

	// MaxBytes is how much is sent at once at most, before compression; zero means 4 MiB. A larger
	// batch is sent in parts.
	MaxBytes int

	// Transport sends the requests; nil means one of the exporter's own.
	Transport http.RoundTripper
}

// Exporter returns an exporter for [tracing.Options].
func Exporter(config *Options) tracing.Exporter {
	var c Options
	if config != nil {
		c = *config
	}
	if c.Name == "" {
		c.Name = "zipkin"
	}
	return tracing.Exporter{Name: c.Name, New: c.start}
}

func (c Options) start(lookupEnv func(string) (string, bool)) (sdktrace.SpanExporter, error) {
	if c.Name != "zipkin" {
		lookupEnv = nil
	}
	r := env.NewReader(lookupEnv)
	var errs sli.FieldErrors
	endpoint := c.endpoint(r, &errs)
	r.Millis(&c.Timeout, "OTEL_EXPORTER_ZIPKIN_TIMEOUT")
	if c.Timeout < 0 {
		errs.Addf("Timeout", "%v is negative", c.Timeout)
	}
	if c.MaxBytes < 0 {
		errs.Addf("MaxBytes", "%d is negative", c.MaxBytes)
	}
	post.CheckHeaders(c.Headers, &errs)
	errs.Add("", r.Err())
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return c.newExporter(endpoint), nil
}

func (c Options) endpoint(r *env.Reader, errs *sli.FieldErrors) *url.URL {
	name, text, ok := r.First("OTEL_EXPORTER_ZIPKIN_ENDPOINT")
	if !ok {
		name, text = "Endpoint", c.Endpoint
	}
	if text == "" {
		text = "http://localhost:9411"
	}
	u, err := post.Endpoint(text)
	switch {
	case err != nil:
		errs.Addf(name, "%w", err)
	case strings.Trim(u.Path, "/") == "":
		u = u.JoinPath("/api/v2/spans")
	}
	return u
}

func (c Options) newExporter(endpoint *url.URL) *exporter {
	made := &exporter{post.Client{
		URL: endpoint.String(), ContentType: "application/json", Headers: c.Headers,
		Timeout: c.Timeout, MaxBytes: c.MaxBytes, Gzip: c.Gzip, Transport: c.Transport,
	}}
	if made.post.Timeout == 0 {
		made.post.Timeout = 10 * time.Second
	}
	if made.post.MaxBytes == 0 {
		made.post.MaxBytes = 4 << 20
	}
	if made.post.Transport == nil {
		made.post.Transport = post.NewTransport(nil)
	}
	return made
}

// exporter is an sdktrace.SpanExporter.
type exporter struct{ post post.Client }

// ExportSpans sends spans once.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	models := make([]model.SpanModel, len(spans))
	for i, s := range spans {
		models[i] = convert(s)
	}
	body, err := json.Marshal(models)
	if err != nil {
		return err
	}
	_, err = e.post.Send(ctx, body)
	return err
}

// Shutdown closes the connections.
func (e *exporter) Shutdown(context.Context) error {
	e.post.Close()
	return nil
}
