//go:build !race

// The tests of this file read and write many files in one goroutine. The race
// detector has nothing to find there, and would take most of its time for them.

package slofile_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestFormatKeepsComments writes a comment on each line of a file, and before
// it in four places.
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
