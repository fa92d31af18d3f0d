// Package tracing starts OpenTelemetry tracing for a service, such that its traces arrive in Jaeger and
// Zipkin, join those of the mesh's proxies, and never hurt the service.
//
//	t, err := tracing.Start(ctx, "users", &tracing.Options{
//		Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Endpoint: "http://jaeger:4318"})},
//	})
//	if err != nil {
//		slog.Warn("tracing", "error", err) // t records nothing, and passes traces on
//	}
//	defer func() {
//		if err := t.Shutdown(context.WithoutCancel(ctx)); err != nil {
//			slog.Warn("tracing", "error", err) // how many spans were lost, and why
//		}
//	}()
//	tracer := t.TracerProvider().Tracer("example.com/users")
//
// The exporters are packages of their own, so that nobody links what they do not use: otlp for Jaeger,
// the OpenTelemetry Collector and any receiver of OTLP over HTTP; zipkin; and the module otlpgrpc.
//
// # What goes wrong otherwise
//
// The SDK by itself ignores OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER and OTEL_PROPAGATORS, takes 100 %
// of all traces if the ratio is mistyped, and panics if the queue's size is negative. Here each of
// these is honoured, or an error that names it. It drops spans without a word, a batch at once if the
// receiver's port is closed, and returns nil from Shutdown although all spans are lost, after up to 150 s
// if the receiver hangs. Here
//
//   - no span waits: a queue that is full drops, and counts;
//   - a batch that could not be sent is sent again for 90 s, which outlasts a restart;
//   - for each exporter Ended = Exported + Failed + Dropped + Queued at all times, see [Stats] and
//     package traceprom;
//   - the first loss is logged at once, then one line a minute, and one on recovery;
//   - [Provider.Shutdown] takes 5 s at most, and says what was lost.
//
// # Propagation
//
// Requests carry W3C Trace Context, B3 and W3C Baggage, and the headers that Istio's proxies need. See
// [Propagation] for a mesh whose proxies speak B3, and for services that strangers call.
//
// # Spans for what went wrong
//
// [Tail] keeps the spans of requests that failed or that were bad for their SLI, however few traces
// are sampled.
//
// Everything here is safe for concurrent use. What it does not do: make spans of requests (package
// middleware does), or decide for other services which traces are sampled.
package tracing
