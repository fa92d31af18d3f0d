package budget_test

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// readDuration reads what FormatDuration writes, exactly, in nanoseconds.
func readDuration(t *testing.T, text string, units map[string]time.Duration) (*big.Rat, time.Duration) {
	t.Helper()
	number, name, _ := strings.Cut(text, " ")
	unit := units[strings.TrimSuffix(name, "s")]
	got, ok := new(big.Rat).SetString(number)
	if !ok || unit == 0 {
		t.Fatalf("cannot read %q", text)
	}
	return got.Mul(got, new(big.Rat).SetInt64(int64(unit))), unit
}

// remaining returns what bad of valid events leave of the budget of a target of 50 %.
func remaining(t *testing.T, bad, valid uint64) budget.Ratio {
	t.Helper()
	b := budget.New(slo.MustParseTarget("50%"), slo.MustParseWindow("30d"), sli.Counts{Good: valid - bad, Valid: valid})
	r, ok := b.Remaining()
	if !ok {
		t.Fatal("no data")
	}
	return r
}

func TestRatioText(t *testing.T) {
	for _, tt := range []struct {
		name             string
		bad, valid       uint64
		decimal, percent string
	}{
		{"all", 0, 8, "1", "100%"},
		{"none", 4, 8, "0", "0%"},
		{"a quarter", 3, 8, "0.25", "25%"},
		{"overspent", 5, 8, "-0.25", "-25%"},
		{"thirds are rounded", 1, 3, "0.33", "33.33%"},
		{"hardly any", 499_999_999, 1e9, "<0.01", "<0.01%"},
		{"hardly overspent", 500_000_001, 1e9, ">-0.01", ">-0.01%"},
		{"nearly all", 1, 1e9, ">0.99", ">99.99%"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := remaining(t, tt.bad, tt.valid)
			if got := r.String(); got != tt.decimal {
				t.Errorf("String: got %s, want %s", got, tt.decimal)
			}
			if got := r.Percent(); got != tt.percent {
				t.Errorf("Percent: got %s, want %s", got, tt.percent)
			}
		})
	}
}

func TestRatioJustOverTheWhole(t *testing.T) {
	spent, _ := budget.BurnRate(slo.MustParseTarget("50%"), sli.Counts{Good: 499_999_999, Valid: 1e9})
	if got, want := spent.Percent(), "<100.01%"; got != want {
		t.Errorf("got %s, want %s: the target is missed", got, want)
	}
}

func TestZeroRatioIsZero(t *testing.T) {
	var zero budget.Ratio
	if zero.Sign() != 0 || zero.Rat().Sign() != 0 || zero.String() != "0" || zero.Percent() != "0%" {
		t.Errorf("got %v", zero)
	}
	if got := zero.Compare(remaining(t, 4, 8)); got != 0 {
		t.Errorf("zero compared with another: got %d, want 0", got)
	}
	if got := zero.Compare(remaining(t, 3, 8)); got != -1 {
		t.Errorf("zero compared with more: got %d, want -1", got)
	}
}

func TestRatioOf(t *testing.T) {
	if got := budget.RatioOf(2, 8).Compare(remaining(t, 3, 8)); got != 0 {
		t.Errorf("got %d, want 2/8 equal to a quarter", got)
	}
	if got, want := budget.RatioOf(2, 8).Rat(), big.NewRat(1, 4); got.Cmp(want) != 0 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := budget.RatioOf(1, 0); got != (budget.Ratio{}) {
		t.Errorf("of nothing: got %v, want 0", got)
	}
}

func FuzzRatioCompare(f *testing.F) {
	f.Add(uint64(1), uint64(3), uint64(2), uint64(6), uint32(999_000_000))
	f.Add(uint64(math.MaxUint64), uint64(math.MaxUint64), uint64(math.MaxUint64-1), uint64(math.MaxUint64), uint32(1))
	f.Add(uint64(1<<63), uint64(1<<63), uint64(1), uint64(1<<63-1), uint32(999_999_999))
	f.Add(uint64(0), uint64(1), uint64(0), uint64(2), uint32(500_000_000))
	f.Fuzz(func(t *testing.T, badA, validA, badB, validB uint64, parts uint32) {
		target, err := slo.TargetOf(int64(parts))
		if err != nil || validA == 0 || validB == 0 {
			t.Skip()
		}
		at := func(bad, valid uint64) (spent, left budget.Ratio) {
			b := budget.New(target, slo.MustParseWindow("30d"), sli.Counts{Good: valid - min(bad, valid), Valid: valid})
			spent, _ = b.Spent()
			left, _ = b.Remaining()
			return spent, left
		}
		spentA, leftA := at(badA, validA)
		spentB, leftB := at(badB, validB)
		for _, pair := range [][2]budget.Ratio{{spentA, spentB}, {leftA, leftB}, {spentA, leftB}, {spentB, leftA}} {
			a, b := pair[0], pair[1]
			if got, want := a.Compare(b), a.Rat().Cmp(b.Rat()); got != want {
				t.Errorf("compare %v with %v: got %d, want %d", a.Rat(), b.Rat(), got, want)
			}
			if got, want := a.Sign(), a.Rat().Sign(); got != want {
				t.Errorf("sign of %v: got %d, want %d", a.Rat(), got, want)
			}
		}
		sum := new(big.Rat).Add(spentA.Rat(), leftA.Rat())
		if sum.Cmp(big.NewRat(1, 1)) != 0 {
			t.Errorf("spent and remaining add up to %v, want 1", sum)
		}
	})
}
