package promrules

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/internal/promtext"
)

const (
	day = 24 * time.Hour

	// interval is the time between two evaluations of all levels except the day.
	interval = time.Minute
	// level0 is the range of the first level, and level1 of the second.
	level0 = 5 * time.Minute
	level1 = time.Hour
	// middle is the age of the middle of the newest sample of the first level. The
	// running hour, and all windows with it, end there.
	middle = level0 / 2
	// settle is the age at which a scrape is committed for all its series. Without
	// it, a scrape that is committed between two rules shows more good than valid
	// events, or fewer.
	settle = 5 * time.Second

	// partLabel tells apart the parts of a sum, and startLabel the windows that
	// hours belong to. No recorded series has them.
	partLabel  = "part"
	startLabel = "start"
)

// A scale divides durations.
type scale int

// text returns a duration in the syntax of Prometheus, such as "30d" or "5m".
func (s scale) text(d time.Duration) string {
	ms := (int64(d/time.Millisecond) + int64(s) - 1) / int64(s)
	return promtext.Duration(time.Duration(ms) * time.Millisecond)
}

// seconds returns a duration as a number, such as "3600" or "2.5".
func (s scale) seconds(d time.Duration) string {
	return ratio(big.NewRat(int64(d), int64(time.Second)*int64(s)))
}

// ratio returns an exact decimal, or a quotient if the number has none.
func ratio(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	if n, exact := r.FloatPrec(); exact {
		return decimal.Trim(r.FloatString(n))
	}
	return "(" + r.Num().String() + " / " + r.Denom().String() + ")"
}

// running applies a function, such as sum_over_time, to the steps of the
// running period, which ends at the evaluation less the middle. The period runs
// on for some time after its end, so that its successor begins late.
//
// It takes the steps of the first or the second period in each pair, because a
// subquery cannot begin at the last full hour or midnight. A step covers the
// time before it, so that its own middle tells its period.
func (s scale) running(function, series string, period, step, stepMiddle, late time.Duration, offset string) string {
	half := func(operator string) string {
		of := func(age time.Duration) string {
			return fmt.Sprintf("on () (vector((time() - %s) %% %s) %s %s)", s.seconds(age), s.seconds(2*period), operator, s.seconds(period))
		}
		return fmt.Sprintf("(%s((%s and %s)[%s:%s]%s) and %s)",
			function, series, of(stepMiddle), s.text(period+late), s.text(step), offset, of(middle+late))
	}
	return half("<") + "\n  or\n  " + half(">=")
}

// A part is a term of a sum in which a missing series counts as zero.
type part struct{ name, expr string }

// sum adds parts. Each has a label of its own, so that the union keeps all.
func sum(parts ...part) string {
	return "sum without (" + partLabel + ") (\n  " + union(parts...) + "\n)"
}

func union(parts ...part) string {
	lines := make([]string, len(parts))
	for i, p := range parts {
		lines[i] = fmt.Sprintf("label_replace(%s, %q, %q, \"\", \"\")", p.expr, partLabel, p.name)
	}
	return strings.Join(lines, "\n  or\n  ")
}

// byIndicator is the aggregation of raw series.
const byIndicator = "sum by (" + promtext.LabelService + ", " + promtext.LabelSLI + ")"

// onIndicator joins series of an indicator with series of an objective.
const onIndicator = "on (" + promtext.LabelService + ", " + promtext.LabelSLI + ")"

// equals returns the matcher of a name, whose syntax needs no escape.
func equals(label, value string) promtext.Matcher {
	return promtext.Matcher{Label: label, Operator: "=", Value: value, Example: value}
}

// selector returns "{…}" with the matchers.
func selector(matchers ...promtext.Matcher) string {
	texts := make([]string, len(matchers))
	for i, m := range matchers {
		texts[i] = m.String()
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// fraction returns parts per billion as a decimal, such as "0.001".
func fraction(partsPerBillion int64) string { return decimal.Format(partsPerBillion, 9) }

func number(n uint64) string { return strconv.FormatUint(n, 10) }
