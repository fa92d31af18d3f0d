package logprom_test

import (
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
	"github.com/sligo-go/sligo/logging/logmetric"
	"github.com/sligo-go/sligo/logging/logprom"
	"github.com/sligo-go/sligo/logging/logroute"
)

// gather logs lines with the rules, gathers the metrics and reads them in both
// formats. It returns the first error.
func gather(t *testing.T, meter *logmetric.Meter, log func(*slog.Logger)) error {
	t.Helper()
	tracker, err := logissue.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := logging.New("my-app", io.Discard, &logging.Options{
		Observers: []logging.Observer{meter, tracker},
		Exclude:   []logging.Exclusion{{Name: "none", Match: logging.Match{Messages: []string{"none"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	log(slog.New(h))
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(logprom.NewCollector(h, &logprom.Options{Issues: tracker, Meter: meter}))
	if _, err := reg.Gather(); err != nil {
		return err
	}
	for _, accept := range []string{"text/plain", "application/openmetrics-text; version=1.0.0"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.Header.Set("Accept", accept)
		promhttp.HandlerFor(reg, promhttp.HandlerOpts{EnableOpenMetrics: true}).ServeHTTP(w, r)
		if families := repeatedFamilies(w.Body.String()); w.Code != http.StatusOK || len(families) > 0 {
			t.Errorf("%s: got status %d, and families that appear twice: %q", accept, w.Code, families)
		}
	}
	return nil
}

// repeatedFamilies returns the families that a scrape defines twice.
func repeatedFamilies(scrape string) (repeated []string) {
	seen := make(map[string]bool)
	for line := range strings.Lines(scrape) {
		if words := strings.Fields(line); len(words) > 2 && words[1] == "TYPE" {
			if seen[words[2]] {
				repeated = append(repeated, words[2])
			}
			seen[words[2]] = true
		}
	}
	return repeated
}

// TestRulesThatARegistryCannotExpose checks that New refuses rules with which a
// scrape fails or panics, or that define a family twice.
func TestRulesThatARegistryCannotExpose(t *testing.T) {
	for name, rules := range map[string][]logmetric.Rule{
		"labels that map to one":      {{Name: "x", Labels: []string{"a.b", "a_b"}}},
		"label __name__":              {{Name: "x", Labels: []string{"__name__"}}},
		"label that maps to __a":      {{Name: "x", Labels: []string{"..a"}}},
		"label le of a histogram":     {{Name: "x", Field: "f", Labels: []string{"le"}}},
		"label le of a counter":       {{Name: "x", Labels: []string{"le"}}},
		"label that is not ASCII":     {{Name: "x", Labels: []string{"größe"}}},
		"suffix _total":               {{Name: "x_total"}},
		"suffix _total, histogram":    {{Name: "x_total", Field: "f"}},
		"pair z and z_total":          {{Name: "z"}, {Name: "z_total"}},
		"counter and histogram z":     {{Name: "z"}, {Name: "z", Field: "f"}},
		"count of a histogram":        {{Name: "h", Field: "f"}, {Name: "h_count", Field: "f"}},
		"sum of a later histogram":    {{Name: "h_sum", Field: "f"}, {Name: "h", Field: "f"}},
		"buckets of a histogram":      {{Name: "h", Field: "f"}, {Name: "h_bucket", Field: "f"}},
		"creation time of a counter":  {{Name: "c"}, {Name: "c_created", Field: "f"}},
		"bound that is infinite":      {{Name: "h", Field: "f", Buckets: []float64{1, math.Inf(1)}}},
		"help that is not UTF-8":      {{Name: "x", Help: "\xff"}},
		"histogram with log_issues":   {{Name: "log_issues", Field: "f"}},
		"counter of family log_lines": {{Name: "log_lines"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := logmetric.New(rules); err == nil {
				t.Errorf("New accepts %v", rules)
			}
		})
	}
}

// families gathers every family of the collector itself.
func families(t *testing.T) (all []*dto.MetricFamily) {
	t.Helper()
	meter, err := logmetric.New([]logmetric.Rule{{Name: "h", Field: "f"}})
	if err != nil {
		t.Fatal(err)
	}
	tracker, err := logissue.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := logging.New("my-app", io.Discard, &logging.Options{
		Exclude: []logging.Exclusion{{Name: "none", Match: logging.Match{Messages: []string{"none"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(logprom.NewCollector(h, &logprom.Options{Issues: tracker, Meter: meter}))
	all, err = reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(f *dto.MetricFamily) bool { return f.GetName() == "h" })
}

// TestNamesOfTheCollectorAreReserved takes the names from a real scrape, so
// that a new metric of the collector cannot be forgotten.
func TestNamesOfTheCollectorAreReserved(t *testing.T) {
	all := families(t)
	if len(all) < 9 {
		t.Fatalf("got %d families, want at least 9", len(all))
	}
	for _, f := range all {
		name := strings.TrimSuffix(f.GetName(), "_total")
		for _, field := range []string{"", "f"} {
			if _, err := logmetric.New([]logmetric.Rule{{Name: name, Field: field}}); err == nil {
				t.Errorf("New accepts the name %q with the field %q", name, field)
			}
		}
	}
}

// TestContract compares the metrics in docs/metrics.md with the exposed ones,
// each as "name type label label…", and their values with zero.
func TestContract(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile("(?ms)^### `(log_\\w+)` \\((\\w+)\\)$(.*?)\n#")
	labelRow := regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
	var documented, exposed []string
	for _, m := range section.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n#", "\n#\n#"), -1) {
		line := []string{m[1], m[2]}
		for _, row := range labelRow.FindAllStringSubmatch(m[3], -1) {
			line = append(line, row[1])
		}
		slices.Sort(line[2:])
		documented = append(documented, strings.Join(line, " "))
	}
	slices.Sort(documented)
	for _, f := range families(t) {
		line := []string{f.GetName(), strings.ToLower(f.GetType().String())}
		for _, pair := range f.GetMetric()[0].GetLabel() {
			line = append(line, pair.GetName())
		}
		exposed = append(exposed, strings.Join(line, " "))
		for _, m := range f.GetMetric() {
			if m.GetCounter().GetValue() != 0 || m.GetGauge().GetValue() != 0 {
				t.Errorf("%s is not zero before the first line", f.GetName())
			}
		}
	}
	if diff := cmp.Diff(documented, exposed); diff != "" {
		t.Errorf("(-documented +exposed):\n%s", diff)
	}
}

// TestAcceptedRulesCanBeExposed gathers rules whose names and labels are close
// to refused ones, and label values that are.
func TestAcceptedRulesCanBeExposed(t *testing.T) {
	meter, err := logmetric.New([]logmetric.Rule{
		{Name: "c", Labels: []string{"a.b", "a_c", "_d", "quantile", "job"}},
		{Name: "h", Field: "f", Labels: []string{"a"}, MaxSeries: 2, Buckets: []float64{}},
		{Name: "h_sum"}, {Name: "log_in"}, {Name: "total", Field: "f"},
		{Name: "few", Labels: []string{"a"}, MaxSeries: 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	err = gather(t, meter, func(l *slog.Logger) {
		for _, a := range []string{"x", "other", "y", "z", "\xff", "\xfe", "other", strings.Repeat("é", 40)} {
			l.Info("m", "a", a, "a.b", a, "f", 1)
		}
		l.Error("m", "a", "\x00", "f", "soon")
	})
	if err != nil {
		t.Error(err)
	}
}

// TestOtherIsOneSeries covers lines with the value "other" before and after
// the limit is reached, and values that differ only in invalid bytes.
func TestOtherIsOneSeries(t *testing.T) {
	for name, values := range map[string][]string{
		"before":        {"other", "x", "y"},
		"after":         {"x", "y", "z", "other"},
		"invalid bytes": {"\xff", "\xfe"},
	} {
		t.Run(name, func(t *testing.T) {
			meter, err := logmetric.New([]logmetric.Rule{{Name: "few", Labels: []string{"a"}, MaxSeries: 2}})
			if err != nil {
				t.Fatal(err)
			}
			err = gather(t, meter, func(l *slog.Logger) {
				for _, a := range values {
					l.Info("m", "a", a)
				}
			})
			if err != nil {
				t.Error(err)
			}
			var n uint64
			for _, s := range meter.Metrics()[0].Series {
				n += s.Count
			}
			if n != uint64(len(values)) {
				t.Errorf("got %d lines in all series, want %d", n, len(values))
			}
		})
	}
}

// TestNamesThatAreNoLabelValues checks names that become label values: with
// bytes that are not UTF-8, the first scrape would panic.
func TestNamesThatAreNoLabelValues(t *testing.T) {
	sinks := []logging.Sink{{Name: "\xff", Writer: io.Discard}}
	if _, err := logging.New("my-app", io.Discard, &logging.Options{Sinks: sinks}); err == nil {
		t.Error("New accepts the name of a sink")
	}
	exclude := []logging.Exclusion{{Name: "\xff"}}
	if _, err := logging.New("my-app", io.Discard, &logging.Options{Exclude: exclude}); err == nil {
		t.Error("New accepts the name of an exclusion")
	}
	routes := []logroute.Route{{Name: "\xff", Handler: slog.DiscardHandler}}
	if _, err := logroute.New("my-app", routes, nil); err == nil {
		t.Error("New accepts the name of a route")
	}
}
