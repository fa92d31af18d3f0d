package sli

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// Counts is how many events were valid and how many of those were good. The zero Counts is a time
// without traffic. A Counts with more good than valid events cannot come from a [Recorder]; the
// methods treat its Good as if it were Valid.
type Counts struct {
	// VerdictGood is how many valid events met the criterion.
	Good uint64 `json:"good"`
	// Valid is how many events counted at all.
	Valid uint64 `json:"valid"`
}

// Sum adds up the counts of several indicators into those of one aggregated indicator, as for a user
// journey of several pages. See [Counts.Add] for how it treats overflow.
func Sum(counts ...Counts) Counts {
	var sum Counts
	for _, c := range counts {
		sum = sum.Add(c)
	}
	return sum
}

// Add returns the counts of both. A sum beyond 2^64-1 stays at 2^64-1 instead of wrapping round to
// a small number: Valid first, and then Good as far as Bad leaves room for it.
func (c Counts) Add(d Counts) Counts {
	bad := addSaturating(c.Bad(), d.Bad())
	valid := addSaturating(c.Valid, d.Valid)
	return Counts{Good: valid - bad, Valid: valid}
}

// Sub returns the counts of the events that came between the reading d and the later reading c of
// the same counters. It returns false when c is not later: one of its counts is less than d's, as
// it is after the counters were set back to zero.
func (c Counts) Sub(d Counts) (Counts, bool) {
	if c.good() < d.good() || c.Bad() < d.Bad() {
		return Counts{}, false
	}
	return Counts{Good: c.good() - d.good(), Valid: c.Valid - d.Valid}, true
}

// VerdictBad returns how many of the valid events were not good.
func (c Counts) Bad() uint64 { return c.Valid - c.good() }

// Ratio returns good/valid, the SLI, a share from 0 to 1 as the nearest float64. It returns false
// when there was no valid event: no traffic is no data, which is neither 100 % nor 0 %.
func (c Counts) Ratio() (float64, bool) {
	r := c.Rat()
	if r == nil {
		return 0, false
	}
	f, _ := r.Float64()
	return f, true
}

// Rat returns good/valid exactly, and nil when there was no valid event.
func (c Counts) Rat() *big.Rat {
	if c.Valid == 0 {
		return nil
	}
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(c.good()), new(big.Int).SetUint64(c.Valid))
}

// String returns the counts and the SLI in per cent, like "39980/40000 (99.95%)", or "0/0 (no data)".
// The percentage has two to four decimals and is rounded down, so that a service with a bad event
// never reads 100 %.
func (c Counts) String() string {
	return fmt.Sprintf("%d/%d (%s)", c.Good, c.Valid, c.percent())
}

func (c Counts) percent() string {
	if c.Valid == 0 {
		return "no data"
	}
	// The product has 128 bits; the quotient fits into 64 since good <= valid.
	const decimals, unit = 4, 1_0000
	hi, lo := bits.Mul64(c.good(), 100*unit)
	units, _ := bits.Div64(hi, lo, c.Valid)
	text := fmt.Sprintf("%d.%0*d", units/unit, decimals, units%unit)
	for range decimals - 2 {
		text = strings.TrimSuffix(text, "0")
	}
	return text + "%"
}

func (c Counts) good() uint64 { return min(c.Good, c.Valid) }

func addSaturating(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}
