package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// corpus has files and, beside each bad one, its mistakes in a file slo.yaml.
const corpus = "../../slo/slofile/testdata"

// TestBadCorpus validates all bad files in one run. The output must have every
// mistake of every file.
func TestBadCorpus(t *testing.T) {
	files, err := filepath.Glob(corpus + "/bad/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("got %d files, %v, want at least 40", len(files), err)
	}
	got := shell(t, ".", "sligo validate "+corpus+"/bad/*.yaml")
	if got.status != 1 || got.stderr != "" {
		t.Errorf("status %d, stderr %q", got.status, got.stderr)
	}
	lines := make(map[string]bool)
	for line := range strings.Lines(got.stdout) {
		lines[strings.TrimSuffix(line, "\n")] = true
	}
	for _, file := range files {
		mistakes, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(mistakes)) {
			if want := file + strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "slo.yaml"); !lines[want] {
				t.Errorf("missing: %s", want)
			}
		}
	}
	verdict := fmt.Sprintf("in %d of %d files", len(files), len(files))
	if !strings.HasSuffix(strings.TrimSpace(got.stdout), verdict) {
		t.Errorf("the verdict does not end in %q", verdict)
	}
}

func TestGoodCorpus(t *testing.T) {
	files, err := filepath.Glob(corpus + "/good/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range append(files, "../../examples/shop/slo.yaml") {
		if got := shell(t, ".", "sligo validate "+file); got.status != 0 {
			t.Errorf("%s: %v", file, got)
		}
	}
}

// TestDocHasEveryObjective reads the sheet back: no text of a file can add or
// break a row.
func TestDocHasEveryObjective(t *testing.T) {
	const file = "../../examples/shop/slo.yaml"
	d := new(program).readDefinitions([]string{file}, "")
	if len(d.errs) > 0 || len(d.findings) > 0 {
		t.Fatal(d.errs, d.findings)
	}
	sheet := shell(t, ".", "sligo generate doc "+file).stdout
	var got, want []string
	for _, o := range d.join().objectives {
		want = append(want, o.ID())
	}
	for line := range strings.Lines(sheet) {
		if id, ok := strings.CutPrefix(line, "### SLO "); ok {
			got = append(got, strings.TrimSpace(id))
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
