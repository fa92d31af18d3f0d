package otlp

import (
	"context"
	"net/http"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sligo-go/sligo/tracing/internal/post"
	"github.com/sligo-go/sligo/tracing/internal/wire"
)

// client is an otlptrace.Client. The messages of OTLP's service are in a Go
// package that links gRPC. The request is therefore sent as TracesData, which
// has the same wire format, and the response is read field by field.
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

// Start does nothing: the first request connects.
func (c *client) Start(context.Context) error { return nil }

// Stop closes the connections.
func (c *client) Stop(context.Context) error {
	c.post.Close()
	return nil
}

// UploadTraces sends spans once.
func (c *client) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	wire.Prepare(spans)
	request := &tracepb.TracesData{ResourceSpans: spans}
	// A batch that is too large is not encoded, but sent in parts. JSON is longer,
	// and its length is known only when it is encoded.
	if size := proto.Size(request); size > c.post.MaxBytes {
		return c.post.TooLarge(size)
	}
	answer, err := c.post.Send(ctx, func(buffer []byte) ([]byte, error) {
		if c.json {
			return appendJSON(buffer, spans)
		}
		return proto.MarshalOptions{UseCachedSize: true}.MarshalAppend(buffer, request)
	})
	if err != nil {
		return err
	}
	return readAnswer(answer)
}
