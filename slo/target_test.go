package slo_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/slo"
)

func TestParseTarget(t *testing.T) {
	tests := []struct {
		text    string
		percent string
		decimal string
		budget  string
		ppb     int64
	}{
		{"90%", "90%", "0.9", "0.1", 900_000_000},
		{"95%", "95%", "0.95", "0.05", 950_000_000},
		{"99%", "99%", "0.99", "0.01", 990_000_000},
		{"99.5%", "99.5%", "0.995", "0.005", 995_000_000},
		{"99.9%", "99.9%", "0.999", "0.001", 999_000_000},
		{"99.95%", "99.95%", "0.9995", "0.0005", 999_500_000},
		{"99.99%", "99.99%", "0.9999", "0.0001", 999_900_000},
		{"99.999%", "99.999%", "0.99999", "0.00001", 999_990_000},
		{"99.95 %", "99.95%", "0.9995", "0.0005", 999_500_000},
		{"0.9995", "99.95%", "0.9995", "0.0005", 999_500_000},
		{"099.950000000000%", "99.95%", "0.9995", "0.0005", 999_500_000},
		{"00.99950000000000", "99.95%", "0.9995", "0.0005", 999_500_000},
		{"0.5%", "0.5%", "0.005", "0.995", 5_000_000},
		{"0.0000001%", "0.0000001%", "0.000000001", "0.999999999", 1},
		{"0.000000001", "0.0000001%", "0.000000001", "0.999999999", 1},
		{"99.9999999%", "99.9999999%", "0.999999999", "0.000000001", 999_999_999},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			target, err := slo.ParseTarget(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := target.PartsPerBillion(); got != test.ppb {
				t.Errorf("PartsPerBillion() = %d, want %d", got, test.ppb)
			}
			if got, want := target.BudgetPartsPerBillion(), 1_000_000_000-test.ppb; got != want {
				t.Errorf("BudgetPartsPerBillion() = %d, want %d", got, want)
			}
			if got := target.String(); got != test.percent {
				t.Errorf("String() = %q, want %q", got, test.percent)
			}
			if got := target.Decimal(); got != test.decimal {
				t.Errorf("Decimal() = %q, want %q", got, test.decimal)
			}
			if got := target.BudgetDecimal(); got != test.budget {
				t.Errorf("BudgetDecimal() = %q, want %q", got, test.budget)
			}
			if want, _ := new(big.Rat).SetString(test.decimal); target.Rat().Cmp(want) != 0 {
				t.Errorf("Rat() = %v, want %v", target.Rat(), want)
			}
		})
	}
}

func TestParseTargetRefuses(t *testing.T) {
	const (
		notATarget = `want a percentage such as "99.95%" or a ratio such as "0.9995", in whole parts per billion`
		everything = "100% leaves no error budget"
		nothing    = "0% promises nothing"
		tooMuch    = "more than 100%"
	)
	tests := []struct{ text, want string }{
		{"100%", everything},
		{"100.000 %", everything},
		{"1", everything},
		{"1.0", everything},
		{"0%", nothing},
		{"0", nothing},
		{"0.000000000000%", nothing},
		{"101%", tooMuch},
		{"100.0000001%", tooMuch},
		{"99999999999999999999999%", notATarget},
		{"99999999999999999999999", notATarget},
		{"99.95", `more than 1: want "99.95%" for a percentage`},
		{"1.000000001", `more than 1: want "1.000000001%" for a percentage`},
		{"99.99999999%", notATarget},
		{"0.9999999999", notATarget},
		{"0.00000000001%", notATarget},
		{"", notATarget},
		{"%", notATarget},
		{" %", notATarget},
		{".9", notATarget},
		{"99.%", notATarget},
		{"99.9.9%", notATarget},
		{"99,9%", notATarget},
		{"+99%", notATarget},
		{"-1%", notATarget},
		{"-0%", notATarget},
		{"9e1%", notATarget},
		{"0x5f%", notATarget},
		{"1_0%", notATarget},
		{" 99%", notATarget},
		{"99% ", notATarget},
		{"99  %", notATarget},
		{"99\u00a0%", notATarget},
		{"99%%", notATarget},
		{"９９%", notATarget},
		{"three nines", notATarget},
		{"NaN", notATarget},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			target, err := slo.ParseTarget(test.text)
			if err == nil {
				t.Fatalf("got %v, want an error", target)
			}
			quoted, _ := json.Marshal(test.text)
			if want := "slo: invalid target " + string(quoted) + ": " + test.want; strings.ReplaceAll(err.Error(), `\u00a0`, "\u00a0") != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if target != (slo.Target{}) {
				t.Errorf("got %v with the error, want the zero Target", target)
			}
		})
	}
}

var targetText = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)( ?%)?$`)

// targetOracle reads a target in exact fractions of any size. It returns its
// parts per billion, and false for an invalid target.
func targetOracle(text string) (int64, bool) {
	match := targetText.FindStringSubmatch(text)
	if match == nil {
		return 0, false
	}
	share, _ := new(big.Rat).SetString(match[1])
	if match[2] != "" {
		share.Quo(share, big.NewRat(100, 1))
	}
	ppb := share.Mul(share, big.NewRat(1_000_000_000, 1))
	ok := ppb.IsInt() && ppb.Sign() > 0 && ppb.Cmp(big.NewRat(1_000_000_000, 1)) < 0
	return ppb.Num().Int64(), ok
}

func FuzzParseTarget(f *testing.F) {
	for _, text := range []string{
		"99.95%", "99.95 %", "0.9995", "100%", "0%", "1", "0", "99.99999999%", "099.9%", "1.5", "1e-3", "+1%", "0.0000000010", "99999999999999999999",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		target, err := slo.ParseTarget(text)
		want, ok := targetOracle(text)
		if ok != (err == nil) {
			t.Fatalf("ParseTarget(%q): got error %v, want a target: %t", text, err, ok)
		}
		if !ok {
			return
		}
		if got := target.PartsPerBillion(); got != want {
			t.Errorf("ParseTarget(%q) = %d parts per billion, want %d", text, got, want)
		}
		checkTargetTexts(t, target)
	})
}

// checkTargetTexts checks that each text of a target, read in exact fractions,
// equals the target.
func checkTargetTexts(t *testing.T, target slo.Target) {
	t.Helper()
	for _, text := range []string{target.String(), target.Decimal()} {
		if ppb, ok := targetOracle(text); !ok || ppb != target.PartsPerBillion() {
			t.Errorf("%q is %d parts per billion, want %d", text, ppb, target.PartsPerBillion())
		}
		if again, err := slo.ParseTarget(text); err != nil || again != target {
			t.Errorf("ParseTarget(%q) = %v, %v, want %v", text, again, err, target)
		}
	}
	if budget, ok := targetOracle(target.BudgetDecimal()); !ok || budget != target.BudgetPartsPerBillion() || budget+target.PartsPerBillion() != 1_000_000_000 {
		t.Errorf("the budget of %v is %q", target, target.BudgetDecimal())
	}
}

func TestTargetRoundTripsItsTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	ppbs := []int64{1, 9, 10, 99, 100, 10_000_000, 99_999_999, 100_000_000, 500_000_000, 999_999_990, 999_999_999}
	for range 2000 {
		ppbs = append(ppbs, 1+random.Int64N(999_999_999))
	}
	for _, ppb := range ppbs {
		target, err := slo.TargetOf(ppb)
		if err != nil {
			t.Fatal(err)
		}
		if got := target.PartsPerBillion(); got != ppb {
			t.Errorf("got %d, want %d", got, ppb)
		}
		checkTargetTexts(t, target)
	}
}

func TestTargetOfRefuses(t *testing.T) {
	for _, ppb := range []int64{0, -1, math.MinInt64, 1_000_000_000, 1<<32 + 5, math.MaxInt64} {
		if target, err := slo.TargetOf(ppb); err == nil || target.IsValid() {
			t.Errorf("%d: got %v, %v, want an error", ppb, target, err)
		}
	}
}

func TestTargetIsText(t *testing.T) {
	type document struct {
		Target slo.Target `json:"target"`
	}
	var got document
	if err := json.Unmarshal([]byte(`{"target":"99.950 %"}`), &got); err != nil {
		t.Fatal(err)
	}
	if want := slo.MustParseTarget("99.95%"); got.Target != want {
		t.Errorf("got %v, want %v", got.Target, want)
	}
	if text, err := json.Marshal(got); err != nil || string(text) != `{"target":"99.95%"}` {
		t.Errorf("Marshal: got %s, %v", text, err)
	}
	if err := json.Unmarshal([]byte(`{"target":"100%"}`), &got); err == nil || got.Target != slo.MustParseTarget("99.95%") {
		t.Errorf("Unmarshal of 100%%: got %v, %v, want an error and no change", got.Target, err)
	}
	text, err := json.Marshal(document{})
	if err != nil || string(text) != `{"target":""}` {
		t.Errorf("Marshal of the zero Target: got %s, %v, want an empty text", text, err)
	}
	if err := json.Unmarshal(text, &got); err != nil || got.Target.IsValid() {
		t.Errorf("Unmarshal of an empty text: got %v, %v, want the zero Target", got.Target, err)
	}
}

func TestZeroTarget(t *testing.T) {
	var zero slo.Target
	if zero.IsValid() || zero.PartsPerBillion() != 0 || zero.BudgetPartsPerBillion() != 0 || zero.Rat().Sign() != 0 {
		t.Errorf("the zero Target is valid or not 0: %#v", zero)
	}
	if got := []string{zero.String(), zero.Decimal(), zero.BudgetDecimal()}; got[0] != "0%" || got[1] != "0" || got[2] != "0" {
		t.Errorf("got the texts %q", got)
	}
}

func TestMustParseTargetPanics(t *testing.T) {
	checkPanics(t, `slo: invalid target "100%"`, func() { slo.MustParseTarget("100%") })
	if got := slo.MustParseTarget("99.9%"); got.PartsPerBillion() != 999_000_000 {
		t.Errorf("got %v, want 99.9%%", got)
	}
}

// checkPanics checks that f panics with a value whose text begins with want.
func checkPanics(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		text := ""
		switch v := recover().(type) {
		case error:
			text = v.Error()
		case string:
			text = v
		}
		if !strings.HasPrefix(text, want) {
			t.Errorf("got panic %q, want %q…", text, want)
		}
	}()
	f()
}
