package budget

import (
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/slo"
)

// Downtime returns how long a service may be down within a period and still reach its target: the
// error budget times the period, 43.2 minutes of 30 days for 99.9 %. It is exact for a period in
// whole seconds, else rounded down to the nanosecond, and 0 for the zero Target and for a period
// below 0. The formula is that of Site Reliability Engineering, appendix A, "Availability Table".
func Downtime(target slo.Target, period time.Duration) time.Duration {
	hi, lo := bits.Mul64(uint64(max(period, 0)), uint64(target.BudgetPartsPerBillion()))
	allowed, _ := bits.Div64(hi, lo, billion) // fits: the budget is less than 1
	return time.Duration(allowed)
}

// units are the units of durations in words, the largest first.
var units = []struct {
	name   string
	length time.Duration
}{
	{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second},
	{"millisecond", time.Millisecond}, {"microsecond", time.Microsecond}, {"nanosecond", time.Nanosecond},
}

// FormatDuration writes a duration as people speak of downtime, in one unit: "3.65 days", "21.6
// minutes", "25.9 seconds". It has two decimals below 20 of the unit and one below 200, so that
// rounding, half away from zero, is off by at most 0.5 %. An exact number has no zeros at its end
// ("7.2 hours"), a rounded one keeps them ("1.30 minutes").
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
		number, enough := inUnit(size, i)
		if enough {
			continue // for a larger unit
		}
		if number == "1" {
			return prefix + number + " " + units[i].name
		}
		return prefix + number + " " + units[i].name + "s"
	}
}

// inUnit writes size in units[i]. It also reports whether that is enough for one of the next larger
// unit, as 59.99 minutes rounded to one decimal are.
func inUnit(size uint64, i int) (text string, enough bool) {
	unit := uint64(units[i].length)
	decimals, scale := 2, uint64(100)
	switch whole := size / unit; {
	case whole >= 200:
		decimals, scale = 0, 1
	case whole >= 20:
		decimals, scale = 1, 10
	}
	hi, lo := bits.Mul64(size, scale)
	n, rest := bits.Div64(hi, lo, unit)
	exact := rest == 0
	if rest >= unit-rest {
		n++
	}
	text = strconv.FormatFloat(float64(n)/float64(scale), 'f', decimals, 64)
	if exact && decimals > 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text, i > 0 && n >= scale*uint64(units[i-1].length)/unit
}
