package logmetric_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/logging/logmetric"
)

func meterOf(t testing.TB, opts logging.Options, rules ...logmetric.Rule) (*logmetric.Meter, *slog.Logger) {
	t.Helper()
	m, err := logmetric.New(rules)
	if err != nil {
		t.Fatal(err)
	}
	opts.Observers = append(opts.Observers, m)
	h, err := logging.New("my-app", io.Discard, &opts)
	if err != nil {
		t.Fatal(err)
	}
	return m, slog.New(h)
}

func TestCounts(t *testing.T) {
	m, l := meterOf(t, logging.Options{Exclude: []logging.Exclusion{{Name: "all"}}},
		logmetric.Rule{Name: "errors", Match: logging.Match{MinLevel: slog.LevelError}},
		logmetric.Rule{Name: "failures", Match: logging.Match{Status: []string{"5xx"}}, Labels: []string{"http.route", "reason"}})
	l.Error("a")
	l.Info("b") // excluded from the sinks, like all lines, and matched by no rule
	l.Info("c", "response_code", 502, slog.Group("http", "route", "/users/{userid}"), "reason", "upstream")
	l.WithGroup("http").With("route", "/users/{userid}").Error("d", "x", 1)
	l.With("response_code", 503).Info("e")
	got := m.Metrics()
	want := [][]logmetric.Series{
		{{Count: 2}},
		{{Labels: []string{"", ""}, Count: 1}, {Labels: []string{"/users/{userid}", "upstream"}, Count: 1}},
	}
	for i := range want {
		if diff := cmp.Diff(want[i], got[i].Series, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", got[i].Rule.Name, diff)
		}
	}
}

func TestHistogram(t *testing.T) {
	m, l := meterOf(t, logging.Options{}, logmetric.Rule{Name: "seconds", Field: "execution_time_ms", Scale: .001, Buckets: []float64{.1, .3, 1}})
	for _, v := range []any{50, 100, uint64(101), 299.5, 300 * time.Millisecond, "1000", " 2000 ", int64(0)} {
		l.Info("m", "execution_time_ms", v)
	}
	for _, v := range []any{-1, math.NaN(), math.Inf(1), "soon", "", true, []int{1}} {
		l.Info("m", "execution_time_ms", v)
	}
	l.Info("without")
	got := m.Metrics()[0]
	want := logmetric.Series{Count: 8, Sum: .05 + .1 + .101 + .2995 + .3 + 1 + 2, Buckets: []uint64{3, 6, 7}}
	if diff := cmp.Diff(want, got.Series[0], cmpopts.EquateApprox(0, 1e-9), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if got.Unreadable != 7 {
		t.Errorf("got %d unreadable lines, want 7", got.Unreadable)
	}
}

func TestSeriesAreBounded(t *testing.T) {
	m, l := meterOf(t, logging.Options{}, logmetric.Rule{Name: "users", Labels: []string{"user_id"}, MaxSeries: 10})
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 500 {
				l.Info("m", field.UserID(fmt.Sprint("u", w*500+i)))
			}
		})
	}
	wg.Wait()
	var sum, other uint64
	series := m.Metrics()[0].Series
	for _, s := range series {
		sum += s.Count
		if s.Labels[0] == "other" {
			other = s.Count
		}
	}
	if len(series) != 11 || sum != 2000 || other != 1990 {
		t.Errorf("got %d series with %d lines, %d of them in other, want 11, 2000 and 1990", len(series), sum, other)
	}
}

func TestObserveDoesNotAllocate(t *testing.T) {
	m, err := logmetric.New([]logmetric.Rule{{Name: "lines"}, {Name: "seconds", Field: "execution_time_ms"}})
	if err != nil {
		t.Fatal(err)
	}
	r := slog.NewRecord(time.Now(), slog.LevelInfo, "m", 0)
	r.AddAttrs(slog.Int("execution_time_ms", 150))
	l := logging.LineOf(context.Background(), &r)
	if got := testing.AllocsPerRun(100, func() { m.Observe(l) }); got != 0 {
		t.Errorf("%v allocations per line, want 0", got)
	}
}

// TestLabelValuesAreKeptApart checks that no label value is mistaken for the
// series of the values beyond MaxSeries.
func TestLabelValuesAreKeptApart(t *testing.T) {
	m, l := meterOf(t, logging.Options{}, logmetric.Rule{Name: "lines", Labels: []string{"a", "b", "c"}, MaxSeries: 1})
	l.Info("m", "b", "overflow")
	l.Info("m", "b", "more")
	want := []logmetric.Series{
		{Labels: []string{"", "overflow", ""}, Count: 1},
		{Labels: []string{"other", "other", "other"}, Count: 1},
	}
	if diff := cmp.Diff(want, m.Metrics()[0].Series, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// TestLabelValuesAreShortAndValid checks that a value is cut at 64 bytes, not
// within a character, and that Prometheus can take it as UTF-8.
func TestLabelValuesAreShortAndValid(t *testing.T) {
	m, l := meterOf(t, logging.Options{}, logmetric.Rule{Name: "lines", Labels: []string{"a"}})
	long := strings.Repeat("x", 63)
	for _, value := range []string{long + "y", long + "yz", long + "é", "\xff!"} {
		l.Info("m", "a", value)
	}
	want := []logmetric.Series{
		{Labels: []string{long}, Count: 1},
		{Labels: []string{long + "y"}, Count: 2},
		{Labels: []string{"\ufffd!"}, Count: 1},
	}
	if diff := cmp.Diff(want, m.Metrics()[0].Series, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}
