package statuspage

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/internal/guard"
)

// Join returns a source with the objectives of several sources, such as the
// services of one process. If one of them fails or panics, it fails.
//
// The objectives must have different IDs; of those with the same ID, it has the
// first one. Its time is the oldest time of the sources, and its beginning is
// the latest one. Each objective keeps the policy of its source.
func Join(sources ...Source) Source { return joined(sources) }

type joined []Source

// Read implements [Source]. It reads all sources at the same time.
func (j joined) Read(ctx context.Context) (status.Reading, error) {
	readings, errs := make([]status.Reading, len(j)), make([]error, len(j))
	var wg sync.WaitGroup
	for i, s := range j {
		wg.Go(func() {
			errs[i] = errNoReading // if the source calls runtime.Goexit
			errs[i] = guard.Do(func() (err error) {
				readings[i], err = s.Read(ctx)
				return err
			})
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return status.Reading{}, err
	}
	return joinReadings(readings), nil
}

func joinReadings(readings []status.Reading) status.Reading {
	if len(readings) == 0 {
		return status.Reading{At: time.Now()}
	}
	all := readings[0]
	all.Objectives = nil
	all.Warnings = nil
	all.Unmatched, all.Unrouted = 0, 0
	ids := map[string]bool{}
	for _, r := range readings {
		if r.At.Before(all.At) {
			all.At = r.At
		}
		if all.Since = later(all.Since, r.Since); r.Kind != all.Kind {
			all.Kind = status.KindProcess
		}
		all.Unmatched += r.Unmatched
		all.Unrouted += r.Unrouted
		all.Warnings = append(all.Warnings, r.Warnings...)
		for _, o := range r.Objectives {
			if id := o.ID(); !ids[id] {
				ids[id] = true
				if o.Policy == nil {
					o.Policy = &r.Policy
				}
				all.Objectives = append(all.Objectives, o)
			}
		}
	}
	return all
}

// later returns the later time. A zero time is not known, and neither is the
// later of both then.
func later(a, b time.Time) time.Time {
	switch {
	case a.IsZero() || b.IsZero():
		return time.Time{}
	case b.After(a):
		return b
	}
	return a
}
