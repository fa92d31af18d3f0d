package statuspage

import (
	"math/big"
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/sli"
)

// moment has the events of all steps of a leg in the windows that end at it.
type moment struct {
	at  time.Time
	sum sli.Counts
	run int // number of the part of the course without a gap
}

// course adds up the histories of the steps. Each source has a clock of its
// own, so the points of two histories are never of the same moment. To each
// point of the coarsest history, course adds the nearest one of each other. It
// leaves a gap where a history has none within half the time between points.
func (l leg) course() []moment {
	coarsest, slot := l.coarsest()
	if slot <= 0 {
		return nil
	}
	var course []moment
	next := make([]int, len(l.steps))
	run, gap := 0, false
	for i, p := range coarsest {
		gap = gap || i > 0 && p.At.Sub(coarsest[i-1].At) > slot*3/2
		// Points are not evenly spaced, hence the hundredth.
		sum, ok := l.sumAt(p.At, slot/2+slot/100, next)
		if !ok || sum.Valid == 0 {
			gap = true
			continue
		}
		if gap && len(course) > 0 {
			run++
		}
		gap = false
		course = append(course, moment{p.At, sum, run})
	}
	return course
}

// coarsest returns the history with the longest time between its points, and
// that time. The time is zero if a history has less than two points.
func (l leg) coarsest() ([]status.Point, time.Duration) {
	var coarsest []status.Point
	var slot time.Duration
	for _, s := range l.steps {
		if len(s.History) < 2 {
			return nil, 0
		}
		if d := spacing(s.History); d > slot {
			coarsest, slot = s.History, d
		}
	}
	return coarsest, slot
}

// spacing returns the median time between the points of a history. Its last
// point is of the present, so it is closer to the one before than others are.
func spacing(h []status.Point) time.Duration {
	var times []time.Duration
	for i := range h[1:] {
		times = append(times, h[i+1].At.Sub(h[i].At))
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// sumAt adds up the points that are nearest to a moment, and reports whether
// each history has one within a distance. It moves next, the first point of
// each history to look at, because moments come in order.
func (l leg) sumAt(at time.Time, distance time.Duration, next []int) (sum sli.Counts, ok bool) {
	ok = true
	for i, s := range l.steps {
		h, n := s.History, next[i]
		away := func(n int) time.Duration { return h[n].At.Sub(at).Abs() }
		for n+1 < len(h) && away(n+1) <= away(n) {
			n++
		}
		next[i] = n
		ok = ok && away(n) <= distance
		sum = sum.Add(h[n].Budget.Counts())
	}
	return sum, ok
}

// bad returns the share of bad events.
func (m moment) bad() *big.Rat { return partOf(m.sum.Bad(), m.sum.Valid) }

// legCourse is the course of a leg up to the present. It is nil if the steps
// have no common history.
func (v *view) legCourse(l leg) []moment {
	course := l.course()
	if len(course) == 0 || l.sum.Valid == 0 {
		return nil
	}
	return append(course, moment{v.At, l.sum, course[len(course)-1].run})
}

// legChart draws the share of bad events of a leg over time. It is nil without
// a course, and without a bad event.
func (v *view) legChart(l leg, course []moment) *chart {
	course = thin(course, chartPoints)
	top := new(big.Rat)
	for _, m := range course {
		if m.bad().Cmp(top) > 0 {
			top = m.bad()
		}
	}
	if len(course) < 2 || top.Sign() == 0 {
		return nil
	}
	a := axis{course[0].at, v.At}
	share := func(r *big.Rat) string { return v.legShare(l, r) }
	c := &chart{
		ID: "c-" + elementID(string(l.kind)), Title: v.l.text("journey_chart", "kind", v.kind(l.kind)),
		Desc:  v.l.text("journey_course", "a", share(course[0].bad()), "b", share(course[len(course)-1].bad()), "max", share(top)),
		Ticks: v.ticks(a),
	}
	// height returns the place of a share, with the highest one at the top.
	height := func(r *big.Rat) float64 {
		f, _ := new(big.Rat).Quo(r, top).Float64()
		return chartBottom - f*(chartBottom-chartTop)
	}
	line := func(class string, r *big.Rat) chartLine {
		y := height(r)
		return chartLine{Class: class, LabelClass: "ax", Y: coordinate(y), LabelY: coordinate(y - 4), Label: share(r)}
	}
	c.Lines = []chartLine{line("grid", top), line("targetline", new(big.Rat))}
	var path pathWriter
	for i, m := range course {
		if i > 0 && course[i-1].run != m.run {
			path.lift()
		}
		path.point(a.at(m.at)*chartWidth/100, height(m.bad())-chartTop)
	}
	c.Path, c.EndX, c.EndY = path.String(), "100%", coordinate(height(course[len(course)-1].bad()))
	return c
}

// legShare returns a share of a leg's events in percent.
func (v *view) legShare(l leg, share *big.Rat) string {
	return percent(share, l.decimals()) + v.l.space + "%"
}

// legData has the figures of a leg's chart.
func (v *view) legData(l leg, course []moment) *table {
	t := newTable(v.l.text("journey_data"), 1, v.l.text("th_to"), v.l.text("th_valid"), v.l.text("th_good"), v.l.text("th_bad"), v.l.text("th_share"))
	row := func(m moment) []any {
		return []any{v.l.when(m.at, v.At), v.l.count(m.sum.Valid), v.l.count(m.sum.Good), v.l.count(m.sum.Bad()), v.legShare(l, m.bad())}
	}
	present := len(course) - 1
	step := rowStep(course[0].at, v.At)
	next := course[0].at
	for _, m := range course[:present] {
		if !m.at.Before(next) {
			t.add(row(m)...)
			next = m.at.Add(step)
		}
	}
	t.foot(row(course[present])...)
	return t
}
