package tracing

import (
	"context"
	"log/slog"
	"sync"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// pipeline takes ended spans to one exporter, in batches, by a goroutine of its own. The SDK's batch
// processor cannot be used: it does not tell what it dropped or still holds, sends batches of a few
// spans once an export takes longer than its delay, and drains with a context of its own.
type pipeline struct {
	exporter sdktrace.SpanExporter
	batch    Batch
	report   report
	taken    []sdktrace.ReadOnlySpan // the goroutine's batch, reused

	wake  chan struct{}      // holds one token: a whole batch is waiting
	flush chan chan struct{} // asks for what is queued to be sent; closed when it has been
	stop  chan struct{}      // closed: send what is queued and end
	done  chan struct{}      // closed by the goroutine at its end

	ctx    context.Context // of exports; ends when the shutdown's time is over
	cancel context.CancelFunc

	mu        sync.Mutex // guards what follows; held for a few instructions
	queue     queue
	stats     Stats // but for Queued, which is queue.n + inFlight
	inFlight  int   // spans that the goroutine took and whose fate is open
	last      error // of the exporter
	closed    bool  // stop is closed
	abandoned bool  // the goroutine did not end in time, so its counts come too late
}

func newPipeline(name string, exporter sdktrace.SpanExporter, batch Batch, logger *slog.Logger) *pipeline {
	p := &pipeline{
		exporter: exporter,
		batch:    batch,
		report:   report{logger: logger, exporter: name},
		wake:     make(chan struct{}, 1),
		flush:    make(chan chan struct{}),
		stop:     make(chan struct{}),
		done:     make(chan struct{}),
		queue:    queue{ring: make([]sdktrace.ReadOnlySpan, batch.Queue)},
		stats:    Stats{Exporter: name},
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	go p.run()
	return p
}

// add queues an ended span. It never waits for the exporter.
func (p *pipeline) add(s sdktrace.ReadOnlySpan) {
	p.mu.Lock()
	p.stats.Ended++
	if p.closed || !p.queue.push(s) {
		p.stats.Dropped++
	}
	full := p.queue.n >= p.batch.Size
	p.mu.Unlock()
	if full {
		p.wakeUp()
	}
}

func (p *pipeline) wakeUp() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pipeline) run() {
	defer close(p.done)
	timer := time.NewTimer(p.batch.Delay)
	defer timer.Stop()
	for {
		select {
		case <-p.stop:
			p.end()
			return
		case sent := <-p.flush:
			p.send(p.Stats().Queued)
			close(sent)
		case <-p.wake:
			p.sendBatch()
		case <-timer.C:
			p.sendBatch()
		}
		// The delay starts anew after each export. Were it to run meanwhile, an exporter that is
		// slower than the delay would be given whatever few spans there are, each time.
		timer.Reset(p.batch.Delay)
		if p.waiting() >= p.batch.Size {
			p.wakeUp()
		}
	}
}

// end sends what is queued while there is time, and drops the rest.
func (p *pipeline) end() {
	for p.ctx.Err() == nil && p.sendBatch() > 0 {
		continue
	}
	p.dropQueued()
	guard(func() { _ = p.exporter.Shutdown(p.ctx) })
	p.cancel()
}

// send sends batches until n spans have been dealt with.
func (p *pipeline) send(n uint64) {
	for sent := uint64(0); sent < n && p.ctx.Err() == nil; {
		count := p.sendBatch()
		if count == 0 {
			return
		}
		sent += uint64(count)
	}
}

// sendBatch takes a batch to the exporter and returns the number of spans in it.
func (p *pipeline) sendBatch() int {
	p.mu.Lock()
	p.taken = p.queue.popAll(p.taken[:0], p.batch.Size)
	p.inFlight = len(p.taken)
	p.mu.Unlock()
	if len(p.taken) == 0 {
		p.report.note(nil, p.Stats())
		return 0
	}
	ctx, cancel := context.WithTimeout(p.ctx, p.batch.Timeout)
	defer cancel()
	p.deliver(ctx, p.taken)
	count := len(p.taken)
	clear(p.taken) // so that the spans can be collected
	return count
}

// settle counts the fate of spans that were in flight.
func (p *pipeline) settle(exported, failed int, err error) {
	p.mu.Lock()
	if !p.abandoned {
		p.inFlight -= exported + failed
		p.stats.Exported += uint64(exported)
		p.stats.Failed += uint64(failed)
	}
	if err != nil {
		p.last = err
	}
	p.mu.Unlock()
	p.report.note(err, p.Stats())
}

func (p *pipeline) dropQueued() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats.Dropped += uint64(p.queue.n)
	p.queue = queue{}
}

func (p *pipeline) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.queue.n
}

// Stats returns the counts, all of the same moment.
func (p *pipeline) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Queued = uint64(p.queue.n + p.inFlight)
	return s
}

func (p *pipeline) lastError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// forceFlush sends what is queued, and returns a [*LossError] for what was lost or is still queued.
func (p *pipeline) forceFlush(ctx context.Context) error {
	before := p.Stats()
	sent := make(chan struct{})
	select {
	case p.flush <- sent:
		select {
		case <-sent:
			after := p.Stats()
			return after.loss(after.Lost()-before.Lost(), p.lastError())
		case <-ctx.Done():
		}
	case <-p.done:
	case <-ctx.Done():
	}
	after := p.Stats()
	return after.loss(after.Lost()-before.Lost()+after.Queued, p.lastError())
}

// grace is how long an exporter may take to return once its context has ended.
const grace = 250 * time.Millisecond

// shutdown sends what is queued until ctx ends, and returns a [*LossError] for what was ever lost.
func (p *pipeline) shutdown(ctx context.Context) error {
	if p.close() {
		p.wait(ctx)
	}
	s := p.Stats()
	return s.loss(s.Lost(), p.lastError())
}

// close has the goroutine send what is queued and end, and reports whether it is worth waiting for.
func (p *pipeline) close() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.closed = true
		close(p.stop)
	}
	return !p.abandoned
}

// wait waits for the goroutine to end until ctx does, and then for no longer than the grace.
func (p *pipeline) wait(ctx context.Context) {
	select {
	case <-p.done:
		return
	case <-ctx.Done():
		p.cancel()
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.abandon()
	}
}

// abandon settles the counts without the goroutine, whose exporter ignores that its context ended.
func (p *pipeline) abandon() {
	p.dropQueued()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.abandoned = true
	p.stats.Failed += uint64(p.inFlight)
	p.inFlight = 0
}
