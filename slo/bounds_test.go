package slo_test

import (
	"testing"
	"time"

	"github.com/sligo-go/sligo/slo"
)

func TestBounds(t *testing.T) {
	tests := []struct {
		name, window, now string
		start, end        string
	}{
		{"rolling: ends now", "30d", "2024-11-16T12:34:56Z", "2024-10-17T12:34:56Z", "2024-11-16T12:34:56Z"},
		{"rolling: 720 hours, though clocks went back", "30d", "2024-11-10T12:00:00+01:00", "2024-10-11T13:00:00+02:00", "2024-11-10T12:00:00+01:00"},
		{"month", "month", "2024-11-16T12:34:56.789Z", "2024-11-01T00:00:00Z", "2024-12-01T00:00:00Z"},
		{"month: its first moment", "month", "2024-11-01T00:00:00Z", "2024-11-01T00:00:00Z", "2024-12-01T00:00:00Z"},
		{"month: its last", "month", "2024-11-30T23:59:59.999999999Z", "2024-11-01T00:00:00Z", "2024-12-01T00:00:00Z"},
		{"month: December", "month", "2024-12-16T00:00:00Z", "2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z"},
		{"month: the zone's, not the caller's", "month Asia/Seoul", "2024-11-30T15:00:00Z", "2024-12-01T00:00:00+09:00", "2025-01-01T00:00:00+09:00"},
		{"month: clocks go back within it", "month Europe/Berlin", "2024-10-16T00:00:00Z", "2024-10-01T00:00:00+02:00", "2024-11-01T00:00:00+01:00"},
		{"quarter: the first", "quarter", "2024-03-31T23:00:00Z", "2024-01-01T00:00:00Z", "2024-04-01T00:00:00Z"},
		{"quarter: the second", "quarter", "2024-05-16T00:00:00Z", "2024-04-01T00:00:00Z", "2024-07-01T00:00:00Z"},
		{"quarter: the third", "quarter", "2024-09-16T00:00:00Z", "2024-07-01T00:00:00Z", "2024-10-01T00:00:00Z"},
		{"quarter: the last", "quarter America/Sao_Paulo", "2025-01-01T02:59:59Z", "2024-10-01T00:00:00-03:00", "2025-01-01T00:00:00-03:00"},
		{"year", "year Asia/Seoul", "2024-02-29T00:00:00Z", "2024-01-01T00:00:00+09:00", "2025-01-01T00:00:00+09:00"},
		{"midnight is skipped: the first moment after it", "month Asia/Damascus", "2000-04-16T00:00:00Z", "2000-04-01T01:00:00+03:00", "2000-05-01T00:00:00+03:00"},
		{"midnight occurs twice: the first", "month Asia/Gaza", "2004-10-01T00:30:00+03:00", "2004-10-01T00:00:00+03:00", "2004-11-01T00:00:00+02:00"},
		{"the last day is repeated after midnight", "month America/St_Johns", "2009-10-31T23:30:00-03:30", "2009-11-01T00:00:00-02:30", "2009-12-01T00:00:00-03:30"},
		{"a quarter with a day skipped", "quarter Pacific/Kwajalein", "1993-08-22T00:00:00+12:00", "1993-07-01T00:00:00-12:00", "1993-10-01T00:00:00+12:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			now := rfc3339(t, test.now)
			start, end := slo.MustParseWindow(test.window).Bounds(now)
			if want := rfc3339(t, test.start); !start.Equal(want) {
				t.Errorf("Start: got %v, want %v", start, want)
			}
			if want := rfc3339(t, test.end); !end.Equal(want) {
				t.Errorf("End: got %v, want %v", end, want)
			}
		})
	}
}

func rfc3339(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// zones change their clocks at midnight, near midnight, by half an hour, by a
// day, or never.
var zones = []string{
	"UTC", "Asia/Seoul", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "America/Havana", "Asia/Damascus",
	"Asia/Gaza", "America/St_Johns", "America/Asuncion", "Europe/Rome", "Asia/Kathmandu", "Australia/Lord_Howe",
	"Pacific/Apia", "Pacific/Kwajalein", "Pacific/Kiritimati",
}

var monthsOf = map[slo.Period]time.Month{slo.PeriodMonth: 1, slo.PeriodQuarter: 3, slo.PeriodYear: 12}

// TestCalendarWindowsTileTime checks every window of fifty years: it starts at
// the first second at which the zone's clocks show its month, and the window
// before it ends there.
func TestCalendarWindowsTileTime(t *testing.T) {
	for _, zone := range zones {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			starts := firstSecondsOfMonths(location(t, zone), 1975, 2026)
			for period, months := range monthsOf {
				w := slo.MustParseWindow(string(period) + " " + zone)
				for i := 0; i+2*int(months) < len(starts); i += int(months) {
					first, second, third := starts[i], starts[i+int(months)], starts[i+2*int(months)]
					checkBounds(t, w, first, first, second)
					checkBounds(t, w, second.Add(-1), first, second)
					checkBounds(t, w, second, second, third)
				}
			}
		})
	}
}

// TestCalendarWindowAtEveryHour checks every hour of years in which many of
// the zones changed their clocks.
func TestCalendarWindowAtEveryHour(t *testing.T) {
	for _, zone := range zones {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			starts := firstSecondsOfMonths(location(t, zone), 2009, 2011)
			for period, months := range monthsOf {
				w := slo.MustParseWindow(string(period) + " " + zone)
				for i := 0; i+int(months) < len(starts); i += int(months) {
					start, end := starts[i], starts[i+int(months)]
					for now := start; now.Before(end); now = now.Add(time.Hour) {
						checkBounds(t, w, now, start, end)
					}
				}
			}
		})
	}
}

func checkBounds(t *testing.T, w slo.Window, now, wantStart, wantEnd time.Time) {
	t.Helper()
	start, end := w.Bounds(now)
	if !start.Equal(wantStart) || !end.Equal(wantEnd) {
		t.Errorf("%v at %v: got %v to %v, want %v to %v", w, now, start, end, wantStart, wantEnd)
	}
}

// firstSecondsOfMonths returns the first second of each month of the years,
// and of the January after them. From the earliest moment at which clocks have
// shown the first of a month, it reads a clock in the zone every five minutes,
// and then goes back second by second.
func firstSecondsOfMonths(loc *time.Location, from, to int) []time.Time {
	var starts []time.Time
	for month := from * 12; month <= (to+1)*12; month++ {
		shows := func(moment time.Time) bool {
			year, m, _ := moment.In(loc).Date()
			return year*12+int(m)-1 >= month
		}
		moment := time.Date(month/12, time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC).Add(-16 * time.Hour)
		for !shows(moment) {
			moment = moment.Add(5 * time.Minute)
		}
		for shows(moment.Add(-time.Second)) {
			moment = moment.Add(-time.Second)
		}
		starts = append(starts, moment.In(loc))
	}
	return starts
}

func TestLengthOfACalendarWindow(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		window, now string
		want        time.Duration
	}{
		{"month", "2024-02-16T00:00:00Z", 29 * day},
		{"month", "2023-02-16T00:00:00Z", 28 * day},
		{"month Europe/Berlin", "2024-03-16T00:00:00Z", 31*day - time.Hour},
		{"month Europe/Berlin", "2024-10-16T00:00:00Z", 31*day + time.Hour},
		{"month Australia/Lord_Howe", "2024-04-16T00:00:00Z", 30*day + 30*time.Minute},
		{"month Pacific/Apia", "2011-12-16T00:00:00Z", 30 * day}, // without the 30th
		{"quarter", "2024-02-16T00:00:00Z", 91 * day},
		{"year", "2024-06-16T00:00:00Z", 366 * day},
		{"year Europe/Berlin", "2023-06-16T00:00:00Z", 365 * day},
		{"30d", "2024-10-16T00:00:00Z", 30 * day},
	}
	for _, test := range tests {
		if got := slo.MustParseWindow(test.window).Length(rfc3339(t, test.now)); got != test.want {
			t.Errorf("%s at %s: got %v, want %v", test.window, test.now, got, test.want)
		}
	}
}
