package statuspage

import (
	"html/template"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/internal/targettext"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// sheet has everything about one objective.
type sheet struct {
	*language
	State      stateView
	Name       template.HTML
	Lede       template.HTML // since when, and the releases
	Strip      []strip
	Planned    []template.HTML // events that are open or planned
	Chart      chart
	ChartHead  string
	Data       *table // of the chart
	EventData  *table // the events in the chart
	DataTitle  string
	Periods    *table // nil for a rolling window
	Why        []template.HTML
	WhyHead    string
	Definition []fact
	Events     *table
	Ignored    *table
	Unseen     []string
	Alerts     *table
	NoAlerts   template.HTML
	Latency    *latency
	Routes     *table
	Errors     *table
	Queries    []queryGroup
	WhatIf     whatIf
	Home       link
}

// strip is a figure at the top of a sheet.
type strip struct {
	Term  string
	Big   string
	Small string        // unit, smaller
	Name  template.HTML // instead of a figure
	Text  template.HTML
}

func (v *view) sheet(s standing, target string) sheet {
	downtime := v.ledger()
	return sheet{
		language: v.l,
		State:    v.state(s), Name: v.name(s), Lede: v.lede(s), Strip: v.strip(s), Chart: v.chart(s, downtime),
		Planned:   v.plannedTexts(downtime, ahead, []standing{s}),
		ChartHead: v.l.text("sheet_chart", "window", v.soFar(s)), Data: v.days(s), EventData: v.eventTable(s, downtime),
		DataTitle: v.l.text("chart_data", "window", v.soFar(s)), Periods: v.periods(s),
		Why: v.reasons(s), WhyHead: v.l.text("decide_" + releaseClass(s.Decision.Release)),
		Definition: v.definition(s), Events: v.windows(s), Ignored: v.ignored(s), Unseen: cleaned(s.Unseen),
		Alerts: v.alertTable(s), NoAlerts: v.alerts(s), Latency: v.latency(s), Routes: v.routes(s), Errors: v.errors(s),
		Queries: v.queries(s), WhatIf: v.whatIf(s, target),
		Home: link{Href: v.at.to(""), Text: v.l.text("all_objectives")},
	}
}

func cleaned(texts []string) []string {
	shown := make([]string, len(texts))
	for i, t := range texts {
		shown[i] = clean(t)
	}
	return shown
}

// lede says since when the objective has its state.
func (v *view) lede(s standing) template.HTML {
	decision := v.l.html("decision_" + releaseClass(s.Decision.Release))
	if s.Since.IsZero() {
		return decision
	}
	return v.l.html("since", "t", v.l.when(s.Since, v.At)) + ". " + decision
}

// strip has the figures of the tile and more.
func (v *view) strip(s standing) []strip {
	window := v.soFar(s)
	if !s.HasData() {
		dash := "–"
		return []strip{
			{Term: v.l.text("strip_sli", "window", window), Big: dash, Text: v.counts(s)},
			{Term: v.l.text("strip_promised"), Big: bare(v.target(s)), Small: "%", Text: v.kindOfWindow(s)},
			{Term: v.l.text("data"), Big: dash, Text: v.outlook(s)},
			{Term: v.l.text("releases"), Big: v.releaseWord(s.Decision.Release), Text: v.why(s)},
		}
	}
	figures := []strip{
		{Term: v.l.text("strip_sli", "window", window), Big: sliPercent(s.Budget.Counts(), s.Budget.Target()), Small: "%", Text: v.sure(s)},
		{Term: v.l.text("strip_promised"), Big: bare(v.target(s)), Small: "%", Text: v.kindOfWindow(s)},
		{Term: v.l.text("col_left"), Big: percent(s.left, 1), Small: "%", Text: v.counts(s)},
		v.burnStrip(s), v.endStrip(s),
	}
	if outage, ok := s.Outage(v.At); ok {
		figures = append(figures, strip{Term: v.l.text("strip_outage"), Big: v.l.span(outage), Text: v.l.html("strip_outage_text")})
	}
	return append(figures, strip{Term: v.l.text("releases"), Big: v.releaseWord(s.Decision.Release), Text: v.releaseNote(s)})
}

// bare returns a percentage without its sign.
func bare(text string) string { return strings.TrimSuffix(strings.TrimSuffix(text, "%"), nb) }

func (v *view) kindOfWindow(s standing) template.HTML {
	key := pick(s.Objective.Objective.Window.IsCalendar(), "window_calendar", "window_rolling")
	return v.l.html(key, "window", v.window(s))
}

func (v *view) burnStrip(s standing) strip {
	p := strip{Term: v.l.text("strip_burn"), Big: "–"}
	var others []string
	for i, length := range tileSpans {
		b := s.burnOf(length)
		if b.rate == nil {
			continue
		}
		rate := v.l.rate(b.rate, s.factors(length)...)
		if i == 0 {
			p.Big = rate
		} else {
			others = append(others, v.l.span(length)+nb+rate)
		}
	}
	p.Text = escaped(strings.Join(others, ", "))
	return p
}

// endStrip says when the budget will be spent, or when releases open.
func (v *view) endStrip(s standing) strip {
	switch end, ok := s.ExhaustedAt(v.At); {
	case s.look == lookFrozen && !s.OpensAt.IsZero():
		return strip{Term: v.l.text("strip_opens"), Big: v.l.span(s.OpensAt.Sub(v.At)), Text: v.l.when(s.OpensAt, v.At)}
	case ok && end.After(v.At):
		return strip{Term: v.l.text("strip_spent"), Big: v.l.span(end.Sub(v.At)), Text: v.l.when(end, v.At)}
	}
	return strip{Term: v.l.text("outlook"), Big: "–", Text: v.outlook(s)}
}

func (v *view) releaseNote(s standing) template.HTML {
	if s.Decision.Release == budget.ReleaseFree {
		return ""
	}
	return escaped(v.releaseRule(s.Decision.Release))
}

// reasons lists the grounds of the decision about releases, and the outlook.
func (v *view) reasons(s standing) []template.HTML {
	reasons := []template.HTML{v.why(s)}
	if s.isPartial() && s.HasData() {
		reasons = append(reasons, v.known(s)+".")
	}
	if !s.Since.IsZero() {
		reasons = append(reasons, v.l.html("reason_since", "state", v.state(s).Word, "t", v.l.when(s.Since, v.At)))
	}
	reasons = append(reasons, v.outlook(s)+".")
	for _, p := range s.Decision.Postmortems {
		reasons = append(reasons, v.l.html("reason_postmortem", "name", isolated(p.Name), "x", v.l.percent(p.Spent.Rat()), "limit", v.l.share(s.policy.Postmortem)))
	}
	if outage, ok := s.Outage(v.At); ok && outage > 0 {
		reasons = append(reasons, v.l.html("outage", "d", v.l.span(outage))+".")
	}
	return reasons
}

// windows has the events of the recent spans and of the window.
func (v *view) windows(s standing) *table {
	t := newTable(v.l.text("windows_caption"), 1, v.l.text("th_window"), v.l.text("th_valid"), v.l.text("th_good"), v.l.text("th_bad"),
		"SLI", v.l.text("burn"), v.l.text("th_known"))
	add := func(name string, span status.Span) {
		c := span.Counts
		sli, rate := v.dash(), v.dash()
		if c.Valid > 0 {
			sli = escaped(sliPercent(c, s.Objective.Objective.Target) + v.l.space + "%")
			if r, ok := budget.BurnRate(s.Objective.Objective.Target, c); ok && span.IsKnown() {
				rate = escaped(v.l.rate(r.Rat(), s.factors(span.Length)...))
			}
		}
		known := v.l.percent(ratio(span.Known, span.Length))
		t.add(name, v.l.count(c.Valid), v.l.count(c.Good), v.l.count(c.Bad()), sli, rate, known)
	}
	for _, span := range s.Spans {
		add(v.l.span(span.Length), span)
	}
	whole := status.Span{Length: 1, Known: 1, Counts: s.Budget.Counts()}
	if c := s.Budget.Coverage(); !c.IsComplete() {
		whole.Length, whole.Known = c.Of, c.Known
	}
	add(v.soFar(s), whole)
	return t
}

// dash is a figure that is not known.
func (v *view) dash() template.HTML {
	return `<span aria-hidden="true">–</span><span class="sr">` + v.l.html("unknown") + `</span>`
}

// ignored has the events that do not count, by reason. It is nil without any.
func (v *view) ignored(s standing) *table {
	var all uint64
	t := newTable(v.l.text("ignored_caption"), 1, v.l.text("th_reason"), v.l.text("th_events"))
	for _, reason := range sortedKeys(s.Ignored) {
		n := s.Ignored[reason]
		all += n
		key := "ignored_" + string(reason)
		name := clean(string(reason))
		if _, ok := v.l.messages[key]; ok {
			name = v.l.text(key)
		}
		if n > 0 {
			t.add(name, v.l.count(n))
		}
	}
	if all == 0 {
		return nil
	}
	return t
}

// days has the budget at the end of each day of the window, from the history.
func (v *view) days(s standing) *table {
	t := newTable(v.l.text("days_caption"), 1, v.l.text("th_to"), v.l.text("th_valid"), v.l.text("th_good"), v.l.text("th_bad"), v.l.text("col_left"))
	begin, _ := s.Objective.Objective.Window.Bounds(v.At)
	step := rowStep(begin, v.At)
	next := begin.Add(step)
	var since, rows sli.Counts // the last row, and in all rows
	for _, p := range s.History {
		if p.At.Before(begin) {
			continue
		}
		since = since.Add(p.Counts)
		if p.At.Before(next) {
			continue
		}
		left := v.dash()
		if share := leftAt(p); share != nil {
			left = escaped(v.l.percent(share))
		}
		t.add(v.l.when(p.At, v.At), v.l.count(since.Valid), v.l.count(since.Good), v.l.count(since.Bad()), left)
		rows = rows.Add(since)
		since, next = sli.Counts{}, p.At.Add(step)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	if s.left != nil {
		c := s.Budget.Counts()
		if rest, ok := c.Sub(rows); ok && rest != (sli.Counts{}) {
			t.add(v.l.when(v.At, v.At), v.l.count(rest.Valid), v.l.count(rest.Good), v.l.count(rest.Bad()), v.left(s))
		}
		t.foot(v.soFar(s), v.l.count(c.Valid), v.l.count(c.Good), v.l.count(c.Bad()), v.left(s))
	}
	return t
}

// rowStep returns the time between the rows of a table about a time: a day, or
// an hour if it is short, and more if it is long.
func rowStep(begin, now time.Time) time.Duration {
	if now.Sub(begin) < 3*24*time.Hour {
		return time.Hour
	}
	return max(24*time.Hour, now.Sub(begin)/31)
}

// alertTable has the alerts. It is nil without any.
func (v *view) alertTable(s standing) *table {
	if len(s.Alarms) == 0 {
		return nil
	}
	minBad := v.l.count(s.Alarms[0].MinBad)
	t := newTable(v.l.text("alerts_caption", "n", minBad), 1, v.l.text("th_severity"), v.l.text("th_spent"), v.l.text("th_factor"),
		v.l.text("th_long"), v.l.text("th_short"), v.l.text("th_min_bad", "n", minBad), v.l.text("th_state"))
	for _, a := range s.Alarms {
		state := v.l.html("quiet")
		if !s.judged(a) {
			state = v.l.html("unjudged")
		}
		if a.Firing {
			state = "<strong>" + v.l.html("firing") + "</strong>"
		}
		factor := a.Factor.Rat()
		burn := func(length time.Duration, rate budget.Ratio, valid uint64) any {
			if valid == 0 {
				return escaped(v.l.span(length)+" ") + v.dash()
			}
			return v.l.span(length) + " " + v.l.rate(rate.Rat(), factor)
		}
		t.add(capitalized(v.severity(a.Alert.Severity)), v.l.text("spent_in", "share", v.l.share(a.Alert.Budget), "window", v.l.span(a.Alert.Long)),
			v.l.rate(factor), burn(a.Alert.Long, a.LongBurn, a.Long.Valid), burn(a.Alert.Short, a.ShortBurn, a.Short.Valid), v.l.count(a.Long.Bad()), state)
	}
	return t
}

// whatIf is the objective with another target.
type whatIf struct {
	Action, Value string
	Hidden        []link
	Result        template.HTML // empty without a question
}

// whatIf returns the budget with another target, in percent.
func (v *view) whatIf(s standing, text string) whatIf {
	q := whatIf{Action: v.at.base + sheetPath(s), Value: text, Hidden: v.at.hidden()}
	if text == "" {
		q.Value = bare(v.target(s))
		return q
	}
	percent, mistake, meant := targettext.Read(strings.TrimSpace(text))
	target, err := slo.ParseTarget(percent)
	if mistake != targettext.None || err != nil || len(text) > maxName {
		q.Result = v.mistaken(s, text, mistake, meant)
		return q
	}
	o := s.Objective
	o.Objective.Target = target
	o.Budget = budget.New(target, o.Objective.Window, s.Budget.Counts()).WithCoverage(s.Budget.Coverage())
	o.State = status.StateOf(s.policy.Decide(o.Budget.State(v.At, "")), s.policy)
	other := v.stand(o)
	if !other.HasData() {
		q.Result = v.l.html("whatif_nodata")
		return q
	}
	q.Result = v.l.html("whatif_result", "target", v.target(other), "state", v.state(other).Word, "left", v.left(other), "counts", v.counts(other))
	if !o.Objective.Window.IsCalendar() {
		length := o.Objective.Window.Length(v.At)
		q.Result += " " + v.l.html("whatif_downtime", "d", v.l.span(budget.Downtime(target, length)), "window", v.window(other))
	}
	return q
}

// mistaken says why a text is not a target, and links the one that was meant.
func (v *view) mistaken(s standing, text string, m targettext.Mistake, meant string) template.HTML {
	number := strings.TrimSuffix(meant, "%")
	link := template.HTML("")
	if _, err := slo.ParseTarget(number + "%"); err == nil {
		href := template.HTMLEscapeString(v.at.to(sheetPath(s), "target", number+"%"))
		link = template.HTML(`<a href="`+href+`">`) + escaped(number+v.l.space+"%") + "</a>" //nolint:gosec // escaped
	}
	key := "whatif_wrong"
	switch {
	case len(text) > maxName:
	case m == targettext.Ambiguous:
		key = "whatif_ambiguous"
	case m == targettext.Decimals:
		key = "whatif_decimals"
	case link == "":
	case m == targettext.Ratio:
		key = "whatif_ratio"
	default:
		key = "whatif_meant"
	}
	return v.l.html(key, "text", isolated(text), "percent", isolated(strings.TrimSpace(text)+v.l.space+"%"), "meant", link)
}
