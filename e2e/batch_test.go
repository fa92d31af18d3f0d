package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/slo/promrules"
	"github.com/sligo-go/sligo/slo/slofile"
)

// TestBatchTotalsEqualTheTruth runs the batch job with a real Pushgateway,
// which a real Prometheus scrapes, through everything that a job goes through.
// The increases that Prometheus sees must always equal the rows of all exports.
func TestBatchTotalsEqualTheTruth(t *testing.T) {
	b := newBatch(t)
	prom := startPrometheus(t, b.gateway, "")

	b.export(t, 1000)
	b.run(t, 0, "connection refused", "they go out with the next run")
	stop := b.startGateway(t)
	b.export(t, 1100)
	b.run(t, 0)
	b.check(t, prom, "after a run without a gateway, and one with it")

	b.export(t, 1200)
	b.run(t, 0)
	b.check(t, prom, "after a third run")

	b.export(t, 200_000)
	b.kill(t)
	b.run(t, 0)
	b.check(t, prom, "after a run that was killed, and the next one")

	stop()
	b.startGateway(t)
	b.export(t, 1300)
	b.run(t, 0)
	b.check(t, prom, "after a restart of the gateway, which lost its metrics")

	b.damage(t)
	b.export(t, 1400)
	b.run(t, 0, "Damaged state set aside")
	b.check(t, prom, "after a damaged state")

	b.run(t, 0)
	b.check(t, prom, "after a run without a new export")
	success := prom.query(t, "settlement_last_success_timestamp_seconds >= bool "+fmt.Sprint(b.last.Unix()), "job", "instance")
	if diff := cmp.Diff(map[string]uint64{"settlement/": 1}, success); diff != "" {
		t.Errorf("the last success by job and instance (-want +got):\n%s", diff)
	}
}

// batch is the batch job with its files, exports whose outcome is known, and
// the address of a Pushgateway.
type batch struct {
	program, dir, gateway string
	random                *rand.Rand
	exports               int
	last                  time.Time // the time of the last export
	truth                 map[string]uint64
}

// The increases to compare.
const (
	goodOrders    = `sli_good_events_total{sli_service="settlement",sli="orders"}`
	validOrders   = `sli_valid_events_total{sli_service="settlement",sli="orders"}`
	ignoredOrders = `sli_ignored_events_total{sli_service="settlement",sli="orders",reason="not_valid"}`
)

func newBatch(t *testing.T) *batch {
	b := &batch{
		program: build(t, "examples/batch"), dir: t.TempDir(), gateway: fmt.Sprintf("127.0.0.1:%d", freePort(t)),
		random: rand.New(rand.NewPCG(3, 3)), truth: map[string]uint64{},
	}
	if err := os.Mkdir(filepath.Join(b.dir, "exports"), 0o755); err != nil {
		t.Fatal(err)
	}
	return b
}

// startGateway starts a Pushgateway that keeps its metrics in memory. It
// returns a function that stops it.
func (b *batch) startGateway(t *testing.T) (stop func()) {
	t.Helper()
	gateway := exec.Command("prometheus-pushgateway", "--web.listen-address="+b.gateway)
	if err := gateway.Start(); err != nil {
		t.Fatalf("%v: install Debian's package prometheus-pushgateway", err)
	}
	stop = func() {
		_ = gateway.Process.Kill()
		_ = gateway.Wait()
	}
	t.Cleanup(stop)
	eventually(t, func() error {
		_, err := get("http://" + b.gateway + "/-/ready")
		return err
	})
	return stop
}

// export writes the export of the next day.
func (b *batch) export(t *testing.T, rows int) {
	t.Helper()
	b.exports++
	b.last = time.Now()
	var text strings.Builder
	for order := range rows {
		due, paid, state := b.random.IntN(10_000), 0, "canceled"
		switch b.random.IntN(10) {
		case 0:
			b.truth[ignoredOrders]++
		case 1:
			paid, state = due+1, "delivered"
			b.truth[validOrders]++
		default:
			paid, state = due, "delivered"
			b.truth[validOrders]++
			b.truth[goodOrders]++
		}
		fmt.Fprintf(&text, "%d,%s,%d,%d\n", order, state, due, paid)
	}
	writeFile(t, b.exportPath(), text.String())
}

func (b *batch) exportPath() string {
	return filepath.Join(b.dir, "exports", fmt.Sprintf("2026-11-%02d.csv", b.exports))
}

func (b *batch) statePath() string { return filepath.Join(b.dir, "settlement.state") }

// command returns a run of the job. It saves its state often, and Prometheus
// has some scrapes more than it needs.
func (b *batch) command() *exec.Cmd {
	command := exec.Command(b.program, "-pushgateway", "http://"+b.gateway, "-scrape", "3s", "-chunk", "50")
	command.Dir = b.dir
	return command
}

// run runs the job to its end. Its log must have all of the texts.
func (b *batch) run(t *testing.T, status int, texts ...string) {
	t.Helper()
	command := b.command()
	logs, _ := command.CombinedOutput()
	if got := command.ProcessState.ExitCode(); got != status {
		t.Fatalf("the exit status is %d, want %d\n%s", got, status, logs)
	}
	for _, text := range texts {
		if !bytes.Contains(logs, []byte(text)) {
			t.Errorf("no %q in the log:\n%s", text, logs)
		}
	}
}

// kill kills a run in the middle of the last export. While the run is alive, a
// second one must not begin.
func (b *batch) kill(t *testing.T) {
	t.Helper()
	first := b.command()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Wait() }()
	defer func() { _ = first.Process.Kill() }()
	info, err := os.Stat(b.exportPath())
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		if name, read := b.position(t); name == filepath.Base(b.exportPath()) && read > info.Size()/4 {
			break
		}
		if time.Since(began) > time.Minute {
			t.Fatal("the run does not begin")
		}
	}
	if err := first.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if _, read := b.position(t); read >= info.Size() {
		t.Fatalf("the run has read all of %d bytes before it was stopped", read)
	}
	b.run(t, 1, "another run holds the lock")
}

// position returns the export and the position in the state file.
func (b *batch) position(t *testing.T) (export string, read int64) {
	t.Helper()
	text, err := os.ReadFile(b.statePath())
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := bytes.Cut(text, []byte("\n"))
	var state struct {
		Position struct {
			Export string
			Read   int64
		}
	}
	if err := json.Unmarshal(body, &state); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return state.Position.Export, state.Position.Read
}

// damage cuts the state file.
func (b *batch) damage(t *testing.T) {
	t.Helper()
	if err := os.Truncate(b.statePath(), 300); err != nil {
		t.Fatal(err)
	}
}

// check compares the increases in Prometheus with the truth.
func (b *batch) check(t *testing.T, prom promServer, when string) {
	t.Helper()
	eventually(t, func() error {
		got := make(map[string]uint64)
		for selector := range b.truth {
			got[selector] = prom.increase(t, selector)
		}
		if diff := cmp.Diff(b.truth, got); diff != "" {
			return errors.New(when + " (-exports +Prometheus):\n" + diff)
		}
		return nil
	})
}

// increase returns the increase of a counter within the last hour, without the
// extrapolation of PromQL's function. The first sample is no increase.
func (p promServer) increase(t *testing.T, selector string) (sum uint64) {
	t.Helper()
	body, err := get("http://" + p.address + "/api/v1/query?query=" + url.QueryEscape(selector+"[1h]"))
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Data struct{ Result []struct{ Values [][2]any } } // time, value as text
	}
	if err := json.Unmarshal(body, &parsed); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for _, series := range parsed.Data.Result {
		before := uint64(1<<64 - 1)
		for i, sample := range series.Values {
			value, err := strconv.ParseUint(sample[1].(string), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case i == 0:
			case value < before: // a reset
				sum += value
			default:
				sum += value - before
			}
			before = value
		}
	}
	return sum
}

// TestBatchRules checks the rules of the batch job with promtool: the
// checks of freshness, which count at the bound itself, and the rules that are
// generated from the job's objectives.
func TestBatchRules(t *testing.T) {
	file, err := slofile.Load("../examples/batch/slo.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	rules, _ := writeRules(t, file.Objectives, &promrules.Options{Policy: file.Policy, Matchers: file.Matchers})
	checks, err := os.ReadFile("../examples/batch/freshness.yml")
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(filepath.Dir(rules), name) }
	writeFile(t, in("freshness.yml"), string(checks))
	writeFile(t, in("freshness_test.yml"), freshnessTest)
	writeFile(t, in("jump_test.yml"), jumpTests())
	promtool(t, "check", "rules", in("freshness.yml"), rules)
	promtool(t, "test", "rules", in("freshness_test.yml"), in("jump_test.yml"))
}

// freshnessTest has a success 24.5 hours before the begin, whose series is seen
// for 4 minutes, as over OTLP. The data are 26 hours old at 01:30, and the next
// success is at 01:50.
const freshnessTest = `
rule_files: [freshness.yml, rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - series: settlement_last_success_timestamp_seconds{job="settlement"}
    values: _x10 -88200x3 _x96 6600x10
  promql_expr_test:
  - expr: sli_valid_events_total
    eval_time: 9m
  - expr: sli_valid_events_total
    eval_time: 10m
    exp_samples: [{labels: 'sli_valid_events_total{sli_service="settlement",sli="freshness"}', value: 0}]
  - expr: sli_good_events_total
    eval_time: 90m
    exp_samples: [{labels: 'sli_good_events_total{sli_service="settlement",sli="freshness"}', value: 80}]
  - expr: sli_good_events_total
    eval_time: 109m
    exp_samples: [{labels: 'sli_good_events_total{sli_service="settlement",sli="freshness"}', value: 80}]
  - expr: sli_valid_events_total
    eval_time: 109m
    exp_samples: [{labels: 'sli_valid_events_total{sli_service="settlement",sli="freshness"}', value: 99}]
  - expr: sli_valid_events_total - sli_good_events_total
    eval_time: 2h
    exp_samples: [{labels: '{sli_service="settlement",sli="freshness"}', value: 19}]
  - expr: sum by (alertname, severity) (ALERTS{alertstate="firing",sli="freshness"})
    eval_time: 90m
  - expr: sum by (alertname, severity) (ALERTS{alertstate="firing",sli="freshness"})
    eval_time: 109m
    exp_samples: [{labels: '{alertname="SloErrorBudgetBurn",severity="page"}', value: 1}]
`

// jumps are runs of 10,000 orders, as Prometheus may see their totals, and the
// orders that the generated rules find in the running hour. docs/metrics.md has
// the numbers.
var jumps = []struct {
	samples string // one in 30 s, where %d is the total
	orders  int
}{
	{"0x21 %dx120", 8741}, // through a Pushgateway
	{"0x22 %dx120", 10926},
	{"_x20 0x1 %dx120", 9312}, // in the first run
	{"_x20 0 _x1 %d", 12833},  // over OTLP
}

// jumpTests returns promtool's tests of the jumps. In each, 9,990 orders are
// good, and the rules must find the same share.
func jumpTests() string {
	text := "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n"
	for _, jump := range jumps {
		const labels = `{sli_service="settlement",sli="orders"}`
		text += fmt.Sprintf(`- interval: 30s
  input_series:
  - {series: 'sli_valid_events_total%[1]s', values: %[2]q}
  - {series: 'sli_good_events_total%[1]s', values: %[3]q}
  promql_expr_test:
  - {expr: round(sli:valid:since_hour), eval_time: 59m, exp_samples: [{labels: '%[1]s', value: %[4]d}]}
  - {expr: round(1e6 * sli:good:since_hour / sli:valid:since_hour), eval_time: 59m, exp_samples: [{labels: '%[1]s', value: 999000}]}
`, labels, fmt.Sprintf(jump.samples, 10_000), fmt.Sprintf(jump.samples, 9_990), jump.orders)
	}
	return text
}
