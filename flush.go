package sligo

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/telemetry"
)

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

// flush writes the lines that all sinks have accepted so far, at the same time.
// It returns a LossError for each sink that has lost lines, or did not write
// them in time.
func (k *Kit) flush(ctx context.Context) error {
	accepted := k.logs.Stats().Sinks
	reasons := make([]error, len(k.sinks))
	var wg sync.WaitGroup
	for i, s := range k.sinks {
		wg.Go(func() { reasons[i] = s.flush(ctx) })
	}
	wg.Wait()
	poll(ctx, func() bool { return len(late(accepted, k.logs.Stats().Sinks)) == 0 })
	counts := k.logs.Stats().Sinks
	waiting := late(accepted, counts)
	var errs []error
	for i, s := range k.sinks {
		if c := counts[s.name]; c.Lost() > 0 || slices.Contains(waiting, s.name) {
			errs = append(errs, &telemetry.LossError{Name: s.name, Items: "lines", Counts: c, Err: reasons[i]})
		}
	}
	return errors.Join(errs...)
}

// flush writes the buffered lines of a sink. It gives up with ctx even if the
// sink does not.
func (s sink) flush(ctx context.Context) error {
	buffer, ok := s.writer.(interface{ Flush(context.Context) error })
	if !ok {
		return nil
	}
	result := make(chan error, 1)
	go func() { result <- buffer.Flush(ctx) }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// late returns the sinks that have not written all lines which they had
// accepted before. Lines that a goroutine logs meanwhile are not lost.
func late(before, now map[string]telemetry.Counts) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if now[name].Accepted()-now[name].Queued < before[name].Accepted() {
			names = append(names, name)
		}
	}
	return names
}
