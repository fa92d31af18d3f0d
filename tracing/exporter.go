package tracing

import (
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Exporter creates a destination for spans. Packages otlp, zipkin, console and
// otlpgrpc each have a function that returns one. Any [sdktrace.SpanExporter]
// becomes an Exporter with a Name and a New function.
//
// Each exporter has its own queue and goroutine, so that a failing exporter
// does not affect the others.
type Exporter struct {
	// Name identifies the exporter in metrics, logs, errors and
	// OTEL_TRACES_EXPORTER. It is required and unique regardless of case,
	// except for Protocols. It contains no space or comma, and is not "none".
	Name string

	// Protocols are the values of OTEL_EXPORTER_OTLP_PROTOCOL that select this
	// exporter, for one whose Name is "otlp". [Options] may contain several
	// such exporters with different protocols. One of them is used: the one
	// that OTEL_EXPORTER_OTLP_TRACES_PROTOCOL or OTEL_EXPORTER_OTLP_PROTOCOL
	// names, and otherwise the first. Nil means that the variables have no
	// effect.
	Protocols []string

	// New returns the exporter. [Start] calls it once with the function that
	// reads the environment. It must not connect or block. Its error reports
	// all mistakes in the exporter's options and variables. If it also returns
	// an exporter, that one is used: each wrong setting has its default.
	//
	// The returned exporter receives one batch at a time, with a context that
	// ends when the try must be given up, after 90 s at the latest. It returns
	// an [*ExportError] to have a batch retried, split or partly counted. After
	// any other error the batch is lost.
	//
	// If the returned exporter has a method String, it must return the receiver
	// without secrets, because the kit of package sligo shows it.
	New func(lookupEnv func(string) (string, bool)) (sdktrace.SpanExporter, error)
}

// ExportError is an exporter's error that describes the fate of a batch of
// spans. If only Err is set, the whole batch is lost.
type ExportError struct {
	// Err is the cause. It is required.
	Err error

	// Retry reports that the same batch may succeed later. It is retried with
	// growing pauses until [Batch.Timeout] ends.
	Retry bool

	// After is the minimum pause before the next try, as the receiver requested
	// with Retry-After. Zero leaves the pause to this package.
	After time.Duration

	// TooLarge reports that the receiver accepted no span because the batch
	// exceeds its limit. The batch is sent again in halves; a single span that
	// is too large is lost.
	TooLarge bool

	// Rejected is the number of spans that the receiver rejected while it
	// accepted the others. Zero means that it accepted none, or all if Accepted
	// is set.
	Rejected int

	// Accepted reports that the receiver accepted all spans, and that Err is
	// its warning. At most one warning a minute is logged.
	Accepted bool
}

// Error returns the text of Err.
func (e *ExportError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *ExportError) Unwrap() error { return e.Err }
