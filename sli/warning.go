package sli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/internal/cowmap"
	"github.com/sligo-go/sligo/internal/quotelist"
	"github.com/sligo-go/sligo/internal/strictjson"
)

// A definition that matches nothing is reported after 10 minutes with 1,000
// events, since an operation that is in use was probably seen by then, or after
// a day, since some operations run at night.
const (
	warnAfter       = 10 * time.Minute
	warnAfterEvents = 1000
	warnAtLast      = 24 * time.Hour
)

const (
	// maxNames bounds the operations that are remembered as near misses.
	maxNames = 256
	// maxNameLength bounds the time to compare a name, in bytes.
	maxNameLength = 256
	// maxUnseen bounds the entries that are reported one by one.
	maxUnseen = 20
	// maxShown bounds the operations that one warning lists.
	maxShown = 5
)

// watch remembers the operations of a young recorder, to explain definitions
// that match nothing.
type watch struct {
	done   atomic.Bool // nothing has to be remembered any more
	enough atomic.Bool // warnAfterEvents were recorded
	events atomic.Uint64
	names  cowmap.Map[string, struct{}]

	mu       sync.Mutex // guards the fields below
	warned   bool       // about definitions
	overflow []bool     // by indicator: warned about its groups
}

// count counts events until there are enough.
func (w *watch) count(n uint64) {
	if !w.enough.Load() && w.events.Add(n) >= warnAfterEvents {
		w.enough.Store(true)
	}
}

// note remembers an operation.
func (w *watch) note(operation string) {
	if w.done.Load() || len(operation) > maxNameLength {
		return
	}
	known := w.names.Load()
	if _, ok := known[operation]; ok || len(known) >= maxNames {
		return
	}
	w.names.TryEdit(func(next map[string]struct{}) { next[strings.Clone(operation)] = struct{}{} })
}

// Warnings returns the warnings that are due at the given time, each once in
// the life of the recorder. A reporter with a log calls it whenever the counts
// are read.
//
// After 10 minutes and 1,000 events, or after 24 hours, Warnings reports
// entries of Requests that no event has matched, events that no indicator
// lists, and requests without a route. It reports an indicator whose Groups.Max
// is reached at once.
func (r *Recorder) Warnings(now time.Time) []Advice {
	if r == nil || r.cells == nil {
		return nil
	}
	w := &r.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	var warnings []Advice
	for i := range r.counters {
		if gs := r.counters[i].groups; gs != nil && gs.full.flag.Load() && !w.overflow[i] {
			w.overflow[i] = true
			warnings = append(warnings, advice(fmt.Sprintf("indicators[%d].Groups.Max", i),
				"indicator %q has reached its maximum of %d groups; all others count as %q", r.indicators[i].Name, gs.max, otherGroup))
		}
	}
	age := now.Sub(r.started)
	if w.warned || age < warnAtLast && (age < warnAfter || !w.enough.Load()) {
		return warnings
	}
	w.warned = true
	w.done.Store(true)
	return append(warnings, r.warnings(age)...)
}

// warnings returns the warnings about definitions.
func (r *Recorder) warnings(age time.Duration) []Advice {
	if r.watch.events.Load() == 0 {
		return []Advice{advice("events", "no event was recorded in %s: wrap the handlers in the middleware, or record events by hand", strictjson.Duration(age.Round(time.Minute)))}
	}
	names := slices.Sorted(maps.Keys(r.watch.names.Load()))
	warnings := r.warnUnseen(names)
	if n := r.cells.Sum(r.unmatched()); n > 0 {
		warnings = append(warnings, advice("events", "%d events match no indicator, such as %s", n, r.unlistedNames(names)))
	}
	if n := r.cells.Sum(r.unrouted()); n > 0 {
		warnings = append(warnings, advice("requests", "%d requests had no pattern: a middleware between the router and the instrument copies "+
			"the request, as http.Request.WithContext does (set the option Mux of the instrument, or wrap the router in ReportRoute), "+
			"or answers it, or the router is no http.ServeMux (call SetRoute)", n))
	}
	return warnings
}

// warnUnseen reports the entries of Requests that no event has matched.
func (r *Recorder) warnUnseen(names []string) []Advice {
	var warnings []Advice
	more := 0
	for i, ind := range r.indicators {
		for _, entry := range r.counters[i].judge.requests.entries {
			if entry.seen.Load() {
				continue
			}
			if len(warnings) >= maxUnseen {
				more++
				continue
			}
			path := fmt.Sprintf("indicators[%d].Requests[%d]", i, slices.Index(ind.Requests, entry.entry))
			warnings = append(warnings, advice(path, "indicator %q: no event has matched %q%s", ind.Name, entry.entry, entry.cause(names)))
		}
	}
	if more > 0 {
		warnings = append(warnings, advice("indicators", "no event has matched %d further entries of Requests", more))
	}
	return warnings
}

// unlistedNames returns some operations that no indicator lists.
func (r *Recorder) unlistedNames(names []string) string {
	var found []string
	for _, name := range names {
		listed := slices.ContainsFunc(r.counters, func(c counter) bool { return c.judge.requests.list(name).counted })
		if !listed && len(found) < maxShown {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return "operations that were first seen later"
	}
	return quotelist.Of(found)
}
