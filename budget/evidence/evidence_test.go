package evidence_test

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"testing"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// near reports whether got is want but for a relative error.
func near(got, want, relative float64) bool {
	return got == want || math.Abs(got-want) <= relative*math.Abs(want)
}

// TestWilson has the intervals of R's prop.test(…, correct = FALSE).
func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		good, valid uint64
		confidence  string
		low, high   float64
	}{
		{8, 10, "95%", 0.4901625, 0.9433178},
		{81, 263, "95%", 0.2552931, 0.3662213}, // Newcombe 1998, table I
		{15, 148, "95%", 0.0624, 0.1605},
		{0, 20, "95%", 0, 0.1611},
		{1, 29, "95%", 0.0061, 0.1718},
		{29, 29, "95%", 0.8830, 1},
	} {
		t.Run(fmt.Sprintf("%d of %d", tt.good, tt.valid), func(t *testing.T) {
			got, ok := evidence.Wilson(sli.Counts{Good: tt.good, Valid: tt.valid}, slo.MustParseShare(tt.confidence))
			if !ok || math.Abs(got.Low-tt.low) > 5e-5 || math.Abs(got.High-tt.high) > 5e-5 {
				t.Errorf("got %v, %t, want %v to %v", got, ok, tt.low, tt.high)
			}
		})
	}
}

func TestWilsonWithoutData(t *testing.T) {
	if got, ok := evidence.Wilson(sli.Counts{}, slo.MustParseShare("95%")); ok {
		t.Errorf("no traffic: got %v", got)
	}
	if got, ok := evidence.Wilson(sli.Counts{Good: 1, Valid: 2}, slo.MustParseShare("100%")); ok {
		t.Errorf("certainty: got %v", got)
	}
	if got, ok := evidence.Wilson(sli.Counts{Good: 1, Valid: 2}, slo.Share{}); !ok || got.Low != 0.5 || got.High != 0.5 {
		t.Errorf("no confidence: got %v, %t, want the share itself", got, ok)
	}
}

func TestIntervalCompare(t *testing.T) {
	interval := evidence.Interval{Low: 0.99, High: 0.999}
	for target, want := range map[string]int{"98%": +1, "99%": +1, "99.5%": 0, "99.9%": 0, "99.91%": -1} {
		if got := interval.Compare(slo.MustParseTarget(target)); got != want {
			t.Errorf("%s: got %d, want %d", target, got, want)
		}
	}
}

// FuzzWilson puts both ends into Wilson's equation, in 200 bits.
func FuzzWilson(f *testing.F) {
	f.Add(uint64(999), uint64(1000), uint32(950_000_000))
	f.Add(uint64(1<<63-1), uint64(1<<63), uint32(990_000_000))
	f.Add(uint64(0), uint64(1), uint32(1))
	f.Add(uint64(math.MaxUint64), uint64(math.MaxUint64), uint32(999_999_999))
	f.Fuzz(func(t *testing.T, good, valid uint64, parts uint32) {
		confidence, err := slo.ParseShare(fmt.Sprintf("0.%09d", parts%1_000_000_000))
		if err != nil || valid == 0 || good > valid {
			t.Skip()
		}
		got, ok := evidence.Wilson(sli.Counts{Good: good, Valid: valid}, confidence)
		share := float64(good) / float64(valid)
		if !ok || !(0 <= got.Low && got.Low <= share+4e-16 && share <= got.High+4e-16 && got.High <= 1) {
			t.Fatalf("got %v, %t of %d/%d", got, ok, good, valid)
		}
		n := new(big.Float).SetPrec(200).SetUint64(valid)
		mean := new(big.Float).SetPrec(200).Quo(new(big.Float).SetPrec(200).SetUint64(good), n)
		z := math.Sqrt2 * math.Erfinv(float64(confidence.PartsPerBillion())/1e9)
		for _, end := range []float64{got.Low, got.High} {
			p := new(big.Float).SetPrec(200).SetFloat64(end)
			left := new(big.Float).SetPrec(200).Sub(mean, p)
			left.Mul(left, left)
			right := new(big.Float).SetPrec(200).Sub(big.NewFloat(1), p)
			right.Mul(right, p)
			right.Mul(right, big.NewFloat(z*z)).Quo(right, n)
			a, _ := left.Float64()
			b, _ := right.Float64()
			// Errors of a few 2^-53 in p change the sides by this much.
			slack := 2e-15 * (math.Abs(share-end) + z*z/float64(valid) + 2e-15)
			if math.Abs(a-b) > 1e-9*max(a, b)+slack {
				t.Errorf("%d/%d: the end %v gives %g and %g", good, valid, end, a, b)
			}
		}
	})
}

// counts returns the counts of so many bad and good events.
func counts(bad, good int) sli.Counts {
	return sli.Counts{Good: uint64(good), Valid: uint64(bad + good)}
}

// TestFisherIsAllWays goes through all ways in which as many of the events could have been bad.
func TestFisherIsAllWays(t *testing.T) {
	for canary := 1; canary <= 6; canary++ {
		for baseline := 1; baseline <= 6; baseline++ {
			for bad := 0; bad <= canary+baseline; bad++ {
				for observed := max(0, bad-baseline); observed <= min(bad, canary); observed++ {
					ways, asBad := 0, 0
					for way := range uint(1) << (canary + baseline) {
						if bits.OnesCount(way) != bad {
							continue
						}
						ways++
						if bits.OnesCount(way&(1<<canary-1)) >= observed {
							asBad++
						}
					}
					got, ok := evidence.Fisher(counts(observed, canary-observed), counts(bad-observed, baseline-bad+observed))
					if want := float64(asBad) / float64(ways); !ok || !near(got, want, 1e-12) {
						t.Errorf("%d of %d, and %d of %d: got %v, %t, want %v", observed, canary, bad-observed, baseline, got, ok, want)
					}
				}
			}
		}
	}
}

// fisher adds up the hypergeometric distribution in exact ratios.
func fisher(a, b, c, d int64) float64 {
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

func FuzzFisher(f *testing.F) {
	f.Add(uint16(3), uint16(7), uint16(1), uint16(99))
	f.Add(uint16(0), uint16(500), uint16(3), uint16(1))
	f.Add(uint16(400), uint16(2), uint16(400), uint16(90))
	f.Fuzz(func(t *testing.T, a, b, c, d uint16) {
		a, b, c, d = a%500, b%500, c%500, d%500
		if a+b == 0 || c+d == 0 {
			t.Skip()
		}
		got, ok := evidence.Fisher(counts(int(a), int(b)), counts(int(c), int(d)))
		if want := fisher(int64(a), int64(b), int64(c), int64(d)); !ok || !near(got, want, 1e-9) && math.Abs(got-want) > 1e-300 {
			t.Errorf("%d/%d and %d/%d: got %v, %t, want %v", a, b, c, d, got, ok, want)
		}
	})
}

// TestFisherOfManyEvents compares both sides of where the normal approximation begins, and far beyond it. What
// is not computed here is the exact sum in 60 decimal digits.
func TestFisherOfManyEvents(t *testing.T) {
	const million = 1_000_000
	for _, tt := range []struct {
		name                string
		a, b, c, d          int
		want, relativeError float64
	}{
		{"few bad of many", 12, 9_999_988, 5, 9_999_995, fisherOfFew(12, 5), 1e-5},
		{"few bad of more than there ever were", 12, 1<<62 - 12, 5, 1<<62 - 5, fisherOfFew(12, 5), 1e-12},
		{"few good", 1<<62 - 5, 5, 1<<62 - 12, 12, fisherOfFew(12, 5), 1e-12},
		{"small canary", 8, 12, 100 * million, 900 * million, binomialTail(20, 8, 0.1), 1e-6},
		{"just exact", 5100, million - 5100, 4900, million - 4900, 0.0230191066830262, 1e-9},
		{"just approximate", 5101, million - 5101, 4901, million - 4901, 0.0230299324035164, 2e-4},
		{"far out", 5201, million - 5201, 4801, million - 4801, 3.16565666e-5, 3e-3},
		{"no worse", 50 * million, 950 * million, 50 * million, 950 * million, 0.5, 1e-4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := evidence.Fisher(counts(tt.a, tt.b), counts(tt.c, tt.d))
			if !ok || !near(got, tt.want, tt.relativeError) {
				t.Errorf("got %v, %t, want %v", got, ok, tt.want)
			}
		})
	}
}

// fisherOfFew returns the p-value of a few bad events when canary and baseline are infinitely large: a coin toss
// for each.
func fisherOfFew(a, c int64) float64 { return binomialTail(a+c, a, 0.5) }

// binomialTail returns the probability of k or more of n.
func binomialTail(n, k int64, p float64) float64 {
	sum := 0.0
	for x := k; x <= n; x++ {
		ways, _ := new(big.Float).SetInt(new(big.Int).Binomial(n, x)).Float64()
		sum += ways * math.Pow(p, float64(x)) * math.Pow(1-p, float64(n-x))
	}
	return sum
}

func TestFisherWithoutData(t *testing.T) {
	some := counts(1, 1)
	for _, pair := range [][2]sli.Counts{{{}, some}, {some, {}}, {{}, {}}} {
		if p, ok := evidence.Fisher(pair[0], pair[1]); ok || p != 0 {
			t.Errorf("%v: got %v, %t", pair, p, ok)
		}
		if c := (evidence.Test{}).Compare(pair[0], pair[1]); c.Worse || c.HasData {
			t.Errorf("%v: got %v", pair, c)
		}
	}
}

func TestCompareAtTheSignificance(t *testing.T) {
	canary, baseline := counts(3, 0), counts(0, 3) // p = 1/20
	for significance, want := range map[string]bool{"0%": false, "4.9%": false, "5.1%": true} {
		test := evidence.Test{Significance: slo.MustParseShare(significance)}
		if got := test.Compare(canary, baseline); got.Worse != want {
			t.Errorf("%s: got %v", significance, got)
		}
	}
}

// TestTrafficSuffices computes the power of the test with that traffic, over all samples there can be.
func TestTrafficSuffices(t *testing.T) {
	for _, tt := range []struct {
		test             evidence.Test
		normal, degraded string
		power            float64
	}{
		{evidence.Test{}, "5%", "20%", 0.80},
		{evidence.Test{}, "1%", "15%", 0.80},
		{evidence.Test{Significance: slo.MustParseShare("1%"), Power: slo.MustParseShare("90%")}, "10%", "40%", 0.90},
	} {
		normal, degraded := slo.MustParseShare(tt.normal), slo.MustParseShare(tt.degraded)
		events, ok := tt.test.Traffic(normal, degraded)
		if !ok {
			t.Fatalf("%s to %s: got no traffic", tt.normal, tt.degraded)
		}
		got := power(tt.test, int(events), normal, degraded)
		if got < tt.power-0.01 || got > tt.power+0.08 {
			t.Errorf("%s to %s: with %d events the power is %.3f, want %.2f", tt.normal, tt.degraded, events, got, tt.power)
		}
		if half := power(tt.test, int(events/2), normal, degraded); half > tt.power-0.1 {
			t.Errorf("%s to %s: with half of %d events the power is %.3f already", tt.normal, tt.degraded, events, half)
		}
	}
}

// power returns how likely a canary of a degraded share is called worse.
func power(test evidence.Test, n int, normal, degraded slo.Share) float64 {
	probability := func(k int, s slo.Share) float64 {
		p := float64(s.PartsPerBillion()) / 1e9
		ways, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(n), int64(k))).Float64()
		return ways * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
	}
	sum := 0.0
	for a := range n + 1 {
		for c := range n + 1 {
			if test.Compare(counts(a, n-a), counts(c, n-c)).Worse {
				sum += probability(a, degraded) * probability(c, normal)
			}
		}
	}
	return sum
}

func TestTrafficAtTheEnds(t *testing.T) {
	if n, ok := (evidence.Test{}).Traffic(slo.MustParseShare("1%"), slo.MustParseShare("1%")); ok {
		t.Errorf("no degradation: got %d", n)
	}
	if n, ok := (evidence.Test{}).Traffic(slo.Share{}, slo.MustParseShare("100%")); !ok || n < 2 || n > 5 {
		t.Errorf("total degradation: got %d, %t", n, ok)
	}
	if n, ok := (evidence.Test{}).Traffic(slo.MustParseShare("50%"), slo.MustParseShare("50.0000001%")); !ok || n < 1e18 {
		t.Errorf("hardly any degradation: got %d, %t", n, ok)
	}
}

func TestTestValidate(t *testing.T) {
	for _, tt := range []struct{ significance, power, want string }{
		{"0%", "0%", ""},
		{"49.9%", "50%", ""},
		{"50%", "100%", "significance: 50% is not less than 50%\npower: 100% is not at least 50% and less than 100%"},
		{"5%", "49%", "power: 49% is not at least 50% and less than 100%"},
	} {
		test := evidence.Test{Significance: slo.MustParseShare(tt.significance), Power: slo.MustParseShare(tt.power)}
		got := ""
		if err := test.Validate(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
