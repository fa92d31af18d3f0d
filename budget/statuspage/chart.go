package statuspage

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
)

// chart is the course of the budget over the window, with the events of the
// ledger. Positions are in percent of the width, so that texts keep their size.
type chart struct {
	ID          string // begins the IDs of the title and the description
	Title, Desc string
	Lines       []chartLine
	Bands       []band
	Ticks       []tick
	Marks       []mark
	Path        string // within 1000 units of width
	Unknown     string // width of the part that is not known, empty if known
	EndX, EndY  string // the present, empty without data
	Now         string // place of the present, empty if it is the end
	NowLabel    string
}

// chartLine is a horizontal line with its label.
type chartLine struct {
	Class, LabelClass string
	Y, LabelY         string
	Label             string
}

// band is a time in which an event lasted.
type band struct{ Class, X, Width string }

// tick is a date on the axis.
type tick struct {
	X, Anchor, Label string
	Alt              bool // a narrow screen leaves it out
}

// mark is the letter of an event.
type mark struct {
	Letter, Class string
	X, Y, LineY   string
	LetterY       string
	Line          bool // to the axis, at LineX
	LineX         string
	Text          template.HTML // explains it below the chart
	at            float64
	begin, end    time.Time
}

const (
	chartTop    = 44.0
	chartBottom = 238.0
	chartLowest = -0.2
	chartWidth  = 1000.0
	chartPoints = 240
	// chartAhead is the part of a window by which a chart looks ahead.
	chartAhead = 4
	// maxMarks is the number of events that have letters.
	maxMarks = 26
)

// chartY returns the height of a share of the budget.
func chartY(left float64) float64 {
	left = min(max(left, chartLowest), 1)
	return chartBottom - (left-chartLowest)/(1-chartLowest)*(chartBottom-chartTop)
}

// axis is the time from the left to the right of a chart.
type axis struct{ begin, end time.Time }

// at returns the place of a moment in percent of the width. A window that has
// just begun has no width.
func (a axis) at(t time.Time) float64 {
	if !a.end.After(a.begin) {
		return 0
	}
	return min(max(float64(t.Sub(a.begin))/float64(a.end.Sub(a.begin))*100, 0), 100)
}

// axis returns the window. It goes on after now if an event is planned there.
func (v *view) axis(s standing, downtime ledger.Ledger) axis {
	begin, _ := s.Objective.Objective.Window.Bounds(v.At)
	more := min(ahead, v.At.Sub(begin)/chartAhead)
	for _, e := range v.announced(downtime, more) {
		if v.tenseOf(e) == planned {
			return axis{begin, v.At.Add(more)}
		}
	}
	return axis{begin, v.At}
}

func (v *view) chart(s standing, downtime ledger.Ledger) chart {
	a := v.axis(s, downtime)
	c := chart{
		ID:    "c",
		Title: v.l.text("trend", "name", clean(s.id), "window", v.soFar(s)), Desc: strings.TrimSpace(v.course(s) + " " + v.story(s, downtime)),
		Lines: v.chartLines(s), Ticks: v.ticks(a), Marks: v.marks(s, downtime, a),
	}
	for _, m := range c.Marks {
		if m.Class != "deploy" {
			x0 := a.at(m.begin)
			c.Bands = append(c.Bands, band{Class: m.Class, X: percentage(x0), Width: percentage(max(0.5, a.at(m.end)-x0))})
		}
	}
	if a.end.After(v.At) {
		c.Now, c.NowLabel = percentage(a.at(v.At)), v.l.text("chart_now")
	}
	c.trace(s, a, v.At)
	return c
}

// trace draws the history up to the present.
func (c *chart) trace(s standing, a axis, now time.Time) {
	end := a.at(now)
	if s.left == nil {
		c.Unknown = percentage(end)
		return
	}
	present, _ := s.left.Float64()
	c.EndX, c.EndY = percentage(end), coordinate(chartY(present))
	var line pathWriter
	known := end
	for _, p := range thin(s.History, chartPoints) {
		if p.At.Before(a.begin) || p.At.After(now) {
			continue
		}
		left := leftAt(p)
		if left == nil {
			line.lift()
			continue
		}
		x := a.at(p.At)
		known = min(known, x)
		height, _ := left.Float64()
		line.point(x*chartWidth/100, chartY(height)-chartTop)
	}
	line.point(end*chartWidth/100, chartY(present)-chartTop)
	c.Path = line.String()
	if known > 2 {
		c.Unknown = percentage(known)
	}
}

// chartLines are the whole budget, its quarters, the first stricter step and
// the promise.
func (v *view) chartLines(s standing) []chartLine {
	at := func(class string, left float64, label string) chartLine {
		return chartLine{Class: class, LabelClass: "ax", Y: coordinate(chartY(left)), LabelY: coordinate(chartY(left) - 4), Label: label}
	}
	whole := func(percent int) string { return strconv.Itoa(percent) + v.l.space + "%" }
	lines := []chartLine{at("grid", 1, v.l.text("chart_whole", "whole", whole(100)))}
	caution := s.cautionLine()
	for _, quarter := range []float64{0.75, 0.5, 0.25} {
		if quarter > caution+0.1 || quarter < caution-0.1 {
			lines = append(lines, at("grid", quarter, whole(int(quarter*100))))
		}
	}
	if len(s.policy.Steps) > 1 {
		step := s.policy.Steps[1]
		limit := v.l.percentShort(untilOne(step.From.Rat()))
		lines = append(lines, at("cautionline", caution, limit+" "+v.stepWord(step.Name)))
	}
	promise := at("targetline", 0, v.l.text("chart_promise", "zero", whole(0), "target", v.target(s)))
	promise.LabelClass, promise.LabelY = "ax strong", coordinate(chartY(0)+16)
	return append(lines, promise)
}

// ticks are seven dates, or hours of a short time.
func (v *view) ticks(a axis) []tick {
	length := a.end.Sub(a.begin)
	var ticks []tick
	for i := range 7 {
		t := a.begin.Add(length * time.Duration(i) / 6).UTC()
		label := v.l.tick(t)
		if length < 3*24*time.Hour {
			label = t.Format("15:04")
		}
		x := float64(i) * 100 / 6
		ticks = append(ticks, tick{X: percentage(x), Anchor: anchor(x), Label: label, Alt: i%2 == 1})
	}
	return ticks
}

func percentage(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }

// markClasses are the classes of the kinds of entries.
var markClasses = map[ledger.Kind]string{
	ledger.KindOutage: "inc", ledger.KindMaintenance: "maint", ledger.KindDeployment: "deploy", ledger.KindDrill: "maint",
}

// drawn returns the entries that a chart draws. If there are more than letters,
// it leaves out the oldest.
func (v *view) drawn(downtime ledger.Ledger, a axis) []ledger.Entry {
	in := downtime.Between(a.begin, a.end)
	in = slices.DeleteFunc(in, func(e ledger.Entry) bool { return e.Kind == ledger.KindOutage && v.tenseOf(e) == planned })
	return in[max(0, len(in)-maxMarks):]
}

// marks are the events of the ledger, with letters in order.
func (v *view) marks(s standing, downtime ledger.Ledger, a axis) []mark {
	in := v.drawn(downtime, a)
	marks := make([]mark, len(in))
	for i, e := range in {
		m := &marks[i]
		*m = mark{Letter: letter(i), Class: "inc", begin: e.Start, end: e.End, Text: v.described(downtime, e, s)}
		if class, ok := markClasses[e.Kind]; ok {
			m.Class = class
		}
		if e.End.IsZero() {
			m.end = v.At
			if v.tenseOf(e) == planned {
				m.end = a.end
			}
		}
		at := a.at(m.begin)
		m.LineX, m.Line = percentage(at), m.Class == "deploy"
		if !m.Line {
			at = (at + a.at(m.end)) / 2
		}
		m.at = at
	}
	spread(marks)
	return marks
}

// spread places the letters in two rows, in which they do not cover each other.
// It begins with the latest. Letters of more than two neighbors move to the
// left.
func spread(marks []mark) {
	const near, least = 7.0, 5.5 // in percent of the width
	free := [2]float64{200, 200} // left ends of the rows
	for i := range slices.Backward(marks) {
		m := &marks[i]
		row := 0
		if free[0]-m.at < near && free[1] > free[0] {
			row = 1
		}
		x := max(min(m.at, free[row]-least), 0)
		free[row] = x
		y := 11 + 21*float64(row)
		m.X, m.Y, m.LetterY, m.LineY = percentage(x), coordinate(y), coordinate(y+4), coordinate(y+9)
	}
}

func letter(i int) string { return string(rune('A' + i)) }

// described returns an event in words, with a sentence about its events.
func (v *view) described(downtime ledger.Ledger, e ledger.Entry, s standing) template.HTML {
	if v.tenseOf(e) == planned {
		return v.plannedText(downtime, e, []standing{s}) + "."
	}
	text := v.l.when(e.Start, v.At)
	switch {
	case v.tenseOf(e) == open:
		text = v.l.html("event_open", "a", text)
	case e.Kind != ledger.KindDeployment:
		text = v.l.html("event_span", "a", text, "b", v.l.until(e.Start, e.End, v.At))
	}
	text += ". " + v.title(e) + "."
	if counting := v.counting(downtime, e, s); counting != "" {
		text += " " + counting
	}
	if x, ok := spentBy(e, s); ok {
		key, args := v.spentText(x, s)
		text += " " + v.l.html(key, args...)
	}
	return text
}

// spentBy returns the share of the objective's budget that an outage spent.
func spentBy(e ledger.Entry, s standing) (budget.Ratio, bool) {
	for _, incident := range s.Decision.State.Incidents {
		if e.Kind == ledger.KindOutage && incident.Name == e.Name {
			return incident.Spent, true
		}
	}
	return budget.Ratio{}, false
}

// title returns the kind and the name of an event.
func (v *view) title(e ledger.Entry) template.HTML {
	return v.l.html(cmp.Or(entryKeys[e.Kind], "incident")+"_was", "name", isolated(e.Name))
}

// eventTable has the events that the chart draws. It is nil without any.
func (v *view) eventTable(s standing, downtime ledger.Ledger) *table {
	in := v.drawn(downtime, v.axis(s, downtime))
	if len(in) == 0 {
		return nil
	}
	t := newTable(v.l.text("planned_caption"), 1, v.l.text("th_event"), v.l.text("th_from"), v.l.text("th_to"), v.l.text("th_counts"))
	for i, e := range in {
		end := v.l.html("no_end")
		if !e.End.IsZero() {
			end = v.l.when(e.End, v.At)
		}
		x := v.excluded(e, s)
		counts := pick(x.whole, "count_none", pick(x.part, "count_part", "count_all"))
		t.add(escaped(letter(i)+" ")+v.title(e), v.l.when(e.Start, v.At), end, v.l.html(counts))
	}
	return t
}

// percentiles are durations on an axis from 0, with the bound.
type percentiles struct {
	Title, Desc string
	Bound       string // place, empty without a bound
	Beyond      string // width of the part beyond it
	BoundLabel  string
	Points      []point
}

// point is a percentile.
type point struct{ X, Anchor, Label string }

func (v *view) percentiles(l status.Latency, bound time.Duration) percentiles {
	limit := float64(max(l.P99, bound)) * 1.2
	at := func(d time.Duration) float64 { return float64(d) / max(limit, 1) * 100 }
	p := percentiles{Title: v.l.text("latency_title")}
	if bound > 0 {
		p.Bound, p.Beyond = percentage(at(bound)), percentage(100-at(bound))
		p.BoundLabel = v.l.text("bound", "d", v.l.milliseconds(bound))
		p.Title = v.l.text("latency_bound", "d", v.l.milliseconds(bound))
	}
	last := -100.0
	for _, named := range latencyPoints(l) {
		x := at(named.at)
		label := named.name + " " + v.l.milliseconds(named.at)
		p.Desc += label + ". "
		if x-last < 14 { // labels would overlap; the table has them all
			label = ""
		} else {
			last = x
		}
		p.Points = append(p.Points, point{X: percentage(x), Anchor: anchor(x), Label: label})
	}
	return p
}

// anchor returns where a label at a place begins, so that it stays inside.
func anchor(x float64) string {
	switch {
	case x < 7:
		return "start"
	case x > 93:
		return "end"
	}
	return "middle"
}

type namedDuration struct {
	name string
	at   time.Duration
}

func latencyPoints(l status.Latency) []namedDuration {
	return []namedDuration{{"p50", l.P50}, {"p95", l.P95}, {"p99", l.P99}}
}
