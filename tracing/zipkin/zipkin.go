package zipkin

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/env"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// Options configures an exporter. The zero Options and nil mean the defaults.
// OTEL_EXPORTER_ZIPKIN_ENDPOINT and OTEL_EXPORTER_ZIPKIN_TIMEOUT override them.
type Options struct {
	// Name identifies the exporter; "" means "zipkin". An exporter with any
	// other name is an additional one and ignores the environment.
	Name string

	// Endpoint is Zipkin's URL; "" means http://localhost:9411. If it has no path,
	// the API's path /api/v2/spans is appended.
	Endpoint string

	// Headers are sent with each request. Headers that the exporter or HTTP
	// determines, such as Host and Content-Type, are mistakes.
	Headers map[string]string

	// Timeout is the time that one try waits for the response; zero means 10 s.
	Timeout time.Duration

	// Gzip compresses the requests.
	Gzip bool

	// MaxBytes is the maximum size of a request before compression; zero means
	// 4 MiB. A larger batch is sent in parts.
	MaxBytes int

	// Transport sends the requests; nil means the exporter's own.
	Transport http.RoundTripper
}

// Exporter returns an exporter for [tracing.Options].
func Exporter(opts *Options) tracing.Exporter {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Name == "" {
		o.Name = "zipkin"
	}
	return tracing.Exporter{Name: o.Name, New: o.start}
}

func (o Options) start(lookupEnv func(string) (string, bool)) (sdktrace.SpanExporter, error) {
	if o.Name != "zipkin" {
		lookupEnv = nil
	}
	r := env.NewReader(lookupEnv)
	var errs sli.FieldErrors
	if o.Timeout < 0 {
		errs.Addf("Timeout", "invalid duration %v: want zero or more", o.Timeout)
		o.Timeout = 0
	}
	if o.MaxBytes < 0 {
		errs.Addf("MaxBytes", "invalid size %d: want zero or more", o.MaxBytes)
		o.MaxBytes = 0
	}
	r.Timeout(&o.Timeout, "OTEL_EXPORTER_ZIPKIN_TIMEOUT")
	if value, set := r.String("OTEL_EXPORTER_ZIPKIN_PROTOCOL"); set {
		r.Reject("OTEL_EXPORTER_ZIPKIN_PROTOCOL", "invalid protocol %q: OpenTelemetry defines no values, and spans are sent as JSON of API v2", value)
	}
	o.Headers = post.ValidHeaders(o.Headers, post.CheckHeader, &errs)
	endpoint := o.endpoint(r, &errs)
	errs.Add("", r.Err())
	return o.newExporter(endpoint), errs.Err()
}

// endpoint returns Zipkin's URL.
func (o Options) endpoint(r *env.Reader, errs *sli.FieldErrors) *url.URL {
	u := &url.URL{Scheme: "http", Host: "localhost:9411"}
	read := func(text string) error {
		parsed, err := post.Endpoint(text)
		if err == nil {
			u = parsed
		}
		return err
	}
	if _, ok := r.Parse([]string{"OTEL_EXPORTER_ZIPKIN_ENDPOINT"}, read); !ok && o.Endpoint != "" {
		if err := read(o.Endpoint); err != nil {
			errs.Addf("Endpoint", "%w", err)
		}
	}
	if strings.Trim(u.Path, "/") == "" {
		u = u.JoinPath("/api/v2/spans")
	}
	return u
}

func (o Options) newExporter(endpoint *url.URL) *exporter {
	e := &exporter{post.Client{
		URL: endpoint.String(), ContentType: "application/json", Headers: o.Headers,
		Timeout:  cmp.Or(o.Timeout, 10*time.Second),
		MaxBytes: cmp.Or(o.MaxBytes, 4<<20),
		Gzip:     o.Gzip, Transport: o.Transport,
	}}
	if e.post.Transport == nil {
		e.post.Transport = post.NewTransport(nil)
	}
	return e
}

// exporter is an sdktrace.SpanExporter.
type exporter struct{ post post.Client }

// String returns the receiver's URL without secrets.
func (e *exporter) String() string { return e.post.String() }

// ExportSpans sends spans once.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	_, err := e.post.Send(ctx, func(buffer []byte) ([]byte, error) { return e.encode(buffer, spans) })
	return err
}

// encode appends a list of spans to a buffer. It stops as soon as the list is
// too large, so that this costs little memory.
func (e *exporter) encode(buffer []byte, spans []sdktrace.ReadOnlySpan) ([]byte, error) {
	buffer = append(buffer, '[')
	for i, s := range spans {
		if i > 0 {
			buffer = append(buffer, ',')
		}
		text, err := json.Marshal(convert(s))
		if err != nil {
			return buffer, err
		}
		buffer = append(buffer, text...)
		if len(buffer) >= e.post.MaxBytes {
			return buffer, e.post.TooLarge()
		}
	}
	return append(buffer, ']'), nil
}

// Shutdown closes the connections.
func (e *exporter) Shutdown(context.Context) error {
	e.post.Close()
	return nil
}
