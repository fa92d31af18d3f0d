package budget_test

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// remaining returns the share left of a 50 % target's budget.
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
		t.Errorf("got %s, want %s, since the target is missed", got, want)
	}
}

func TestZeroRatioIsZero(t *testing.T) {
	var zero budget.Ratio
	if zero.Sign() != 0 || zero.Rat().Sign() != 0 || zero.String() != "0" || zero.Percent() != "0%" {
		t.Errorf("got %v, %v, %s, want 0", zero, zero.Rat(), zero.Percent())
	}
	if got := zero.Compare(remaining(t, 4, 8)); got != 0 {
		t.Errorf("0 compared with 0/4: got %d, want 0", got)
	}
	if got := zero.Compare(remaining(t, 3, 8)); got != -1 {
		t.Errorf("0 compared with 1/4: got %d, want -1", got)
	}
}

func TestRatioOf(t *testing.T) {
	if got := budget.RatioOf(2, 8).Compare(remaining(t, 3, 8)); got != 0 {
		t.Errorf("2/8 compared with 1/4: got %d, want 0", got)
	}
	if got, want := budget.RatioOf(2, 8).Rat(), big.NewRat(1, 4); got.Cmp(want) != 0 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := budget.RatioOf(1, 0); got != (budget.Ratio{}) {
		t.Errorf("1/0: got %v, want 0", got)
	}
}

func ExampleRatioOf() {
	left := budget.RatioOf(1, 3)
	exact, err := left.MarshalText()
	fmt.Println(left, left.Percent(), string(exact), err)
	// Output:
	// 0.33 33.33% 1/3 <nil>
}

func TestRatioExactText(t *testing.T) {
	for _, tt := range []struct {
		name       string
		bad, valid uint64
		want       string
	}{
		{"a decimal", 437, 2000, "0.563"},
		{"a fraction", 1, 3, "1/3"},
		{"a negative decimal", 5, 8, "-0.25"},
		{"a negative fraction", 2, 3, "-1/3"},
		{"zero", 4, 8, "0"},
		{"nine places", 1, 2e9, "0.999999999"},
		{"ten places", 1, 2e10, "9999999999/10000000000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := remaining(t, tt.bad, tt.valid).MarshalText(); err != nil || string(got) != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
}

const most = "340282366920938463463374607431768211455" // 2^128-1

func TestRatioRefusesText(t *testing.T) {
	for _, text := range []string{
		"", "-", "+1", "1/", "/3", "1/0", "0/0", "1/-3", "1.5/3", "1/3.5", ".5", "1.", "1e3", "1e1000000000",
		"0x10", "1_000", " 1", "Inf", "NaN", most + "0", "1/" + most + "1", strings.Repeat("0", 101),
	} {
		r := budget.RatioOf(1, 2)
		if err := r.UnmarshalText([]byte(text)); err == nil || r != budget.RatioOf(1, 2) {
			t.Errorf("%q: got %v, %v, want an error", text, r.Rat(), err)
		}
	}
	var r budget.Ratio
	for text, want := range map[string]string{
		"1e3":      `budget: invalid ratio "1e3": want a number such as "0.25" or "1/3"`,
		most + "0": `budget: ratio "` + most + `0" has more than 128 bits`,
	} {
		if err := r.UnmarshalText([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: got error %v, want %s", text, err, want)
		}
	}
}

func TestRatioReadsText(t *testing.T) {
	for text, want := range map[string]string{
		most: most + "/1", "-" + most + "/1": "-" + most + "/1", "1/" + most: "1/" + most,
		"-0": "0/1", "007": "7/1", "2/4": "1/2", "0.50": "1/2", most + "0/10": most + "/1",
	} {
		var r budget.Ratio
		if err := r.UnmarshalText([]byte(text)); err != nil || r.Rat().String() != want {
			t.Errorf("%q: got %v, %v, want %s", text, r.Rat(), err, want)
		}
	}
}

// FuzzRatioText reads any text. If it is a ratio, the exact text reads as the
// same ratio.
func FuzzRatioText(f *testing.F) {
	for _, text := range []string{"0.437", "-1/3", "340282366920938463463374607431768211455", "1/0", "-0", "1e9"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r, back budget.Ratio
		if r.UnmarshalText([]byte(text)) != nil {
			t.Skip()
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok || r.Rat().Cmp(want) != 0 {
			t.Errorf("%q: got %v, want %v", text, r.Rat(), want)
		}
		exact, err := r.MarshalText()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if err := back.UnmarshalText(exact); err != nil || back != r {
			t.Errorf("%q became %q and %v, %v", text, exact, back.Rat(), err)
		}
	})
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
		for _, ratio := range []budget.Ratio{spentA, leftA} {
			var back budget.Ratio
			exact, _ := ratio.MarshalText()
			if err := back.UnmarshalText(exact); err != nil || back.Compare(ratio) != 0 {
				t.Errorf("%v became %q and %v, %v", ratio.Rat(), exact, back.Rat(), err)
			}
		}
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
			t.Errorf("spent and remaining: got a sum of %v, want 1", sum)
		}
	})
}
