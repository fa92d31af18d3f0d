package budget

import (
	"math/big"
	"strings"

	"github.com/sligo-go/sligo/slo"
)

// billion is 100 % in the parts of [slo.Target] and [slo.Share].
const billion = 1_000_000_000

// Ratio is an exact ratio: a share of an error budget, where 1 is all of it and less than 0 is
// overspent, or a burn rate. Its methods round, it does not. Compare ratios with [Ratio.Compare]: equal
// ones can differ in their parts, as 1/2 and 2/4 do. The zero Ratio is 0.
type Ratio struct {
	negative bool
	num, den u128 // den is zero in the zero Ratio only
}

// RatioOf returns part/whole, like 3/4 of a budget, or the parts per billion of a [slo.Share] over a
// billion. It returns 0 for a whole of 0.
func RatioOf(part, whole uint64) Ratio {
	if whole == 0 {
		return Ratio{}
	}
	return Ratio{num: u128{lo: part}, den: u128{lo: whole}}
}

// ratioOfShare returns a share as a Ratio.
func ratioOfShare(s slo.Share) Ratio { return RatioOf(uint64(s.PartsPerBillion()), billion) }

// parts returns num and den, with a den of 1 for the zero Ratio.
func (r Ratio) parts() (num, den u128) {
	if r.den.isZero() {
		return u128{}, u128{lo: 1}
	}
	return r.num, r.den
}

// untilOne returns 1-r for an r that is not negative.
func (r Ratio) untilOne() Ratio {
	num, den := r.parts()
	if den.less(num) {
		return Ratio{negative: true, num: num.minus(den), den: den}
	}
	return Ratio{num: den.minus(num), den: den}
}

// Sign returns -1, 0 or +1 as r is less than, equal to or more than 0.
func (r Ratio) Sign() int {
	switch {
	case r.num.isZero():
		return 0
	case r.negative:
		return -1
	}
	return +1
}

// Compare returns -1, 0 or +1 as r is less than, equal to or more than s, exactly and without
// allocating.
func (r Ratio) Compare(s Ratio) int {
	if a, b := r.Sign(), s.Sign(); a != b {
		return sign(a - b)
	}
	rnum, rden := r.parts()
	snum, sden := s.parts()
	order := compareProducts(rnum, sden, snum, rden)
	if r.negative {
		return -order
	}
	return order
}

func sign(n int) int { return min(max(n, -1), +1) }

// Rat returns r as a new big.Rat.
func (r Ratio) Rat() *big.Rat {
	num, den := r.parts()
	rat := new(big.Rat).SetFrac(num.big(), den.big())
	if r.negative {
		rat.Neg(rat)
	}
	return rat
}

// Float64 returns the float64 nearest to r.
func (r Ratio) Float64() float64 {
	f, _ := r.Rat().Float64()
	return f
}

// Percent returns r in per cent with up to two decimals, "43.75%", "-25%". A ratio that is not 0 or
// 100 % never reads as if it were: "<0.01%", ">99.99%".
func (r Ratio) Percent() string {
	rat := r.Rat()
	return rounded(rat.Mul(rat, big.NewRat(100, 1)), 100) + "%"
}

// String returns r as a decimal number with up to two decimals, "14.4" for a burn rate. A ratio that is
// not 0 or 1 never reads as if it were: "<0.01", ">0.99".
func (r Ratio) String() string { return rounded(r.Rat(), 1) }

// rounded writes a number with up to two decimals, keeping it apart from zero and from the whole: an
// SLO that is missed by little is missed.
func rounded(r *big.Rat, whole int64) string {
	const decimals = 2
	text := shortest(r.FloatString(decimals))
	step := big.NewRat(1, 100)
	for _, mark := range []*big.Rat{new(big.Rat), big.NewRat(whole, 1)} {
		if r.Cmp(mark) == 0 || text != shortest(mark.FloatString(decimals)) {
			continue
		}
		if r.Cmp(mark) < 0 {
			return ">" + shortest(mark.Sub(mark, step).FloatString(decimals))
		}
		return "<" + shortest(mark.Add(mark, step).FloatString(decimals))
	}
	return text
}

// shortest drops the zeros at the end of a decimal number with a point, and the sign of a zero.
func shortest(decimal string) string {
	decimal = strings.TrimSuffix(strings.TrimRight(decimal, "0"), ".")
	if decimal == "-0" {
		return "0"
	}
	return decimal
}
