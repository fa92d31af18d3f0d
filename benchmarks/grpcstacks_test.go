package benchmarks

import (
	"context"
	"log/slog"

	"github.com/google/uuid"
	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	grpcmiddleware "github.com/grpc-ecosystem/go-grpc-middleware/v2"
	grpclogging "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/logging"
	grpcrecovery "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// grpcStack is one way to instrument a gRPC server.
type grpcStack struct {
	name    string
	options func() []grpc.ServerOption
}

// grpcStacks are single libraries, libraries that together make the signals of
// sligo, and sligo. By default grpc-logging writes two lines for a call,
// without IDs. As grpc-logging-end it writes only the last line, and as
// grpc-logging-ids it adds the IDs.
var grpcStacks = []grpcStack{
	{"bare", func() []grpc.ServerOption { return nil }},
	{"grpc-prometheus", grpcOptions(grpcMetrics)},
	{"grpc-logging", grpcOptions(grpcLog())},
	{"otelgrpc-1pct", grpcOptions(otelgrpcAt(0.01))},
	{"otelgrpc-1pct+grpc-logging+uuid+grpc-prometheus+recovery", grpcOptions(otelgrpcAt(0.01), grpcIDs, grpcLog(), grpcMetrics, grpcRecovery)},
	{"otelgrpc-1pct+grpc-logging-end+uuid+grpc-prometheus+recovery", grpcOptions(
		otelgrpcAt(0.01), grpcIDs, grpcLog(grpclogging.WithLogOnEvents(grpclogging.FinishCall)), grpcMetrics, grpcRecovery)},
	{"otelgrpc-1pct+grpc-logging-ids+uuid+grpc-prometheus+recovery", grpcOptions(
		otelgrpcAt(0.01), grpcIDs, grpcLog(grpclogging.WithFieldsFromContext(idFields)), grpcMetrics, grpcRecovery)},
	{"sligo", sligrpcWith(func() *middleware.Options { return nil })},
	{"sligo-1pct+logging", sligrpcWith(grpcEverything(ownHandler))},
	{"sligo-1pct+JSONHandler", sligrpcWith(grpcEverything(jsonHandler))},
	{"sligo-1pct+logging-nostats", sligrpcWith(grpcEverything(ownHandler), &sligrpc.Options{OmitStatsHandler: true})},
}

// grpcOptions returns the options of several libraries, the outermost first.
func grpcOptions(all ...func() []grpc.ServerOption) func() []grpc.ServerOption {
	return func() (opts []grpc.ServerOption) {
		for _, one := range all {
			opts = append(opts, one()...)
		}
		return opts
	}
}

func sligrpcWith(options func() *middleware.Options, opts ...*sligrpc.Options) func() []grpc.ServerOption {
	return func() []grpc.ServerOption {
		return sligrpc.ServerOptions(oursOf(options(), grpcAvailability), opts...)
	}
}

var grpcAvailability = sli.Indicator{
	Service: "users", Name: "availability", Kind: sli.KindAvailability,
	Requests: []string{getUser, listUsers},
	Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	Valid:    sli.Condition{Status: []string{"!400"}},
}

func grpcEverything(handler func() slog.Handler) func() *middleware.Options {
	return func() *middleware.Options { return allSignals(ownTracing, 0.01, handler) }
}

func otelgrpcAt(ratio float64) func() []grpc.ServerOption {
	return func() []grpc.ServerOption {
		return []grpc.ServerOption{grpc.StatsHandler(otelgrpc.NewServerHandler(
			otelgrpc.WithTracerProvider(sdkTracing(ratio)),
			otelgrpc.WithMeterProvider(metricnoop.NewMeterProvider()),
			otelgrpc.WithPropagators(propagation.NewCompositeTextMapPropagator(
				propagation.TraceContext{}, propagation.Baggage{}))))}
	}
}

func grpcMetrics() []grpc.ServerOption {
	metrics := grpcprom.NewServerMetrics(grpcprom.WithServerHandlingTimeHistogram())
	return interceptors(metrics.UnaryServerInterceptor(), metrics.StreamServerInterceptor())
}

// grpcLog writes lines with slog, by the adapter of the library's example.
func grpcLog(opts ...grpclogging.Option) func() []grpc.ServerOption {
	return func() []grpc.ServerOption {
		logger := slog.New(jsonHandler())
		write := grpclogging.LoggerFunc(func(ctx context.Context, level grpclogging.Level, msg string, fields ...any) {
			logger.Log(ctx, slog.Level(level), msg, fields...)
		})
		return interceptors(grpclogging.UnaryServerInterceptor(write, opts...), grpclogging.StreamServerInterceptor(write, opts...))
	}
}

// idFields are the IDs that sligo's lines have.
func idFields(ctx context.Context) grpclogging.Fields {
	id, _ := ctx.Value(requestIDKey{}).(string)
	sc := trace.SpanContextFromContext(ctx)
	return grpclogging.Fields{"request_id", id, "trace_id", sc.TraceID().String(), "span_id", sc.SpanID().String()}
}

func grpcRecovery() []grpc.ServerOption {
	return interceptors(grpcrecovery.UnaryServerInterceptor(), grpcrecovery.StreamServerInterceptor())
}

// grpcIDs is uuidIDs for gRPC.
func grpcIDs() []grpc.ServerOption {
	unary := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return handler(withGRPCID(ctx), req)
	}
	stream := func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		wrapped := grpcmiddleware.WrapServerStream(ss)
		wrapped.WrappedContext = withGRPCID(ss.Context())
		return handler(srv, wrapped)
	}
	return interceptors(unary, stream)
}

func withGRPCID(ctx context.Context) context.Context {
	var id string
	if sent := metadata.ValueFromIncomingContext(ctx, requestIDHeader); len(sent) > 0 {
		id = sent[0]
	} else {
		id = uuid.NewString()
	}
	_ = grpc.SetHeader(ctx, metadata.Pairs(requestIDHeader, id))
	return context.WithValue(ctx, requestIDKey{}, id)
}

func interceptors(unary grpc.UnaryServerInterceptor, stream grpc.StreamServerInterceptor) []grpc.ServerOption {
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(unary), grpc.ChainStreamInterceptor(stream)}
}
