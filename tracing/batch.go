package tracing

import (
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Batch says how spans are collected and sent, for each exporter on its own. The zero value and its
// zero fields mean the defaults.
type Batch struct {
	// Queue is how many spans wait at most, 1 to 1,048,576; zero means 8192. A span that finds the
	// queue full is dropped and counted: nothing ever waits for room. A span with eight attributes is
	// about 1 kB, and exporters share it. The default holds an outage of a minute at 100 spans/s.
	// OTEL_BSP_MAX_QUEUE_SIZE overrides it.
	Queue int

	// Size is how many spans are sent at once at most, 1 to Queue; zero means 512, or Queue if that
	// is less. OTEL_BSP_MAX_EXPORT_BATCH_SIZE overrides it.
	Size int

	// Delay is how long a span waits at most for others before it is sent; zero means 5 s.
	// OTEL_BSP_SCHEDULE_DELAY overrides it, in milliseconds.
	Delay time.Duration

	// Timeout is how long one batch is tried, over all tries and pauses, before it is given up; zero
	// means 90 s, so that a batch outlasts an outage of a minute. OTEL_BSP_EXPORT_TIMEOUT overrides it, in milliseconds.
	Timeout time.Duration
}

// mostQueued bounds the queue to about a gigabyte of spans: more is a mistake.
const mostQueued = 1 << 20

func (b Batch) withDefaults() Batch {
	if b.Queue == 0 {
		b.Queue = 8192
	}
	if b.Size == 0 {
		b.Size = min(512, max(b.Queue, 1)) // with a queue that is wrong, that alone is
	}
	if b.Delay == 0 {
		b.Delay = 5 * time.Second
	}
	if b.Timeout == 0 {
		b.Timeout = 90 * time.Second
	}
	return b
}

// withEnv returns the batch with the settings that the environment has.
func (b Batch) withEnv(r *env.Reader) Batch {
	r.Int(&b.Queue, 1, mostQueued, "OTEL_BSP_MAX_QUEUE_SIZE")
	r.Int(&b.Size, 1, mostQueued, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE")
	r.Millis(&b.Delay, "OTEL_BSP_SCHEDULE_DELAY")
	r.Millis(&b.Timeout, "OTEL_BSP_EXPORT_TIMEOUT")
	return b
}

// check adds the mistakes in a batch with its defaults.
func (b Batch) check(errs *sli.FieldErrors) {
	if b.Queue < 1 || b.Queue > mostQueued {
		errs.Addf("Batch.Queue", "%d is not from 1 to %d", b.Queue, mostQueued)
	}
	switch {
	case b.Size < 1:
		errs.Addf("Batch.Size", "%d is not positive", b.Size)
	case b.Size > b.Queue && b.Queue > 0:
		errs.Addf("Batch.Size", "%d is more than the queue of %d (OTEL_BSP_MAX_EXPORT_BATCH_SIZE and "+
			"OTEL_BSP_MAX_QUEUE_SIZE override the two)", b.Size, b.Queue)
	}
	if b.Delay <= 0 {
		errs.Addf("Batch.Delay", "%v is not positive", b.Delay)
	}
	if b.Timeout <= 0 {
		errs.Addf("Batch.Timeout", "%v is not positive", b.Timeout)
	}
}
