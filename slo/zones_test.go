package slo_test

import (
	"archive/zip"
	"bytes"
	"go/build"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata" // finds every name, even if the system's database lacks some

	"github.com/sligo-go/sligo/slo"
)

// sweep makes TestCalendarWindowsOfEveryZone check every year, in about a
// minute, instead of a few years of each zone.
const sweep = "SLIGO_EVERY_YEAR"

// TestCalendarWindowsOfEveryZone checks the windows of every zone of both
// databases to the year 2100. The system's files usually list each change of
// the clocks up to 2037, and Go's leave the last rule to be computed, so the
// two take different paths through package time.
func TestCalendarWindowsOfEveryZone(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, loc := range zonesOf(t, database) {
				if os.Getenv(sweep) != "" {
					checkYears(t, loc, 1900, 2100)
					continue
				}
				for _, year := range sample(name, loc) {
					checkYears(t, loc, year, year)
				}
			}
		})
	}
}

// sample returns two years that differ by zone. One is a leap year that package
// time computes from the zone's last rule.
func sample(database string, loc *time.Location) []int {
	hash := fnv.New64a()
	hash.Write([]byte(database + loc.String()))
	random := rand.New(rand.NewPCG(hash.Sum64(), 0))
	return []int{2040 + 4*random.IntN(15), 1900 + random.IntN(201)}
}

// checkYears checks every window that begins in the years.
func checkYears(t *testing.T, loc *time.Location, from, to int) {
	starts := firstSecondsOfMonths(loc, from, to+1)
	for period, months := range monthsOf {
		w, err := slo.Calendar(period, loc)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < (to-from+1)*12; i += int(months) {
			start, end, next := starts[i], starts[i+int(months)], starts[i+2*int(months)]
			checkBounds(t, w, start, start, end)
			checkBounds(t, w, start.Add(end.Sub(start)/2), start, end)
			checkBounds(t, w, end.Add(-1), start, end)
			checkBounds(t, w, end, end, next)
		}
	}
}

// databases returns the system's database, if there is one, and the database
// that Go embeds.
func databases(t *testing.T) map[string]fs.FS {
	t.Helper()
	embedded, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { embedded.Close() })
	found := map[string]fs.FS{"embedded": embedded}
	system := os.DirFS("/usr/share/zoneinfo")
	if _, err := fs.Stat(system, "Europe/London"); err == nil {
		found["system"] = system
	}
	return found
}

// zonesOf returns all zones of a database, without those that are copies of
// another.
func zonesOf(t *testing.T, database fs.FS) []*time.Location {
	t.Helper()
	var zones []*time.Location
	seen := make(map[string]bool)
	err := fs.WalkDir(database, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == "posix" || name == "right":
			return fs.SkipDir // copies, without and with leap seconds
		case entry.IsDir():
			return nil
		}
		data, _ := fs.ReadFile(database, name) // a link can lead nowhere
		if bytes.HasPrefix(data, []byte("TZif")) && !seen[string(data)] {
			seen[string(data)] = true
			zones = append(zones, zoneOf(t, database, name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(zones) < 300 {
		t.Errorf("got %d distinct zones, want at least 300", len(zones))
	}
	return zones
}

func zoneOf(t *testing.T, database fs.FS, name string) *time.Location {
	t.Helper()
	data, err := fs.ReadFile(database, name)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return loc
}

// TestWindowsThatOnceLooped has moments at which Time.ZoneBounds returns an
// end that is not after its time. Go's own database has them from 2024 on, and
// the database of most systems from 2038 on.
func TestWindowsThatOnceLooped(t *testing.T) {
	for _, test := range []struct {
		period          slo.Period
		now, start, end string
	}{
		{slo.PeriodYear, "2024-06-01T12:00:00Z", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"},
		{slo.PeriodYear, "2025-06-01T12:00:00Z", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		{slo.PeriodYear, "2028-01-01T12:00:00Z", "2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"},
		{slo.PeriodYear, "2029-06-01T12:00:00Z", "2029-01-01T00:00:00Z", "2030-01-01T00:00:00Z"},
		{slo.PeriodMonth, "2024-12-01T12:00:00Z", "2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z"},
		{slo.PeriodMonth, "2025-01-01T12:00:00Z", "2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z"},
		{slo.PeriodMonth, "2028-12-31T12:00:00Z", "2028-12-01T00:00:00Z", "2029-01-01T00:00:00Z"},
		{slo.PeriodQuarter, "2040-12-31T12:00:00Z", "2040-09-30T23:00:00Z", "2041-01-01T00:00:00Z"},
		{slo.PeriodYear, "2096-12-31T12:00:00Z", "2096-01-01T00:00:00Z", "2097-01-01T00:00:00Z"},
	} {
		for _, database := range databases(t) {
			w, err := slo.Calendar(test.period, zoneOf(t, database, "Europe/London"))
			if err != nil {
				t.Fatal(err)
			}
			checkBounds(t, w, rfc3339(t, test.now), rfc3339(t, test.start), rfc3339(t, test.end))
		}
	}
}

// FuzzBounds checks for any moment that its window contains it, begins when
// clocks first show the period, and is the window of its own ends.
func FuzzBounds(f *testing.F) {
	f.Add(int64(1830340800), uint8(0))
	f.Add(int64(2240611199), uint8(5))
	f.Fuzz(func(t *testing.T, seconds int64, zone uint8) {
		now := time.Unix(seconds%100_000_000_000, 0) // to the year 5138
		name := zones[int(zone)%len(zones)]
		for period := range monthsOf {
			w := slo.MustParseWindow(string(period) + " " + name)
			start, end := w.Bounds(now)
			if now.Before(start) || !now.Before(end) {
				t.Fatalf("%v at %v: got %v to %v", w, now, start, end)
			}
			checkBounds(t, w, start, start, end)
			checkBounds(t, w, end.Add(-1), start, end)
			if before := start.Add(-1); before.Month() == start.Month() && before.Year() == start.Year() {
				t.Errorf("%v at %v: clocks show %v before it starts", w, now, before)
			}
		}
	})
}

func BenchmarkBounds(b *testing.B) {
	w := slo.MustParseWindow("month Europe/Berlin")
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		w.Bounds(now)
	}
}
