package tracing

import (
	"context"
	"errors"
	"fmt"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing/internal/pack"
)

// sending takes the spans out of a pipeline and sends them to the exporter, in
// batches and in a goroutine of its own.
type sending struct {
	name      string
	exporter  sdktrace.SpanExporter
	pipeline  *pipeline
	batch     Batch
	redaction *redaction
	report    report
	taken     []*pack.Span            // the current batch, reused
	unpacked  []sdktrace.ReadOnlySpan // the same for the exporter, reused

	flush chan chan struct{} // requests to send; each is closed afterwards
	stop  chan struct{}      // closed: send the queued spans and end
	done  chan struct{}      // closed when the goroutine has ended

	ctx    context.Context // of exports; canceled when the shutdown's time is over
	cancel context.CancelFunc
}

func startSending(e namedExporter, p *pipeline, d delivery) *sending {
	s := &sending{
		name:      e.name,
		exporter:  e.exporter,
		pipeline:  p,
		batch:     d.batch,
		redaction: d.redaction,
		report:    report{logger: d.logger, exporter: e.name},
		flush:     make(chan chan struct{}),
		stop:      make(chan struct{}),
		done:      make(chan struct{}),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	go s.run()
	return s
}

func (s *sending) run() {
	defer close(s.done)
	timer := time.NewTimer(s.batch.Delay)
	defer timer.Stop()
	for {
		select {
		case <-s.stop:
			s.end()
			return
		case flushed := <-s.flush:
			s.send(s.pipeline.snapshot().Queued)
			close(flushed)
		case <-s.pipeline.full:
			if !s.pipeline.isFull() {
				continue // the batch was sent after the signal, by a flush for example
			}
			s.sendBatch()
		case <-timer.C:
			s.sendBatch()
		}
		// The delay restarts after each export. If it ran during exports, an
		// exporter slower than the delay would get a few spans at a time.
		timer.Reset(s.batch.Delay)
		s.pipeline.signalIfFull()
	}
}

// end sends the queued spans while there is time and drops the rest.
func (s *sending) end() {
	for s.ctx.Err() == nil && s.sendBatch() > 0 {
		continue
	}
	s.pipeline.dropQueued()
	_ = guard.Do(func() error { return s.exporter.Shutdown(s.ctx) })
	s.cancel()
}

// send sends batches until the fate of n spans is known.
func (s *sending) send(n uint64) {
	for sent := uint64(0); sent < n && s.ctx.Err() == nil; {
		count := s.sendBatch()
		if count == 0 {
			return
		}
		sent += uint64(count)
	}
}

// sendBatch sends one batch and returns the number of spans in it.
func (s *sending) sendBatch() int {
	s.taken = s.pipeline.take(s.taken[:0])
	count := len(s.taken)
	if count == 0 {
		s.report.note(nil, s.pipeline.stats())
		return 0
	}
	s.unpacked = s.unpacked[:0]
	for _, span := range s.taken {
		s.unpacked = append(s.unpacked, s.redaction.span(span.Unpack()))
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.batch.Timeout)
	defer cancel()
	s.deliver(ctx, s.unpacked)
	clear(s.taken) // so that the spans can be collected
	clear(s.unpacked)
	s.pipeline.release()
	return count
}

// settle counts the fate of spans and reports losses.
func (s *sending) settle(done, failed int, err error) {
	s.pipeline.settle(done, failed, err)
	s.report.note(err, s.pipeline.stats())
}

// forceFlush sends the queued spans. It returns a [*telemetry.LossError] if
// spans were lost meanwhile, or if spans are still queued when ctx ends.
func (s *sending) forceFlush(ctx context.Context) error {
	before := s.pipeline.snapshot()
	ended := s.requestFlush(ctx)
	return s.loss(s.pipeline.snapshot().Since(before), ended)
}

// requestFlush has the goroutine send the queued spans and waits for it. It
// returns the error of ctx if that ends first.
func (s *sending) requestFlush(ctx context.Context) error {
	flushed := make(chan struct{})
	select {
	case s.flush <- flushed:
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-flushed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// shutdown sends the queued spans until ctx ends. It returns a
// [*telemetry.LossError] if any span was lost since the start.
func (s *sending) shutdown(ctx context.Context) error {
	if s.pipeline.close() {
		close(s.stop)
	}
	ended := s.wait(ctx)
	return s.loss(s.pipeline.snapshot(), ended)
}

// grace is the time an exporter has to return after its context has ended.
const grace = 250 * time.Millisecond

// wait waits for the goroutine to end. When ctx ends, it cancels the exports,
// waits for the grace at most, and returns the error of ctx.
func (s *sending) wait(ctx context.Context) error {
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		s.cancel()
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-s.done:
	case <-timer.C:
		s.pipeline.abandon()
	}
	return ctx.Err()
}

// loss returns the error for spans that were lost, and for spans still queued
// after waiting has ended with an error. It is nil if there are none.
func (s *sending) loss(c telemetry.Counts, ended error) error {
	if c.Lost() == 0 && (ended == nil || c.Queued == 0) {
		return nil
	}
	return &telemetry.LossError{Name: s.name, Items: "spans", Counts: c, Err: s.cause(ended)}
}

// cause returns the error with which waiting ended, if any, and the exporter's
// last error unless that is only a consequence.
func (s *sending) cause(ended error) error {
	last := s.pipeline.lastError()
	switch {
	case ended == nil:
		return last
	case last == nil, errors.Is(last, context.Canceled):
		return ended
	}
	return fmt.Errorf("%w: %w", ended, last)
}
