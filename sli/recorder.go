package sli

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/sligo-go/sligo/internal/cells"
)

// Recorder counts the good and valid events of one service's indicators. Its methods are safe for
// concurrent use. Recording is a few atomic adds: it never fails, blocks, panics or allocates.
//
// A nil *Recorder and the zero Recorder have no indicators and count nothing.
type Recorder struct {
	indicators []Indicator
	judges     []*judge
	counts     *cells.Set // of each indicator its good, then its bad events
	created    time.Time
}

// NewRecorder returns a recorder for the indicators of one service, whose counts start at zero. It
// reports every mistake at once: those of [Indicator.Validate], names that come twice, indicators of
// another service than the first's, and sources that no process can count, such as [SourceMesh].
func NewRecorder(indicators ...Indicator) (*Recorder, error) {
	r := &Recorder{
		indicators: slices.Clone(indicators),
		counts:     cells.New(2 * len(indicators)),
		created:    time.Now(),
	}
	var errs FieldErrors
	for i, ind := range indicators {
		j, err := ind.compile()
		r.judges = append(r.judges, j)
		path := fmt.Sprintf("indicators[%d]", i)
		errs.Add(path, err)
		checkAmong(indicators[:i], ind, path, &errs)
		if ind.Collection.How.elsewhere() {
			errs.Addf(path+".Collection.How", "%q is not counted in the process", ind.Collection.How)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// checkAmong reports what keeps ind from being recorded together with the indicators before it. That a
// name or a service is missing has been said already.
func checkAmong(before []Indicator, ind Indicator, path string, errs *FieldErrors) {
	named := slices.IndexFunc(before, func(b Indicator) bool { return b.Service != "" })
	if named >= 0 && ind.Service != "" && ind.Service != before[named].Service {
		errs.Addf(path+".Service", "%q is not %q: a recorder counts for one service", ind.Service, before[named].Service)
	}
	same := slices.IndexFunc(before, func(b Indicator) bool { return b.Name == ind.Name })
	if same >= 0 && ind.Name != "" {
		errs.Addf(path+".Name", "%q is also the name of indicators[%d]", ind.Name, same)
	}
}

// Record counts an event for every indicator that asks for its operation. [Recorder.Operation] spares
// the asking to callers that record many events of one operation.
func (r *Recorder) Record(e Event) {
	if r == nil || len(r.judges) == 0 {
		return
	}
	shard := cells.Shard()
	for i, j := range r.judges {
		r.add(shard, i, j.judge(&e))
	}
}

func (r *Recorder) add(shard, indicator int, v Verdict) {
	switch v {
	case VerdictGood:
		r.counts.Add(shard, 2*indicator, 1)
	case VerdictBad:
		r.counts.Add(shard, 2*indicator+1, 1)
	}
}

// Indicators returns the indicators, in the order in which they were given.
func (r *Recorder) Indicators() []Indicator {
	if r == nil {
		return nil
	}
	return slices.Clone(r.indicators)
}

// Counts returns the counts of the indicator of that name, and false when there is none.
func (r *Recorder) Counts(name string) (Counts, bool) {
	for ind, c := range r.All() {
		if ind.Name == name {
			return c, true
		}
	}
	return Counts{}, false
}

// All returns an iterator over the indicators, in the order in which they were given, and the counts
// of each. An event adds to one cell, and Valid is the sum of the good and the bad cell of one read,
// so Good is never more than Valid; no later read gives less.
func (r *Recorder) All() iter.Seq2[Indicator, Counts] {
	return func(yield func(Indicator, Counts) bool) {
		if r == nil {
			return
		}
		for i, ind := range r.indicators {
			good, bad := r.counts.Sum(2*i), r.counts.Sum(2*i+1)
			if !yield(ind, Counts{Good: good, Valid: good + bad}) {
				return
			}
		}
	}
}

// Created returns the time from which the recorder counts, the zero Time for a recorder without
// indicators that NewRecorder did not make.
func (r *Recorder) Created() time.Time {
	if r == nil {
		return time.Time{}
	}
	return r.created
}
