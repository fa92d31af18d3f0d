package evidence_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// TestConfidenceInterval has the intervals of R's prop.test(…, correct = FALSE)
// and of Newcombe 1998, table I.
func TestConfidenceInterval(t *testing.T) {
	for _, tt := range []struct {
		good, valid uint64
		confidence  string
		low, high   float64
	}{
		{8, 10, "95%", 0.4901625, 0.9433178},
		{81, 263, "95%", 0.2552931, 0.3662213},
		{15, 148, "95%", 0.0624, 0.1605},
		{0, 20, "95%", 0, 0.1611},
		{1, 29, "95%", 0.0061, 0.1718},
		{29, 29, "95%", 0.8830, 1},
	} {
		t.Run(fmt.Sprintf("%d of %d", tt.good, tt.valid), func(t *testing.T) {
			got, ok := evidence.ConfidenceInterval(sli.Counts{Good: tt.good, Valid: tt.valid}, slo.MustParseShare(tt.confidence))
			if !ok || math.Abs(got.Low-tt.low) > 5e-5 || math.Abs(got.High-tt.high) > 5e-5 {
				t.Errorf("got %v, %t, want %v to %v", got, ok, tt.low, tt.high)
			}
		})
	}
}

func TestNoConfidenceInterval(t *testing.T) {
	if got, ok := evidence.ConfidenceInterval(sli.Counts{}, slo.MustParseShare("95%")); ok {
		t.Errorf("without traffic: got %v, want no interval", got)
	}
	if got, ok := evidence.ConfidenceInterval(sli.Counts{Good: 1, Valid: 2}, slo.MustParseShare("100%")); ok {
		t.Errorf("confidence of 100%%: got %v, want no interval", got)
	}
}

func TestConfidenceDefaultsTo95Percent(t *testing.T) {
	counts := sli.Counts{Good: 9, Valid: 10}
	want, _ := evidence.ConfidenceInterval(counts, slo.MustParseShare("95%"))
	if got, ok := evidence.ConfidenceInterval(counts, slo.Share{}); !ok || got != want {
		t.Errorf("got %v, %t, want %v", got, ok, want)
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

// FuzzConfidenceInterval puts both ends into Wilson's equation, with 200 bits.
func FuzzConfidenceInterval(f *testing.F) {
	f.Add(uint64(999), uint64(1000), uint32(950_000_000))
	f.Add(uint64(1<<63-1), uint64(1<<63), uint32(990_000_000))
	f.Add(uint64(0), uint64(1), uint32(1))
	f.Add(uint64(0), uint64(184), uint32(0)) // the default confidence
	f.Add(uint64(math.MaxUint64), uint64(math.MaxUint64), uint32(999_999_999))
	f.Fuzz(func(t *testing.T, good, valid uint64, parts uint32) {
		confidence, err := slo.ParseShare(fmt.Sprintf("0.%09d", parts%1_000_000_000))
		if err != nil || valid == 0 || good > valid {
			t.Skip()
		}
		got, ok := evidence.ConfidenceInterval(sli.Counts{Good: good, Valid: valid}, confidence)
		share := float64(good) / float64(valid)
		if !ok || !ordered(0, got.Low, share+4e-16) || !ordered(share-4e-16, got.High, 1) {
			t.Fatalf("%d/%d: got %v to %v, %t, want ends around the share", good, valid, got.Low, got.High, ok)
		}
		n := new(big.Float).SetPrec(200).SetUint64(valid)
		mean := new(big.Float).SetPrec(200).Quo(new(big.Float).SetPrec(200).SetUint64(good), n)
		if confidence == (slo.Share{}) {
			confidence = slo.MustParseShare("95%")
		}
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
			// An error of a few 2^-53 in p changes the sides by this much.
			slack := 2e-15 * (math.Abs(share-end) + z*z/float64(valid) + 2e-15)
			if math.Abs(a-b) > 1e-9*max(a, b)+slack {
				t.Errorf("%d/%d: for the end %v, got sides of %g and %g, want them equal", good, valid, end, a, b)
			}
		}
	})
}

// ordered reports whether the values do not decrease. It is false for a NaN.
func ordered(a, b, c float64) bool { return a <= b && b <= c }
