package logprom_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
	"github.com/sligo-go/sligo/logging/logmetric"
	"github.com/sligo-go/sligo/logging/logprom"
)

func TestCollector(t *testing.T) {
	groups, err := logissue.New(nil)
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
		Observers: []logging.Observer{groups, meter}, OnError: func(error) {},
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
	c := &logprom.Collector{Stats: h.Stats, Groups: groups, Meter: meter}
	const want = `
# HELP execution_time_seconds How long it took.
# TYPE execution_time_seconds histogram
execution_time_seconds_bucket{le="0.1"} 0
execution_time_seconds_bucket{le="1"} 1
execution_time_seconds_bucket{le="+Inf"} 1
execution_time_seconds_sum 0.15
execution_time_seconds_count 1
# HELP log_error_groups Error groups kept.
# TYPE log_error_groups gauge
log_error_groups 1
# HELP log_errors_total Errors seen by the error groups.
# TYPE log_errors_total counter
log_errors_total 1
# HELP log_excluded_lines_total Lines kept from the sinks by an exclusion rule.
# TYPE log_excluded_lines_total counter
log_excluded_lines_total{rule="health"} 1
# HELP log_lines_total Lines logged.
# TYPE log_lines_total counter
log_lines_total{level="DEBUG"} 0
log_lines_total{level="ERROR"} 1
log_lines_total{level="INFO"} 3
log_lines_total{level="WARN"} 0
# HELP log_sink_lines_total Lines given to a sink, by what became of them.
# TYPE log_sink_lines_total counter
log_sink_lines_total{outcome="done",sink="broken"} 0
log_sink_lines_total{outcome="done",sink="main"} 3
log_sink_lines_total{outcome="dropped",sink="broken"} 0
log_sink_lines_total{outcome="dropped",sink="main"} 0
log_sink_lines_total{outcome="failed",sink="broken"} 3
log_sink_lines_total{outcome="failed",sink="main"} 0
# HELP log_sink_queued_lines Lines given to a sink and not written yet.
# TYPE log_sink_queued_lines gauge
log_sink_queued_lines{sink="broken"} 0
log_sink_queued_lines{sink="main"} 0
# HELP log_unreadable_fields_total Lines whose field was no number.
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
		t.Errorf("%v: %v", err, problems)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestEmptyCollector(t *testing.T) {
	if n := testutil.CollectAndCount(&logprom.Collector{}); n != 0 {
		t.Errorf("the zero collector has %d metrics", n)
	}
}

func ExampleCollector() {
	h, err := logging.New("my-app", io.Discard, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(&logprom.Collector{Stats: h.Stats})
	slog.New(h).Info("started")
	n, err := testutil.GatherAndCount(reg, "log_lines_total")
	fmt.Println(n, err)
	// Output: 4 <nil>
}
