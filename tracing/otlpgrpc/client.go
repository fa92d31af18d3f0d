package otlpgrpc

import (
	"context"
	"fmt"
	"strings"
	"time"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
)

// client is an otlptrace.Client.
type client struct {
	connection *grpc.ClientConn
	service    collectorpb.TraceServiceClient
	headers    metadata.MD
	timeout    time.Duration
	maxBytes   int
}

func newClient(connection *grpc.ClientConn, s otlp.Settings) *client {
	return &client{
		connection: connection,
		service:    collectorpb.NewTraceServiceClient(connection),
		headers:    metadata.New(s.Headers),
		timeout:    s.Timeout,
		maxBytes:   s.MaxBytes,
	}
}

// Start does nothing: the first request connects.
func (c *client) Start(context.Context) error { return nil }

// Stop closes the connection.
func (c *client) Stop(context.Context) error { return c.connection.Close() }

// UploadTraces sends spans once.
func (c *client) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	prepare(spans)
	request := &collectorpb.ExportTraceServiceRequest{ResourceSpans: spans}
	if size := proto.Size(request); size > c.maxBytes {
		return &tracing.ExportError{
			Err:      fmt.Errorf("batch of %d bytes exceeds the limit of %d", size, c.maxBytes),
			TooLarge: true,
		}
	}
	ctx, cancel := context.WithTimeout(metadata.NewOutgoingContext(ctx, c.headers), c.timeout)
	defer cancel()
	response, err := c.service.Export(ctx, request)
	if err != nil {
		return classify(err)
	}
	return rejection(response.GetPartialSuccess())
}

// classify returns the error for a failed call. OTLP's specification lists the
// codes to retry.
func classify(err error) *tracing.ExportError {
	s := status.Convert(err)
	e := &tracing.ExportError{Err: err}
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			e.Retry = true
			e.After = info.GetRetryDelay().AsDuration()
		}
	}
	switch s.Code() {
	case codes.Canceled, codes.DeadlineExceeded, codes.Aborted, codes.OutOfRange, codes.Unavailable, codes.DataLoss:
		e.Retry = true
	case codes.ResourceExhausted:
		e.TooLarge = strings.Contains(s.Message(), "larger than max")
	default:
		e.Retry = false // even if the details suggest a pause
	}
	return e
}
