package statuspage

import (
	"html/template"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/slo"
)

// tile is an objective on the overview.
type tile struct {
	ID     string
	Rank   int    // place on the page, the worst first
	Group  string // key of the group that it belongs to
	State  stateView
	Name   template.HTML
	Plain  string // the name as text
	Href   string
	Since  template.HTML
	SLI    string // digits, empty without data
	NoData string // words for the dash
	Promise,
	Sure,
	Left,
	Counts template.HTML
	Gauge gauge
	Spark spark
	More  string
	Facts []fact
}

// stateView is a state with its shape, word and fill.
type stateView struct {
	Look look
	Word string
}

// fact is a term and its description.
type fact struct {
	Term  string
	Text  template.HTML
	Burns []burnView // instead of Text
}

// burnView is a burn rate over a span.
type burnView struct{ Span, Rate, Unknown string }

func (v *view) tile(s standing) tile {
	t := tile{
		ID: elementID(s.id), State: v.state(s), Name: v.name(s), Plain: clean(s.id), Href: v.at.objective(s),
		Promise: v.promise(s), NoData: v.l.text("nodata"), Counts: v.counts(s), Gauge: s.gauge(), More: v.l.text("more"), Facts: v.facts(s),
	}
	if !s.Since.IsZero() && s.HasData() {
		t.Since = v.l.html("since", "t", v.l.when(s.Since, v.At))
	}
	if s.HasData() {
		t.SLI = sliPercent(s.Budget.Counts(), s.Budget.Target())
		t.Left = v.l.html("left", "left", v.left(s))
		if s.look != lookHealthy {
			t.Sure = v.sure(s)
		}
	}
	t.Spark = v.spark(s)
	return t
}

func (v *view) name(s standing) template.HTML {
	return nameOf(s.Objective.Objective.Indicator.Service, s.Objective.Objective.SLO())
}

// state returns the word of a state in this language. Steps that a policy of
// its own defines have their own names.
func (v *view) state(s standing) stateView {
	k := stateView{Look: s.look, Word: v.l.text(string(s.look))}
	switch {
	case s.State == status.StateClientsLeaving:
		k.Word = v.l.text("leaving")
	case s.step.Name != "" && s.look != lookNoData:
		k.Word = v.stepWord(s.step.Name)
	}
	return k
}

// stepWord returns the word for a step of the policy.
func (v *view) stepWord(name string) string {
	if name == string(lookHealthy) || name == string(lookCaution) || name == string(lookFrozen) {
		return v.l.text(name)
	}
	return clean(name)
}

// left returns the share of the budget that is left: "16.0 %".
func (v *view) left(s standing) string { return v.l.percent(s.left) }

func (v *view) promise(s standing) template.HTML {
	key := pick(s.Objective.Objective.Window.IsCalendar(), "promised_calendar", "promised")
	return v.l.html(key, "target", v.target(s), "window", v.window(s))
}

func (v *view) target(s standing) string { return v.l.share(s.Objective.Objective.Target) }
func (v *view) window(s standing) string { return v.l.window(s.Objective.Objective.Window, v.At) }

// soFar returns the window that ends now: "30 d", "this month".
func (v *view) soFar(s standing) string {
	if w := s.Objective.Objective.Window; w.IsCalendar() {
		return v.l.text("this_" + string(w.Period()))
	}
	return v.window(s)
}

// sure returns the interval in which the SLI lies.
func (v *view) sure(s standing) template.HTML {
	if s.Objective.Objective.Slices.Length > 0 {
		return "" // slices are not independent events
	}
	interval, ok := evidence.ConfidenceInterval(s.Budget.Counts(), slo.Share{})
	if !ok {
		return ""
	}
	a, b := intervalPercent(interval.Low, interval.High, s.Budget.Target())
	return v.l.html("sure", "a", a, "b", b)
}

// counts returns the events that spent the budget, beside those it allows.
func (v *view) counts(s standing) template.HTML {
	if !s.HasData() {
		return v.l.html("nothing_counted")
	}
	key := "spent"
	if s.Objective.Objective.Slices.Bound != (slo.Share{}) {
		key = "spent_slices"
	} else if s.Objective.Objective.Slices.Length > 0 {
		return "" // parts of slices are not numbers to read
	}
	if s.IsEstimated(v.At) {
		key += "_about"
	}
	return v.l.html(key, "bad", v.l.count(s.Budget.Counts().Bad()), "allowed", v.l.count(s.Allowed(v.At)))
}

// spark draws the budget over the window and says how it went.
func (v *view) spark(s standing) spark {
	p := newSpark(pick(s.look == lookHealthy, 36, 56), s.cautionLine())
	begin, _ := s.Objective.Objective.Window.Bounds(v.At)
	p.trace(s.History, s.left, begin, v.At)
	p.Label = v.l.text("trend_short", "window", v.soFar(s)) + ". " + v.course(s)
	return p
}

// course returns one sentence about the budget over the window.
func (v *view) course(s standing) string {
	window := v.soFar(s)
	switch {
	case s.left == nil:
		return v.l.text("trend_none")
	case s.isPartial():
		return v.l.text("trend_part", "known", v.l.span(s.Budget.Coverage().Known), "window", window, "b", v.left(s))
	}
	for _, p := range s.History {
		if left := leftAt(p); left != nil {
			return v.l.text("trend_desc", "a", v.l.percent(left), "b", v.left(s), "window", window)
		}
	}
	return v.l.text("trend_unknown", "b", v.left(s))
}
