package tracing

import (
	"sync"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing/internal/pack"
)

// pipeline takes in the ended spans for one exporter. It counts and queues
// them until a [sending] takes them out. The SDK's batch processor cannot do
// this: it does not report the spans that it dropped or still holds, sends
// batches of a few spans when an export takes longer than its delay, and
// drains without a deadline.
type pipeline struct {
	size     int           // of a batch, in spans
	bytes    int           // of a batch
	maxBytes int           // of all spans, queued and taken out
	full     chan struct{} // holds one token when a whole batch is or was queued

	mu        sync.Mutex // guards the fields below; held for a few instructions
	queue     queue
	inFlight  int              // spans taken out whose fate is open
	taken     int              // bytes of the spans taken out
	counts    telemetry.Counts // without Queued, which is queue.n + inFlight
	queueFull uint64           // of the dropped spans
	bytesFull uint64           // of the dropped spans
	last      error            // the exporter's last error
	closed    bool             // spans that end from now on are dropped
	abandoned bool             // later counts of the sending are ignored
}

// maxBatchBytes bounds a batch of large spans. A request with them is larger,
// by half in JSON, and receivers accept 4 MiB by default.
const maxBatchBytes = 2 << 20

func newPipeline(b Batch) *pipeline {
	return &pipeline{
		size:     b.Size,
		bytes:    min(maxBatchBytes, b.QueueBytes/2),
		maxBytes: b.QueueBytes,
		full:     make(chan struct{}, 1),
		queue:    queue{ring: make([]*pack.Span, b.Queue)},
	}
}

// add queues an ended span. It never waits for the exporter.
func (p *pipeline) add(s *pack.Span) {
	p.mu.Lock()
	switch {
	case p.closed:
		p.counts.Dropped++
	case p.queue.bytes+p.taken+s.Size() > p.maxBytes:
		p.counts.Dropped++
		p.bytesFull++
	case !p.queue.push(s):
		p.counts.Dropped++
		p.queueFull++
	}
	full := p.hasBatch()
	p.mu.Unlock()
	if full {
		p.signal()
	}
}

// hasBatch reports whether a whole batch is queued. The caller holds mu.
func (p *pipeline) hasBatch() bool {
	return p.queue.n >= p.size || p.queue.bytes >= p.bytes
}

// signal puts the token into full.
func (p *pipeline) signal() {
	select {
	case p.full <- struct{}{}:
	default:
	}
}

// isFull reports whether a whole batch is queued.
func (p *pipeline) isFull() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hasBatch()
}

// signalIfFull puts the token into full if a whole batch is queued.
func (p *pipeline) signalIfFull() {
	if p.isFull() {
		p.signal()
	}
}

// take moves up to a batch of queued spans to the end of batch, which is empty.
func (p *pipeline) take(batch []*pack.Span) []*pack.Span {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.queue.bytes
	batch = p.queue.popAll(batch, p.size, p.bytes)
	p.inFlight = len(batch)
	p.taken = before - p.queue.bytes
	return batch
}

// release ends the accounting for the bytes of a batch.
func (p *pipeline) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken = 0
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
	p.inFlight, p.taken = 0, 0
}

// snapshot returns all counts of the same moment.
func (p *pipeline) snapshot() telemetry.Counts { return p.stats().Counts }

// stats returns all counts of the same moment, without a name.
func (p *pipeline) stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Stats{
		Counts:    p.counts,
		QueueFull: p.queueFull, BytesFull: p.bytesFull,
		QueuedBytes: uint64(p.queue.bytes + p.taken),
	}
	s.Counts.Queued = uint64(p.queue.n + p.inFlight)
	return s
}

func (p *pipeline) lastError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}
