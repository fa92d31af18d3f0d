package slofile_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/slo/slofile"
)

// TestFormat compares each text with its usual form, which is kept.
func TestFormat(t *testing.T) {
	files, err := filepath.Glob("testdata/format/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		formatted, err := slofile.Format("slo.yaml", data)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, path+".formatted", string(formatted))
		again, err := slofile.Format("slo.yaml", formatted)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(formatted), string(again)); diff != "" {
			t.Errorf("%s: the usual form changes: %s", path, diff)
		}
	}
}

// TestFormatOfLineEnds formats a file with other line ends.
func TestFormatOfLineEnds(t *testing.T) {
	data, err := os.ReadFile("testdata/format/comments.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := slofile.Format("slo.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"\r\n", "\r"} {
		got, err := slofile.Format("slo.yaml", []byte(strings.ReplaceAll(string(data), "\n", end)))
		if diff := cmp.Diff(string(want), string(got)); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", end, err, diff)
		}
	}
}

func TestFormatRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":              `slo.yaml:1:1: the file is empty: want a mapping that begins with "version: sligo/v1"`,
		"a:\r\tb: c":    "slo.yaml:2:1: tab in the indentation: want spaces",
		"a: [":          "slo.yaml:2:1: no value: want one, or the end of the brackets before it",
		"a: 1\n---\nb:": "slo.yaml:2:1: a second document: want one document in a file",
	} {
		if _, err := slofile.Format("slo.yaml", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
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

func TestComments(t *testing.T) {
	const text = `# first
a: b # second
c: "# no" # third
d: '# it''s no' # fourth
e: it's # fifth
f: a#b
g: | # sixth
  # no
   # no
h: [a, "b # no", 'c'] # seventh
i:
  - j: >-
      # no

      # no
    k: "one
      # no" # eighth
  - |
   # no
  # ninth
l: &x |
  # no
m: a >
n: "\\" # tenth
o: "\"# no"
p: {q: r, # eleventh
  s: "\""} # twelfth
	# thirteenth
t: !!str "#" # fourteenth
- - "a" # fifteenth
`
	want := []string{
		"1:1 # first", "2:6 # second", "3:11 # third", "4:17 # fourth", "5:9 # fifth", "7:6 # sixth", "10:23 # seventh",
		"17:13 # eighth", "20:3 # ninth", "24:9 # tenth", "26:11 # eleventh", "27:12 # twelfth", "28:2 # thirteenth", "29:14 # fourteenth", "30:9 # fifteenth",
	}
	if diff := cmp.Diff(want, slofile.Comments(text)); diff != "" {
		t.Error(diff)
	}
}
