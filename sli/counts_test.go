package sli_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/sligo-go/sligo/sli"
)

// browse is the shop's journey: the counts of its four pages.
var browse = []struct {
	page   string
	counts sli.Counts
}{
	{"Home", sli.Counts{Good: 9994, Valid: 10000}},
	{"Search", sli.Counts{Good: 9989, Valid: 10000}},
	{"Category", sli.Counts{Good: 9997, Valid: 10000}},
	{"Detail", sli.Counts{Good: 10000, Valid: 10000}},
}

func TestSumOfAJourney(t *testing.T) {
	var pages []sli.Counts
	for _, b := range browse {
		pages = append(pages, b.counts)
	}
	got := sli.Sum(pages...)
	if want := (sli.Counts{Good: 39980, Valid: 40000}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := got.String(), "39980/40000 (99.95%)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if ratio, ok := got.Ratio(); !ok || ratio != 0.9995 {
		t.Errorf("Ratio() = %v, %t, want 0.9995", ratio, ok)
	}
	if text, err := json.Marshal(got); err != nil || string(text) != `{"good":39980,"valid":40000}` {
		t.Errorf("Marshal: got %s, %v", text, err)
	}
	if got.Bad() != 20 {
		t.Errorf("Bad() = %d, want 20", got.Bad())
	}
}

func TestCountsString(t *testing.T) {
	const huge = math.MaxUint64
	tests := []struct {
		name   string
		counts sli.Counts
		want   string
	}{
		{"no traffic", sli.Counts{}, "0/0 (no data)"},
		{"good without valid", sli.Counts{Good: 3}, "3/0 (no data)"},
		{"all good", sli.Counts{Good: 1, Valid: 1}, "1/1 (100.00%)"},
		{"all bad", sli.Counts{Valid: 1}, "0/1 (0.00%)"},
		{"two decimals", sli.Counts{Good: 9, Valid: 10}, "9/10 (90.00%)"},
		{"three decimals", sli.Counts{Good: 99_999, Valid: 100_000}, "99999/100000 (99.999%)"},
		{"a zero in the middle", sli.Counts{Good: 9_901, Valid: 10_000}, "9901/10000 (99.01%)"},
		{"four decimals, rounded down", sli.Counts{Good: 2, Valid: 3}, "2/3 (66.6666%)"},
		{"one bad event in a million", sli.Counts{Good: 999_999, Valid: 1_000_000}, "999999/1000000 (99.9999%)"},
		{"one bad event is never 100 %", sli.Counts{Good: huge - 1, Valid: huge}, "18446744073709551614/18446744073709551615 (99.9999%)"},
		{"the maximum", sli.Counts{Good: huge, Valid: huge}, "18446744073709551615/18446744073709551615 (100.00%)"},
		{"more good than valid", sli.Counts{Good: 5, Valid: 4}, "5/4 (100.00%)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.counts.String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoTrafficHasNoRatio(t *testing.T) {
	for _, c := range []sli.Counts{{}, {Good: 1}} {
		if ratio, ok := c.Ratio(); ok || ratio != 0 {
			t.Errorf("%v: Ratio() = %v, %t, want 0, false", c, ratio, ok)
		}
		if got := c.Rat(); got != nil {
			t.Errorf("%v: Rat() = %v, want nil", c, got)
		}
	}
}

// FuzzCounts compares the arithmetic on two counts with integers of any size.
func FuzzCounts(f *testing.F) {
	const huge = math.MaxUint64
	f.Add(uint64(9994), uint64(10000), uint64(9989), uint64(10000))
	f.Add(uint64(0), uint64(0), uint64(0), uint64(0))
	f.Add(uint64(huge), uint64(huge), uint64(huge), uint64(huge))
	f.Add(uint64(huge-1), uint64(huge), uint64(0), uint64(1))
	f.Add(uint64(0), uint64(huge), uint64(1), uint64(1))
	f.Add(uint64(0), uint64(huge), uint64(0), uint64(2))
	f.Add(uint64(1<<63), uint64(1<<63), uint64(0), uint64(1<<63))
	f.Add(uint64(7), uint64(3), uint64(2), uint64(5))
	f.Fuzz(func(t *testing.T, goodC, validC, goodD, validD uint64) {
		c, d := sli.Counts{Good: goodC, Valid: validC}, sli.Counts{Good: goodD, Valid: validD}
		checkRatio(t, c)
		checkAdd(t, c, d)
		checkSub(t, c, d)
	})
}

// goodOf and badOf follow the documentation: a Good above Valid is Valid.
func goodOf(c sli.Counts) *big.Int {
	good, valid := new(big.Int).SetUint64(c.Good), new(big.Int).SetUint64(c.Valid)
	if good.Cmp(valid) > 0 {
		return valid
	}
	return good
}

func badOf(c sli.Counts) *big.Int {
	return new(big.Int).Sub(new(big.Int).SetUint64(c.Valid), goodOf(c))
}

func checkRatio(t *testing.T, c sli.Counts) {
	t.Helper()
	if c.Bad() != badOf(c).Uint64() {
		t.Errorf("%v: Bad() = %d, want %d", c, c.Bad(), badOf(c))
	}
	if c.Valid == 0 {
		return
	}
	exact := new(big.Rat).SetFrac(goodOf(c), new(big.Int).SetUint64(c.Valid))
	if got := c.Rat(); got.Cmp(exact) != 0 {
		t.Errorf("%v: Rat() = %v, want %v", c, got, exact)
	}
	nearest, _ := exact.Float64()
	if got, ok := c.Ratio(); !ok || got != nearest {
		t.Errorf("%v: Ratio() = %v, %t, want %v", c, got, ok, nearest)
	}
	var shown float64
	if _, err := fmt.Sscanf(c.String(), fmt.Sprintf("%d/%d (%%f%%%%)", c.Good, c.Valid), &shown); err != nil {
		t.Errorf("%v: %v", c, err)
	}
	units := new(big.Int).Div(new(big.Int).Mul(goodOf(c), big.NewInt(1_000_000)), new(big.Int).SetUint64(c.Valid))
	if got := math.Round(shown * 10_000); got != float64(units.Int64()) {
		t.Errorf("%v: prints %v ten-thousandths of a percent, want %v", c, got, units)
	}
}

func checkAdd(t *testing.T, c, d sli.Counts) {
	t.Helper()
	most := new(big.Int).SetUint64(math.MaxUint64)
	capped := func(x, y *big.Int) *big.Int {
		sum := new(big.Int).Add(x, y)
		if sum.Cmp(most) > 0 {
			return most
		}
		return sum
	}
	valid := capped(new(big.Int).SetUint64(c.Valid), new(big.Int).SetUint64(d.Valid))
	bad := capped(badOf(c), badOf(d))
	got := c.Add(d)
	if got.Valid != valid.Uint64() || got.Bad() != bad.Uint64() || got.Good != got.Valid-got.Bad() {
		t.Errorf("%v.Add(%v) = %v, want %v valid, %v bad", c, d, got, valid, bad)
	}
	if swapped := d.Add(c); swapped != got {
		t.Errorf("%v and %v: got the sums %v and %v, want the same in both orders", c, d, got, swapped)
	}
}

func checkSub(t *testing.T, c, d sli.Counts) {
	t.Helper()
	good := new(big.Int).Sub(goodOf(c), goodOf(d))
	bad := new(big.Int).Sub(badOf(c), badOf(d))
	got, ok := c.Sub(d)
	if later := good.Sign() >= 0 && bad.Sign() >= 0; ok != later {
		t.Fatalf("%v.Sub(%v): got ok %t, want %t", c, d, ok, later)
	}
	var want sli.Counts
	if ok {
		want = sli.Counts{Good: good.Uint64(), Valid: new(big.Int).Add(good, bad).Uint64()}
	}
	if got != want {
		t.Errorf("%v.Sub(%v) = %v, want %v", c, d, got, want)
	}
}

func TestSubOfCountersThatRestarted(t *testing.T) {
	before := sli.Counts{Good: 90, Valid: 100}
	tests := []struct {
		name  string
		after sli.Counts
		want  sli.Counts
		ok    bool
	}{
		{"later", sli.Counts{Good: 95, Valid: 110}, sli.Counts{Good: 5, Valid: 10}, true},
		{"the same", before, sli.Counts{}, true},
		{"restarted", sli.Counts{Good: 1, Valid: 1}, sli.Counts{}, false},
		{"restarted, and the bad events have caught up", sli.Counts{Good: 5, Valid: 120}, sli.Counts{}, false},
		{"restarted, and the good events have caught up", sli.Counts{Good: 120, Valid: 121}, sli.Counts{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := test.after.Sub(before); got != test.want || ok != test.ok {
				t.Errorf("got %v, %t, want %v, %t", got, ok, test.want, test.ok)
			}
		})
	}
}

func TestSumDoesNotDependOnTheOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		counts := make([]sli.Counts, random.IntN(6))
		for i := range counts {
			counts[i] = sli.Counts{Good: random.Uint64() >> random.IntN(64), Valid: random.Uint64() >> random.IntN(64)}
		}
		want := sli.Sum(counts...)
		random.Shuffle(len(counts), func(i, j int) { counts[i], counts[j] = counts[j], counts[i] })
		if got := sli.Sum(counts...); got != want {
			t.Fatalf("%v: got %v, want %v", counts, got, want)
		}
	}
}
