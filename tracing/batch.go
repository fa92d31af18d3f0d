package tracing

import (
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Batch configures how spans are queued and sent, for each exporter by itself.
// The zero value and its zero fields mean the defaults.
type Batch struct {
	// Queue is the maximum number of waiting spans, from 1 to 1,048,576; zero
	// means 8192, which holds an outage of a minute at 100 spans/s. A span that
	// finds the queue full is dropped and counted; nothing waits for room. A
	// span with eight attributes takes about 1 kB, and exporters share it.
	// OTEL_BSP_MAX_QUEUE_SIZE overrides it.
	Queue int

	// Size is the maximum number of spans in a batch, from 1 to Queue; zero means
	// 512, or Queue if that is less. OTEL_BSP_MAX_EXPORT_BATCH_SIZE overrides it.
	Size int

	// Delay is the longest that a span waits for others before it is sent; zero
	// means 5 s. OTEL_BSP_SCHEDULE_DELAY overrides it, in milliseconds.
	Delay time.Duration

	// Timeout is the time after which a batch is given up, including all tries
	// and pauses; zero means 90 s, so that a batch outlasts an outage of a
	// minute. OTEL_BSP_EXPORT_TIMEOUT overrides it, in milliseconds.
	Timeout time.Duration
}

// maxQueue bounds the queue to about a gigabyte of spans: more is a mistake.
const maxQueue = 1 << 20

// The variables that override the sizes.
const (
	queueVariable = "OTEL_BSP_MAX_QUEUE_SIZE"
	sizeVariable  = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"
)

func (b Batch) withDefaults() Batch {
	if b.Queue == 0 {
		b.Queue = 8192
	}
	if b.Size == 0 {
		b.Size = min(512, max(b.Queue, 1)) // an invalid queue is reported by itself
	}
	if b.Delay == 0 {
		b.Delay = 5 * time.Second
	}
	if b.Timeout == 0 {
		b.Timeout = 90 * time.Second
	}
	return b
}

// withEnv returns the batch with the environment's settings.
func (b Batch) withEnv(r *env.Reader) Batch {
	r.Int(&b.Queue, 1, maxQueue, queueVariable)
	r.Int(&b.Size, 1, maxQueue, sizeVariable)
	r.Millis(&b.Delay, "OTEL_BSP_SCHEDULE_DELAY")
	r.Millis(&b.Timeout, "OTEL_BSP_EXPORT_TIMEOUT")
	return b
}

// check adds the mistakes in a batch whose environment and defaults are
// applied.
func (b Batch) check(r *env.Reader, errs *sli.FieldErrors) {
	if b.Queue < 1 || b.Queue > maxQueue {
		errs.Addf("Batch.Queue", "invalid number %d: want 1 to %d", b.Queue, maxQueue)
	}
	switch {
	case b.Size < 1:
		errs.Addf("Batch.Size", "invalid number %d: want at least 1", b.Size)
	case b.Size > b.Queue && b.Queue > 0:
		errs.Addf(sizePath(r), "a batch of %d spans exceeds the queue of %d", b.Size, b.Queue)
	}
	if b.Delay <= 0 {
		errs.Addf("Batch.Delay", "invalid duration %v: want zero or more", b.Delay)
	}
	if b.Timeout <= 0 {
		errs.Addf("Batch.Timeout", "invalid duration %v: want zero or more", b.Timeout)
	}
}

// sizePath returns the place that is to be corrected if a batch exceeds the
// queue: one of the variables if they are set.
func sizePath(r *env.Reader) string {
	if name, _, ok := r.First(sizeVariable, queueVariable); ok {
		return name
	}
	return "Batch.Size"
}
