package slo_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleSlices_Count() {
	// A busy minute, a bad one, a silent one, and one at night.
	minutes := []sli.Counts{
		{Good: 9_990, Valid: 10_000}, {Good: 9_000, Valid: 10_000}, {}, {Good: 9, Valid: 10},
	}
	for _, how := range []slo.Slices{
		{},
		{Length: time.Minute, Bound: slo.MustParseShare("95%")},
		{Length: time.Minute},
	} {
		fmt.Println(how.Count(slices.Values(minutes)))
	}
	// Output:
	// 18999/20010 (94.9475%)
	// 1/3 (33.3333%)
	// 2799000000/3000000000 (93.30%)
}

func TestTimesliceBound(t *testing.T) {
	for _, tt := range []struct {
		name  string
		slice sli.Counts
		bound string
		good  uint64
	}{
		{"at the bound", sli.Counts{Good: 95, Valid: 100}, "95%", 1},
		{"just below", sli.Counts{Good: 949, Valid: 1000}, "95%", 0},
		{"all good", sli.Counts{Good: 3, Valid: 3}, "100%", 1},
		{"one of 2^63 bad", sli.Counts{Good: 1<<63 - 1, Valid: 1 << 63}, "100%", 0},
		{"more good than valid", sli.Counts{Good: 5, Valid: 3}, "100%", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			how := slo.Slices{Length: time.Minute, Bound: slo.MustParseShare(tt.bound)}
			got := how.Count(slices.Values([]sli.Counts{tt.slice}))
			if want := (sli.Counts{Good: tt.good, Valid: 1}); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// FuzzSlicesCount compares the mean in RatioTimeslices with the exact mean.
func FuzzSlicesCount(f *testing.F) {
	f.Add(uint64(1), uint64(3), uint64(2), uint64(7), uint64(0), uint64(0))
	f.Add(uint64(math.MaxUint64-1), uint64(math.MaxUint64), uint64(1<<63), uint64(1<<63), uint64(5), uint64(3))
	f.Fuzz(func(t *testing.T, g1, v1, g2, v2, g3, v3 uint64) {
		all := []sli.Counts{{Good: g1, Valid: v1}, {Good: g2, Valid: v2}, {Good: g3, Valid: v3}}
		mean, n := new(big.Rat), int64(0)
		for _, c := range all {
			if r := c.Rat(); r != nil {
				mean.Add(mean, r)
				n++
			}
		}
		got := slo.Slices{Length: time.Minute}.Count(slices.Values(all))
		if got.Valid != uint64(n)*1e9 {
			t.Fatalf("got %v of %d slices, want a billion parts for each", got, n)
		}
		if n == 0 {
			return
		}
		mean.Quo(mean, big.NewRat(n, 1))
		short := new(big.Rat).Sub(mean, got.Rat())
		if short.Sign() < 0 || short.Cmp(big.NewRat(1, 1e9)) >= 0 {
			t.Errorf("got %v, want less than a billionth below %v", got.Rat(), mean)
		}
	})
}
