// Table runs scenarios against the generated rules and against the rule shapes
// of Sloth and Pyrra, and prints how far each remaining budget is from the
// truth.
//
//	go run ./table
//	go run ./table -pods 5 -windows 7d -scenarios peak,outages
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sligo-go/sligo/e2e/rules/lab"
	"github.com/sligo-go/sligo/slo/promrules"
)

func main() {
	pods := flag.String("pods", "5,50", "numbers of pods")
	windows := flag.String("windows", "7d,30d", "windows of the objective")
	names := flag.String("scenarios", "", "names of scenarios; all if empty")
	jobs := flag.Int("jobs", runtime.NumCPU(), "scenarios that run at the same time")
	offset := flag.Duration("query-offset", 0, "query_offset of the rules, for all scenarios; each has its own if it is 0")
	peers := flag.Bool("peers", true, "run the shapes of Sloth and Pyrra")
	flag.Parse()
	debug.SetGCPercent(1000) // the runs hold little memory and allocate much
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *pods, *windows, *names, *jobs, *offset, *peers); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, pods, windows, names string, jobs int, offset time.Duration, peers bool) error {
	trials, err := trials(pods, windows, names, offset, peers)
	if err != nil {
		return err
	}
	fmt.Println(header)
	var (
		group  sync.WaitGroup
		mu     sync.Mutex
		failed int
		free   = make(chan struct{}, max(1, jobs))
	)
	for _, t := range trials {
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			r, err := t.Do(ctx)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed++
				fmt.Printf("| %s | %d | %s | error: %v |\n", t.Scenario.Name, t.Pods, t.Window, err)
				return
			}
			if !r.Ours.OK() {
				failed++
			}
			fmt.Println(row(t, r))
		})
	}
	group.Wait()
	if failed > 0 {
		return fmt.Errorf("%d of %d scenarios failed", failed, len(trials))
	}
	return nil
}

// trials returns the product of scenarios, pods and windows.
func trials(pods, windows, names string, offset time.Duration, peers bool) ([]lab.Trial, error) {
	all, err := lab.Scenarios()
	if err != nil {
		return nil, err
	}
	wanted := slices.Sorted(maps.Keys(all))
	if names != "" {
		wanted = strings.Split(names, ",")
	}
	var options *promrules.Options
	if offset > 0 {
		options = &promrules.Options{Dialect: promrules.DialectProm3, QueryOffset: offset}
	}
	var product []lab.Trial
	for _, window := range strings.Split(windows, ",") {
		for _, text := range strings.Split(pods, ",") {
			n, err := strconv.Atoi(text)
			if err != nil {
				return nil, err
			}
			for _, name := range wanted {
				scenario, ok := all[name]
				if !ok {
					return nil, fmt.Errorf("unknown scenario %q", name)
				}
				product = append(product, lab.Trial{Scenario: scenario, Pods: n, Window: window, Rules: lab.Availability(window, scenario.Late, options), Cost: true, Peers: peers})
			}
		}
	}
	return product, nil
}

const header = `| scenario | pods | window | truth | sligo | error | mean error | worst error | outside | no data | not finite | samples/min | Sloth | error | samples/min | Pyrra | error | samples/min | time |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |`

func row(t lab.Trial, r *lab.Result) string {
	g := &r.Ours
	cells := []string{
		t.Scenario.Name, strconv.Itoa(t.Pods), t.Window,
		fmt.Sprintf("%.4f", g.LastTruth), fmt.Sprintf("%.4f", g.Last), deviation(g),
		fmt.Sprintf("%.4f", g.Mean()), fmt.Sprintf("%.4f", g.Worst), fmt.Sprintf("%.1f %%", 100*g.Outside()),
		strconv.Itoa(g.NoData), strconv.Itoa(g.NotFinite), strconv.FormatInt(r.Samples, 10),
		fmt.Sprintf("%.4f", r.Sloth.Last), deviation(&r.Sloth), strconv.FormatInt(r.SlothSamples, 10),
		fmt.Sprintf("%.4f", r.Pyrra.Last), deviation(&r.Pyrra), strconv.FormatInt(r.PyrraSamples, 10),
		r.Took.Round(time.Second).String(),
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

// deviation is the last value's error in percent of the truth, if there is one.
func deviation(g *lab.Gauge) string {
	if g.LastAt.IsZero() || math.IsNaN(g.Last) {
		return "–"
	}
	text := fmt.Sprintf("%+.2f %%", 100*(g.Last-g.LastTruth)/max(0.0001, math.Abs(g.LastTruth)))
	if !g.OK() {
		text = "**" + text + "**"
	}
	return text
}
