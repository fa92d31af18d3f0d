package sliprom_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

// everyMetric returns a collector that exposes every metric with every label.
func everyMetric(t *testing.T) *sliprom.Collector {
	t.Helper()
	ind := indicator("users", "availability")
	ind.Requests = []string{"GET /users/{userid}"}
	ind.Groups.Max = 5
	return sliprom.NewCollector(newRecorder(t, ind))
}

// TestContract compares the metrics in docs/metrics.md with the exposed ones,
// each as "name type label label…".
func TestContract(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile("(?ms)^### `(sli_\\w+)` \\((\\w+)\\)$(.*?)\n#")
	labelRow := regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
	var documented []string
	for _, m := range section.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n#", "\n#\n#"), -1) {
		if strings.HasPrefix(m[1], "sli_operation_") {
			continue // of package middleware
		}
		line := []string{m[1], m[2]}
		for _, row := range labelRow.FindAllStringSubmatch(m[3], -1) {
			line = append(line, row[1])
		}
		slices.Sort(line[2:])
		documented = append(documented, strings.Join(line, " "))
	}
	slices.Sort(documented)

	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(everyMetric(t))
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var exposed []string
	for _, f := range families {
		line := []string{f.GetName(), strings.ToLower(f.GetType().String())}
		for _, pair := range f.GetMetric()[0].GetLabel() {
			line = append(line, pair.GetName())
		}
		exposed = append(exposed, strings.Join(line, " "))
	}
	if diff := cmp.Diff(documented, exposed); diff != "" {
		t.Errorf("(-documented +exposed):\n%s", diff)
	}
}

// TestContractHasEveryReason compares the values of the label reason.
func TestContractHasEveryReason(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n### Reasons\n")
	section, _, _ = strings.Cut(section, "\n#")
	var documented []sli.Reason
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|").FindAllStringSubmatch(section, -1) {
		documented = append(documented, sli.Reason(m[1]))
	}
	slices.Sort(documented)
	ignored := newRecorder(t, indicator("users", "availability")).Report().Indicators[0].Ignored
	if diff := cmp.Diff(slices.Sorted(maps.Keys(ignored)), documented); diff != "" {
		t.Errorf("(-package +documented):\n%s", diff)
	}
}
