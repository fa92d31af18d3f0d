package budget_test

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/slo"
)

const day = 24 * time.Hour

// readDuration parses a text of FormatDuration exactly, in nanoseconds. It also
// returns the unit.
func readDuration(t *testing.T, text string, units map[string]time.Duration) (*big.Rat, time.Duration) {
	t.Helper()
	number, name, _ := strings.Cut(text, " ")
	unit := units[strings.TrimSuffix(name, "s")]
	got, ok := new(big.Rat).SetString(number)
	if !ok || unit == 0 {
		t.Fatalf("%q is not a number and a unit", text)
	}
	return got.Mul(got, new(big.Rat).SetInt64(int64(unit))), unit
}

// TestDowntimeTable is the usual table of allowed downtime, as it is printed.
func TestDowntimeTable(t *testing.T) {
	for _, tt := range []struct{ target, year, quarter, month string }{
		{"90%", "36.5 days", "9 days", "3 days"},
		{"95%", "18.25 days", "4.5 days", "1.5 days"},
		{"99%", "3.65 days", "21.6 hours", "7.2 hours"},
		{"99.5%", "1.83 days", "10.8 hours", "3.6 hours"},
		{"99.9%", "8.76 hours", "2.16 hours", "43.2 minutes"},
		{"99.95%", "4.38 hours", "1.08 hours", "21.6 minutes"},
		{"99.99%", "52.6 minutes", "12.96 minutes", "4.32 minutes"},
		{"99.999%", "5.26 minutes", "1.30 minutes", "25.9 seconds"},
	} {
		target := slo.MustParseTarget(tt.target)
		for period, want := range map[time.Duration]string{365 * day: tt.year, 90 * day: tt.quarter, 30 * day: tt.month} {
			if got := budget.FormatDuration(budget.Downtime(target, period)); got != want {
				t.Errorf("downtime of %v in %v: got %s, want %s", target, period, got, want)
			}
		}
	}
}

func TestFormatDuration(t *testing.T) {
	for _, tt := range []struct {
		name string
		d    time.Duration
		want string
	}{
		{"nothing", 0, "0 seconds"},
		{"one of a unit", time.Hour, "1 hour"},
		{"negative", -90 * time.Minute, "-1.5 hours"},
		{"a half rounds away from zero", 1825 * day / 1000, "1.83 days"},
		{"a negative half too", -1825 * day / 1000, "-1.83 days"},
		{"a rounded number keeps its zeros", 1296 * time.Minute / 1000, "1.30 minutes"},
		{"below 20 two decimals", 1999 * time.Second / 100, "19.99 seconds"},
		{"from 20 one decimal", 2004 * time.Second / 100, "20.0 seconds"},
		{"from 200 no decimals", 200*day + time.Hour, "200 days"},
		{"rounded up to the next unit", 5996 * time.Minute / 100, "1.00 hours"},
		{"rounded up to a day", 1439 * time.Minute, "1.00 days"},
		{"just below the next unit", 5994 * time.Minute / 100, "59.9 minutes"},
		{"a year", 365 * day, "365 days"},
		{"below a second", 36 * time.Millisecond, "36 milliseconds"},
		{"below a millisecond", 1500 * time.Nanosecond, "1.5 microseconds"},
		{"the smallest", 1, "1 nanosecond"},
		{"the minimum", math.MinInt64, "-106752 days"},
		{"the maximum", math.MaxInt64, "106752 days"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := budget.FormatDuration(tt.d); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func FuzzDowntime(f *testing.F) {
	f.Add(uint32(999_000_000), int64(30*day))
	f.Add(uint32(1), int64(math.MaxInt64))
	f.Add(uint32(999_999_999), int64(math.MinInt64))
	f.Fuzz(func(t *testing.T, parts uint32, period int64) {
		target, err := slo.TargetOf(int64(parts))
		if err != nil {
			t.Skip()
		}
		exact := new(big.Rat).Sub(big.NewRat(1, 1), target.Rat())
		exact.Mul(exact, new(big.Rat).SetInt64(max(period, 0)))
		want := new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
		if got := int64(budget.Downtime(target, time.Duration(period))); got != want {
			t.Errorf("downtime of %v in %d: got %d, want %d", target, period, got, want)
		}
	})
}

// FuzzFormatDuration parses the text, and checks its precision and unit.
func FuzzFormatDuration(f *testing.F) {
	for _, d := range []time.Duration{0, 1, 999, 59_960 * time.Millisecond, 1999 * time.Minute / 100, 200 * day, math.MinInt64} {
		f.Add(int64(d))
	}
	units := map[string]time.Duration{
		"day": day, "hour": time.Hour, "minute": time.Minute, "second": time.Second,
		"millisecond": time.Millisecond, "microsecond": time.Microsecond, "nanosecond": 1,
	}
	f.Fuzz(func(t *testing.T, ns int64) {
		text := budget.FormatDuration(time.Duration(ns))
		got, unit := readDuration(t, text, units)
		want := new(big.Rat).SetInt64(ns)
		off := new(big.Rat).Sub(got, want)
		limit := new(big.Rat).Mul(want, big.NewRat(1, 200))
		if off.Abs(off).Cmp(limit.Abs(limit)) > 0 {
			t.Errorf("%d ns: got %q, want at most 0.5 %% off", ns, text)
		}
		size := want.Abs(want)
		belowUnit := ns != 0 && size.Cmp(new(big.Rat).SetInt64(int64(unit))) < 0
		if belowUnit && size.Cmp(got.Abs(got)) >= 0 {
			t.Errorf("%d ns: got %q, want a smaller unit", ns, text)
		}
	})
}
