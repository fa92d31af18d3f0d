package plan_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget/plan"
	"github.com/sligo-go/sligo/slo"
)

func ExampleToil() {
	share, within := plan.Toil(14*time.Hour, 40*time.Hour, slo.MustParseShare("30%"))
	fmt.Println(share.Percent(), within)
	// Output:
	// 35% false
}

func ExampleCommitment() {
	fmt.Println(plan.Commitment(120, slo.Share{}), "of 120 machines")
	// Output:
	// 96 of 120 machines
}

func TestToil(t *testing.T) {
	for _, tt := range []struct {
		name       string
		spent, all time.Duration
		limit      string
		percent    string
		within     bool
	}{
		{"half of the time", 20 * time.Hour, 40 * time.Hour, "0%", "50%", true},
		{"more", 20*time.Hour + 1, 40 * time.Hour, "0%", "50%", false},
		{"at one's own limit", 12 * time.Hour, 40 * time.Hour, "30%", "30%", true},
		{"no time", 0, 0, "0%", "0%", true},
		{"negative", -time.Hour, time.Hour, "0%", "0%", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			share, within := plan.Toil(tt.spent, tt.all, slo.MustParseShare(tt.limit))
			if share.Percent() != tt.percent || within != tt.within {
				t.Errorf("got %s, %t, want %s, %t", share.Percent(), within, tt.percent, tt.within)
			}
		})
	}
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
		if got := plan.Commitment(forecast, share); got != want.Uint64() {
			t.Errorf("%v of %d: got %d, want %v", share, forecast, got, want)
		}
	})
}
