package compose_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/sligo-go/sligo/budget/compose"
	"github.com/sligo-go/sligo/slo"
)

func ExampleAllocate() {
	targets, err := compose.Allocate(slo.MustParseTarget("99.9%"), 1, 3)
	fmt.Println(targets, err)

	_, err = compose.Allocate(slo.MustParseTarget("99.9%"), 1, 0)
	fmt.Println(err)
	// Output:
	// [99.975% 99.925%] <nil>
	// weights[1]: invalid weight 0: want at least 1
}

func TestAllocateRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		system  slo.Target
		weights []uint64
		want    string
	}{
		{"nothing",
			slo.Target{}, nil, "system: required, such as \"99.9%\"\nweights: required: want one for each component"},
		{"no budget left", slo.MustParseTarget("99.9999999%"), []uint64{2, 1, 1},
			"weights[1]: invalid weight 1: its share of 99.9999999%'s budget is less than a part per billion\n" +
				"weights[2]: invalid weight 1: its share of 99.9999999%'s budget is less than a part per billion"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := compose.Allocate(tt.system, tt.weights...)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, %v, want %s", got, err, tt.want)
			}
		})
	}
}

// FuzzAllocate checks that budgets add up and are less than a part away from
// their exact shares, and that the system keeps its target.
func FuzzAllocate(f *testing.F) {
	f.Add(uint32(999_000_000), uint64(1), uint64(1), uint64(1))
	f.Add(uint32(1), uint64(math.MaxUint64), uint64(math.MaxUint64), uint64(math.MaxUint64-1))
	f.Fuzz(func(t *testing.T, parts uint32, a, b, c uint64) {
		whole, err := slo.TargetOf(int64(parts))
		if err != nil {
			t.Skip()
		}
		weights := []uint64{a, b, c}
		got, err := compose.Allocate(whole, weights...)
		if err != nil {
			return
		}
		sum := new(big.Int)
		for _, w := range weights {
			sum.Add(sum, new(big.Int).SetUint64(w))
		}
		for i, w := range weights {
			exact := new(big.Rat).SetFrac(new(big.Int).SetUint64(w), sum)
			exact.Mul(exact, big.NewRat(whole.BudgetPartsPerBillion(), 1))
			off := exact.Sub(exact, big.NewRat(got[i].BudgetPartsPerBillion(), 1))
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Errorf("%v by %v: %v is %v parts off its exact share, want less than one", whole, weights, got[i], off)
			}
		}
		if balance := compose.BalanceOf(whole, got...); balance.Excess() != 0 {
			t.Errorf("%v by %v: got %v and %v, want equal budgets", whole, weights, got, balance)
		}
		exact := big.NewRat(1, 1)
		for _, target := range got {
			exact.Mul(exact, target.Rat())
		}
		if exact.Cmp(whole.Rat()) < 0 {
			t.Errorf("%v by %v: with %v the system reaches %v, less than its target", whole, weights, got, exact)
		}
	})
}

func TestAllocateGivesTheRestToTheLargestRemainders(t *testing.T) {
	// The budget has 10 parts, so the exact shares are 5, 2.7 and 2.3.
	got, err := compose.Allocate(slo.MustParseTarget("99.999999%"), 50, 27, 23)
	if want := "[99.9999995% 99.9999997% 99.9999998%]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("got %v, %v, want %s", got, err, want)
	}
}
