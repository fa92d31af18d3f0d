package slofile_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
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

// randomFile returns a file that is often valid.
func randomFile(random *rand.Rand) *slofile.File {
	r := files{random}
	f := new(slofile.File)
	for i := range 1 + random.IntN(4) {
		f.Objectives = append(f.Objectives, r.objective(i))
	}
	if random.IntN(2) == 0 {
		second := f.Objectives[0]
		second.Name, second.DependsOn = "second", nil
		f.Objectives = append(f.Objectives, second)
	}
	if random.IntN(2) == 0 {
		f.Policy = budget.Policy{
			Steps: []budget.Step{
				{Name: r.text(), Release: budget.ReleaseFree, Action: r.text()},
				{Name: r.text(), From: r.share(), Until: r.share(), Release: budget.ReleaseFrozen},
			}[:1+random.IntN(2)],
			Postmortem: r.share(), NoData: budget.Release(random.IntN(4)), MinKnown: r.share(),
		}
	}
	for i := range random.IntN(3) {
		f.Matchers = append(f.Matchers, fmt.Sprintf("l%d%s%q", i, pick(random, "=", "!=", "=~", "!~"), pick(random, "a", "b", "é\"\n", "x|y", `\d`)))
		start := time.Unix(random.Int64N(4e9), random.Int64N(1e9)).In(time.FixedZone("", 60*random.IntN(600)))
		f.Exclusions = append(f.Exclusions, ledger.Entry{Kind: ledger.KindDrill, Name: fmt.Sprint(i, r.text()), Start: start, End: start.Add(time.Duration(1 + random.Int64N(1e15)))})
	}
	return f
}

// files makes random values.
type files struct{ *rand.Rand }

func pick[T any](random *rand.Rand, of ...T) T { return of[random.IntN(len(of))] }

func (r files) objective(i int) slo.Objective {
	return slo.Objective{
		Name:   pick(r.Rand, "", fmt.Sprintf("o%d", i), "1e3", "0x10", "null", "yes"),
		Target: slo.MustParseTarget(fmt.Sprintf("0.%09d", 1+r.IntN(999_999_999))),
		Window: slo.MustParseWindow(pick(r.Rand, "30d", "1h", "7d1s", "month", "year Asia/Seoul")),
		Indicator: sli.Indicator{
			Name: fmt.Sprintf("i%d", i), Service: pick(r.Rand, "users", "orders", "1", "true", "null"), Journey: pick(r.Rand, "", "browse", "2024-01-01"),
			Kind:     pick(r.Rand, "", sli.KindAvailability, sli.KindErrorRate),
			Requests: pick(r.Rand, nil, []string{"GET /{$}", "!GET /a: #b"}, []string{"/*"}, []string{"nightly import, 2"}),
			Good: sli.Condition{
				Status: pick(r.Rand, nil, []string{"2xx", "404"}), Code: pick(r.Rand, nil, []string{"OK"}), Within: r.duration(),
				Rate:     pick(r.Rand, sli.Rate{}, sli.Rate{Items: r.Uint64() >> r.IntN(63), Per: time.Hour + time.Millisecond}),
				Canceled: pick(r.Rand, "", sli.PresenceOnly),
			},
			Valid: sli.Condition{Canceled: sli.PresenceInclude, Failed: pick(r.Rand, "", sli.PresenceExclude)}, Patience: pick(r.Rand, 0, -time.Second, r.duration()),
			Groups:      pick(r.Rand, sli.Groups{}, sli.Groups{Max: 1 + r.IntN(1000)}, sli.Groups{Values: []string{"~", "a\u2028b", " x"}}),
			Collection:  sli.Collection{Where: r.text(), Field: r.text(), Every: r.duration()},
			Aggregation: sli.Aggregation{By: pick(r.Rand, "", "p99.9")},
		},
		Alerts: slo.AlertPolicy{Disabled: r.IntN(2) == 0, MinBad: r.Uint64N(1_000_000_001) >> r.IntN(31)},
		Slices: pick(r.Rand, slo.Slices{}, slo.Slices{Length: time.Hour, Bound: r.share()}), Stage: pick(r.Rand, "", slo.StageMeasure),
		Description: r.text(), Tier: pick(r.Rand, "", "1", "1.10", "off"), Owner: pick(r.Rand, "", "a: b", "- x", "@y", "1_000"),
		Runbook: pick(r.Rand, "", "http://a/#b: c"), DependsOn: pick(r.Rand, nil, []string{"a/b", "1/2"}),
		Labels: pick(r.Rand, nil, map[string]string{"a": r.text(), "n": "", "y": "y", "null": "~", "true": "<<"}),
	}
}

func (r files) duration() time.Duration { return time.Duration(r.Uint64() >> (1 + r.IntN(63))) }

func (r files) share() slo.Share { return share(fmt.Sprintf("0.%09d", r.IntN(1_000_000_000))) }

// text returns a text that YAML might read as something else, or random
// characters.
func (r files) text() string {
	if r.IntN(2) == 0 {
		return pick(r.Rand, "", "text", "99.9", "null", "~", "true", "No", "0o17", "2024-01-01", "- a", "a: b", "a #b", "#", "|\n a", "\n", "a\n\n b\n", "  a\n", "a\r\nb",
			"\ttab", "'", `"`, "*a", "&a", "!a", "%a", "`", "{", "[", "]", ", ", "=", "<<", "...", "---", "\uFEFF", "é\u0085\u2029", "\x00\x07\x7f\u009f", "\U0001F600", " ", "a ", "?", ":")
	}
	runes := make([]rune, r.IntN(12))
	for i := range runes {
		runes[i] = pick(r.Rand, 'a', ' ', '\n', '\t', ':', '#', '-', '"', '\'', '\\', '\r', rune(r.IntN(0x3000)), rune(0x10000+r.IntN(0x10000)))
	}
	return string(runes)
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
