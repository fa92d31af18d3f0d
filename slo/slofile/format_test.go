package slofile_test

import (
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
