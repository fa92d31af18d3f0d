package evidence_test

import (
	"math"
	"math/big"
	"math/bits"
	"testing"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/sli"
)

// near reports whether got is within a relative error of want.
func near(got, want, relative float64) bool {
	return got == want || math.Abs(got-want) <= relative*math.Abs(want)
}

// counts returns the counts of a number of bad and good events.
func counts(bad, good uint64) sli.Counts { return sli.Counts{Good: good, Valid: bad + good} }

// pValue returns the p-value of a comparison, and whether it had data.
func pValue(canary, baseline sli.Counts) (float64, bool) {
	c := evidence.Canary{}.Compare(canary, baseline)
	return c.PValue, c.HasData
}

// TestPValueCountsAllWays enumerates all ways to distribute the bad events over
// canary and baseline.
func TestPValueCountsAllWays(t *testing.T) {
	for canary := uint64(1); canary <= 6; canary++ {
		for baseline := uint64(1); baseline <= 6; baseline++ {
			for bad := range canary + baseline + 1 {
				for observed := bad - min(bad, baseline); observed <= min(bad, canary); observed++ {
					got, ok := pValue(counts(observed, canary-observed), counts(bad-observed, baseline-(bad-observed)))
					if want := shareOfWays(canary, baseline, bad, observed); !ok || !near(got, want, 1e-12) {
						t.Errorf("%d of %d, and %d of %d: got %v, %t, want %v",
							observed, canary, bad-observed, baseline, got, ok, want)
					}
				}
			}
		}
	}
}

// shareOfWays returns the share of the ways to choose the bad events in which
// at least the observed number is the canary's.
func shareOfWays(canary, baseline, bad, observed uint64) float64 {
	ways, asBad := 0, 0
	for way := range uint64(1) << (canary + baseline) {
		if uint64(bits.OnesCount64(way)) != bad {
			continue
		}
		ways++
		if uint64(bits.OnesCount64(way&(1<<canary-1))) >= observed {
			asBad++
		}
	}
	return float64(asBad) / float64(ways)
}

// exactPValue adds up the hypergeometric distribution in exact ratios.
func exactPValue(a, b, c, d int64) float64 {
	choose := func(n, k int64) *big.Int { return new(big.Int).Binomial(n, k) }
	sum := new(big.Int)
	for x := a; x <= min(a+b, a+c); x++ {
		if rest := a + c - x; rest <= c+d {
			sum.Add(sum, new(big.Int).Mul(choose(a+b, x), choose(c+d, rest)))
		}
	}
	f, _ := new(big.Rat).SetFrac(sum, choose(a+b+c+d, a+c)).Float64()
	return f
}

func FuzzPValue(f *testing.F) {
	f.Add(uint16(3), uint16(7), uint16(1), uint16(99))
	f.Add(uint16(0), uint16(500), uint16(3), uint16(1))
	f.Add(uint16(400), uint16(2), uint16(400), uint16(90))
	f.Fuzz(func(t *testing.T, a, b, c, d uint16) {
		a, b, c, d = a%500, b%500, c%500, d%500
		if a+b == 0 || c+d == 0 {
			t.Skip()
		}
		got, ok := pValue(counts(uint64(a), uint64(b)), counts(uint64(c), uint64(d)))
		if want := exactPValue(int64(a), int64(b), int64(c), int64(d)); !ok || !near(got, want, 1e-9) && math.Abs(got-want) > 1e-300 {
			t.Errorf("%d/%d and %d/%d: got %v, %t, want %v", a, b, c, d, got, ok, want)
		}
	})
}

// TestPValueOfManyEvents tests both sides of the limit of the normal
// approximation, and far beyond it. The literal values are exact sums in 60
// decimal digits.
func TestPValueOfManyEvents(t *testing.T) {
	const million = 1_000_000
	for _, tt := range []struct {
		name                string
		a, b, c, d          uint64
		want, relativeError float64
	}{
		{"few bad of many", 12, 9_999_988, 5, 9_999_995, coinTosses(12, 5), 1e-5},
		{"few bad of nearly 2^62", 12, 1<<62 - 12, 5, 1<<62 - 5, coinTosses(12, 5), 1e-12},
		{"all bad events in the canary", 17, 1<<62 - 17, 0, 1 << 62, coinTosses(17, 0), 1e-12},
		{"far better", 1, million - 1, 10_000, million - 10_000, 1, 0},
		{"few good", 1<<62 - 5, 5, 1<<62 - 12, 12, coinTosses(12, 5), 1e-12},
		{"small canary", 8, 12, 100 * million, 900 * million, binomialTail(20, 8, 0.1), 1e-6},
		{"five bad where two are expected", 5, 19_995, 10_000, 99_990_000, 0.0526800812416557, 1e-11},
		{"two bad where hardly any are expected", 2, 19_998, 10_000, 999_990_000, 0.0175270262151690, 1e-11},
		{"many", 5101, million - 5101, 4901, million - 4901, 0.0230299324035165, 1e-11},
		{"many, far out", 5201, million - 5201, 4801, million - 4801, 3.16565666991189e-5, 1e-10},
		{"last exact sum", 200_020_000, 9_799_980_000, 199_980_000, 9_800_020_000, 0.0216784935916576, 1e-9},
		{"first approximation", 210_020_000, 9_789_980_000, 209_980_000, 9_790_020_000, 0.0242721006580875, 1e-5},
		{"approximation, far out", 210_060_000, 9_789_940_000, 209_940_000, 9_790_060_000, 1.63119877654544e-9, 3e-3},
		{"no worse", 50 * million, 950 * million, 50 * million, 950 * million, 0.5, 1e-4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := pValue(counts(tt.a, tt.b), counts(tt.c, tt.d))
			if !ok || !near(got, tt.want, tt.relativeError) {
				t.Errorf("got %v, %t, want %v", got, ok, tt.want)
			}
		})
	}
}

// coinTosses returns the p-value of a few bad events of an infinitely large
// canary and baseline: a coin toss decides the side of each.
func coinTosses(a, c int64) float64 { return binomialTail(a+c, a, 0.5) }

// binomialTail returns the probability of at least k successes in n trials.
func binomialTail(n, k int64, p float64) float64 {
	sum := 0.0
	for x := k; x <= n; x++ {
		ways, _ := new(big.Float).SetInt(new(big.Int).Binomial(n, x)).Float64()
		sum += ways * math.Pow(p, float64(x)) * math.Pow(1-p, float64(n-x))
	}
	return sum
}

func TestCompareWithoutData(t *testing.T) {
	some := counts(1, 1)
	for _, pair := range [][2]sli.Counts{{{}, some}, {some, {}}, {{}, {}}} {
		c := evidence.Canary{}.Compare(pair[0], pair[1])
		if c.Worse || c.HasData || c.PValue != 0 {
			t.Errorf("%v: got %+v, want no data", pair, c)
		}
	}
}
