package decimal_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/decimal"
)

func TestFormat(t *testing.T) {
	for _, tt := range []struct {
		n      int64
		places int
		want   string
	}{
		{999_500_000, 7, "99.95"}, {999_500_000, 9, "0.9995"}, {1_000_000_000, 9, "1"}, {0, 9, "0"}, {0, 0, "0"},
		{1, 9, "0.000000001"}, {-1, 9, "-0.000000001"}, {120, 0, "120"}, {-1500, 3, "-1.5"}, {math.MinInt64, 18, "-9.223372036854775808"},
	} {
		if got := decimal.Format(tt.n, tt.places); got != tt.want {
			t.Errorf("%d with %d places: got %q, want %q", tt.n, tt.places, got, tt.want)
		}
	}
}

func TestAppendFixed(t *testing.T) {
	for _, tt := range []struct {
		n      uint64
		places int
		want   string
	}{
		{130, 2, "1.30"}, {5, 2, "0.05"}, {0, 2, "0.00"}, {200, 0, "200"}, {0, 0, "0"},
		{math.MaxUint64, 19, "1.8446744073709551615"},
	} {
		if got := string(decimal.AppendFixed([]byte("x"), tt.n, tt.places)); got != "x"+tt.want {
			t.Errorf("%d with %d places: got %q, want %q", tt.n, tt.places, got, "x"+tt.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		text   string
		places int
		want   int64
		err    string
	}{
		{"99.95", 7, 999_500_000, ""},
		{"-0.10", 1, -1, ""},
		{"007", 0, 7, ""},
		{"-9223372036854775808", 0, math.MinInt64, ""},
		{"", 2, 0, `invalid number "": want digits such as "12.5"`},
		{".5", 2, 0, `invalid number ".5": want digits such as "12.5"`},
		{"5.", 2, 0, `invalid number "5.": want digits such as "12.5"`},
		{"+5", 2, 0, `invalid number "+5": want digits such as "12.5"`},
		{"1_0", 2, 0, `invalid number "1_0": want digits such as "12.5"`},
		{"1e9", 2, 0, `invalid number "1e9": want digits such as "12.5"`},
		{"0.125", 2, 0, `number "0.125" has more than 2 decimal places`},
		{"9223372036854775808", 0, 0, `number "9223372036854775808" is out of range`},
	} {
		got, err := decimal.Parse(tt.text, tt.places)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != tt.want || text != tt.err {
			t.Errorf("%q: got %d, %q, want %d, %q", tt.text, got, text, tt.want, tt.err)
		}
	}
}

func TestTrim(t *testing.T) {
	for text, want := range map[string]string{
		"1.50": "1.5", "2.00": "2", "-0.0": "0", "100": "100", "0.001": "0.001", "-0.10": "-0.1", "1.": "1",
	} {
		if got := decimal.Trim(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// FuzzFormat compares with big.Rat, which knows nothing of the digits' layout.
func FuzzFormat(f *testing.F) {
	f.Add(int64(999_500_000), uint8(7))
	f.Add(int64(math.MinInt64), uint8(19))
	f.Fuzz(func(t *testing.T, n int64, places uint8) {
		p := int(places % 20)
		text := decimal.Format(n, p)
		got, ok := new(big.Rat).SetString(text)
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(p)), nil)
		if want := new(big.Rat).SetFrac(big.NewInt(n), scale); !ok || got.Cmp(want) != 0 {
			t.Errorf("%d with %d places: got %q", n, p, text)
		}
		if strings.Contains(text, ".") && strings.TrimRight(text, "0.") != text || strings.TrimPrefix(text, "-")[0] == '.' {
			t.Errorf("%d with %d places: %q has needless digits or lacks one", n, p, text)
		}
		if decimal.Trim(text) != text {
			t.Errorf("Trim changes %q", text)
		}
		if back, err := decimal.Parse(text, p); err != nil || back != n {
			t.Errorf("%q parses as %d, %v, want %d", text, back, err, n)
		}
	})
}

func TestAppendDoesNotAllocate(t *testing.T) {
	buf := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { buf = decimal.Append(buf[:0], 250_001, 6) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}
