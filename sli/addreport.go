package sli

import (
	"fmt"
	"slices"

	"github.com/sligo-go/sligo/internal/cells"
)

// AddReport adds everything that another recorder of the service has counted.
// A job that ends keeps running totals with it: it adds the Report that its
// last run saved, and saves a new one at its end.
//
// Tallies of indicators that r does not have are left out. Groups that r does
// not have count as "other". Overdue events are left out, because they were
// never judged. [Recorder.Created] and [Tally.Since] become the earlier of both
// times, so that the totals look like one recorder's to Prometheus and
// OpenTelemetry.
//
// Add reports before the first event, because concurrent readers may see a part
// of a report. A program that takes differences of counts, such as a budget in
// memory, sees the added events as events of now.
//
// AddReport reports every mistake at once, as joined [*FieldError] values, and
// then adds nothing. A report of another service, duplicate indicators, an
// unknown reason, and more good than valid events are mistakes.
func (r *Recorder) AddReport(report Report) error {
	if err := r.checkReport(report); err != nil {
		return err
	}
	if r == nil || r.cells == nil {
		return nil
	}
	shard := cells.Shard()
	for _, t := range report.Indicators {
		if i, ok := r.position(t.Name); ok {
			r.addTally(&r.counters[i], shard, t)
		}
	}
	r.cells.Add(shard, r.unmatched(), report.Unmatched)
	r.cells.Add(shard, r.unrouted(), report.Unrouted)
	// Readers read it first, so that no tally seems to begin after its recorder.
	r.created.moveBack(report.Created)
	return nil
}

// addTally adds the tally of an indicator.
func (r *Recorder) addTally(c *counter, shard int, t Tally) {
	switch {
	case c.groups == nil:
		c.tally.addCounts(shard, t)
	case len(t.Groups) == 0:
		c.groups.other.addCounts(shard, t)
	default:
		for _, group := range t.Groups {
			c.groups.find(group.Name).addCounts(shard, group)
		}
	}
	if t.Overflow && c.groups != nil {
		c.groups.full.set()
	}
	for _, entry := range c.judge.requests.entries {
		if t.Seen[entry.entry] {
			entry.note(r)
		}
	}
}

// addCounts adds the events of another tally.
func (t *tally) addCounts(shard int, other Tally) {
	t.since.moveBack(other.Since)
	t.add(shard, good, other.Counts.Good)
	t.add(shard, bad, other.Counts.Bad())
	for i, reason := range reasons {
		t.add(shard, clientLeft+verdict(i), other.Ignored[reason])
	}
}

// checkReport returns the mistakes in a report.
func (r *Recorder) checkReport(report Report) error {
	var errs FieldErrors
	if r != nil && len(r.indicators) > 0 && report.Service != "" && report.Service != r.indicators[0].Service {
		errs.Addf("report.Service", "invalid service %q: the recorder counts %q", report.Service, r.indicators[0].Service)
	}
	checkTallies("report.Indicators", "indicator", report.Indicators, &errs)
	return errs.Err()
}

// checkTallies reports mistakes in tallies of indicators or groups.
func checkTallies(list, kind string, tallies []Tally, errs *FieldErrors) {
	positions := make(map[string]int, len(tallies))
	for i, t := range tallies {
		path := fmt.Sprintf("%s[%d]", list, i)
		if same, ok := positions[t.Name]; ok {
			errs.Addf(path+".Name", "duplicate %s %q of %s[%d]", kind, t.Name, list, same)
		}
		positions[t.Name] = i
		if t.Counts.Good > t.Counts.Valid {
			errs.Addf(path+".Counts", "invalid counts: %d good events of %d valid ones", t.Counts.Good, t.Counts.Valid)
		}
		for reason := range t.Ignored {
			if !slices.Contains(reasons, reason) {
				errs.Addf(fmt.Sprintf("%s.Ignored[%q]", path, reason), "unknown reason: want one of %q", reasons)
			}
		}
		checkTallies(path+".Groups", "group", t.Groups, errs)
	}
}
