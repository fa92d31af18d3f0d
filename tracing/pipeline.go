package tracing

import (
	"sync"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/telemetry"
)

// pipeline takes in the ended spans for one exporter. It counts and queues
// them until a [sending] takes them out. The SDK's batch processor cannot do
// this: it does not report the spans that it dropped or still holds, sends
// batches of a few spans when an export takes longer than its delay, and
// drains without a deadline.
type pipeline struct {
	size int           // of a batch
	full chan struct{} // holds one token when a whole batch is queued

	mu        sync.Mutex // guards the fields below; held for a few instructions
	queue     queue
	inFlight  int              // spans taken out whose fate is open
	counts    telemetry.Counts // without Queued, which is queue.n + inFlight
	last      error            // the exporter's last error
	closed    bool             // spans that end from now on are dropped
	abandoned bool             // later counts of the sending are ignored
}

func newPipeline(b Batch) *pipeline {
	return &pipeline{
		size:  b.Size,
		full:  make(chan struct{}, 1),
		queue: queue{ring: make([]sdktrace.ReadOnlySpan, b.Queue)},
	}
}

// add queues an ended span. It never waits for the exporter.
func (p *pipeline) add(s sdktrace.ReadOnlySpan) {
	p.mu.Lock()
	if p.closed || !p.queue.push(s) {
		p.counts.Dropped++
	}
	full := p.queue.n >= p.size
	p.mu.Unlock()
	if full {
		p.signal()
	}
}

// signal puts the token into full.
func (p *pipeline) signal() {
	select {
	case p.full <- struct{}{}:
	default:
	}
}

// signalIfFull puts the token into full if a whole batch is queued.
func (p *pipeline) signalIfFull() {
	p.mu.Lock()
	full := p.queue.n >= p.size
	p.mu.Unlock()
	if full {
		p.signal()
	}
}

// take moves up to a batch of queued spans to the end of batch, which is empty.
func (p *pipeline) take(batch []sdktrace.ReadOnlySpan) []sdktrace.ReadOnlySpan {
	p.mu.Lock()
	defer p.mu.Unlock()
	batch = p.queue.popAll(batch, p.size)
	p.inFlight = len(batch)
	return batch
}

// settle counts the fate of spans that were taken out. A nil err keeps the last
// error.
func (p *pipeline) settle(done, failed int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.abandoned {
		p.inFlight -= done + failed
		p.counts.Done += uint64(done)
		p.counts.Failed += uint64(failed)
	}
	if err != nil {
		p.last = err
	}
}

// close drops the spans that end from now on, and reports whether this call
// closed the pipeline.
func (p *pipeline) close() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := !p.closed
	p.closed = true
	return first
}

// dropQueued drops the queued spans. The pipeline is closed.
func (p *pipeline) dropQueued() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts.Dropped += uint64(p.queue.n)
	p.queue = queue{}
}

// abandon drops the queued spans and counts those taken out as failed, since
// the exporter ignores that its context has ended.
func (p *pipeline) abandon() {
	p.dropQueued()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.abandoned = true
	p.counts.Failed += uint64(p.inFlight)
	p.inFlight = 0
}

// snapshot returns all counts of the same moment.
func (p *pipeline) snapshot() telemetry.Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.counts
	c.Queued = uint64(p.queue.n + p.inFlight)
	return c
}

func (p *pipeline) lastError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}
