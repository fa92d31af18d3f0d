package tracing

import (
	"cmp"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Batch configures how spans are queued and sent, for each exporter by itself.
// The zero value and its zero fields mean the defaults.
type Batch struct {
	// Queue is the maximum number of waiting spans, from 1 to 1,048,576; zero
	// means 65,536, which holds an outage of 10 minutes at 100 spans/s. A span
	// that finds the queue full is dropped and counted; nothing waits for room.
	// OTEL_BSP_MAX_QUEUE_SIZE overrides it.
	Queue int

	// QueueBytes is the maximum memory of the spans that wait or are being
	// sent, in bytes; zero means 64 MiB. A span that would exceed it is dropped
	// and counted. A span with eight attributes takes about 0.3 kB: it is kept
	// in one block that has copies of its texts, which all exporters share.
	QueueBytes int

	// Size is the maximum number of spans in a batch, from 1 to Queue; zero
	// means 512, or Queue if that is less. OTEL_BSP_MAX_EXPORT_BATCH_SIZE
	// overrides it, and a smaller queue of the environment limits it.
	Size int

	// Delay is the longest that a span waits for others before it is sent; zero
	// means 5 s. OTEL_BSP_SCHEDULE_DELAY overrides it, in milliseconds; zero
	// there means 1 ms.
	Delay time.Duration

	// Timeout is the time after which a batch is given up, including all tries
	// and pauses; zero means 15 min, so that a batch outlasts an outage of 10
	// minutes. OTEL_BSP_EXPORT_TIMEOUT overrides it, in milliseconds; zero
	// there means no limit.
	Timeout time.Duration
}

// maxQueue bounds the queue to about half a gigabyte of ordinary spans: more is
// a mistake.
const maxQueue = 1 << 20

// resolve returns the batch after the environment and the defaults are applied.
// It adds the mistakes, and replaces each by its default.
func (b Batch) resolve(r *env.Reader, errs *sli.FieldErrors) Batch {
	b.check(errs)
	size := b.Size
	_, queueSet := r.Int(&b.Queue, 1, maxQueue, "OTEL_BSP_MAX_QUEUE_SIZE")
	sizeName, sizeSet := r.Int(&b.Size, 1, maxQueue, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE")
	r.Delay(&b.Delay, "OTEL_BSP_SCHEDULE_DELAY")
	r.Timeout(&b.Timeout, "OTEL_BSP_EXPORT_TIMEOUT")
	b = b.withDefaults()
	const tooLarge = "a batch of %d spans exceeds the queue of %d"
	if b.Size > b.Queue {
		switch {
		case sizeSet:
			r.Reject(sizeName, tooLarge, b.Size, b.Queue)
			b.Size = cmp.Or(size, 512)
		case !queueSet: // otherwise the environment limits both
			errs.Addf("Batch.Size", tooLarge, b.Size, b.Queue)
			b.Size = 512
		}
	}
	b.Size = min(b.Size, b.Queue)
	return b
}

// check adds the mistakes in the options and sets them to zero.
func (b *Batch) check(errs *sli.FieldErrors) {
	if b.Queue < 0 || b.Queue > maxQueue {
		errs.Addf("Batch.Queue", "invalid number %d: want 1 to %d", b.Queue, maxQueue)
		b.Queue = 0
	}
	if b.QueueBytes < 0 {
		errs.Addf("Batch.QueueBytes", "invalid size %d: want zero or more", b.QueueBytes)
		b.QueueBytes = 0
	}
	if b.Size < 0 {
		errs.Addf("Batch.Size", "invalid number %d: want at least 1", b.Size)
		b.Size = 0
	}
	checkDuration("Batch.Delay", &b.Delay, errs)
	checkDuration("Batch.Timeout", &b.Timeout, errs)
}

func checkDuration(path string, d *time.Duration, errs *sli.FieldErrors) {
	if *d < 0 {
		errs.Addf(path, "invalid duration %v: want zero or more", *d)
		*d = 0
	}
}

func (b Batch) withDefaults() Batch {
	b.Queue = cmp.Or(b.Queue, 65536)
	b.QueueBytes = cmp.Or(b.QueueBytes, 64<<20)
	b.Size = cmp.Or(b.Size, min(512, b.Queue))
	b.Delay = cmp.Or(b.Delay, 5*time.Second)
	b.Timeout = cmp.Or(b.Timeout, 15*time.Minute)
	return b
}
