package statuspage

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

// query is a PromQL query to copy.
type query struct{ Title, Text string }

// queryGroup has the queries of one origin: the series that the rules record,
// or the counters. Without queries, the hint says why.
type queryGroup struct {
	Hint    template.HTML
	Queries []query
}

// queries returns the PromQL of the figures.
func (v *view) queries(s standing) []queryGroup {
	o := s.Objective.Objective
	switch {
	case o.Slices.Length > 0:
		return []queryGroup{{Hint: v.l.html("queries_slices")}}
	case !hasRules(o.Window, v.At):
		return []queryGroup{{Hint: v.l.html("queries_zone")}, v.rawQueries(s)}
	}
	return []queryGroup{{v.l.html("queries_rules"), v.recordedQueries(s)}, v.rawQueries(s)}
}

// hasRules reports whether package promrules has rules for a window. It adds up
// full hours in UTC, so a calendar window must begin with one.
func hasRules(w slo.Window, now time.Time) bool {
	begin, _ := w.Bounds(now)
	return !w.IsCalendar() || begin.Unix()%int64(time.Hour/time.Second) == 0
}

// recordedQueries returns the queries of the series that docs/rules.md lists.
func (v *view) recordedQueries(s standing) []query {
	o := s.Objective.Objective
	indicator := promtext.LabelService + "=" + quoted(o.Indicator.Service) + "," + promtext.LabelSLI + "=" + quoted(o.Indicator.Name)
	ofIndicator, own := "{"+indicator+"}", "{"+indicator+","+promtext.LabelSLO+"="+quoted(o.SLO())+"}"
	hour := func(signal string) string { return fmt.Sprintf(promtext.RecordedIncrease1h, signal) + ofIndicator }
	window := hour
	switch length := o.Window.Length(v.At); {
	case o.Window.IsCalendar():
		window = func(signal string) string {
			return fmt.Sprintf(promtext.RecordedCalendar, signal) + string(o.Window.Period()) + own
		}
	case length != time.Hour:
		window = func(signal string) string {
			return fmt.Sprintf(promtext.RecordedWindow, signal) + promtext.Duration(length) + own
		}
	}
	share := func(events func(string) string) string {
		return events(promtext.SignalGood) + "\n  / " + events(promtext.SignalValid)
	}
	return []query{
		{v.l.text("strip_sli", "window", v.soFar(s)), share(window)},
		{v.l.text("col_left"), "1 - " + promtext.RecordedBudgetSpent + own},
		{v.l.text("strip_burn"), "(1 - " + share(hour) + ") / " + o.Target.BudgetDecimal()},
		{v.l.text("queries_release"), promtext.RecordedReleaseState + own},
	}
}

// rawQueries returns the queries of the counters. A calendar window has none
// that fits one line.
func (v *view) rawQueries(s standing) queryGroup {
	o := s.Objective.Objective
	labels := "{" + promtext.LabelService + "=" + quoted(o.Indicator.Service) + "," + promtext.LabelSLI + "=" + quoted(o.Indicator.Name) + "}"
	sum := func(function, metric, window string) string {
		return "sum(" + function + "(" + metric + labels + "[" + window + "]))"
	}
	share := func(function, window string) string {
		return sum(function, promtext.MetricGoodEvents, window) + "\n  / " + sum(function, promtext.MetricValidEvents, window)
	}
	burn := query{v.l.text("strip_burn"), "(1 - " + share("rate", "1h") + ") / " + o.Target.BudgetDecimal()}
	if o.Window.IsCalendar() {
		return queryGroup{v.l.html("queries_raw_calendar"), []query{burn}}
	}
	window := promtext.Duration(o.Window.Length(v.At))
	return queryGroup{v.l.html("queries_raw"), []query{
		{v.l.text("strip_sli", "window", v.window(s)), share("increase", window)},
		{v.l.text("col_left"), "1 - (1 - " + share("increase", window) + ") / " + o.Target.BudgetDecimal()},
		burn,
	}}
}

// quoted returns a label's value in PromQL.
func quoted(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(clean(value)) + `"`
}
