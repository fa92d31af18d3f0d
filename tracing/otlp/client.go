package otlp

import (
	"context"
	"net/http"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing/internal/post"
	"github.com/sligo-go/sligo/tracing/internal/wire"
)

// client is an [sdktrace.SpanExporter]. OpenTelemetry's own encodes with
// protobuf's reflection and links gRPC.
type client struct {
	post post.Client
	json bool
}

func newClient(p Protocol, s Settings, transport http.RoundTripper) *client {
	if transport == nil {
		transport = post.NewTransport(s.TLS)
	}
	c := &client{post: post.Client{
		URL: s.Endpoint.String(), ContentType: "application/x-protobuf", Headers: s.Headers,
		Timeout: s.Timeout, MaxBytes: s.MaxBytes, Gzip: s.Gzip, Explain: explain, Transport: transport,
	}}
	if p == ProtocolJSON {
		c.json, c.post.ContentType = true, "application/json"
	}
	return c
}

// String returns the receiver's URL without secrets.
func (c *client) String() string { return c.post.String() }

// Shutdown closes the connections.
func (c *client) Shutdown(context.Context) error {
	c.post.Close()
	return nil
}

// ExportSpans sends spans once.
func (c *client) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	answer, err := c.post.Send(ctx, func(buffer []byte) ([]byte, error) { return c.encode(buffer, spans) })
	if err != nil {
		return err
	}
	return readAnswer(answer)
}

// encode appends a request to a buffer. A batch that is too large is sent in
// parts.
func (c *client) encode(buffer []byte, spans []sdktrace.ReadOnlySpan) (body []byte, err error) {
	var ok bool
	if c.json {
		body, ok, err = wire.AppendJSON(buffer, spans, c.post.MaxBytes)
	} else {
		body, ok = wire.Append(buffer, spans, c.post.MaxBytes)
	}
	if err == nil && !ok {
		err = c.post.TooLarge()
	}
	return body, err
}
