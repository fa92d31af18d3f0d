//go:build !race

// The tests in this file read and write many files, and share no state. The
// race detector would take most of its time for them, and has
// TestMarshalRefuses and others, which read and write files at the same time.

package slofile_test

import (
	"fmt"
	"math/rand/v2"
	"os"
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

// TestRoundTrip writes and reads random files.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	valid := 0
	for range 1000 {
		f := randomFile(random)
		if f.Validate() == nil {
			roundTrip(t, f)
			valid++
		}
	}
	if valid < 500 {
		t.Errorf("got %d valid files, want at least 500", valid)
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

// TestFormatKeepsComments adds a comment to each line of a file in turn: at its
// end, or before it in four places.
func TestFormatKeepsComments(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/good/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	for i, line := range lines {
		indent := strings.Repeat(" ", len(line)-len(strings.TrimLeft(line, " ")))
		if i == 52 || i == 53 { // in a block of text
			continue
		}
		for _, place := range []string{"# kept\n" + line, "  # kept\n" + line, indent + "# kept\n" + line, indent + "# kept\n\n" + line, line + " # kept"} {
			text := strings.Join(lines[:i], "\n") + "\n" + place + "\n" + strings.Join(lines[i+1:], "\n")
			formatted, err := slofile.Format("slo.yaml", []byte(text))
			if err != nil || !strings.Contains(string(formatted), "# kept") {
				t.Errorf("line %d: %q: got %v, %v", i+1, place, strings.Contains(string(formatted), "# kept"), err)
				continue
			}
			again, err := slofile.Format("slo.yaml", formatted)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(formatted), string(again)); diff != "" {
				t.Errorf("line %d: %q: the usual form changes: %s", i+1, place, diff)
			}
		}
	}
}

// TestFormatLosesNoComment writes many comments into one file, also within
// brackets, where they cannot stay.
func TestFormatLosesNoComment(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	formatted, refused := 0, 0
	for range 500 {
		var text strings.Builder
		var all []string
		for line := range strings.Lines(minimal + "    labels: {\n      a: b,\n      c: d\n    }\n    depends_on:\n    - a/b\n    - c/d\n") {
			line = strings.TrimSuffix(line, "\n")
			indent := len(line) - len(strings.TrimLeft(line, " "))
			if random.IntN(6) == 0 {
				all = append(all, fmt.Sprintf("# comment %d.", len(all)))
				text.WriteString(strings.Repeat(" ", pick(random, 0, indent, indent, indent+2)) + all[len(all)-1] + pick(random, "\n", "\n\n"))
			}
			if random.IntN(6) == 0 {
				all = append(all, fmt.Sprintf("# comment %d.", len(all)))
				line += " " + all[len(all)-1]
			}
			text.WriteString(line + "\n")
		}
		result, err := slofile.Format("slo.yaml", []byte(text.String()))
		if err != nil {
			refused++
			if !strings.Contains(err.Error(), "cannot keep the comment") {
				t.Fatal(err)
			}
			continue
		}
		formatted++
		for _, comment := range all {
			if !strings.Contains(string(result), comment) {
				t.Fatalf("%s is lost:\n%s\n%s", comment, &text, result)
			}
		}
	}
	if formatted < 200 || refused == 0 {
		t.Errorf("got %d formatted and %d refused files", formatted, refused)
	}
}
