package traceprom_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/traceprom"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// TestContract compares the metrics in docs/metrics.md with the exposed ones,
// each as "name type label label…".
func TestContract(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile("(?ms)^### `(tracing_\\w+)` \\((\\w+)\\)$(.*?)\n#")
	labelRow := regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
	var documented []string
	for _, m := range section.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n#", "\n#\n#"), -1) {
		line := []string{m[1], m[2]}
		for _, row := range labelRow.FindAllStringSubmatch(m[3], -1) {
			line = append(line, row[1])
		}
		documented = append(documented, strings.Join(line, " "))
	}
	slices.Sort(documented)

	tr := begin(t, new(tracingtest.Receiver), tracing.Sampling{Tail: &tracing.Tail{}})
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(traceprom.NewCollector(tr))
	families, err := registry.Gather()
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
	if diff := cmp.Diff(exposed, documented); diff != "" {
		t.Errorf("exposed, and documented in docs/metrics.md (-exposed +documented):\n%s", diff)
	}
}
