package lab

import (
	"math"
	"time"

	"github.com/prometheus/common/model"
)

// lag is how old the events may be that a remaining budget shows.
const lag = 5 * time.Minute

// A Gauge compares a recorded remaining budget with the truth, at each
// evaluation.
type Gauge struct {
	Rule    string // the name of the rule that records the remaining budget
	Window  time.Duration
	Allowed func(time.Time) float64 // share of bad events
	Fleet   int
	// Convert makes a remaining budget from the recorded value if it is not
	// nil.
	Convert func(value, allowed float64) float64

	// Last is the last recorded value, at LastAt.
	Last, LastTruth float64
	LastAt          time.Time
	Evaluations     int
	NoData          int // evaluations without a value, despite a budget
	NotFinite       int
	Within          int // evaluations within the tolerance of the truth
	sum             float64
	// Worst is the largest absolute error after the first day, at WorstAt. On
	// the first day, a few events are a large share of the budget.
	Worst   float64
	WorstAt time.Time
}

// Observe takes one evaluation into account.
func (g *Gauge) Observe(l *Lab, e Evaluation) {
	if e.Rule != g.Rule {
		return
	}
	truth := l.Truth(g.Fleet, e.At, g.Window)
	allowed := g.Allowed(e.At)
	want, known := truth.Remaining(allowed)
	if known = known && float64(truth.Valid)*allowed >= 1; !known && len(e.Vector) == 0 {
		return
	}
	g.Evaluations++
	if len(e.Vector) == 0 {
		if before := l.Truth(g.Fleet, e.At.Add(-lag), g.Window); float64(before.Valid)*allowed >= 1 {
			g.NoData++
		}
		return
	}
	got := e.Vector[0].F
	if g.Convert != nil {
		got = g.Convert(got, allowed)
	}
	g.Last, g.LastTruth, g.LastAt = got, want, e.At
	if math.IsNaN(got) || math.IsInf(got, 0) {
		g.NotFinite++
		return
	}
	distance := math.Abs(got - want)
	g.sum += distance
	if distance > g.Worst && e.At.Sub(l.Start()) > 24*time.Hour {
		g.Worst, g.WorstAt = distance, e.At
	}
	if g.near(l, e.At, got, allowed) {
		g.Within++
	}
}

// near reports whether a value is within the tolerance of the truth at some
// moment of the last minutes.
func (g *Gauge) near(l *Lab, at time.Time, got, allowed float64) bool {
	least, most := math.Inf(1), math.Inf(-1)
	for t := at.Add(-lag); !t.After(at); t = t.Add(slot) {
		if want, ok := l.Truth(g.Fleet, t, g.Window).Remaining(allowed); ok {
			least, most = math.Min(least, want), math.Max(most, want)
		}
	}
	return got >= least-tolerance(least) && got <= most+tolerance(most)
}

// tolerance is the error that a remaining budget may have: 1 %, or 0.002 where
// less than a fifth is left.
func tolerance(remaining float64) float64 { return math.Max(0.002, 0.01*math.Abs(remaining)) }

// Mean returns the mean absolute error.
func (g *Gauge) Mean() float64 { return g.sum / float64(max(1, g.Evaluations-g.NoData-g.NotFinite)) }

// Outside returns the share of evaluations whose value is beyond the tolerance.
func (g *Gauge) Outside() float64 {
	return 1 - float64(g.Within)/float64(max(1, g.Evaluations-g.NoData-g.NotFinite))
}

// Accurate reports whether the last value is within the tolerance: 1 % of the
// truth, or 0.002 where less than a fifth is left.
func (g *Gauge) Accurate() bool {
	return !g.LastAt.IsZero() && math.Abs(g.Last-g.LastTruth) <= tolerance(g.LastTruth)
}

// OK reports whether the last value is within the tolerance, and every value is
// finite.
func (g *Gauge) OK() bool { return g.NotFinite == 0 && g.Accurate() }

// duration reads a duration of PromQL such as 30d.
func duration(text string) (time.Duration, error) {
	d, err := model.ParseDuration(text)
	return time.Duration(d), err
}
