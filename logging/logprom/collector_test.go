package logprom_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
	"github.com/sligo-go/sligo/logging/logmetric"
	"github.com/sligo-go/sligo/logging/logprom"
)

func TestCollector(t *testing.T) {
	tracker, err := logissue.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	meter, err := logmetric.New([]logmetric.Rule{
		{Name: "orders_failed", Help: "Orders that failed.", Match: logging.Match{Messages: []string{"order failed"}}, Labels: []string{"http.route"}},
		{Name: "execution_time_seconds", Help: "How long it took.", Field: "execution_time_ms", Scale: .001, Buckets: []float64{.1, 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := logging.New("my-app", io.Discard, &logging.Options{
		Observers: []logging.Observer{tracker, meter}, OnError: func(error) {},
		Exclude: []logging.Exclusion{{Name: "health", Match: logging.Match{Messages: []string{"probe"}}}},
		Sinks:   []logging.Sink{{Name: "broken", Writer: broken{}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	l := slog.New(h)
	l.Info("probe")
	l.Info("m", "execution_time_ms", 150)
	l.Info("m", "execution_time_ms", "soon")
	l.Error("order failed", slog.Group("http", "route", "/orders"))
	c := logprom.NewCollector(h, &logprom.Options{Issues: tracker, Meter: meter})
	const want = `
# HELP execution_time_seconds How long it took.
# TYPE execution_time_seconds histogram
execution_time_seconds_bucket{le="0.1"} 0
execution_time_seconds_bucket{le="1"} 1
execution_time_seconds_bucket{le="+Inf"} 1
execution_time_seconds_sum 0.15
execution_time_seconds_count 1
# HELP log_new_issues_total Issues that began.
# TYPE log_new_issues_total counter
log_new_issues_total 1
# HELP log_regressed_issues_total Issues that occurred again after they were resolved or quiet.
# TYPE log_regressed_issues_total counter
log_regressed_issues_total 0
# HELP log_errors_total Errors seen by the issue tracker.
# TYPE log_errors_total counter
log_errors_total 1
# HELP log_excluded_lines_total Lines that an exclusion kept from the sinks.
# TYPE log_excluded_lines_total counter
log_excluded_lines_total{rule="health"} 1
# HELP log_issues Current issues.
# TYPE log_issues gauge
log_issues 1
# HELP log_lines_total Lines logged, by level.
# TYPE log_lines_total counter
log_lines_total{level="DEBUG"} 0
log_lines_total{level="ERROR"} 1
log_lines_total{level="INFO"} 3
log_lines_total{level="WARN"} 0
# HELP log_sink_lines_total Lines accepted by a sink that are no longer queued, by outcome.
# TYPE log_sink_lines_total counter
log_sink_lines_total{outcome="done",sink="broken"} 0
log_sink_lines_total{outcome="done",sink="main"} 3
log_sink_lines_total{outcome="dropped",sink="broken"} 0
log_sink_lines_total{outcome="dropped",sink="main"} 0
log_sink_lines_total{outcome="failed",sink="broken"} 3
log_sink_lines_total{outcome="failed",sink="main"} 0
# HELP log_sink_queued_lines Lines accepted by a sink and not yet written.
# TYPE log_sink_queued_lines gauge
log_sink_queued_lines{sink="broken"} 0
log_sink_queued_lines{sink="main"} 0
# HELP log_unreadable_fields_total Lines whose field is not a finite number of at least zero.
# TYPE log_unreadable_fields_total counter
log_unreadable_fields_total{metric="execution_time_seconds"} 1
# HELP orders_failed_total Orders that failed.
# TYPE orders_failed_total counter
orders_failed_total{http_route="/orders"} 1
`
	if err := testutil.CollectAndCompare(c, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	reg := prometheus.NewPedanticRegistry()
	if err := reg.Register(c); err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(reg)
	if err != nil || len(problems) > 0 {
		t.Errorf("got %v and the problems %v, want none", err, problems)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

// TestOptionsAddMetrics checks that a collector without options has the lines
// only.
func TestOptionsAddMetrics(t *testing.T) {
	h, err := logging.New("my-app", io.Discard, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"log_errors_total", "log_new_issues_total", "log_issues", "log_unreadable_fields_total"} {
		if n := testutil.CollectAndCount(logprom.NewCollector(h, nil), name); n != 0 {
			t.Errorf("%s: got %d series, want none", name, n)
		}
	}
	if n := testutil.CollectAndCount(logprom.NewCollector(h, nil)); n != 8 {
		t.Errorf("got %d series, want 8: four levels, three outcomes and the queue", n)
	}
}

// TestErrorGroups checks that the counters of issues are zero before the first
// error, and that they count issues, not errors.
func TestErrorGroups(t *testing.T) {
	tracker, err := logissue.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := logging.New("my-app", io.Discard, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := logprom.NewCollector(h, &logprom.Options{Issues: tracker})
	expect := func(began, again int) {
		t.Helper()
		want := fmt.Sprintf(`
# HELP log_new_issues_total Issues that began.
# TYPE log_new_issues_total counter
log_new_issues_total %d
# HELP log_regressed_issues_total Issues that occurred again after they were resolved or quiet.
# TYPE log_regressed_issues_total counter
log_regressed_issues_total %d
`, began, again)
		err := testutil.CollectAndCompare(c, strings.NewReader(want), "log_new_issues_total", "log_regressed_issues_total")
		if err != nil {
			t.Error(err)
		}
	}
	expect(0, 0)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tracker.Add(io.EOF, "read", now)
	tracker.Add(io.EOF, "read", now)
	tracker.Add(io.ErrShortWrite, "write", now)
	expect(2, 0)
	tracker.Add(io.EOF, "read", now.AddDate(0, 1, 0))
	expect(2, 1)
}
