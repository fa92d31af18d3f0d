package tracing

import (
	"fmt"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Exporter is a way to send spans away. The packages otlp, zipkin and otlpgrpc below this one have a
// function that returns one; any [sdktrace.SpanExporter] becomes one with a Name and a New.
//
// Each exporter has its own queue and goroutine, so that one that fails does not affect another.
type Exporter struct {
	// Name is what the exporter is called in metrics, logs, errors and OTEL_TRACES_EXPORTER. It is
	// required and differs from those of the others by more than upper and lower case. It has no
	// space and no comma, and is not "none".
	Name string

	// New returns the exporter, called once by [Start] with the way to read the environment. It
	// does not connect and does not block. Its error says everything that is wrong with the
	// exporter's settings.
	//
	// What it returns gets one batch at a time, with a context that ends when the batch must be
	// given up. It says by an [*ExportError] what is to become of a batch; one that is refused with
	// any other error is lost.
	New func(lookupEnv func(string) (string, bool)) (sdktrace.SpanExporter, error)
}

// ExportError is how an exporter says what became of a batch of spans, and what it would have done
// about it. The zero value but for Err says that the whole batch is lost.
type ExportError struct {
	// Err is what went wrong. It is required.
	Err error

	// Retry says that the same batch may succeed later. The batch is kept and tried again, with
	// growing pauses, until [Batch.Timeout] ends.
	Retry bool

	// After is the least pause before the next try, as the receiver asked for with Retry-After.
	// Zero leaves the pause to the pipeline.
	After time.Duration

	// TooLarge says that the batch, of which nothing was accepted, is more than the receiver takes
	// at once. It is sent again in halves; a single span that is too large is lost.
	TooLarge bool

	// Rejected is the number of spans, at least one, of which the receiver said that it refused them
	// while it took the rest. Zero means that it took none.
	Rejected int
}

// Error returns the text of Err.
func (e *ExportError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *ExportError) Unwrap() error { return e.Err }

// LossError says how many spans an exporter lost. [Provider.Shutdown] and [Provider.ForceFlush] return
// one for each exporter that did.
type LossError struct {
	// Exporter is the exporter's name.
	Exporter string
	// Lost is the number of ended spans, of Ended, that were not delivered: failed and dropped
	// ones, and for ForceFlush those still in the queue.
	Lost, Ended uint64
	// Err is the last error that the exporter returned, nil if there was none: spans that are
	// dropped by a full queue need no error.
	Err error
}

// Error says how many spans were lost, and the last error.
func (e *LossError) Error() string {
	text := fmt.Sprintf("tracing: %s: %d of %d spans not delivered", e.Exporter, e.Lost, e.Ended)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns Err.
func (e *LossError) Unwrap() error { return e.Err }
