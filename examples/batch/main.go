// Command batch settles the orders of the online shop: a job that runs and
// ends, once a night.
//
// It reads the exports of a folder, settles each order, and counts the orders
// that it settled. The counts of all runs are totals in its state file. At the
// end of a run they go to a Pushgateway, or over OTLP if OTEL_METRICS_EXPORTER
// is "otlp". docs/metrics.md states the losses of each way.
//
// The exit status is 0 if every export is settled, even if the telemetry
// failed, 1 if the next run has to go on, and 2 for a wrong command line.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// service is the name of the job, as slo.yaml has it.
const service = "settlement"

//go:embed slo.yaml
var promises []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout)
	stop()
	os.Exit(status)
}

// options are the flags.
type options struct {
	exports, results, state string
	gateway                 string        // URL of a Pushgateway, or empty
	scrape                  time.Duration // between two scrapes
	chunk                   int           // rows
}

func parseFlags(args []string) (o options, err error) {
	flags := flag.NewFlagSet("batch", flag.ContinueOnError)
	flags.StringVar(&o.exports, "exports", "exports", "`folder` of the orders to settle, each file complete when it appears")
	flags.StringVar(&o.results, "results", "results", "`folder` of the settled orders")
	flags.StringVar(&o.state, "state", "settlement.state", "`file` of the totals and the position")
	flags.StringVar(&o.gateway, "pushgateway", "", "`URL` of a Pushgateway, such as http://127.0.0.1:9091")
	flags.DurationVar(&o.scrape, "scrape", 30*time.Second, "Prometheus' `interval` between two scrapes")
	flags.IntVar(&o.chunk, "chunk", 1000, "`rows` to settle between two saves of the state")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 || o.scrape <= 0 || o.chunk <= 0 {
		err = errors.New("batch: want no arguments, and -scrape and -chunk of more than 0")
		fmt.Fprintln(flags.Output(), err)
	}
	return o, err
}

// job is one run.
type job struct {
	options
	kit        *sligo.Kit
	objectives []slo.Objective

	began time.Time
	store *store
	state state // as saved

	send  sender    // nil if nobody wants the metrics
	shown time.Time // when the earlier totals were sent
}

// run runs the job and returns the exit status.
func run(ctx context.Context, args []string, logs io.Writer) int {
	o, err := parseFlags(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	objectives, err := recorded()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	kit, err := sligo.Start(objectives, &sligo.Options{Admin: "-", Registry: prometheus.NewRegistry(), LogTo: logs})
	j := &job{options: o, kit: kit, objectives: objectives, began: time.Now()}
	j.warn(ctx, "Telemetry was set up in part", err) // a wrong environment
	defer func() { j.warn(ctx, "Telemetry was lost", kit.Shutdown(context.WithoutCancel(ctx))) }()
	if err := j.run(ctx); err != nil {
		kit.Log.ErrorContext(ctx, "Settlement failed", "error", err)
		return 1
	}
	return 0
}

// recorded returns the objectives of slo.yaml that the job counts events for.
func recorded() ([]slo.Objective, error) {
	file, err := slofile.Parse("slo.yaml", promises, nil)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(file.Objectives, func(o slo.Objective) bool {
		return o.Indicator.Collection.How == sli.SourceQuery
	}), nil
}

// run settles the orders. An error of the telemetry is only a warning.
func (j *job) run(ctx context.Context) (err error) {
	if err := os.MkdirAll(j.results, 0o755); err != nil {
		return err
	}
	if j.store, err = openStore(j.options.state); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.store.close()) }()
	if err := j.resume(ctx); err != nil {
		return fmt.Errorf("read the state: %w", err)
	}
	j.connect(ctx)
	if j.send != nil {
		j.warn(ctx, "Earlier totals not sent", j.showEarlier(ctx))
	}
	err = j.settle(ctx)
	j.kit.Log.InfoContext(ctx, "Run ended", "totals", j.state.Totals.String())
	if j.send != nil {
		j.warn(ctx, "Totals not sent: they go out with the next run", j.showTotals(ctx))
	}
	return err
}

// warn logs an error of the telemetry.
func (j *job) warn(ctx context.Context, message string, err error) {
	if err != nil {
		j.kit.Log.WarnContext(ctx, message, "error", err)
	}
}

// connect chooses the way of the metrics.
func (j *job) connect(ctx context.Context) {
	var err error
	switch {
	case j.gateway != "":
		j.send = pushgateway(j.gateway)
	case os.Getenv("OTEL_METRICS_EXPORTER") == "otlp":
		j.send, err = otlp(ctx)
	}
	j.warn(ctx, "No metrics over OTLP", err)
}

// resume continues the totals of the last run. If the state is damaged, they
// begin again at zero, and so does the export that was not finished.
func (j *job) resume(ctx context.Context) error {
	earlier, err := j.store.load()
	if err == nil {
		err = j.kit.Recorder.AddReport(earlier.Totals)
	}
	switch {
	case err == nil:
		j.state = earlier
		return nil
	case errors.Is(err, fs.ErrNotExist):
		j.kit.Log.InfoContext(ctx, "New state: the totals begin at zero", "file", j.store.path)
	case errors.Is(err, errDamaged):
		aside, err2 := j.store.setAside(time.Now())
		if err2 != nil {
			return errors.Join(err, err2)
		}
		j.kit.Log.WarnContext(ctx, "Damaged state set aside: the totals begin again at zero", "file", aside, "error", err)
	default:
		return err
	}
	zero := j.kit.Recorder.Report()
	return j.update(func(st *state) { st.Totals, st.Shown = zero, zero })
}

// update changes and saves the state. If it cannot be saved, the change has
// not happened.
func (j *job) update(change func(*state)) error {
	next := j.state
	change(&next)
	if err := j.store.save(next); err != nil {
		return fmt.Errorf("save the state: %w", err)
	}
	j.state = next
	return nil
}
