package statuspage_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func TestFixed(t *testing.T) {
	tests := []struct {
		num, den int64
		decimals int
		want     string
	}{
		{0, 1, 1, "0.0"}, {1, 20, 1, "0.1"}, {1, 25, 1, "0.0"}, {-1, 20, 1, "−0.1"}, {-1, 25, 1, "0.0"},
		{2_500, 1, 0, "2,500"}, {1_234_567, 10, 2, "123,456.70"}, {-99_999, 100, 1, "−1,000.0"}, {5, 2, 0, "3"},
	}
	for _, test := range tests {
		if got := statuspage.Fixed(big.NewRat(test.num, test.den), test.decimals); got != test.want {
			t.Errorf("%d/%d with %d decimals: got %q, want %q", test.num, test.den, test.decimals, got, test.want)
		}
	}
}

func TestSLIPercent(t *testing.T) {
	tests := []struct {
		name   string
		counts sli.Counts
		target string
		want   string
	}{
		{"the decimals of the target and one more", sli.Counts{Good: 1_999_160, Valid: 2_000_000}, "99.95%", "99.958"},
		{"rounded half up", sli.Counts{Good: 19_989, Valid: 20_000}, "99.9%", "99.95"},
		{"all good", sli.Counts{Good: 7, Valid: 7}, "99.9%", "100"},
		{"all bad", sli.Counts{Valid: 7}, "99.9%", "0"},
		{"five nines are not 100", sli.Counts{Good: 99_999_999, Valid: 100_000_000}, "99.9%", ">99.99"},
		{"one good event of many is not 0", sli.Counts{Good: 1, Valid: 1_000_000}, "90%", "<0.1"},
		{"just below the promise", sli.Counts{Good: 99_899_999, Valid: 100_000_000}, "99.9%", ">99.89"},
		{"just above the promise", sli.Counts{Good: 99_900_001, Valid: 100_000_000}, "99.9%", "<99.91"},
		{"exactly the promise", sli.Counts{Good: 999, Valid: 1000}, "99.9%", "99.90"},
	}
	for _, test := range tests {
		if got := statuspage.SLIPercent(test.counts, slo.MustParseTarget(test.target)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// FuzzSLIPercent compares the figure with whole-number arithmetic: it never
// reads like 0, 100 or the promise without being it, and is off by at most half
// of its last digit otherwise.
func FuzzSLIPercent(f *testing.F) {
	f.Add(uint64(1_999_160), uint64(2_000_000), uint32(999_500_000))
	f.Add(uint64(1), uint64(1<<63), uint32(1))
	f.Add(uint64(1<<63-1), uint64(1<<63), uint32(999_999_999))
	f.Fuzz(func(t *testing.T, good, valid uint64, parts uint32) {
		target, err := slo.TargetOf(int64(parts))
		if err != nil || valid == 0 || good > valid {
			t.Skip()
		}
		text := statuspage.SLIPercent(sli.Counts{Good: good, Valid: valid}, target)
		number, ok := new(big.Rat).SetString(strings.TrimLeft(text, "<>"))
		if !ok {
			t.Fatalf("%q is not a number", text)
		}
		exact := new(big.Rat).SetFrac(new(big.Int).SetUint64(good), new(big.Int).SetUint64(valid))
		exact.Mul(exact, big.NewRat(100, 1))
		promise := new(big.Rat).Mul(big.NewRat(int64(parts), 1e9), big.NewRat(100, 1))
		for _, mark := range []*big.Rat{new(big.Rat), big.NewRat(100, 1), promise} {
			if (number.Cmp(mark) == 0) != (exact.Cmp(mark) == 0) {
				t.Fatalf("%d of %d reads %q beside the mark %v", good, valid, text, mark.FloatString(7))
			}
		}
		switch text[0] {
		case '>':
			if exact.Cmp(number) <= 0 {
				t.Fatalf("%d of %d is not %s", good, valid, text)
			}
		case '<':
			if exact.Cmp(number) >= 0 {
				t.Fatalf("%d of %d is not %s", good, valid, text)
			}
		default:
			off := new(big.Rat).Sub(number, exact)
			_, decimals, _ := strings.Cut(text, ".")
			half := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(decimals))), nil))
			if off.Abs(off).Cmp(half.Quo(half, big.NewRat(2, 1))) > 0 {
				t.Fatalf("%d of %d reads %s", good, valid, text)
			}
		}
	})
}

func TestIntervalPercent(t *testing.T) {
	target := slo.MustParseTarget("99.9%")
	tests := []struct {
		low, high    float64
		wantA, wantB string
	}{
		{0.9985, 0.9997, "99.85", "99.97"},
		{0.998999, 0.9997, "99.8999", "99.9700"},
		{0.99, 0.9999999, "99.00000", "99.99999"},
	}
	for _, test := range tests {
		a, b := statuspage.IntervalPercent(test.low, test.high, target)
		if a != test.wantA || b != test.wantB {
			t.Errorf("%v to %v: got %s to %s, want %s to %s", test.low, test.high, a, b, test.wantA, test.wantB)
		}
	}
}

// The marks are 0 and 100, but not −100.
func TestApart(t *testing.T) {
	zero, hundred := statuspage.Zero, statuspage.Hundred
	tests := []struct {
		num, den int64
		want     string
	}{
		{-100, 1, "−100.0"}, {-99_999, 1_000, "−100.0"}, {100, 1, "100"}, {99_999, 1_000, ">99.9"}, {100_001, 1_000, "<100.1"},
		{0, 1, "0"}, {1, 1_000, "<0.1"}, {-1, 1_000, ">−0.1"}, {-1, 10, "−0.1"},
	}
	for _, test := range tests {
		if got := statuspage.Apart(big.NewRat(test.num, test.den), 1, zero, hundred); got != test.want {
			t.Errorf("%d/%d: got %q, want %q", test.num, test.den, got, test.want)
		}
	}
}
