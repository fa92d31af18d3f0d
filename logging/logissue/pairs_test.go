package logissue_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging/logissue"
)

// A pair is two texts of errors of public systems.
type pair struct{ name, a, b string }

// readPairs reads a file of pairs.
func readPairs(t *testing.T, path string) (pairs []pair) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	escapes := strings.NewReplacer(`\n`, "\n", `\t`, "\t")
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		lines := strings.Split(block, "\n")
		if len(lines) != 3 || strings.HasPrefix(lines[1], "#") {
			continue // the file's comment
		}
		pairs = append(pairs, pair{strings.TrimPrefix(lines[0], "# "), escapes.Replace(lines[1]), escapes.Replace(lines[2])})
	}
	if len(pairs) < 60 {
		t.Fatalf("%s has %d pairs, want at least 60", path, len(pairs))
	}
	return pairs
}

// issues returns the issues of two errors.
func issues(t *testing.T, a, b error) []logissue.Issue {
	tracker := newTracker(t, nil)
	now := time.Now()
	tracker.Add(a, "request failed", now)
	tracker.Add(b, "request failed", now)
	return tracker.Summary().Issues
}

// TestPairs groups pairs of texts. It names the pairs that are grouped
// wrongly, at most two of a kind.
func TestPairs(t *testing.T) {
	for path, tt := range map[string]struct {
		want  int
		wrong []string
	}{
		"testdata/differ.txt": {2, []string{"codes in parentheses without a noun"}},
		"testdata/same.txt":   {1, []string{"names without quotes"}},
	} {
		var wrong []string
		for _, p := range readPairs(t, path) {
			got := issues(t, errors.New(p.a), errors.New(p.b))
			if len(got) == tt.want {
				continue
			}
			wrong = append(wrong, p.name)
			if !slices.Contains(tt.wrong, p.name) {
				t.Errorf("%s: %s: got %d groups, want %d", path, p.name, len(got), tt.want)
				for _, issue := range got {
					t.Logf("\t%s", issue.Title)
				}
			}
		}
		if diff := cmp.Diff(tt.wrong, wrong); diff != "" {
			t.Errorf("%s: wrong groups (-want +got):\n%s", path, diff)
		}
	}
}
