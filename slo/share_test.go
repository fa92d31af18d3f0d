package slo_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/slo"
)

func TestParseShare(t *testing.T) {
	for _, tt := range []struct {
		text  string
		parts int64
		str   string
	}{
		{"2%", 20_000_000, "2%"},
		{"12.5 %", 125_000_000, "12.5%"},
		{"0.125", 125_000_000, "12.5%"},
		{"0%", 0, "0%"},
		{"100%", 1_000_000_000, "100%"},
		{"1", 1_000_000_000, "100%"},
		{"0.0000001%", 1, "0.0000001%"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			got, err := slo.ParseShare(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got.PartsPerBillion() != tt.parts || got.String() != tt.str {
				t.Errorf("got %d, %s, want %d, %s", got.PartsPerBillion(), got, tt.parts, tt.str)
			}
			if want := big.NewRat(tt.parts, 1e9); got.Rat().Cmp(want) != 0 {
				t.Errorf("got %v, want %v", got.Rat(), want)
			}
			if decimal, err := slo.ParseShare(got.Decimal()); err != nil || decimal != got {
				t.Errorf("decimal %q: got %v, %v, want %v", got.Decimal(), decimal, err, got)
			}
		})
	}
}

func TestParseShareRefuses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", `slo: invalid share "": want a percentage such as "12.5%"`},
		{"two", "want a percentage"},
		{"-2%", "want a percentage"},
		{"-0%", "want a percentage"},
		{".5", "want a percentage"},
		{"5.%", "want a percentage"},
		{"101%", `share "101%": more than 100%`},
		{"99999999999999999999%", "want a percentage"},
		{"20", `more than 1: want "20%" for a percentage`},
		{"0.00000001%", "in whole parts per billion"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			got, err := slo.ParseShare(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v, want an error with %q", got, err, tt.want)
			}
		})
	}
}

func FuzzParseShare(f *testing.F) {
	for _, seed := range []string{"2%", "12.5 %", "0.125", "100%", "1", "-1%", "1.0000000001", "٢%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := slo.ParseShare(text)
		if err != nil {
			return
		}
		number, percent := strings.CutSuffix(text, "%")
		want, ok := new(big.Rat).SetString(strings.TrimSuffix(number, " "))
		if !ok {
			t.Fatalf("ParseShare(%q) = %v, want an error", text, got)
		}
		if percent {
			want.Mul(want, big.NewRat(1, 100))
		}
		if got.Rat().Cmp(want) != 0 {
			t.Errorf("got %v, want %v", got.Rat(), want)
		}
		var back slo.Share
		if written, err := got.MarshalText(); err != nil || back.UnmarshalText(written) != nil || back != got {
			t.Errorf("%q came back as %v, want %v (%v)", written, back, got, err)
		}
	})
}

func TestInvalidShareChangesNothing(t *testing.T) {
	share := slo.MustParseShare("2%")
	if err := share.UnmarshalText([]byte("102%")); err == nil || share != slo.MustParseShare("0.02") {
		t.Errorf("got %v, %v, want an error and 2%%", share, err)
	}
	checkPanics(t, `slo: invalid share "102%"`, func() { slo.MustParseShare("102%") })
}
