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

// elapsed returns the time since the beginning of the period that was running
// at some age, in seconds. The operand of the remainder is never negative, also
// in unit tests, whose time begins at zero. With a scale, a period may not be
// an exact number, so half a millisecond keeps its end in the next period.
func (s scale) elapsed(period, age time.Duration) string {
	ahead := period - age
	if s > 1 {
		ahead += time.Duration(s) * time.Millisecond / 2
	}
	return fmt.Sprintf("(time() + %s) %% %s", s.seconds(ahead), s.seconds(period))
}

// running returns a function, such as sum_over_time, of the steps in the
// running period, which is the one at the age of the middle. If late is
// positive, each period begins that much later for the evaluation.
//
// A subquery cannot begin at the last full hour or midnight. Therefore running
// divides time into pairs of periods, and takes the steps in the same half of a
// pair as the evaluation. A step belongs to the period that ran at its age
// stepMiddle, because it covers the time before it.
func (s scale) running(function, series string, period, step, stepMiddle, late time.Duration, offset string) string {
	inHalf := func(age time.Duration, operator string) string {
		return fmt.Sprintf("on () (vector(%s) %s %s)", s.elapsed(2*period, age), operator, s.seconds(period))
	}
	ofHalf := func(operator string) string {
		return fmt.Sprintf("(%s((%s and %s)[%s:%s]%s) and %s)", function, series, inHalf(stepMiddle, operator),
			s.text(period+late), s.text(step), offset, inHalf(middle+late, operator))
	}
	return ofHalf("<") + "\n  or\n  " + ofHalf(">=")
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
