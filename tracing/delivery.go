package tracing

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// deliver takes a batch to the exporter, again and again while that may help and ctx lasts, and
// counts what became of it.
func (p *pipeline) deliver(ctx context.Context, spans []sdktrace.ReadOnlySpan) {
	for try := 0; ; try++ {
		err := p.export(ctx, spans)
		if err == nil {
			p.settle(len(spans), 0, nil)
			return
		}
		var e *ExportError
		if !errors.As(err, &e) {
			e = &ExportError{Err: err}
		}
		switch {
		case e.TooLarge && len(spans) > 1:
			p.deliver(ctx, spans[:len(spans)/2])
			p.deliver(ctx, spans[len(spans)/2:])
			return
		case e.Rejected > 0:
			rejected := min(e.Rejected, len(spans))
			p.settle(len(spans)-rejected, rejected, err)
			return
		case !e.Retry || !p.pause(ctx, try, err, e.After):
			p.settle(0, len(spans), err)
			return
		}
	}
}

// export calls the exporter, whose panic is an error.
func (p *pipeline) export(ctx context.Context, spans []sdktrace.ReadOnlySpan) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("panic: %v", value)
		}
	}()
	return p.exporter.ExportSpans(ctx, spans)
}

// pause reports the error of a try and waits before the next. It returns false when there will be
// none, because ctx has ended. A shutdown has little time: it ends the pause that it meets, and has
// short ones itself, unless the receiver asked for one.
func (p *pipeline) pause(ctx context.Context, try int, err error, least time.Duration) bool {
	p.settle(0, 0, err)
	d, stop := backoff(try), p.stop
	if p.stopping() {
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
func (p *pipeline) stopping() bool {
	select {
	case <-p.stop:
		return true
	default:
		return false
	}
}

// Pauses grow from half a second, which a receiver that restarts in place needs, to five, which is
// how long the spans of a recovered receiver may keep waiting.
const (
	firstPause = 500 * time.Millisecond
	mostPause  = 5 * time.Second
)

// backoff returns the pause after a try: doubled each time, and drawn from its upper half so that
// the processes that one outage hit do not return all at once.
func backoff(try int) time.Duration {
	d := min(firstPause<<min(try, 10), mostPause)
	return d/2 + rand.N(d/2+1)
}

// guard calls code that is not ours and may not take the process down.
func guard(f func()) {
	defer func() { _ = recover() }()
	f()
}
