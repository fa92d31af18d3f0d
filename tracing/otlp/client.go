package otlp

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/post"
	"github.com/sligo-go/sligo/tracing/internal/wire"
)

// client is an otlptrace.Client. The messages of OTLP's service are in a Go
// package that links gRPC. The request is therefore sent as TracesData, which
// has the same wire format, and the response is read field by field.
type client struct{ post post.Client }

func newClient(s Settings, transport http.RoundTripper) *client {
	if transport == nil {
		transport = post.NewTransport(s.TLS)
	}
	return &client{post.Client{
		URL: s.Endpoint.String(), ContentType: "application/x-protobuf", Headers: s.Headers,
		Timeout: s.Timeout, MaxBytes: s.MaxBytes, Gzip: s.Gzip, Explain: explain, Transport: transport,
	}}
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
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return err
	}
	answer, err := c.post.Send(ctx, body)
	if err != nil {
		return err
	}
	if rejected, message := partialSuccess(answer); rejected > 0 {
		return &tracing.ExportError{
			Err:      fmt.Errorf("the receiver rejected %d spans: %s", rejected, message),
			Rejected: int(rejected),
		}
	}
	return nil
}

// partialSuccess reads an ExportTraceServiceResponse. Its field 1 contains
// the number of rejected spans (1) and a message (2). Any other response
// counts as a success.
func partialSuccess(answer []byte) (rejected int64, message string) {
	_ = eachField(answer, func(number protowire.Number, _ uint64, partial []byte) {
		if number != 1 {
			return
		}
		_ = eachField(partial, func(number protowire.Number, value uint64, text []byte) {
			switch number {
			case 1:
				rejected = int64(value)
			case 2:
				message = string(text)
			}
		})
	})
	return rejected, message
}

// explain returns the message (2) of the google.rpc.Status that receivers
// send as an error, or the whole response if it is something else.
func explain(answer []byte) string {
	var message string
	if err := eachField(answer, func(number protowire.Number, _ uint64, text []byte) {
		if number == 2 {
			message = string(text)
		}
	}); err != nil || message == "" {
		return string(answer)
	}
	return message
}

var errMalformed = errors.New("malformed protobuf message")

// eachField calls f for the varints and the length-delimited fields of a
// message.
func eachField(message []byte, f func(number protowire.Number, varint uint64, bytes []byte)) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return errMalformed
		}
		message = message[n:]
		varint, bytes, n := consumeValue(number, kind, message)
		if n < 0 {
			return errMalformed
		}
		message = message[n:]
		if kind == protowire.VarintType || kind == protowire.BytesType {
			f(number, varint, bytes)
		}
	}
	return nil
}

// consumeValue parses a field's value and returns its length, which is negative
// if the value is malformed. It skips values of other kinds.
func consumeValue(number protowire.Number, kind protowire.Type, message []byte) (varint uint64, bytes []byte, n int) {
	switch kind {
	case protowire.VarintType:
		varint, n = protowire.ConsumeVarint(message)
	case protowire.BytesType:
		bytes, n = protowire.ConsumeBytes(message)
	default:
		n = protowire.ConsumeFieldValue(number, kind, message)
	}
	return varint, bytes, n
}
