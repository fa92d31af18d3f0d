package tracing

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/internal/guard"
)

// longestTry bounds one try. The exporters of this module need less, and any
// other one that hangs does not block the queue for all of [Batch.Timeout].
const longestTry = 90 * time.Second

// try exports a batch once. A panic of the exporter is an error.
func (s *sending) try(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	ctx, cancel := context.WithTimeout(ctx, longestTry)
	defer cancel()
	return guard.Do(func() error { return s.exporter.ExportSpans(ctx, spans) })
}

// deliver exports a batch and counts its fate. It retries while that may help
// and ctx lasts.
func (s *sending) deliver(ctx context.Context, spans []sdktrace.ReadOnlySpan) {
	for try := 0; ; try++ {
		err := s.try(ctx, spans)
		if err == nil {
			s.settle(len(spans), 0, nil)
			return
		}
		var e *ExportError
		if !errors.As(err, &e) {
			e = &ExportError{Err: err}
		}
		switch {
		case e.TooLarge && len(spans) > 1:
			s.deliver(ctx, spans[:len(spans)/2])
			s.deliver(ctx, spans[len(spans)/2:])
			return
		case e.Rejected > 0:
			rejected := min(e.Rejected, len(spans))
			s.settle(len(spans)-rejected, rejected, err)
			return
		case e.Accepted:
			s.report.warn(err)
			s.settle(len(spans), 0, nil)
			return
		case !e.Retry || !s.pause(ctx, try, err, e.After):
			s.settle(0, len(spans), err)
			return
		}
	}
}

// pause reports the error of a try and waits before the next one, at least
// for the given time. It returns false if ctx has ended, so that there is no
// next try.
//
// A shutdown has little time. It ends the current pause and makes the later
// ones short, unless the receiver requested a pause.
func (s *sending) pause(ctx context.Context, try int, err error, least time.Duration) bool {
	s.settle(0, 0, err)
	d, stop := backoff(try), s.stop
	if s.stopping() {
		d, stop = backoff(0), nil
	}
	if least > 0 {
		d, stop = max(d, least), nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-stop:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// stopping reports whether the shutdown has begun.
func (s *sending) stopping() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}

// Pauses grow from half a second, which suits a receiver that restarts in
// place, to five seconds, which is the longest that spans then wait for a
// receiver that has recovered.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = 5 * time.Second
)

// backoff returns the pause after a try. It doubles each time and is drawn
// from its upper half, so that the processes that one outage hit do not all
// return at the same moment.
func backoff(try int) time.Duration {
	d := min(firstPause<<min(try, 10), longestPause)
	return d/2 + rand.N(d/2+1)
}
