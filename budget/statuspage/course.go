package statuspage

import (
	"math/big"
	"slices"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// moment has the events of all steps of a leg in the windows that end at it.
type moment struct {
	at  time.Time
	sum sli.Counts
}

// course adds up the histories of the steps. It is nil unless all of them have
// the same moments, as histories of one source have.
func (l leg) course() []moment {
	var course []moment
	for i, s := range l.steps {
		if i > 0 && len(s.History) != len(course) {
			return nil
		}
		for j, p := range s.History {
			switch {
			case i == 0:
				course = append(course, moment{p.At, p.Budget.Counts()})
			case !course[j].at.Equal(p.At):
				return nil
			default:
				course[j].sum = course[j].sum.Add(p.Budget.Counts())
			}
		}
	}
	return slices.DeleteFunc(course, func(m moment) bool { return m.sum.Valid == 0 })
}

// bad returns the share of bad events.
func (m moment) bad() *big.Rat { return partOf(m.sum.Bad(), m.sum.Valid) }

// legChart is the share of bad events of a leg over time. It is nil if the
// steps have no common history, and without a bad event.
func (v *view) legChart(l leg) *chart {
	course := thin(append(l.course(), moment{v.At, l.sum}), chartPoints)
	if len(course) < 2 || l.sum.Valid == 0 {
		return nil
	}
	top := new(big.Rat)
	for _, m := range course {
		if m.bad().Cmp(top) > 0 {
			top = m.bad()
		}
	}
	if top.Sign() == 0 {
		return nil
	}
	a := axis{course[0].at, v.At}
	decimals := l.decimals()
	share := func(r *big.Rat) string { return percent(r, decimals) + v.l.space + "%" }
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
	for _, m := range course {
		path.point(a.at(m.at)*chartWidth/100, height(m.bad())-chartTop)
	}
	c.Path, c.EndX, c.EndY = path.String(), "100%", coordinate(height(course[len(course)-1].bad()))
	return c
}
