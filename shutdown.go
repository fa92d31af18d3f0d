package sligo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Shutdown ends the kit: it saves the snapshot, sends the last spans, writes
// buffered log lines and stops the kit's goroutines. While [Kit.Run] runs, it
// makes Run end without a drain, and waits for it. Otherwise the program shuts
// its servers down before.
//
// It takes as long as ctx allows, and Options.Timeout at most. Its error joins
// a [*telemetry.LossError] for each exporter and sink that lost spans or lines,
// and says how many requests have not ended. Further calls return the same
// error, or the error of their own ctx if that ends before.
func (k *Kit) Shutdown(ctx context.Context) error {
	k.ending.Do(func() { close(k.stop) })
	k.mu.Lock()
	running := k.running
	k.mu.Unlock()
	if running {
		if err := wait(ctx, k.stopped); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, k.timeout)
	defer cancel()
	return k.finish(ctx)
}

// finish ends the telemetry once and returns the losses. Further calls wait for
// the first one while their ctx allows.
func (k *Kit) finish(ctx context.Context) error {
	k.mu.Lock()
	first := k.closed == nil
	if first {
		k.closed = make(chan struct{})
	}
	k.mu.Unlock()
	if first {
		k.losses = k.finishAll(ctx)
		close(k.closed)
		return k.losses
	}
	if err := wait(ctx, k.closed); err != nil {
		return err
	}
	return k.losses
}

// wait waits until done is closed, or returns the cause of ctx if that ends
// before.
func wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// finishAll ends the telemetry. It waits for requests first, because the books
// and tracing lose the events and spans that end later. The log is last,
// because tracing logs its losses.
func (k *Kit) finishAll(ctx context.Context) error {
	go k.page.Close()
	errs := []error{k.awaitRequests(ctx)}
	k.closeBooks()
	errs = append(errs, k.finishTracing(ctx), k.flush(ctx))
	if k.ownIssues {
		k.issues.Close()
	}
	return errors.Join(errs...)
}

// awaitRequests waits for the handlers that outlive their server, for at most
// the grace: because the connection was cut or hijacked, the client left, or
// the time of the request was over. Most return at once.
func (k *Kit) awaitRequests(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, grace(k.timeout))
	defer cancel()
	ended := func() bool { return k.Instrument.InFlight() == 0 }
	if poll(ctx, ended) {
		return nil
	}
	switch n := k.Instrument.InFlight(); n {
	case 0:
		return nil
	case 1:
		return errors.New("sligo: 1 request has not ended: its span and line are lost")
	default:
		return fmt.Errorf("sligo: %d requests have not ended: their spans and lines are lost", n)
	}
}

// poll waits until a condition holds, and reports whether it did before the end
// of ctx.
func poll(ctx context.Context, condition func() bool) bool {
	const interval = 2 * time.Millisecond
	for !condition() {
		select {
		case <-time.After(interval):
		case <-ctx.Done():
			return condition()
		}
	}
	return true
}

// finishTracing sends the last spans for at most 5 s, and leaves time for the
// log.
func (k *Kit) finishTracing(ctx context.Context) error {
	const most = 5 * time.Second
	limit := most
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline)
		limit = min(most, left-min(left/4, k.timeout/20))
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- k.Tracing.Shutdown(limited) }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return k.Tracing.Shutdown(ctx) // returns the losses at once
	}
}

// sayTime is how long the kit waits for its own lines. A log that hangs must
// not keep the service from starting or ending.
const sayTime = time.Second

// say logs a line of the kit.
func (k *Kit) say(level slog.Level, message string, attrs ...slog.Attr) {
	logged := make(chan struct{})
	go func() {
		defer close(logged)
		k.Log.LogAttrs(context.Background(), level, message, attrs...)
	}()
	select {
	case <-logged:
	case <-time.After(min(sayTime, cmp.Or(k.timeout, sayTime)/20)):
	}
}
