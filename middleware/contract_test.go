package middleware_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
)

func readContract(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// ours matches the metrics of this package.
var ours = regexp.MustCompile(`^(http_(server|client)|sli_operation)_`)

// TestContract compares the metrics in docs/metrics.md with the exposed
// ones, each as "name type label label…".
func TestContract(t *testing.T) {
	heading := regexp.MustCompile("(?m)^### `(\\w+)` \\((\\w+)\\)$")
	labelRow := regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
	text := readContract(t)
	var documented []string
	at := heading.FindAllStringSubmatchIndex(text, -1)
	for i, m := range at {
		name, kind := text[m[2]:m[3]], text[m[4]:m[5]]
		section, _, _ := strings.Cut(text[m[1]:], "\n#")
		if i+1 < len(at) && len(section) > at[i+1][0]-m[1] {
			t.Fatalf("the section of %s runs into the next", name)
		}
		line := []string{name, kind}
		for _, row := range labelRow.FindAllStringSubmatch(section, -1) {
			line = append(line, row[1])
		}
		slices.Sort(line[2:])
		if ours.MatchString(name) {
			documented = append(documented, strings.Join(line, " "))
		}
	}
	slices.Sort(documented)

	for _, native := range []bool{false, true} {
		var exposed []string
		for name, f := range gather(t, everyMetric(t, &middleware.Options{NativeHistograms: native})...) {
			if !ours.MatchString(name) {
				continue
			}
			line := []string{name, strings.ToLower(f.GetType().String())}
			for _, pair := range f.GetMetric()[0].GetLabel() {
				line = append(line, pair.GetName())
			}
			exposed = append(exposed, strings.Join(line, " "))
		}
		slices.Sort(exposed)
		if diff := cmp.Diff(documented, exposed); diff != "" {
			t.Errorf("native %t: (-documented +exposed):\n%s", native, diff)
		}
	}
}

// TestContractHasEveryErrorType compares the contract's table with the table
// in the package documentation, which TestOutcomes checks.
func TestContractHasEveryErrorType(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| (`[^|]+`|\\(empty\\)) \\|[^|]+\\|[^|]+\\| (good|bad|ignored) \\|$")
	got := make(map[string]bool)
	for _, m := range row.FindAllStringSubmatch(readContract(t), -1) {
		got[strings.Trim(strings.NewReplacer("(empty)", "", "`500` to `599`", "5xx").Replace(m[1]), "`")+" "+m[2]] = true
	}
	want := make(map[string]bool)
	number := regexp.MustCompile(`^5\d\d$`)
	for _, r := range documented(t) {
		want[number.ReplaceAllString(r.errorType, "5xx")+" "+r.verdict] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("error_type and verdict (-package +contract):\n%s", diff)
	}
}

// TestContractBuckets looks for the default buckets in the text.
func TestContractBuckets(t *testing.T) {
	text := strings.Join(strings.Fields(readContract(t)), " ")
	in, _ := newInstrument(t, nil)
	serveOnce(in, takes(0))
	for name, intro := range map[string]string{
		durationName:                          "Classic buckets, in seconds, bounds included: ",
		"http_server_request_body_size_bytes": "Buckets, in bytes: ",
	} {
		list := strings.Trim(strings.ReplaceAll(fmt.Sprint(bounds(onlyHistogram(t, in, name))), " ", ", "), "[]")
		if !strings.Contains(text, intro+list) {
			t.Errorf("docs/metrics.md does not contain %q", intro+list)
		}
	}
}

// TestContractCountsSeries checks the formula's numbers for one set of label
// values.
func TestContractCountsSeries(t *testing.T) {
	const active = 1
	for _, c := range []struct {
		opts *middleware.Options
		want int
	}{{nil, 37 + active}, {&middleware.Options{OmitBodySizes: true}, 17 + active}} {
		in, _ := newInstrument(t, c.opts)
		serveOnce(in, takes(0))
		series := 0
		for _, f := range gather(t, in) {
			for _, m := range f.GetMetric() {
				series++ // the gauge, or the count of the histogram
				if m.Histogram != nil {
					series += len(m.GetHistogram().GetBucket()) + 2 // +Inf, sum
				}
			}
		}
		if series != c.want {
			t.Errorf("got %d series, want %d", series, c.want)
		}
	}
}
