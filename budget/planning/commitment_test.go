package planning_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/sligo-go/sligo/budget/planning"
	"github.com/sligo-go/sligo/slo"
)

func ExampleCommitment() {
	fmt.Println(planning.Commitment(120, slo.Share{}), "of 120 machines")
	// Output:
	// 96 of 120 machines
}

func FuzzCommitment(f *testing.F) {
	f.Add(uint64(120), uint32(0))
	f.Add(uint64(math.MaxUint64), uint32(999_999_999))
	f.Fuzz(func(t *testing.T, forecast uint64, parts uint32) {
		share, err := slo.ParseShare(fmt.Sprintf("0.%09d", parts%1_000_000_000))
		if err != nil {
			t.Fatal(err)
		}
		exact := share.Rat()
		if exact.Sign() == 0 {
			exact = big.NewRat(4, 5)
		}
		exact.Mul(exact, new(big.Rat).SetFrac(new(big.Int).SetUint64(forecast), big.NewInt(1)))
		want := new(big.Int).Quo(exact.Num(), exact.Denom())
		if got := planning.Commitment(forecast, share); got != want.Uint64() {
			t.Errorf("%v of %d: got %d, want %v", share, forecast, got, want)
		}
	})
}
