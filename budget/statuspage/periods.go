package statuspage

import (
	"html/template"
	"math/big"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/slo"
)

// restart is the time for which a past period may be unknown and still be shown
// as known: a service that was restarted has not lost its month.
const restart = time.Minute

// periods has the results of the last calendar periods. It is nil for a rolling
// window.
func (v *view) periods(s standing) *table {
	w := s.Objective.Objective.Window
	if !w.IsCalendar() {
		return nil
	}
	t := newTable(v.l.text("periods_caption"), 1, v.l.text("th_period"), v.l.text("th_valid"), v.l.text("th_good"), v.l.text("th_bad"),
		"SLI", v.l.text("col_left"), v.l.text("th_known"), v.l.text("th_result"))
	for _, p := range s.Periods {
		c, coverage := p.Budget.Counts(), p.Budget.Coverage()
		valid, good, bad, sli, left := v.dash(), v.dash(), v.dash(), v.dash(), v.dash()
		if coverage.Known > 0 || coverage.IsComplete() {
			valid, good, bad = escaped(v.l.count(c.Valid)), escaped(v.l.count(c.Good)), escaped(v.l.count(c.Bad()))
		}
		if share := leftOf(p); share != nil {
			sli, left = escaped(v.sliText(c, s.Objective.Objective.Target)), escaped(v.l.percent(share))
		}
		name := escaped(v.l.period(p.Start.In(w.Location()), w.Period()))
		t.add(name, valid, good, bad, sli, left, v.l.percent(coverage.Share().Rat()), v.result(s, p))
	}
	return t
}

// leftOf returns the share of the budget that was left at the end of a period,
// nil without data. Traffic is assumed to have been the same in the unknown
// part.
func leftOf(p status.Period) *big.Rat {
	spent, ok := p.Budget.Spent()
	if !ok {
		return nil
	}
	return untilOne(new(big.Rat).Mul(spent.Rat(), p.Budget.Coverage().Share().Rat()))
}

// met reports whether a period kept the promise, and whether enough of it is
// known to say so.
func (s standing) met(p status.Period) (met, known bool) {
	spent, ok := p.Budget.Spent()
	if !ok || !s.policy.Knows(p.Budget.Coverage()) {
		return false, false
	}
	return spent.Rat().Cmp(big.NewRat(1, 1)) <= 0, true
}

// result returns the result of a period in words.
func (v *view) result(s standing, p status.Period) template.HTML {
	coverage := p.Budget.Coverage()
	met, known := s.met(p)
	switch {
	case known && coverage.Of-coverage.Known > restart:
		return v.l.html(pick(met, "period_met_part", "period_missed_part"))
	case known:
		return v.l.html(pick(met, "period_met", "period_missed"))
	case coverage.Known == 0 && coverage.Of > 0:
		return v.l.html("period_unknown")
	case !p.Budget.HasData():
		return v.l.html("period_empty")
	}
	return v.l.html("period_short")
}

// period returns the name of a calendar period: "October 2026".
func (l *language) period(start time.Time, p slo.Period) string {
	year, month := start.Year(), start.Month()
	switch p {
	case slo.PeriodMonth:
		return l.text("name_month", "year", year, "month", pick[any](l == korean, int(month), month))
	case slo.PeriodQuarter:
		return l.text("name_quarter", "year", year, "n", (int(month)+2)/3)
	}
	return l.text("name_year", "year", year)
}

func (v *view) periodDocs(s standing) []periodDoc {
	docs := []periodDoc{}
	for _, p := range s.Periods {
		c := p.Budget.Counts()
		d := periodDoc{Start: p.Start.UTC(), End: p.End.UTC(), Good: c.Good, Valid: c.Valid, Known: decimalOf(p.Budget.Coverage().Share().Rat())}
		if left := leftOf(p); left != nil {
			d.SLI, d.LeftRatio = textOrNull(decimalOf(c.Rat())), textOrNull(decimalOf(left))
		}
		if met, known := s.met(p); known {
			d.Met = &met
		}
		docs = append(docs, d)
	}
	return docs
}
