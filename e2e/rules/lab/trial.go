package lab

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

// Remaining is the name of the rule that records the remaining budget.
const Remaining = "slo:budget_remaining:ratio"

const rulePath = "/etc/prometheus/rules/shop.yml"

// A Trial runs a scenario against the rules of an availability objective of
// 99.9 %, and compares the remaining budget with the truth.
type Trial struct {
	Scenario Scenario
	Pods     int
	Window   string // such as 30d
	// Rules returns the rule file for a target in percent.
	Rules func(target string) ([]byte, error)
	// Cost evaluates all rules on the last day and counts the samples that they
	// read. Otherwise, and before, a trial evaluates the rules that the
	// remaining budget needs.
	Cost bool
	// Peers evaluates the rules of Sloth and Pyrra, too.
	Peers bool
}

// A Result is the outcome of a trial.
type Result struct {
	Ours, Sloth, Pyrra Gauge
	// Samples are the samples per minute that a rule set reads: ours during the
	// last day, the others' at the end.
	Samples, SlothSamples, PyrraSamples int64
	Errors                              map[string]time.Time
	Took                                time.Duration
}

// Do runs the trial.
func (t Trial) Do(ctx context.Context) (*Result, error) {
	began := time.Now()
	window, err := duration(t.Window)
	if err != nil {
		return nil, err
	}
	run := Run{
		Fleets: []Fleet{{
			Scenario: t.Scenario, Pods: t.Pods, Scrape: 30 * time.Second, Peers: t.Peers,
			Labels: map[string]string{"sli_service": "shop", "sli": "availability"},
		}},
		// The window has left the beginning behind, and the last day is
		// incomplete.
		Length: window + 17*time.Hour + 40*time.Minute,
	}
	allowed, err := t.loadRules(&run)
	if err != nil {
		return nil, err
	}
	r := newResult(window, allowed)
	lastDay := run.clock().end.Add(-24 * time.Hour)
	run.Setup = func(l *Lab) {
		l.Evaluated = func(e Evaluation) {
			r.Ours.Observe(l, e)
			r.Sloth.Observe(l, e)
			r.Pyrra.Observe(l, e)
			if e.File == rulePath && e.At.After(lastDay) {
				r.Samples += e.Samples
			}
		}
	}
	err = run.Do(ctx, func(l *Lab) error {
		r.Errors = l.Errors
		r.Samples /= 24 * 60
		if !t.Peers {
			return nil
		}
		return r.peerCosts(ctx, l, t.Window)
	})
	r.Took = time.Since(began)
	return r, err
}

func newResult(window time.Duration, allowed func(time.Time) float64) *Result {
	return &Result{
		Ours:  Gauge{Rule: Remaining, Window: window, Allowed: allowed},
		Sloth: Gauge{Rule: "slo:period_error_budget_remaining:ratio", Window: window, Allowed: allowed},
		Pyrra: Gauge{Rule: "pyrra_availability", Window: window, Allowed: allowed, Convert: func(availability, allowed float64) float64 {
			return 1 - (1-availability)/allowed
		}},
	}
}

// loadRules sets the rules of a run, and returns the share of bad events that
// is allowed at a time.
func (t Trial) loadRules(run *Run) (allowed func(time.Time) float64, err error) {
	if run.Rules, err = t.files("99.9", false); err != nil {
		return nil, err
	}
	last, changes, share := "99.9", time.Time{}, 0.001
	if c := t.Scenario.Retarget; c != nil {
		last, changes = c.Target, run.clock().at(c.Day, c.At)
		percent, err := strconv.ParseFloat(c.Target, 64)
		if err != nil {
			return nil, err
		}
		share = 1 - percent/100
		rules, err := t.files(c.Target, false)
		if err != nil {
			return nil, err
		}
		run.Reloads = []Reload{{changes, rules}}
	}
	if t.Cost {
		rules, err := t.files(last, true)
		if err != nil {
			return nil, err
		}
		run.Reloads = append(run.Reloads, Reload{run.clock().end.Add(-25 * time.Hour), rules})
	}
	return func(now time.Time) float64 {
		if now.Before(changes) {
			return 0.001
		}
		return share
	}, nil
}

// files returns the rule files for a target.
func (t Trial) files(target string, all bool) ([]RuleFile, error) {
	text, err := t.Rules(target)
	if err != nil {
		return nil, err
	}
	ours := RuleFile{Path: rulePath, Text: text}
	if !all {
		if ours.Keep, err = needed(text, Remaining); err != nil {
			return nil, err
		}
	}
	files := []RuleFile{ours}
	if !t.Peers {
		return files, nil
	}
	for name, keep := range map[string]func(rulefmt.Rule) time.Duration{"sloth": slothAccuracy, "pyrra": pyrraAccuracy} {
		text, err := Shape(name, t.Window)
		if err != nil {
			return nil, err
		}
		files = append(files, RuleFile{Path: "/etc/prometheus/rules/" + name + ".yml", Text: text, Keep: keep})
	}
	return files, nil
}

// slothAccuracy keeps the rules that Sloth's remaining budget needs. The one
// over the whole window is evaluated every hour, since nothing reads its past.
func slothAccuracy(r rulefmt.Rule) time.Duration {
	switch r.Record {
	case "slo:sli_error:ratio_rate5m", "slo:error_budget:ratio", "slo:period_burn_rate:ratio", "slo:period_error_budget_remaining:ratio":
		return time.Minute
	}
	if r.Labels["sloth_window"] != "" && r.Record == "slo:sli_error:ratio_rate"+r.Labels["sloth_window"] && isPeriod(r.Labels["sloth_window"]) {
		return time.Hour
	}
	return 0
}

func isPeriod(window string) bool { return window == "7d" || window == "30d" }

// pyrraAccuracy keeps the rules that Pyrra's availability needs. The one over
// the whole window is evaluated once in six hours: it reads all of its samples.
// The availability sees it for five minutes after that.
func pyrraAccuracy(r rulefmt.Rule) time.Duration {
	switch r.Record {
	case "http_requests:increase7d", "http_requests:increase30d":
		return 6 * time.Hour
	case "pyrra_availability":
		return 3 * time.Minute
	}
	return 0
}

// peerCosts evaluates each rule of the other tools once, at the end, and counts
// the samples that it reads in a minute.
func (r *Result) peerCosts(ctx context.Context, l *Lab, window string) error {
	for name, cost := range map[string]*int64{"sloth": &r.SlothSamples, "pyrra": &r.PyrraSamples} {
		text, err := Shape(name, window)
		if err != nil {
			return err
		}
		if *cost, err = l.Cost(ctx, text, l.End()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// Cost returns how many samples the rules of a file read in a minute.
func (p *Prometheus) Cost(ctx context.Context, text []byte, at time.Time) (int64, error) {
	parsed, errs := rulefmt.Parse(text, false, model.UTF8Validation, p.parser, nil)
	if len(errs) > 0 {
		return 0, errors.Join(errs...)
	}
	var sum float64
	for _, g := range parsed.Groups {
		interval := time.Minute
		if g.Interval > 0 {
			interval = time.Duration(g.Interval)
		}
		for _, rule := range g.Rules {
			_, samples, err := p.Query(ctx, rule.Expr, at)
			if err != nil {
				return 0, err
			}
			sum += float64(samples) * float64(time.Minute) / float64(interval)
		}
	}
	return int64(sum), nil
}

// needed returns a filter that keeps the rules that a recorded series depends
// on, with the intervals of their groups.
func needed(text []byte, record string) (func(rulefmt.Rule) time.Duration, error) {
	parsed, errs := rulefmt.Parse(text, false, model.UTF8Validation, parser.NewParser(parser.Options{}), nil)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	uses, err := dependencies(parsed)
	if err != nil {
		return nil, err
	}
	intervals := make(map[string]time.Duration)
	for _, g := range parsed.Groups {
		for _, rule := range g.Rules {
			intervals[rule.Record] = time.Minute
			if g.Interval > 0 {
				intervals[rule.Record] = time.Duration(g.Interval)
			}
		}
	}
	if _, ok := intervals[record]; !ok {
		return nil, fmt.Errorf("no rule records %s", record)
	}
	needed := map[string]bool{record: true}
	for todo := []string{record}; len(todo) > 0; todo = todo[1:] {
		for _, name := range uses[todo[0]] {
			if !needed[name] {
				needed[name] = true
				todo = append(todo, name)
			}
		}
	}
	return func(r rulefmt.Rule) time.Duration {
		if !needed[r.Record] {
			return 0
		}
		return intervals[r.Record]
	}, nil
}

// dependencies returns the names of the series that each recorded series reads.
func dependencies(all *rulefmt.RuleGroups) (map[string][]string, error) {
	p := parser.NewParser(parser.Options{})
	uses := make(map[string][]string)
	for _, g := range all.Groups {
		for _, rule := range g.Rules {
			if rule.Record == "" {
				continue
			}
			expr, err := p.ParseExpr(rule.Expr)
			if err != nil {
				return nil, err
			}
			if uses[rule.Record] == nil {
				uses[rule.Record] = []string{}
			}
			for _, selectors := range parser.ExtractSelectors(expr) {
				for _, m := range selectors {
					if m.Name == model.MetricNameLabel {
						uses[rule.Record] = append(uses[rule.Record], m.Value)
					}
				}
			}
		}
	}
	return uses, nil
}
