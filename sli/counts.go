package sli

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"

	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/internal/strictjson"
)

// Counts are numbers of valid and good events. The zero Counts is a time
// without traffic. A [Recorder] never returns more good than valid events; in
// Counts from elsewhere, the methods treat a larger Good as if it were Valid.
type Counts struct {
	// Good is the number of valid events that met the criterion.
	Good uint64 `json:"good"`
	// Valid is the number of events that count.
	Valid uint64 `json:"valid"`
}

// UnmarshalJSON reads an object such as {"good":9994,"valid":10000}, and
// refuses unknown fields.
func (c *Counts) UnmarshalJSON(text []byte) error {
	type plain Counts // without methods
	return strictjson.Unmarshal(text, (*plain)(c))
}

// Sum adds up the counts of several indicators, such as the pages of one user
// journey. See [Counts.Add] for overflow.
func Sum(counts ...Counts) Counts {
	var sum Counts
	for _, c := range counts {
		sum = sum.Add(c)
	}
	return sum
}

// Add returns the sum of c and d. A sum beyond 2^64-1 stays at 2^64-1 instead
// of wrapping around: Valid first, and then Good as far as Bad leaves room
// for it.
func (c Counts) Add(d Counts) Counts {
	bad := addSaturating(c.Bad(), d.Bad())
	valid := addSaturating(c.Valid, d.Valid)
	return Counts{Good: valid - bad, Valid: valid}
}

// Sub returns the counts of the events between the reading d and the later
// reading c of the same counters. It returns false if one of the counts of c is
// less than in d, for example because the counters restarted at zero.
func (c Counts) Sub(d Counts) (Counts, bool) {
	if c.good() < d.good() || c.Bad() < d.Bad() {
		return Counts{}, false
	}
	return Counts{Good: c.good() - d.good(), Valid: c.Valid - d.Valid}, true
}

// Bad returns the number of valid events that were not good.
func (c Counts) Bad() uint64 { return c.Valid - c.good() }

// Ratio returns the SLI, good/valid, as the float64 nearest to it, from 0 to
// 1. It returns false without a valid event: no traffic is no data, which is
// neither 100 % nor 0 %.
func (c Counts) Ratio() (float64, bool) {
	r := c.Rat()
	if r == nil {
		return 0, false
	}
	f, _ := r.Float64()
	return f, true
}

// Rat returns good/valid exactly, and nil without a valid event.
func (c Counts) Rat() *big.Rat {
	if c.Valid == 0 {
		return nil
	}
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(c.good()), new(big.Int).SetUint64(c.Valid))
}

// String returns the counts and the SLI in per cent, "39980/40000 (99.95%)",
// or "0/0 (no data)". The percentage has two to four decimals and is rounded
// down, so that it is 100 % only if every event was good.
func (c Counts) String() string {
	return fmt.Sprintf("%d/%d (%s)", c.Good, c.Valid, c.percent())
}

func (c Counts) percent() string {
	if c.Valid == 0 {
		return "no data"
	}
	// The product has 128 bits. The quotient has 64, since good <= valid.
	const decimals, unit = 4, 1_0000
	hi, lo := bits.Mul64(c.good(), 100*unit)
	units, _ := bits.Div64(hi, lo, c.Valid)
	text := string(decimal.AppendFixed(nil, units, decimals))
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
