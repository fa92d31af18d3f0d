package rules_test

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"github.com/sligo-go/sligo/e2e/rules/lab"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// TestBackfill records the series of 30 hours as they happen, and again from
// the raw counters with promtool and Prometheus, as docs/prometheus.md
// describes. Each backfilled sample must equal the live one.
func TestBackfill(t *testing.T) {
	t.Parallel()
	prom2 := tool{debian(t, "promtool", "prometheus"), phase2}
	prom3 := tool{installed(t, "promtool"), phase3}
	tests := []struct {
		dialect  promrules.Dialect
		promtool tool
		file     string // decides in which second of a minute promtool evaluates
		long     bool
	}{
		{promrules.DialectProm2, prom2, "shop.yml", false},
		{promrules.DialectProm3, prom3, "shop-4.yml", false},
		{promrules.DialectProm2, prom3, "shop-4.yml", true},
		{promrules.DialectProm3, prom3, "shop.yml", true},
	}
	for _, test := range tests {
		if test.long && !*full {
			continue
		}
		t.Run(fmt.Sprintf("%s/%s/%s", test.dialect, filepath.Base(test.promtool.program), test.file), func(t *testing.T) {
			t.Parallel()
			release := acquire()
			defer release()
			testBackfill(t, test.dialect, test.promtool, test.file)
		})
	}
}

func testBackfill(t *testing.T, dialect promrules.Dialect, promtool tool, file string) {
	dir := t.TempDir()
	rules, err := promrules.Generate([]slo.Objective{objective("")}, &promrules.Options{Dialect: dialect})
	if err != nil {
		t.Fatal(err)
	}
	run := lab.Run{
		Length: 30 * time.Hour,
		Fleets: []lab.Fleet{{
			Scenario: lab.Scenario{
				Name: "backfill", Traffic: steady(20, 0.0005),
				Incidents: []lab.Span{spanOf(1, "11:50", 20*time.Minute, 0.1), spanOf(0, "03:30", 10*time.Minute, 0.1)},
			},
			Pods: 2, Scrape: 30 * time.Second, Labels: shop(),
		}},
	}
	for _, group := range rules.Groups {
		alone := promrules.Rules{Groups: []promrules.Group{group}}
		run.Rules = append(run.Rules, lab.RuleFile{Path: pathInStep(group, promtool.phase(file, group)), Text: alone.YAML()})
	}
	err = run.Do(t.Context(), func(l *lab.Lab) error {
		data := filepath.Join(dir, "data")
		if err := export(l, data); err != nil {
			return err
		}
		for _, pass := range rules.Passes() {
			writeFile(t, filepath.Join(dir, file), pass.YAML())
			backfill(t, promtool.program, dir, file, l.Start(), l.End())
		}
		return compare(t, l, data)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A tool is a promtool, and where in its interval it evaluates a group.
type tool struct {
	program string
	phase   func(file string, group promrules.Group) time.Duration
}

// phase3 and phase2 return the phase that Prometheus 3 and 2 derive from the
// labels of a group. The versions hash the same labels in different forms.
func phase3(file string, group promrules.Group) time.Duration {
	return time.Duration(labels.FromStrings("file", file, "name", group.Name).Hash() % uint64(group.Interval))
}

func phase2(file string, group promrules.Group) time.Duration {
	return time.Duration(xxhash.Sum64String("file\xff"+file+"\xffname\xff"+group.Name+"\xff") % uint64(group.Interval))
}

// pathInStep returns the path of a rule file whose group records its samples in
// the second in which promtool does, to a millisecond if it runs every minute.
// A query offset makes them older than their evaluation.
func pathInStep(group promrules.Group, phase time.Duration) string {
	phase = (phase + group.QueryOffset) % group.Interval
	near := time.Millisecond / 2
	if group.Interval > time.Minute {
		near = time.Second / 2
	}
	for i := 0; ; i++ {
		path := fmt.Sprintf("live-%d.yml", i)
		if later := phase3(path, group) - phase; later >= 0 && later < near && (phase+later)/time.Second == phase/time.Second {
			return path
		}
	}
}

// export writes the raw series of a run as a block.
func export(l *lab.Lab, dir string) error {
	q, err := l.DB.Querier(l.Start().UnixMilli(), l.End().UnixMilli())
	if err != nil {
		return err
	}
	defer q.Close()
	m, err := labels.NewMatcher(labels.MatchRegexp, model.MetricNameLabel, "sli_.*")
	if err != nil {
		return err
	}
	var all []storage.Series
	set := q.Select(context.Background(), true, nil, m)
	for set.Next() {
		all = append(all, set.At())
	}
	if err := set.Err(); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	_, err = tsdb.CreateBlock(all, dir, 2*l.End().Sub(l.Start()).Milliseconds(), slog.New(slog.DiscardHandler))
	return err
}

// backfill runs one pass of promtool over a Prometheus with the blocks so far.
func backfill(t *testing.T, promtool, dir, file string, from, to time.Time) {
	t.Helper()
	data := filepath.Join(dir, "data")
	t.Run("pass", func(t *testing.T) { // stops the server at its end
		config := filepath.Join(t.TempDir(), "prometheus.yml")
		writeFile(t, config, nil)
		address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
		start(t, "http://"+address+"/-/ready", debian(t, "prometheus", "prometheus"), "--config.file="+config,
			"--storage.tsdb.path="+data, "--storage.tsdb.retention.time=100y", "--web.listen-address="+address)
		command := exec.Command(promtool, "tsdb", "create-blocks-from", "rules",
			"--url=http://"+address, "--start="+strconv.FormatInt(from.Unix(), 10), "--end="+strconv.FormatInt(to.Unix(), 10),
			"--eval-interval=1m", "--output-dir="+data, file)
		command.Dir = dir
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
}

// compare checks that both stores have the same recorded samples.
func compare(t *testing.T, l *lab.Lab, data string) error {
	t.Helper()
	// In the first hour, a window is empty for a minute, and its budget has no
	// value. Without a marker of staleness, the backfill sees the last value.
	from, to := l.Start().Add(5*time.Minute), l.End()
	live, err := l.DB.Querier(from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return err
	}
	defer live.Close()
	// The state of a policy depends on its own past.
	m, err := labels.NewMatcher(labels.MatchNotRegexp, model.MetricNameLabel, "sli_.*|ALERTS.*|slo:policy_step|slo:release_state")
	if err != nil {
		return err
	}
	db, err := tsdb.OpenDBReadOnly(data, "", slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer db.Close()
	filled, err := db.Querier(from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return err
	}
	defer filled.Close()
	want, err := read(live, m)
	if err != nil {
		return err
	}
	got, err := read(filled, m)
	if err != nil {
		return err
	}
	for series := range want {
		compareSeries(t, series, want[series], got[series])
	}
	for series := range got {
		if want[series] == nil {
			t.Errorf("%s exists only in the backfill", series)
		}
	}
	t.Logf("%d series compared", len(want))
	if len(want) < 20 {
		t.Errorf("only %d series compared", len(want))
	}
	return nil
}

func compareSeries(t *testing.T, series string, want, got map[int64]float64) {
	t.Helper()
	missing, different, shown := 0, 0, ""
	for at, w := range want {
		g, ok := got[at]
		switch {
		case !ok:
			missing++
		case math.Abs(g-w) > 1e-4*math.Max(1, math.Abs(w)):
			different++
			shown = fmt.Sprintf("at %v: backfilled %v, live %v", time.Unix(at, 0).UTC(), g, w)
		}
	}
	if missing > 0 || different > 0 || len(got) != len(want) {
		t.Errorf("%s: %d of %d live samples, %d backfilled; %d missing, %d different %s",
			series, len(want)-missing, len(want), len(got), missing, different, shown)
	}
}

// read returns the samples of all series by the seconds of their times, without
// the markers of stale series.
func read(q storage.Querier, m *labels.Matcher) (map[string]map[int64]float64, error) {
	all := make(map[string]map[int64]float64)
	set := q.Select(context.Background(), false, nil, m)
	var it chunkenc.Iterator
	for set.Next() {
		samples := make(map[int64]float64)
		for it = set.At().Iterator(it); it.Next() == chunkenc.ValFloat; {
			if at, v := it.At(); !value.IsStaleNaN(v) {
				samples[at/1000] = v // rules truncate to milliseconds, promtool rounds
			}
		}
		if err := it.Err(); err != nil {
			return nil, err
		}
		all[set.At().Labels().String()] = samples
	}
	return all, set.Err()
}
