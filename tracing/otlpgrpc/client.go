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
	"github.com/sligo-go/sligo/tracing/internal/otlpenv"
)

// client is an otlptrace.Client.
type client struct {
	connection *grpc.ClientConn
	service    collectorpb.TraceServiceClient
	headers    metadata.MD
	timeout    time.Duration
	maxBytes   int
}

func newClient(connection *grpc.ClientConn, s otlpenv.Settings, maxBytes int) *client {
	c := &client{
		connection: connection,
		service:    collectorpb.NewTraceServiceClient(connection),
		headers:    metadata.New(s.Headers),
		timeout:    s.Timeout,
		maxBytes:   maxBytes,
	}
	if c.timeout == 0 {
		c.timeout = 10 * time.Second
	}
	if c.maxBytes == 0 {
		c.maxBytes = 4 << 20
	}
	return c
}

// Start does nothing: the connection is made when there is something to send.
func (c *client) Start(context.Context) error { return nil }

// Stop closes the connection.
func (c *client) Stop(context.Context) error { return c.connection.Close() }

// UploadTraces sends spans once.
func (c *client) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	request := &collectorpb.ExportTraceServiceRequest{ResourceSpans: spans}
	if size := proto.Size(request); size > c.maxBytes {
		return &tracing.ExportError{
			Err:      fmt.Errorf("%d bytes are more than the %d that are sent at once", size, c.maxBytes),
			TooLarge: true,
		}
	}
	ctx, cancel := context.WithTimeout(metadata.NewOutgoingContext(ctx, c.headers), c.timeout)
	defer cancel()
	response, err := c.service.Export(ctx, request)
	if err != nil {
		return classify(err)
	}
	if rejected := response.GetPartialSuccess().GetRejectedSpans(); rejected > 0 {
		return &tracing.ExportError{
			Err:      fmt.Errorf("the receiver rejected %d spans: %s", rejected, response.GetPartialSuccess().GetErrorMessage()),
			Rejected: int(rejected),
		}
	}
	return nil
}

// classify returns what a failed call means, by the codes that OTLP's specification has tried again.
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
		e.Retry = false // whatever the details say
	}
	return e
}
