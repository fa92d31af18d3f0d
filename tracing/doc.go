// Package tracing sets up OpenTelemetry tracing for a service. Its spans reach
// Jaeger and Zipkin, join the spans of the mesh's proxies, and never block the
// service.
//
//	p, err := tracing.Start(ctx, "users", &tracing.Options{
//		Exporters: []tracing.Exporter{
//			otlp.Exporter(&otlp.Options{Endpoint: "http://jaeger:4318"}),
//		},
//	})
//	if err != nil {
//		slog.Warn("tracing", "error", err) // p works without the wrong settings
//	}
//	defer func() {
//		if err := p.Shutdown(context.WithoutCancel(ctx)); err != nil {
//			slog.Warn("tracing", "error", err) // tells how many spans were lost
//		}
//	}()
//	tracer := p.TracerProvider().Tracer("example.com/users")
//
// Each exporter is a package of its own, so that a program links only those it
// uses: otlp for Jaeger, the OpenTelemetry Collector and any other receiver of
// OTLP over HTTP; zipkin; console for standard output; and the module otlpgrpc.
// If a program links both transports of OTLP, the variable
// OTEL_EXPORTER_OTLP_PROTOCOL selects one.
//
// # Differences from the SDK
//
// The SDK ignores OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER and OTEL_PROPAGATORS.
// It samples every trace if the ratio is malformed, and panics if the queue's
// size is negative. [Start] honors each variable or returns an error that names
// it, and goes on without that setting. docs/tracing-env.md lists the
// variables.
//
// The SDK drops spans silently, and drops a whole batch as soon as the
// receiver's port is closed. If the receiver hangs, its Shutdown takes up to
// 150 s and returns nil although all spans are lost. In this package:
//
//   - Ending a span never blocks. A full queue drops the span and counts it.
//   - A batch is retried for 15 minutes, and an outage of 10 minutes at 100
//     spans/s loses none.
//   - Waiting spans take 64 MiB at most, however long the texts were that their
//     attributes are cut from. See [Batch].
//   - At any time, each exporter has Accepted = Done + Queued + Dropped +
//     Failed. See [Stats] and package traceprom.
//   - The first loss is logged at once, then one line a minute, and one line on
//     recovery.
//   - [Provider.Shutdown] takes at most 5 s by default and reports the losses.
//
// # Propagation
//
// Requests carry W3C Trace Context, B3, W3C Baggage and the headers that
// Istio's proxies need. See [Propagation] for a mesh whose proxies use B3,
// and for services that strangers call.
//
// # Spans of failed requests
//
// [Tail] keeps the spans of requests that failed or were bad for their SLI, no
// matter how few traces are sampled.
//
// # Secrets
//
// Package redact replaces the secrets in each span before an exporter or one of
// [Options.Processors] sees it, by the same rules as in logs: in the texts of
// errors, in attributes by their names and by their texts, and in the names,
// events, links, scope and resource of the span. An attribute that holds a
// header, such as http.request.header.x-shard, shows only the headers that the
// policy lists. A list or map with a secret becomes text. Trace state and the
// keys of attributes stay as they are. [Options.Redactor] has the policy.
//
// Redaction takes some microseconds a span, in the exporter's goroutine. It
// comes after the limits of [Sampling], so a secret that a limit cuts in half
// may have no form left to recognize. [RecordError] redacts before it cuts.
//
// # Beside a TracerProvider of your own
//
// A program that makes its TracerProvider itself uses the parts of [Start]:
// [NewProcessor] for the delivery, [NewPropagator] and [Sampling.Sampler]. The
// other way round, [Options.Processors] and [Options.IDGenerator] put parts of
// the program into the provider of Start.
//
// Everything here is safe for concurrent use. The package neither creates the
// spans of requests nor decides which traces other services sample.
package tracing
