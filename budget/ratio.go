package budget

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/slo"
)

// billion is 100 % in the parts of [slo.Target] and [slo.Share].
const billion = 1_000_000_000

// Ratio is an exact ratio: a share of an error budget, where 1 is all of it
// and a negative share is overspent, or a burn rate. String, Percent and
// Float64 round; all other methods are exact. Compare ratios with
// [Ratio.Compare] instead of ==, since equal ones can differ in their parts,
// such as 1/2 and 2/4. The zero Ratio is 0.
type Ratio struct {
	negative bool
	num, den u128 // den is zero in the zero Ratio only
}

// RatioOf returns part/whole, such as 3/4 of a budget. It returns 0 if the
// whole is 0.
func RatioOf(part, whole uint64) Ratio {
	if whole == 0 {
		return Ratio{}
	}
	return Ratio{num: u128{lo: part}, den: u128{lo: whole}}
}

// ratioOfShare returns a share as a Ratio.
func ratioOfShare(s slo.Share) Ratio { return RatioOf(uint64(s.PartsPerBillion()), billion) }

// parts returns num and den. The zero Ratio has a den of 1.
func (r Ratio) parts() (num, den u128) {
	if r.den.isZero() {
		return u128{}, u128{lo: 1}
	}
	return r.num, r.den
}

// untilOne returns 1-r. The Ratio must not be negative.
func (r Ratio) untilOne() Ratio {
	num, den := r.parts()
	if den.less(num) {
		return Ratio{negative: true, num: num.minus(den), den: den}
	}
	return Ratio{num: den.minus(num), den: den}
}

// Sign returns -1 if r < 0, 0 if r is 0, and +1 if r > 0.
func (r Ratio) Sign() int {
	switch {
	case r.num.isZero():
		return 0
	case r.negative:
		return -1
	}
	return +1
}

// Compare returns -1 if r < s, 0 if they are equal, and +1 if r > s, exactly
// and without allocating.
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

// Percent returns r in percent with up to two decimal places: "43.75%",
// "-25%". Only 0 and 100 % read as "0%" and "100%"; a ratio close to them
// reads as "<0.01%" or ">99.99%".
func (r Ratio) Percent() string {
	rat := r.Rat()
	return rounded(rat.Mul(rat, big.NewRat(100, 1)), 100) + "%"
}

// String returns r with up to two decimal places, such as "14.4" for a burn
// rate. Only 0 and 1 read as "0" and "1"; a ratio close to them reads as
// "<0.01" or ">0.99". [Ratio.MarshalText] returns the exact value.
func (r Ratio) String() string { return rounded(r.Rat(), 1) }

// rounded returns a number with up to two decimal places. It does not round to
// zero or to the whole, since an SLO that is missed by little is missed.
func rounded(r *big.Rat, whole int64) string {
	const places = 2
	text := decimal.Trim(r.FloatString(places))
	step := big.NewRat(1, 100)
	for _, mark := range []*big.Rat{new(big.Rat), big.NewRat(whole, 1)} {
		if r.Cmp(mark) == 0 || text != decimal.Trim(mark.FloatString(places)) {
			continue
		}
		if r.Cmp(mark) < 0 {
			return ">" + decimal.Trim(mark.Sub(mark, step).FloatString(places))
		}
		return "<" + decimal.Trim(mark.Add(mark, step).FloatString(places))
	}
	return text
}

const (
	// exactPlaces is the maximum number of decimal places of a Ratio's exact text,
	// the precision of [slo.Target]. A longer decimal is harder to read than a
	// fraction.
	exactPlaces = 9
	// maxRatioText is the maximum length of a text that is parsed. The longest
	// exact text has a sign and two numbers of 39 digits.
	maxRatioText = 100
)

// MarshalText returns the exact value: a decimal number with up to nine places
// such as "14.4", or else a fraction in lowest terms such as "-1/3".
func (r Ratio) MarshalText() ([]byte, error) {
	rat := r.Rat()
	if places, exact := rat.FloatPrec(); exact && places <= exactPlaces {
		return []byte(rat.FloatString(places)), nil
	}
	return []byte(rat.String()), nil
}

// UnmarshalText reads a decimal number such as "14.4" or a fraction such as
// "-1/3", exactly. It returns an error that quotes the text if it is
// something else, or if the numerator or the denominator in lowest terms has
// more than 128 bits.
func (r *Ratio) UnmarshalText(text []byte) error {
	rat, ok := new(big.Rat), false
	if len(text) <= maxRatioText && isRatioText(string(text)) {
		rat, ok = rat.SetString(string(text)) // false for a denominator of 0
	}
	if !ok {
		return fmt.Errorf("budget: invalid ratio %.*q: want a number such as %q or %q", maxRatioText, text, "0.25", "1/3")
	}
	num, numOK := u128Of(new(big.Int).Abs(rat.Num()))
	den, denOK := u128Of(rat.Denom())
	if !numOK || !denOK {
		return fmt.Errorf("budget: ratio %q has more than 128 bits", text)
	}
	*r = Ratio{negative: rat.Sign() < 0, num: num, den: den}
	return nil
}

// isRatioText reports whether text is a decimal number or a fraction. Unlike
// [big.Rat.SetString], it accepts no exponents, which could denote huge
// numbers.
func isRatioText(text string) bool {
	text = strings.TrimPrefix(text, "-")
	first, second, two := strings.Cut(text, "/")
	if !two {
		first, second, two = strings.Cut(text, ".")
	}
	return digitsOnly(first) && (!two || digitsOnly(second))
}

func digitsOnly(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
