package compose_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/sligo-go/sligo/budget/compose"
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
	fmt.Println(compose.Serial(frontend, users, orders))
	// Output:
	// 99.7501999%
}

func ExampleParallel() {
	replica := slo.MustParseTarget("99.9%")
	fmt.Println(compose.Parallel(replica, replica))
	// Output:
	// 99.9999%
}

func ExampleAtLeast() {
	node := slo.MustParseTarget("99%")
	fmt.Println("two of three:", compose.AtLeast(2, node, node, node))
	// Output:
	// two of three: 99.9702%
}

func TestCompose(t *testing.T) {
	for _, tt := range []struct {
		name   string
		needed int
		of     []string
		want   string
	}{
		{"one", 1, []string{"99.9%"}, "99.9%"},
		{"all of four, rounded down", 4, []string{"99.9%", "99.9%", "99.9%", "99.9%"}, "99.6005996%"},
		{"any of two", 1, []string{"90%", "80%"}, "98%"},
		{"more nines than parts per billion hold", 1, []string{"99.999%", "99.999%"}, "99.9999999%"},
		{"two of three different", 2, []string{"90%", "80%", "50%"}, "85%"},
		{"less than a part per billion", 2, []string{"0.0000001%", "0.0000001%"}, "0%"},
		{"more needed than there are", 3, []string{"90%", "80%"}, "0%"},
		{"none needed", 0, []string{"90%", "80%"}, "0%"},
		{"no component", 0, nil, "0%"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := compose.AtLeast(tt.needed, targets(t, tt.of...)...).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if got := compose.Serial(); got.IsValid() {
		t.Errorf("serial without components: got %v, want the zero Target", got)
	}
	if got := compose.Parallel(); got.IsValid() {
		t.Errorf("parallel without components: got %v, want the zero Target", got)
	}
}

// FuzzAtLeast adds up the probabilities of all 16 ways in which four
// components can work or fail.
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
		short := sum.Sub(sum, compose.AtLeast(int(needed), components...).Rat())
		if short.Sign() < 0 || short.Cmp(big.NewRat(1, 1e9)) > 0 {
			t.Errorf("%d of %v: got %v less than the exact sum, want at most a part per billion", needed, components, short)
		}
	})
}
