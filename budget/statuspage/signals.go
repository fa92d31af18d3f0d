package statuspage

import (
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// maxRows is the number of routes and of errors that a sheet shows.
const maxRows = 5

// latency has the percentiles beside the exact share within the bound.
type latency struct {
	Share   template.HTML // empty without a bound
	Picture *percentiles
	Table   *table
}

// latency returns nil if nothing is known.
func (v *view) latency(s standing) *latency {
	l := &latency{}
	bounded, ok := v.bounded(s)
	var bound = bounded.Objective.Objective.Indicator.Good.Within
	if ok && bounded.HasData() {
		c := bounded.Budget.Counts()
		within := template.HTML("<strong>" + template.HTMLEscapeString(sliPercent(c, bounded.Budget.Target())+v.l.space+"%") + "</strong>") //nolint:gosec // escaped
		l.Share = v.l.html("within", "share", within, "d", v.l.milliseconds(bound), "good", v.l.count(c.Good), "valid", v.l.count(c.Valid))
		if bounded.id != s.id {
			link := template.HTML(`<a href="` + template.HTMLEscapeString(v.at.objective(bounded)) + `">`) //nolint:gosec // escaped
			l.Share += " " + v.l.html("within_of", "name", link+v.name(bounded)+"</a>", "target", v.target(bounded))
		}
	}
	if s.Latency != nil {
		p := v.percentiles(*s.Latency, bound)
		l.Picture = &p
		l.Table = newTable(v.l.text("latency_caption"), 1, v.l.text("th_figure"), v.l.text("th_value"))
		for _, named := range latencyPoints(*s.Latency) {
			l.Table.add(named.name, v.l.milliseconds(named.at))
		}
	}
	if l.Share == "" && l.Picture == nil {
		return nil
	}
	return l
}

// bounded returns the objective that bounds the latency of the same requests,
// which may be s itself.
func (v *view) bounded(s standing) (standing, bool) {
	same := func(a, b sli.Indicator) bool {
		return a.Service == b.Service && slices.Equal(a.Requests, b.Requests)
	}
	if s.Objective.Objective.Indicator.Good.Within > 0 {
		return s, true
	}
	for _, other := range v.standings {
		ind := other.Objective.Objective.Indicator
		if ind.Good.Within > 0 && same(ind, s.Objective.Objective.Indicator) {
			return other, true
		}
	}
	return standing{}, false
}

// routes has the routes with the most bad events. It is nil without any.
func (v *view) routes(s standing) *table {
	if v.options.Routes == nil {
		return nil
	}
	routes := slices.Clone(ask(v, "Routes", func() []Route { return v.options.Routes(s.Objective.Objective) }))
	if len(routes) == 0 {
		return nil
	}
	slices.SortStableFunc(routes, func(a, b Route) int {
		return pick(a.Counts.Bad() == b.Counts.Bad(), 0, pick(a.Counts.Bad() > b.Counts.Bad(), -1, 1))
	})
	var all sli.Counts
	for _, r := range routes {
		all = all.Add(r.Counts)
	}
	t := newTable(v.l.text("routes_caption", "n", min(len(routes), maxRows), "all", len(routes)), 1, v.l.text("th_route"), v.l.text("th_valid"), v.l.text("th_bad"),
		v.l.text("th_share"), "SLI", "p99", v.l.text("th_trace"))
	row := func(name template.HTML, r Route) []any {
		share, ratio, p99 := v.dash(), v.dash(), v.dash()
		if all.Bad() > 0 {
			share = escaped(v.l.percent(partOf(r.Counts.Bad(), all.Bad())))
		}
		if r.Counts.Valid > 0 {
			ratio = escaped(v.sliText(r.Counts, s.Objective.Objective.Target))
		}
		if r.P99 > 0 {
			p99 = escaped(v.l.milliseconds(r.P99))
		}
		trace := v.trace(ErrorGroup{Text: r.Name, TraceID: r.TraceID})
		return []any{name, v.l.count(r.Counts.Valid), v.l.count(r.Counts.Bad()), share, ratio, p99, trace}
	}
	for _, r := range routes[:min(len(routes), maxRows)] {
		t.add(row(code(r.Name), r)...)
	}
	t.foot(row(v.l.html("total"), Route{Counts: all})...)
	return t
}

// sliText returns an SLI beside a target.
func (v *view) sliText(c sli.Counts, t slo.Target) string {
	return sliPercent(c, t) + v.l.space + "%"
}

// errors has the last groups of errors. It is nil without any.
func (v *view) errors(s standing) *table {
	if v.options.Errors == nil {
		return nil
	}
	groups := slices.Clone(ask(v, "Errors", func() []ErrorGroup { return v.options.Errors(s.Objective.Objective) }))
	if len(groups) == 0 {
		return nil
	}
	slices.SortStableFunc(groups, func(a, b ErrorGroup) int { return b.Last.Compare(a.Last) })
	t := newTable(v.l.text("errors_caption"), 2, v.l.text("th_error"), v.l.text("th_status"), v.l.text("th_events"), v.l.text("th_first"), v.l.text("th_last"), v.l.text("th_trace"))
	for _, g := range groups[:min(len(groups), maxRows)] {
		first, last := v.dash(), v.dash()
		if !g.First.IsZero() {
			first = v.l.when(g.First, v.At)
		}
		if !g.Last.IsZero() {
			last = v.l.when(g.Last, v.At)
		}
		t.add(isolated(g.Text), isolated(g.Status), v.l.count(g.Count), first, last, v.trace(g))
	}
	return t
}

// shortTrace is the number of characters of a trace's ID that a link shows.
const shortTrace = 8

// trace returns a link to an example of an error.
func (v *view) trace(g ErrorGroup) template.HTML {
	if g.TraceID == "" {
		return v.dash()
	}
	id := []rune(clean(g.TraceID))
	short := code(string(id[:min(len(id), shortTrace)]))
	if v.options.TraceURL == "" {
		return short
	}
	href := inURL(strings.ReplaceAll(v.options.TraceURL, traceID, url.PathEscape(g.TraceID)))
	what := `<span class="sr"> ` + v.l.html("trace_of", "error", isolated(g.Text)) + `</span>`
	return template.HTML(`<a href="`+template.HTMLEscapeString(href)+`" rel="noreferrer">`) + short + what + "</a>" //nolint:gosec // escaped
}
