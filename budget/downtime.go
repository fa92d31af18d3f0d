package budget

import (
	"math/bits"
	"time"

	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/slo"
)

// Downtime returns how long a service may be down within a period without
// missing its target: the error budget times the period, 43.2 minutes in 30
// days for 99.9 %. It is exact for a period in whole seconds, and otherwise
// rounded down to the nanosecond. It is 0 for the zero Target and for a
// negative period.
//
// Source: Site Reliability Engineering, appendix A, "Availability Table".
func Downtime(target slo.Target, period time.Duration) time.Duration {
	hi, lo := bits.Mul64(uint64(max(period, 0)), uint64(target.BudgetPartsPerBillion()))
	allowed, _ := bits.Div64(hi, lo, billion) // fits: the budget is less than 1
	return time.Duration(allowed)
}

// units are the units that FormatDuration writes, the largest first.
var units = []struct {
	name   string
	length time.Duration
}{
	{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second},
	{"millisecond", time.Millisecond}, {"microsecond", time.Microsecond}, {"nanosecond", time.Nanosecond},
}

// FormatDuration returns a duration in the words that people use for
// downtime, in one unit: "3.65 days", "21.6 minutes", "25.9 seconds". It has
// two decimal places below 20 units and one below 200, so that rounding, half
// away from zero, changes it by at most 0.5 %. An exact number has no
// trailing zeros ("7.2 hours"), and a rounded one keeps them ("1.30
// minutes").
func FormatDuration(d time.Duration) string {
	size := uint64(d)
	prefix := ""
	if d < 0 {
		size, prefix = -size, "-"
	}
	if size == 0 {
		return "0 seconds"
	}
	for i := len(units) - 1; ; i-- {
		number, tooLarge := inUnit(size, i)
		if tooLarge {
			continue
		}
		if number == "1" {
			return prefix + number + " " + units[i].name
		}
		return prefix + number + " " + units[i].name + "s"
	}
}

// inUnit returns the number of units[i] in size. It also reports whether the
// rounded number reaches the next larger unit: 59.99 minutes round to 60.0.
func inUnit(size uint64, i int) (number string, tooLarge bool) {
	unit := uint64(units[i].length)
	places, scale := 2, uint64(100)
	switch whole := size / unit; {
	case whole >= 200:
		places, scale = 0, 1
	case whole >= 20:
		places, scale = 1, 10
	}
	hi, lo := bits.Mul64(size, scale)
	n, rest := bits.Div64(hi, lo, unit)
	if rest >= unit-rest {
		n++
	}
	appendNumber := decimal.AppendFixed
	if rest == 0 {
		appendNumber = decimal.Append
	}
	return string(appendNumber(nil, n, places)), i > 0 && n >= scale*uint64(units[i-1].length)/unit
}
