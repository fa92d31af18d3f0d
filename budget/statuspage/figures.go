package statuspage

import (
	"math/big"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Rounding. A figure is rounded half up from exact counts, and never onto a
// mark: 0, 100 % or the promise. An SLO that is missed by little is missed, and
// a budget of which little is left is not spent.

// minus is the sign of negative figures. A hyphen is shorter than a digit.
const minus = "\u2212"

var (
	zero    = new(big.Rat)
	hundred = big.NewRat(100, 1)
)

// fixed returns a number with a number of decimals, rounded half away from
// zero, with separators between the thousands.
func fixed(x *big.Rat, decimals int) string {
	digits := new(big.Rat).Abs(x).FloatString(decimals) // half away from zero
	whole, fraction, hasFraction := strings.Cut(digits, ".")
	text := thousands(whole)
	if hasFraction {
		text += "." + fraction
	}
	if x.Sign() < 0 && strings.Trim(digits, "0.") != "" {
		text = minus + text
	}
	return text
}

// thousands separates the thousands of a whole number by commas, as English
// and Korean do.
func thousands(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// apart is like fixed, but a number close to a mark reads ">99.99" or "<0.1".
// Only a number that is exactly 0 or 100 reads "0" or "100", without decimals.
func apart(x *big.Rat, decimals int, marks ...*big.Rat) string {
	text := fixed(x, decimals)
	for _, mark := range marks {
		switch {
		case x.Cmp(mark) == 0 && (mark == zero || mark == hundred):
			return fixed(mark, 0)
		case x.Cmp(mark) == 0 || text != fixed(mark, decimals):
			continue
		case x.Cmp(mark) < 0:
			return ">" + fixed(new(big.Rat).Sub(mark, step(decimals)), decimals)
		default:
			return "<" + fixed(new(big.Rat).Add(mark, step(decimals)), decimals)
		}
	}
	return text
}

// step returns one unit of the last decimal.
func step(decimals int) *big.Rat {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	return new(big.Rat).SetFrac(big.NewInt(1), unit)
}

// percent returns a ratio in percent, without the sign.
func percent(ratio *big.Rat, decimals int) string {
	return apart(new(big.Rat).Mul(ratio, hundred), decimals, zero, hundred)
}

// decimalsOf returns the decimals of an SLI: the target's and one more.
func decimalsOf(t slo.Target) int {
	_, fraction, _ := strings.Cut(strings.TrimSuffix(t.String(), "%"), ".")
	return len(fraction) + 1
}

// sliPercent returns good / valid in percent, without the sign. The promise is
// a mark. The counts must have a valid event.
func sliPercent(c sli.Counts, t slo.Target) string {
	share := new(big.Rat).Mul(c.Rat(), hundred)
	return apart(share, decimalsOf(t), zero, hundred, new(big.Rat).Mul(t.Rat(), hundred))
}

// intervalPercent returns the bounds of an interval in percent. They have more
// decimals if one would otherwise read like the promise, 0 or 100.
func intervalPercent(low, high float64, t slo.Target) (string, string) {
	a, b := percentOf(low), percentOf(high)
	marks := []*big.Rat{zero, hundred, new(big.Rat).Mul(t.Rat(), hundred)}
	decimals := decimalsOf(t)
	for decimals < maxDecimals && (onMark(a, decimals, marks) || onMark(b, decimals, marks)) {
		decimals++
	}
	return fixed(a, decimals), fixed(b, decimals)
}

// maxDecimals is the precision of a target in percent.
const maxDecimals = 7

// onMark reports whether a number reads like a mark that it is not.
func onMark(x *big.Rat, decimals int, marks []*big.Rat) bool {
	return slices.ContainsFunc(marks, func(m *big.Rat) bool {
		return x.Cmp(m) != 0 && fixed(x, decimals) == fixed(m, decimals)
	})
}

func percentOf(f float64) *big.Rat { return new(big.Rat).Mul(ratOf(f), hundred) }

// rate returns a burn rate with one decimal. It never reads like a factor that
// it has not reached.
func rate(r *big.Rat, factors ...*big.Rat) string {
	return apart(r, 1, append([]*big.Rat{zero}, factors...)...)
}
