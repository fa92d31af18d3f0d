package sli

import (
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/internal/cells"
)

// Recorder counts the events of one service's indicators by their verdicts. Its
// methods are safe for concurrent use. Recording takes a few atomic additions:
// it never fails, blocks or panics. It does not allocate, except for the first
// event of a group; see [Groups].
//
// Counts are modulo 2^64. Prometheus keeps floating-point numbers, which are
// exact up to 2^53.
//
// A nil *Recorder and the zero Recorder have no indicators and count nothing.
type Recorder struct {
	indicators []Indicator
	counters   []counter      // for each indicator
	positions  map[string]int // by name
	started    time.Time      // the time of NewRecorder
	created    instant        // started, or the start of an added report

	cells   *cells.Set // of the tallies, and of unmatched and unrouted events
	readers readers
	watch   watch
	unseen  atomic.Int32 // entries of Requests that no event has matched
}

// NewRecorder returns a recorder for the indicators of one service, with all
// counts at zero. It reports every mistake at once, as joined [*FieldError]
// values: the mistakes that [Indicator.Validate] reports, duplicate names,
// indicators of different services, and sources that a process cannot count,
// such as [SourceMesh].
func NewRecorder(indicators ...Indicator) (*Recorder, error) {
	r := &Recorder{
		indicators: slices.Clone(indicators),
		positions:  make(map[string]int, len(indicators)),
		started:    time.Now(),
	}
	r.created.moveBack(r.started)
	var errs FieldErrors
	among := among{positions: r.positions}
	for i, ind := range indicators {
		j, err := ind.compile()
		r.counters = append(r.counters, counter{judge: j})
		path := fmt.Sprintf("indicators[%d]", i)
		errs.Add(path, err)
		among.check(i, ind, path, &errs)
		if how := ind.Collection.How; slices.Contains(sources, how) && !how.recorded() {
			errs.Addf(path+".Collection.How", "invalid source %q: a recorder counts the events of its own process", how)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	r.place()
	return r, nil
}

// among checks indicators against those before them.
type among struct {
	positions map[string]int // by name
	service   string         // of the first indicator that has one
	named     int            // its position
}

// check reports a service or a name that conflicts with an indicator before.
// Validate reports missing ones.
func (a *among) check(i int, ind Indicator, path string, errs *FieldErrors) {
	if a.service == "" {
		a.service, a.named = ind.Service, i
	} else if ind.Service != "" && ind.Service != a.service {
		errs.Addf(path+".Service", "invalid service %q: a recorder counts one service, and indicators[%d] is of %q",
			ind.Service, a.named, a.service)
	}
	if same, ok := a.positions[ind.Name]; !ok {
		a.positions[ind.Name] = i
	} else if ind.Name != "" {
		errs.Addf(path+".Name", "duplicate name %q of indicators[%d]", ind.Name, same)
	}
}

// place gives every indicator its cells. The cells of all verdicts come first,
// so that the hot ones of several indicators share a cache line.
func (r *Recorder) place() {
	n := len(r.indicators)
	reasons := r.unrouted() + 1
	r.cells = cells.New(reasons + reasonCells*n)
	r.watch.overflow = make([]bool, n)
	for i, ind := range r.indicators {
		c := &r.counters[i]
		r.unseen.Add(c.judge.requests.unseen.Load())
		if ind.Groups.none() {
			c.tally = &tally{set: r.cells, verdicts: verdictCells * i, reasons: reasons + reasonCells*i}
			c.tally.since.moveBack(r.started)
		} else {
			c.groups = newGroups(ind.Groups, r.started)
		}
	}
}

func (r *Recorder) unmatched() int { return verdictCells * len(r.counters) }
func (r *Recorder) unrouted() int  { return r.unmatched() + 1 }

// Record counts an event for every indicator that lists its operation. To
// record many events of one operation, use [Recorder.Operation], which
// matches the operation once.
func (r *Recorder) Record(e Event) { r.record(&e, 1) }

// RecordN counts n equal events, such as the rows of a batch. It judges the
// event once. An n of 0 counts nothing.
func (r *Recorder) RecordN(e Event, n uint64) { r.record(&e, n) }

func (r *Recorder) record(e *Event, n uint64) {
	if r == nil || r.cells == nil || n == 0 {
		return
	}
	r.watch.count(n)
	if r.unseen.Load() > 0 {
		r.noteMatches(e.Operation)
	}
	shard := cells.Shard()
	matched := e.Ignore != ""
	for i := range r.counters {
		c := &r.counters[i]
		if v := c.judge.judge(e); v != unlisted {
			matched = true
			c.tallyOf(e).add(shard, v, n)
		}
	}
	if !matched {
		r.watch.note(e.Operation)
		r.cells.Add(shard, r.unmatched(), n)
	}
}

// Add adds counts that were judged elsewhere, such as by a batch job, to the
// named indicator. They belong to the group "other" if the indicator has
// groups. It reports false and adds nothing if the recorder has no such
// indicator, or if counts has more good than valid events.
func (r *Recorder) Add(name string, counts Counts) bool {
	i, ok := r.position(name)
	if !ok || counts.Good > counts.Valid {
		return false
	}
	r.watch.count(counts.Valid)
	t, shard := r.counters[i].tallyOf(&Event{}), cells.Shard()
	t.add(shard, good, counts.Good)
	t.add(shard, bad, counts.Bad())
	return true
}

// NoteUnrouted counts a request that arrived without the pattern of its route,
// because a middleware between the router and the reporter copied it.
func (r *Recorder) NoteUnrouted() {
	if r != nil && r.cells != nil {
		r.cells.Add(cells.Shard(), r.unrouted(), 1)
	}
}

// noteMatches marks the entries of Requests that an operation matches.
func (r *Recorder) noteMatches(operation string) {
	r.watch.note(operation)
	for _, c := range r.counters {
		if c.judge.requests.unseen.Load() == 0 {
			continue
		}
		for _, entry := range c.judge.requests.entries {
			if !entry.seen.Load() && entry.matches(operation) {
				entry.note(r)
			}
		}
	}
}

// Indicators returns the indicators in the order of NewRecorder.
func (r *Recorder) Indicators() []Indicator {
	if r == nil {
		return nil
	}
	return slices.Clone(r.indicators)
}

// position returns the position of the named indicator.
func (r *Recorder) position(name string) (int, bool) {
	if r == nil {
		return 0, false
	}
	i, ok := r.positions[name]
	return i, ok
}

// Counts returns the counts of the named indicator, of all its groups, and
// false if the recorder has no such indicator.
func (r *Recorder) Counts(name string) (Counts, bool) {
	i, ok := r.position(name)
	if !ok {
		return Counts{}, false
	}
	r.read()
	return r.counters[i].counts(), true
}

// All returns an iterator over the indicators and their counts, in the order
// of NewRecorder. Counts never decrease from one reading to the next. Good is
// never more than Valid: an event adds one to one cell, and Valid is the sum
// of the good and the bad cell of one reading.
func (r *Recorder) All() iter.Seq2[Indicator, Counts] {
	return func(yield func(Indicator, Counts) bool) {
		if r == nil {
			return
		}
		r.read()
		for i, ind := range r.indicators {
			if !yield(ind, r.counters[i].counts()) {
				return
			}
		}
	}
}

// Created returns the time from which the recorder counts, which is the time
// of NewRecorder, or an earlier one if [Recorder.AddReport] added older counts.
// It is the zero Time for a nil or zero Recorder.
func (r *Recorder) Created() time.Time {
	if r == nil {
		return time.Time{}
	}
	return r.created.time()
}
