package sli

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/sligo-go/sligo/internal/cells"
)

// Recorder counts the good and valid events of one service's indicators. Its
// methods are safe for concurrent use. Recording takes a few atomic additions:
// it never fails, blocks, panics or allocates.
//
// A nil *Recorder and the zero Recorder have no indicators and count nothing.
type Recorder struct {
	indicators []Indicator
	judges     []*judge
	counts     *cells.Set // for each indicator, its good and then its bad events
	created    time.Time
}

// NewRecorder returns a recorder for the indicators of one service, with all
// counts at zero. It reports every mistake at once, as joined [*FieldError]
// values: the mistakes that [Indicator.Validate] reports, duplicate names,
// indicators of different services, and sources that a process cannot count,
// such as [SourceMesh].
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
		if how := ind.Collection.How; slices.Contains(sources, how) && !how.recorded() {
			errs.Addf(path+".Collection.How", "invalid source %q: a recorder counts the events of its own process", how)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// checkAmong reports a service or a name of ind that conflicts with the
// indicators before it. Validate reports missing ones.
func checkAmong(before []Indicator, ind Indicator, path string, errs *FieldErrors) {
	named := slices.IndexFunc(before, func(b Indicator) bool { return b.Service != "" })
	if named >= 0 && ind.Service != "" && ind.Service != before[named].Service {
		errs.Addf(path+".Service", "invalid service %q: a recorder counts one service, and indicators[%d] is of %q",
			ind.Service, named, before[named].Service)
	}
	same := slices.IndexFunc(before, func(b Indicator) bool { return b.Name == ind.Name })
	if same >= 0 && ind.Name != "" {
		errs.Addf(path+".Name", "duplicate name %q of indicators[%d]", ind.Name, same)
	}
}

// Record counts an event for every indicator that lists its operation. To
// record many events of one operation, use [Recorder.Operation], which
// matches the operation once.
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

// Indicators returns the indicators in the order of NewRecorder.
func (r *Recorder) Indicators() []Indicator {
	if r == nil {
		return nil
	}
	return slices.Clone(r.indicators)
}

// Counts returns the counts of the named indicator, and false if the recorder
// has no such indicator.
func (r *Recorder) Counts(name string) (Counts, bool) {
	for ind, c := range r.All() {
		if ind.Name == name {
			return c, true
		}
	}
	return Counts{}, false
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
		for i, ind := range r.indicators {
			good, bad := r.counts.Sum(2*i), r.counts.Sum(2*i+1)
			if !yield(ind, Counts{Good: good, Valid: good + bad}) {
				return
			}
		}
	}
}

// Created returns the time from which the recorder counts, which is the time
// of NewRecorder. It is the zero Time for a nil or zero Recorder.
func (r *Recorder) Created() time.Time {
	if r == nil {
		return time.Time{}
	}
	return r.created
}
