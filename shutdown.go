package sligo

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/telemetry"
)

// Shutdown ends the kit: it sends the last spans, writes buffered log lines and
// stops the kit's goroutine. While [Kit.Run] runs, it makes Run end without a
// drain, and waits for it. Otherwise the program shuts its servers down before.
//
// It takes as long as ctx allows, and Options.Timeout at most. Its error joins
// a [*telemetry.LossError] for each exporter and sink that lost spans or lines.
// Further calls return the same error.
func (k *Kit) Shutdown(ctx context.Context) error {
	k.ending.Do(func() { close(k.stop) })
	k.mu.Lock()
	running := k.running
	k.mu.Unlock()
	if running {
		select {
		case <-k.stopped:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, k.timeout)
	defer cancel()
	return k.close(ctx)
}

// close ends the telemetry and returns the losses. The log is last, since
// tracing logs its losses.
func (k *Kit) close(ctx context.Context) error {
	k.closing.Do(func() {
		k.books.close()
		tracing, cancel := context.WithTimeout(ctx, k.tracingTime(ctx))
		err := k.Tracing.Shutdown(tracing)
		cancel()
		k.closed = errors.Join(err, k.flush(ctx))
		if k.ownIssues {
			k.issues.Close()
		}
	})
	return k.closed
}

// tracingTime returns the time for the last spans: 5 s, but a twentieth of the
// timeout is left for the log.
func (k *Kit) tracingTime(ctx context.Context) time.Duration {
	const most = 5 * time.Second
	if deadline, ok := ctx.Deadline(); ok {
		return min(most, time.Until(deadline)-k.timeout/20)
	}
	return most
}

// sink is a destination of the log.
type sink struct {
	name   string
	writer io.Writer
}

func sinksOf(w io.Writer, more []logging.Sink) []sink {
	all := []sink{{"main", w}}
	for _, s := range more {
		all = append(all, sink{s.Name, s.Writer})
	}
	return all
}

// flush writes the buffered lines and returns a LossError for each sink that
// has lost lines.
func (k *Kit) flush(ctx context.Context) error {
	reasons := map[string]error{}
	for _, s := range k.sinks {
		if buffer, ok := s.writer.(interface{ Flush(context.Context) error }); ok {
			reasons[s.name] = buffer.Flush(ctx)
		}
	}
	var errs []error
	counts := k.logs.Stats().Sinks
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if c := counts[name]; c.Lost() > 0 || c.Queued > 0 {
			errs = append(errs, &telemetry.LossError{Name: name, Items: "lines", Counts: c, Err: reasons[name]})
		}
	}
	return errors.Join(errs...)
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

// active returns the number of HTTP requests in flight.
func (k *Kit) active() int {
	reg := prometheus.NewRegistry()
	if reg.Register(k.Instrument) != nil {
		return 0
	}
	families, _ := reg.Gather()
	sum := 0.0
	for _, f := range families {
		if f.GetName() == "http_server_active_requests" {
			for _, m := range f.GetMetric() {
				sum += m.GetGauge().GetValue()
			}
		}
	}
	return int(sum)
}
