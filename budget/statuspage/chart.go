package statuspage

import (
	"html/template"
	"slices"
	"strconv"
	"time"

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
	EndY        string // empty without data
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
	Line          bool
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
	// maxMarks is the number of events that have letters.
	maxMarks = 26
)

// chartY returns the height of a share of the budget.
func chartY(left float64) float64 {
	left = min(max(left, chartLowest), 1)
	return chartBottom - (left-chartLowest)/(1-chartLowest)*(chartBottom-chartTop)
}

func (v *view) chart(s standing) chart {
	begin, _ := s.Objective.Objective.Window.Bounds(v.At)
	c := chart{
		ID:    "c",
		Title: v.l.text("trend", "name", clean(s.id), "window", v.window(s)), Desc: v.course(s),
		Lines: v.chartLines(s), Ticks: v.ticks(begin), Marks: v.marks(begin),
	}
	for _, m := range c.Marks {
		if m.Class != "deploy" {
			x0 := position(m.begin, begin, v.At)
			c.Bands = append(c.Bands, band{Class: m.Class, X: percentage(x0), Width: percentage(max(0.5, position(m.end, begin, v.At)-x0))})
		}
	}
	c.trace(s, begin, v.At)
	return c
}

// trace draws the history up to the present.
func (c *chart) trace(s standing, begin, now time.Time) {
	if s.left == nil {
		c.Unknown = "100%"
		return
	}
	present, _ := s.left.Float64()
	c.EndY = coordinate(chartY(present))
	var line pathWriter
	known := 100.0
	for _, p := range thin(s.History, chartPoints) {
		left := leftAt(p)
		if left == nil || p.At.Before(begin) || p.At.After(now) {
			line.lift()
			continue
		}
		x := position(p.At, begin, now)
		known = min(known, x)
		height, _ := left.Float64()
		line.point(x*chartWidth/100, chartY(height)-chartTop)
	}
	line.point(chartWidth, chartY(present)-chartTop)
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
	caution := v.cautionLine()
	for _, quarter := range []float64{0.75, 0.5, 0.25} {
		if quarter > caution+0.1 || quarter < caution-0.1 {
			lines = append(lines, at("grid", quarter, whole(int(quarter*100))))
		}
	}
	if len(v.policy.Steps) > 1 {
		step := v.policy.Steps[1]
		limit := v.l.percentShort(untilOne(step.From.Rat()))
		lines = append(lines, at("cautionline", caution, limit+" "+v.stepWord(step.Name)))
	}
	promise := at("targetline", 0, v.l.text("chart_promise", "zero", whole(0), "target", v.target(s)))
	promise.LabelClass, promise.LabelY = "ax strong", coordinate(chartY(0)+16)
	return append(lines, promise)
}

// ticks are seven dates, or hours of a short window.
func (v *view) ticks(begin time.Time) []tick {
	length := v.At.Sub(begin)
	var ticks []tick
	for i := range 7 {
		t := begin.Add(length * time.Duration(i) / 6).UTC()
		label := v.l.tick(t)
		if length < 3*24*time.Hour {
			label = t.Format("15:04")
		}
		x := float64(i) * 100 / 6
		ticks = append(ticks, tick{X: percentage(x), Anchor: anchor(x), Label: label, Alt: i%2 == 1})
	}
	return ticks
}

// position returns the place of a moment in percent of the window.
func position(t, begin, now time.Time) float64 {
	return min(max(float64(t.Sub(begin))/float64(now.Sub(begin))*100, 0), 100)
}

func percentage(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }

// markClasses are the classes of the kinds of entries.
var markClasses = map[ledger.Kind]string{
	ledger.KindOutage: "inc", ledger.KindMaintenance: "maint", ledger.KindDeployment: "deploy", ledger.KindDrill: "maint",
}

// marks are the events of the ledger in the window, with letters in order. If
// there are more than letters, the oldest have none.
func (v *view) marks(begin time.Time) []mark {
	books := v.ledger()
	in := books.Between(begin, v.At)
	in = in[max(0, len(in)-maxMarks):]
	marks := make([]mark, len(in))
	row := 0
	for i, e := range in {
		m := &marks[i]
		*m = mark{Letter: string(rune('A' + i)), Class: "inc", begin: e.Start, end: e.End, Text: v.happened(e, books)}
		if class, ok := markClasses[e.Kind]; ok {
			m.Class = class
		}
		if e.End.IsZero() || e.End.After(v.At) {
			m.end = v.At
		}
		m.at = position(m.begin, begin, v.At)
		if m.Class != "deploy" {
			m.at = (m.at + position(m.end, begin, v.At)) / 2
		}
		if i > 0 && m.at-marks[i-1].at < 7 { // neighbors are in two rows
			row = 1 - row
		} else {
			row = 0
		}
		y := 11 + 21*float64(row)
		m.X, m.Y, m.LetterY = percentage(m.at), coordinate(y), coordinate(y+4)
		m.Line, m.LineY = m.Class == "deploy", coordinate(y+9)
	}
	return marks
}

// happened returns an event of the past in words.
func (v *view) happened(e ledger.Entry, books ledger.Ledger) template.HTML {
	text := v.l.when(e.Start, v.At)
	switch {
	case e.End.IsZero() || e.End.After(v.At):
		text = v.l.html("event_open", "a", text)
	case e.Kind != ledger.KindDeployment:
		text = v.l.html("event_span", "a", text, "b", v.l.until(e.Start, e.End, v.At))
	}
	key, ok := entryKeys[e.Kind]
	if !ok {
		key = "incident"
	}
	text += ". " + v.l.html(key+"_was", "name", isolated(e.Name)) + "."
	if slices.Contains(books.Exclude, e.Kind) {
		text += " " + v.l.html("events_excluded")
	}
	return text
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
