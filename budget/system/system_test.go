package system_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/sligo-go/sligo/budget/system"
	"github.com/sligo-go/sligo/slo"
)

func targets(t testing.TB, texts ...string) []slo.Target {
	t.Helper()
	var all []slo.Target
	for _, text := range texts {
		target, err := slo.ParseTarget(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, target)
	}
	return all
}

func ExampleSerial() {
	frontend, users, orders := slo.MustParseTarget("99.95%"), slo.MustParseTarget("99.9%"), slo.MustParseTarget("99.9%")
	fmt.Println(system.Serial(frontend, users, orders))
	// Output:
	// 99.7501999%
}

func ExampleParallel() {
	replica := slo.MustParseTarget("99.9%")
	fmt.Println(system.Parallel(replica, replica))
	// Output:
	// 99.9999%
}

func ExampleAtLeast() {
	node := slo.MustParseTarget("99%")
	fmt.Println("two of three:", system.AtLeast(2, node, node, node))
	// Output:
	// two of three: 99.9702%
}

func ExampleAllocate() {
	targets, err := system.Allocate(slo.MustParseTarget("99.9%"), 1, 3)
	fmt.Println(targets, err)

	_, err = system.Allocate(slo.MustParseTarget("99.9%"), 1, 0)
	fmt.Println(err)
	// Output:
	// [99.975% 99.925%] <nil>
	// system: allocate: weights[1]: is 0: no component works without a budget
}

func ExampleCheck() {
	shop, component := slo.MustParseTarget("99.9%"), slo.MustParseTarget("99.9%")
	balance := system.Check(shop, component, component, component)
	fmt.Println(balance)
	fmt.Println(balance.Excess() > 0)
	// Output:
	// the components' budgets add up to 0.3%, 0.2% more than the system's 0.1%
	// true
}

func TestCompose(t *testing.T) {
	for _, tt := range []struct {
		name   string
		needed int
		of     []string
		want   string
	}{
		{"one", 1, []string{"99.9%"}, "99.9%"},
		{"all of four, rounded down", 4, []string{"99.9%", "99.9%", "99.9%", "99.9%"}, "99.6005996%"}, // …001
		{"any of two", 1, []string{"90%", "80%"}, "98%"},
		{"more nines than there are parts", 1, []string{"99.999%", "99.999%"}, "99.9999999%"},
		{"two of three different", 2, []string{"90%", "80%", "50%"}, "85%"}, // .36+.36+.09+.04
		{"less than a part", 2, []string{"0.0000001%", "0.0000001%"}, "0%"},
		{"more than there are", 3, []string{"90%", "80%"}, "0%"},
		{"none needed", 0, []string{"90%", "80%"}, "0%"},
		{"none there", 0, nil, "0%"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := system.AtLeast(tt.needed, targets(t, tt.of...)...).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if got := system.Serial(); got.IsValid() {
		t.Errorf("serial of nothing: got %v", got)
	}
	if got := system.Parallel(); got.IsValid() {
		t.Errorf("parallel of nothing: got %v", got)
	}
}

// FuzzAtLeast adds up the probabilities of all 16 ways in which four components work or fail.
func FuzzAtLeast(f *testing.F) {
	f.Add(uint32(999_000_000), uint32(999_500_000), uint32(990_000_000), uint32(1), uint8(2))
	f.Add(uint32(999_999_999), uint32(999_999_999), uint32(999_999_999), uint32(999_999_999), uint8(1))
	f.Add(uint32(1), uint32(1), uint32(1), uint32(1), uint8(4))
	f.Fuzz(func(t *testing.T, a, b, c, d uint32, needed uint8) {
		var components []slo.Target
		for _, parts := range []uint32{a, b, c, d} {
			target, err := slo.TargetOf(int64(parts % 1_000_000_000))
			if err != nil {
				t.Skip()
			}
			components = append(components, target)
		}
		needed = needed%4 + 1
		sum, one := new(big.Rat), big.NewRat(1, 1)
		for way := range 16 {
			p, working := big.NewRat(1, 1), 0
			for i, c := range components {
				if way>>i&1 == 1 {
					p.Mul(p, c.Rat())
					working++
				} else {
					p.Mul(p, new(big.Rat).Sub(one, c.Rat()))
				}
			}
			if working >= int(needed) {
				sum.Add(sum, p)
			}
		}
		short := sum.Sub(sum, system.AtLeast(int(needed), components...).Rat())
		if short.Sign() < 0 || short.Cmp(big.NewRat(1, 1e9)) > 0 {
			t.Errorf("%d of %v: is short of the sum by %v", needed, components, short)
		}
	})
}

func TestAllocateRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		system  slo.Target
		weights []uint64
		want    string
	}{
		{"nothing", slo.Target{}, nil, "system: allocate: system: is required, like \"99.9%\"\nweights: are required, one for each component"},
		{"no budget left", slo.MustParseTarget("99.9999999%"), []uint64{2, 1, 1},
			"system: allocate: weights[1]: of 1 is less than a part per billion of a budget of 1 parts\nweights[2]: of 1 is less than a part per billion of a budget of 1 parts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := system.Allocate(tt.system, tt.weights...)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, %v, want %s", got, err, tt.want)
			}
		})
	}
}

// FuzzAllocate checks that budgets add up, are near their exact share, and that the system keeps its target.
func FuzzAllocate(f *testing.F) {
	f.Add(uint32(999_000_000), uint64(1), uint64(1), uint64(1))
	f.Add(uint32(1), uint64(math.MaxUint64), uint64(math.MaxUint64), uint64(math.MaxUint64-1))
	f.Fuzz(func(t *testing.T, parts uint32, a, b, c uint64) {
		whole, err := slo.TargetOf(int64(parts))
		if err != nil {
			t.Skip()
		}
		weights := []uint64{a, b, c}
		got, err := system.Allocate(whole, weights...)
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
				t.Errorf("%v by %v: %v is off by %v parts", whole, weights, got[i], off)
			}
		}
		if balance := system.Check(whole, got...); balance.Excess() != 0 {
			t.Errorf("%v by %v: got %v, %v", whole, weights, got, balance)
		}
		exact := big.NewRat(1, 1)
		for _, target := range got {
			exact.Mul(exact, target.Rat())
		}
		if exact.Cmp(whole.Rat()) < 0 {
			t.Errorf("%v by %v: with %v the system reaches %v", whole, weights, got, exact)
		}
	})
}

func TestAllocateGivesTheRestToThoseThatLostMost(t *testing.T) {
	got, err := system.Allocate(slo.MustParseTarget("99.999999%"), 50, 27, 23) // 10 parts: 5, 2.7, 2.3
	if want := "[99.9999995% 99.9999997% 99.9999998%]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("got %v, %v, want %s", got, err, want)
	}
}

func TestBalance(t *testing.T) {
	for _, tt := range []struct {
		components []string
		excess     int64
		want       string
	}{
		{nil, -1_000_000, "the components' budgets add up to 0%, 0.1% less than the system's 0.1%"},
		{[]string{"99.95%", "99.95%"}, 0, "the components' budgets add up to the system's 0.1%"},
		{[]string{"99.95%", "99.9499999%"}, 1, "the components' budgets add up to 0.1000001%, 0.0000001% more than the system's 0.1%"},
		{[]string{"1%", "1%"}, 1_979_000_000, "the components' budgets add up to 198%, 197.9% more than the system's 0.1%"},
	} {
		b := system.Check(slo.MustParseTarget("99.9%"), targets(t, tt.components...)...)
		if b.Excess() != tt.excess || b.String() != tt.want {
			t.Errorf("got %d, %q, want %d, %q", b.Excess(), b, tt.excess, tt.want)
		}
	}
}
