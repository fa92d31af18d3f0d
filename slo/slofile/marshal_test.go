package slofile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

func TestMarshal(t *testing.T) {
	data, err := full().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/full.marshaled.yaml", string(data))
	roundTrip(t, full())
}

// roundTrip checks that a file survives writing and reading, and that the text
// has the usual form.
func roundTrip(t *testing.T, want *slofile.File) {
	t.Helper()
	data, err := want.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	got, err := slofile.Parse("slo.yaml", data, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if diff := cmp.Diff(want, got, exact); diff != "" {
		t.Fatalf("%s\n%s", diff, data)
	}
	formatted, err := slofile.Format("slo.yaml", data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if diff := cmp.Diff(string(data), string(formatted)); diff != "" {
		t.Fatalf("Format changes the text:\n%s", diff)
	}
}

func TestMarshalRefuses(t *testing.T) {
	always := func(sli.Event) bool { return true }
	for _, tt := range []struct {
		name   string
		change func(*slofile.File)
		want   string
	}{
		{"functions", func(f *slofile.File) {
			f.Objectives[2].Indicator.Good.Func, f.Objectives[3].Indicator.Valid.Func = always, always
		}, "Objectives[2].Indicator.Good.Func: a file cannot hold a function\nObjectives[3].Indicator.Valid.Func: a file cannot hold a function"},
		{"text in no encoding", func(f *slofile.File) {
			f.Objectives[0].Description, f.Policy.Steps[1].Action = "\xff", "a\xfe"
		}, `Objectives[0].Description: invalid text "\xff": want valid UTF-8` + "\n" + `Policy.Steps[1].Action: invalid text "a\xfe": want valid UTF-8`},
		{"an invalid file", func(f *slofile.File) { f.Objectives[0].Window = slo.Window{} }, `Objectives[0].Window: required, such as "30d"`},
		{"part of an exclusion", func(f *slofile.File) { f.Exclusions[0].Degree = share("1%") },
			"Exclusions[0].Degree: invalid degree 1%: an exclusion is never partial"},
		{"a long text", func(f *slofile.File) { f.Objectives[0].Description = strings.Repeat("a", 4097) },
			"Objectives[0].Description: 4097 bytes: want at most 4096"},
		{"a late time", func(f *slofile.File) { f.Exclusions[0].End = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
			"Exclusions[0].End: invalid time 10000-01-01 00:00:00 +0000 UTC: want one from the year 0 to 9999"},
		{"many objectives", func(f *slofile.File) {
			for i := range 10_000 {
				o := f.Objectives[0]
				o.Name, o.DependsOn = fmt.Sprint("o", i), nil
				f.Objectives = append(f.Objectives, o)
			}
		}, "slofile: the file would be refused: too large: want at most 1048576 bytes"},
		{"two definitions", func(f *slofile.File) { f.Objectives[1].Indicator.Patience = 0 },
			`Objectives[1].Indicator: different from the indicator "users/availability" of objectives[0]: want the same definition, or another name`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := full()
			tt.change(f)
			data, err := f.Marshal()
			if err == nil || err.Error() != tt.want || data != nil {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// TestMarshalWritesLongDurations writes days up to their maximum, and hours
// above it.
func TestMarshalWritesLongDurations(t *testing.T) {
	const day = 24 * time.Hour
	for _, d := range []time.Duration{day, 65535 * day, 65536 * day, 106751 * day, 1<<63 - 1} {
		f := full()
		f.Objectives[len(f.Objectives)-1].Indicator.Collection.Every = d
		roundTrip(t, f)
	}
}

// TestMarshalRoundsOffsets writes a time of 1890, when the offset of Berlin had
// seconds.
func TestMarshalRoundsOffsets(t *testing.T) {
	f := full()
	start := time.Date(1890, 1, 1, 0, 0, 0, 0, time.FixedZone("LMT", 53*60+28))
	f.Exclusions[0].Start = start
	data, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	got, err := slofile.Parse("slo.yaml", data, nil)
	if err != nil || !got.Exclusions[0].Start.Equal(start) {
		t.Errorf("got %v, %v, want %v", got, err, start)
	}
}

// FuzzParse checks that reading never panics, that a file which is read is
// valid and round-trips, and that its usual form means the same.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.yaml", "testdata/bad/*.yaml", "testdata/format/*.yaml"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatal(pattern, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := slofile.Parse("slo.yaml", data, nil)
		formatted, formatErr := slofile.Format("slo.yaml", data)
		if err != nil {
			return
		}
		if err := file.Validate(); err != nil {
			t.Errorf("a file that was read is invalid: %v", err)
		}
		roundTrip(t, file)
		for _, environment := range file.Environments() {
			other, err := slofile.Parse("slo.yaml", data, &slofile.Options{Environment: environment})
			if err != nil {
				t.Fatalf("%s: %v", environment, err)
			}
			roundTrip(t, other)
		}
		if formatErr != nil {
			if !strings.Contains(formatErr.Error(), "cannot keep the comment") {
				t.Fatalf("Format: %v", formatErr)
			}
			return
		}
		again, err := slofile.Parse("slo.yaml", formatted, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, formatted)
		}
		if diff := cmp.Diff(file, again, exact); diff != "" {
			t.Errorf("Format changes the meaning: %s", diff)
		}
	})
}
