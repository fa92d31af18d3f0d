package slo_test

import (
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/slo"
)

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestParseWindow(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		text   string
		length time.Duration // of a rolling window
		period slo.Period    // of a calendar window
		zone   string
		want   string
	}{
		{text: "30d", length: 30 * day, want: "30d"},
		{text: "28d", length: 28 * day, want: "28d"},
		{text: "4w", length: 28 * day, want: "28d"},
		{text: "720h", length: 30 * day, want: "30d"},
		{text: "36h", length: 36 * time.Hour, want: "1d12h"},
		{text: "1d12h", length: 36 * time.Hour, want: "1d12h"},
		{text: "90m", length: 90 * time.Minute, want: "1h30m"},
		{text: "3600s", length: time.Hour, want: "1h"},
		{text: "1w1d1h1m1s", length: 8*day + time.Hour + time.Minute + time.Second, want: "8d1h1m1s"},
		{text: "007d", length: 7 * day, want: "7d"},
		{text: "1d0h", length: day, want: "1d"},
		{text: "366d", length: 366 * day, want: "366d"},
		{text: "month", period: slo.PeriodMonth, zone: "UTC", want: "month"},
		{text: "month UTC", period: slo.PeriodMonth, zone: "UTC", want: "month"},
		{text: "month Asia/Seoul", period: slo.PeriodMonth, zone: "Asia/Seoul", want: "month Asia/Seoul"},
		{text: "quarter Europe/Berlin", period: slo.PeriodQuarter, zone: "Europe/Berlin", want: "quarter Europe/Berlin"},
		{text: "year", period: slo.PeriodYear, zone: "UTC", want: "year"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			w, err := slo.ParseWindow(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := w.String(); got != test.want || !w.IsValid() {
				t.Errorf("got %q, valid %t, want %q", got, w.IsValid(), test.want)
			}
			if w.Period() != test.period || w.IsCalendar() != (test.period != "") {
				t.Errorf("Period() = %q, IsCalendar() = %t, want %q", w.Period(), w.IsCalendar(), test.period)
			}
			if w.IsCalendar() {
				if got := w.Location().String(); got != test.zone {
					t.Errorf("Location() = %q, want %q", got, test.zone)
				}
				return
			}
			if got := w.Length(time.Now()); got != test.length || w.Location() != nil {
				t.Errorf("Length() = %v, want %v; Location() = %v, want nil", got, test.length, w.Location())
			}
		})
	}
}

func TestParseWindowRefuses(t *testing.T) {
	const (
		notAWindow = `want a length such as "30d" or "4w", or "month", "quarter" or "year" with a time zone such as "month Asia/Seoul"`
		tooLong    = "want at most 366 days"
		tooShort   = "want at least an hour"
	)
	tests := []struct{ text, want string }{
		{"400d", tooLong},
		{"366d1s", tooLong},
		{"53w", tooLong},
		{"213504d", tooLong}, // 152 seconds modulo 2^64 ns
		{"99999999999999999999w", tooLong},
		{"18446744073709551616s18446744073709551616s", notAWindow},
		{"59m59s", tooShort},
		{"0d", tooShort},
		{"5m", tooShort},
		{"", notAWindow},
		{"30", notAWindow},
		{"d", notAWindow},
		{"30D", notAWindow},
		{"30 d", notAWindow},
		{" 30d", notAWindow},
		{"30d ", notAWindow},
		{"-30d", notAWindow},
		{"+30d", notAWindow},
		{"1.5d", notAWindow},
		{"30d30d", notAWindow},
		{"12h1d", notAWindow},
		{"30d5", notAWindow},
		{"3600000ms", notAWindow},
		{"1y", notAWindow},
		{"Month", notAWindow},
		{"months", notAWindow},
		{"week", notAWindow},
		{"month ", "time zone is empty"},
		{"month Local", `time zone "Local" differs by machine`},
		{"month Asia/Soul", `unknown time zone "Asia/Soul": want a name such as "Asia/Seoul"`},
		{"month  Asia/Seoul", `unknown time zone " Asia/Seoul": want a name such as "Asia/Seoul"`},
		{"month ../etc/passwd", `unknown time zone "../etc/passwd": want a name such as "Asia/Seoul"`},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			w, err := slo.ParseWindow(test.text)
			if err == nil {
				t.Fatalf("got %v, want an error", w)
			}
			if want := `slo: invalid window "` + test.text + `": ` + test.want; err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if w.IsValid() {
				t.Errorf("got the valid window %v with the error", w)
			}
		})
	}
}

var rollingText = regexp.MustCompile(`^(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?$`)

// rollingOracle reads the text of a rolling window in integers of any size.
func rollingOracle(text string) (seconds int64, ok bool) {
	match := rollingText.FindStringSubmatch(text)
	if match == nil || text == "" {
		return 0, false
	}
	sum := new(big.Int)
	for i, unit := range []int64{604_800, 86_400, 3_600, 60, 1} {
		if n, isNumber := new(big.Int).SetString(match[i+1], 10); isNumber {
			sum.Add(sum, n.Mul(n, big.NewInt(unit)))
		}
	}
	return sum.Int64(), sum.Cmp(big.NewInt(3_600)) >= 0 && sum.Cmp(big.NewInt(366*86_400)) <= 0
}

func FuzzParseWindow(f *testing.F) {
	for _, text := range []string{
		"30d", "4w", "36h", "90m", "1w2d3h4m5s", "366d", "367d", "59m", "month", "quarter Asia/Seoul", "year UTC", "month Local", "30d ",
		"99999999999999999999d", "0d1h", "1h1h", "month ", "month Europe/Berlin",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := slo.ParseWindow(text)
		if seconds, ok := rollingOracle(text); ok != (err == nil && !w.IsCalendar()) {
			t.Fatalf("ParseWindow(%q) = %v, %v, want a rolling window: %t", text, w, err, ok)
		} else if ok && w.Length(time.Time{}) != time.Duration(seconds)*time.Second {
			t.Errorf("ParseWindow(%q) is %v long, want %d seconds", text, w.Length(time.Time{}), seconds)
		}
		if err != nil {
			return
		}
		if w.IsCalendar() && !strings.HasPrefix(text, string(w.Period())) {
			t.Errorf("ParseWindow(%q) = %v", text, w)
		}
		again, err := slo.ParseWindow(w.String())
		if err != nil || !again.Equal(w) || again.String() != w.String() {
			t.Errorf("%q: its text %q is parsed as %v, %v", text, w, again, err)
		}
	})
}

func TestRollingLimits(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		length time.Duration
		want   string // the error
	}{
		{time.Hour, ""},
		{30 * day, ""},
		{366 * day, ""},
		{time.Hour - time.Second, "slo: invalid window of 59m59s: want at least an hour"},
		{0, "slo: invalid window of 0s: want at least an hour"},
		{-30 * day, "slo: invalid window of -720h0m0s: want at least an hour"},
		{math.MinInt64, "slo: invalid window of -2562047h47m16.854775808s: want at least an hour"},
		{366*day + time.Second, "slo: invalid window of 8784h0m1s: want at most 366 days"},
		{math.MaxInt64, "slo: invalid window of 2562047h47m16.854775807s: want at most 366 days"},
		{time.Hour + 1, "slo: invalid window of 1h0m0.000000001s: want whole seconds"},
	}
	for _, test := range tests {
		t.Run(test.length.String(), func(t *testing.T) {
			w, err := slo.Rolling(test.length)
			if test.want == "" {
				if err != nil || w.Length(time.Now()) != test.length || !w.IsValid() {
					t.Errorf("got %v, %v", w, err)
				}
				return
			}
			if err == nil || err.Error() != test.want || w.IsValid() {
				t.Errorf("got %v, %v, want %s", w, err, test.want)
			}
		})
	}
}

func TestCalendarRefuses(t *testing.T) {
	tests := []struct {
		name     string
		period   slo.Period
		location *time.Location
		want     string
	}{
		{"no period", "", nil, `slo: unknown period "": want one of "month", "quarter", "year"`},
		{"another period", "week", time.UTC, `slo: unknown period "week": want one of "month", "quarter", "year"`},
		{"the machine's own zone", slo.PeriodMonth, time.FixedZone("Local", 9*3600), `slo: invalid window of a month: time zone "Local" differs by machine`},
		{"an invented zone", slo.PeriodYear, time.FixedZone("KST+9", 9*3600), `slo: invalid window of a year: unknown time zone "KST+9": want a name such as "Asia/Seoul"`},
		{"a zone without a name", slo.PeriodYear, time.FixedZone("", 9*3600), "slo: invalid window of a year: time zone is empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, err := slo.Calendar(test.period, test.location)
			if err == nil || err.Error() != test.want || w.IsValid() {
				t.Errorf("got %v, %v, want %s", w, err, test.want)
			}
		})
	}
}

func TestCalendarRoundTripsItsText(t *testing.T) {
	for _, period := range []slo.Period{slo.PeriodMonth, slo.PeriodQuarter, slo.PeriodYear} {
		for _, loc := range []*time.Location{nil, time.UTC, location(t, "Asia/Seoul"), location(t, "Etc/UTC")} {
			w, err := slo.Calendar(period, loc)
			if err != nil {
				t.Fatal(err)
			}
			again, err := slo.ParseWindow(w.String())
			if err != nil || !again.Equal(w) || again.Period() != period {
				t.Errorf("%q: got %v, %v", w, again, err)
			}
		}
	}
}

func TestWindowEqual(t *testing.T) {
	windows := []slo.Window{{}}
	for _, text := range []string{"30d", "28d", "month", "quarter", "month Asia/Seoul", "month Asia/Tokyo", "quarter Asia/Seoul"} {
		windows = append(windows, slo.MustParseWindow(text))
	}
	for i, w := range windows {
		for j, v := range windows {
			if got := w.Equal(v); got != (i == j) {
				t.Errorf("%q.Equal(%q) = %t", w, v, got)
			}
		}
	}
	if !slo.MustParseWindow("month Asia/Seoul").Equal(slo.MustParseWindow("month Asia/Seoul")) {
		t.Error("two windows of the same text are not equal")
	}
}

func TestWindowIsText(t *testing.T) {
	for _, text := range []string{`"30d"`, `"month Asia/Seoul"`, `"1h30m"`} {
		var w slo.Window
		if err := json.Unmarshal([]byte(text), &w); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(w); err != nil || string(got) != text {
			t.Errorf("got %s, %v, want %s", got, err, text)
		}
		if err := json.Unmarshal([]byte(`"fortnight"`), &w); err == nil || w.String() != strings.Trim(text, `"`) {
			t.Errorf("Unmarshal of a fortnight: got %v, %v, want an error and no change", w, err)
		}
	}
	if text, err := json.Marshal(slo.Window{}); err != nil || string(text) != `""` {
		t.Errorf("Marshal of the zero Window: got %s, %v, want an empty text", text, err)
	}
	w := slo.MustParseWindow("30d")
	if err := json.Unmarshal([]byte(`""`), &w); err != nil || w.IsValid() {
		t.Errorf("Unmarshal of an empty text: got %v, %v, want the zero Window", w, err)
	}
}

func TestZeroWindow(t *testing.T) {
	var zero slo.Window
	now := time.Now()
	start, end := zero.Bounds(now)
	if zero.IsValid() || zero.IsCalendar() || zero.String() != "" {
		t.Errorf("got the valid or calendar window %q, want none", zero)
	}
	if zero.Period() != "" || zero.Location() != nil {
		t.Errorf("got the period %q in %v, want none", zero.Period(), zero.Location())
	}
	if zero.Length(now) != 0 || start != now || end != now {
		t.Errorf("got %v from %v to %v, want an empty window", zero.Length(now), start, end)
	}
}

func TestMustParseWindowPanics(t *testing.T) {
	checkPanics(t, `slo: invalid window "fortnight"`, func() { slo.MustParseWindow("fortnight") })
}

func TestWindowWords(t *testing.T) {
	for text, want := range map[string]string{
		"30d":              "over 30d",
		"month":            "in each month",
		"month UTC":        "in each month",
		"month Asia/Seoul": "in each month, Asia/Seoul time",
	} {
		w, err := slo.ParseWindow(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Words(); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
