package lab

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"go.opentelemetry.io/otel"
)

// ruleTime is the simulated time that the evaluation of one rule takes.
const ruleTime = 5 * time.Millisecond

// A RuleFile is the text of a rule file, and the path that a server would know
// it by: the path decides in which second the groups are evaluated.
type RuleFile struct {
	Path string
	Text []byte
	// Keep decides on each rule if it is not nil: a zero interval leaves the
	// rule out, and a positive one overrides the interval of its group.
	Keep func(rulefmt.Rule) time.Duration
}

// An Evaluation is one evaluation of a rule.
type Evaluation struct {
	File    string    // the path of its rule file
	Rule    string    // its name
	At      time.Time // the time of its samples
	Vector  promql.Vector
	Samples int64 // that the engine read
	Err     error
}

// Prometheus is the part of a Prometheus server that stores samples and
// evaluates rules. Its time is simulated.
type Prometheus struct {
	DB     *tsdb.DB
	Engine *promql.Engine
	// Evaluated is called after each evaluation of a rule if it is not nil.
	Evaluated func(Evaluation)
	// Notify is called for each alert that is sent to Alertmanager.
	Notify func(now time.Time, alert *rules.Alert)
	// Errors has the errors of rules, with the first time of each.
	Errors map[string]time.Time

	parser  parser.Parser
	groups  []*group
	now     int64 // ms
	pending []scrape
}

func newPrometheus(dir string) (*Prometheus, error) {
	db, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	p := &Prometheus{DB: db, parser: parser.NewParser(parser.Options{}), Errors: make(map[string]time.Time)}
	// The engine has no provider of its own.
	otel.SetTracerProvider(untracedProvider{})
	p.Engine = promql.NewEngine(promql.EngineOpts{
		MaxSamples: 100_000_000, Timeout: time.Hour, LookbackDelta: 5 * time.Minute,
		EnableAtModifier: true, EnableNegativeOffset: true,
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Minute.Milliseconds() },
		Parser:                   p.parser,
	})
	return p, nil
}

// load replaces the rules. As in a reload, rules with the same name and labels
// keep their state; after a restart they have none, except for what a server
// restores from its storage.
func (p *Prometheus) load(files []RuleFile, restart bool) error {
	var groups []*group
	for _, file := range files {
		loaded, err := p.loadFile(file, restart)
		if err != nil {
			return err
		}
		groups = append(groups, loaded...)
	}
	for _, g := range groups {
		for _, old := range p.groups {
			if !restart && old.Name() == g.Name() && old.File() == g.File() && old.Interval() == g.Interval() {
				g.CopyState(old.Group)
			}
		}
	}
	p.groups = groups
	return nil
}

// A group is a rule group. After a restart it restores the state of alerts when
// it has been evaluated twice, as a server does.
type group struct {
	*rules.Group
	restoreAfter int
}

func (g *group) eval(ctx context.Context, at time.Time) {
	g.Eval(ctx, at)
	if g.restoreAfter > 0 {
		if g.restoreAfter--; g.restoreAfter == 0 {
			g.RestoreForState(at)
		}
	}
}

func (p *Prometheus) loadFile(file RuleFile, restart bool) ([]*group, error) {
	parsed, errs := rulefmt.Parse(file.Text, false, model.UTF8Validation, p.parser, nil)
	if len(errs) > 0 {
		return nil, fmt.Errorf("%s: %w", file.Path, errors.Join(errs...))
	}
	opts := &rules.ManagerOptions{
		Context: context.Background(), QueryFunc: p.queryFor(file.Path), NotifyFunc: p.notify, AppendableV2: p.DB, Queryable: p.DB,
		OutageTolerance: time.Hour, ForGracePeriod: 10 * time.Minute, ResendDelay: time.Minute,
		Metrics: rules.NewGroupMetrics(nil),
	}
	var groups []*group
	for _, g := range parsed.Groups {
		interval := time.Minute
		if g.Interval > 0 {
			interval = time.Duration(g.Interval)
		}
		byInterval := make(map[time.Duration][]rules.Rule)
		var order []time.Duration
		for _, r := range g.Rules {
			every := interval
			if file.Keep != nil {
				if every = file.Keep(r); every == 0 {
					continue
				}
			}
			rule, err := p.newRule(g, r, !restart)
			if err != nil {
				return nil, err
			}
			if byInterval[every] == nil {
				order = append(order, every)
			}
			byInterval[every] = append(byInterval[every], rule)
		}
		for _, every := range order {
			loaded := &group{Group: rules.NewGroup(rules.GroupOptions{
				Name: g.Name, File: file.Path, Interval: every, Limit: g.Limit, Rules: byInterval[every],
				ShouldRestore: restart, Opts: opts, QueryOffset: (*time.Duration)(g.QueryOffset),
			})}
			if restart {
				loaded.restoreAfter = 2
			}
			groups = append(groups, loaded)
		}
	}
	return groups, nil
}

func (p *Prometheus) newRule(g rulefmt.RuleGroup, r rulefmt.Rule, restored bool) (rules.Rule, error) {
	expr, err := p.parser.ParseExpr(r.Expr)
	if err != nil {
		return nil, err
	}
	with := rules.FromMaps(g.Labels, r.Labels)
	expr = written{expr, expr.String()}
	if r.Record != "" {
		return rules.NewRecordingRule(r.Record, expr, with), nil
	}
	return rules.NewAlertingRule(r.Alert, expr, time.Duration(r.For), time.Duration(r.KeepFiringFor), with,
		labels.FromMap(r.Annotations), labels.EmptyLabels(), "", restored, slog.New(slog.DiscardHandler)), nil
}

// A written expression keeps its text, because a rule asks for it several times
// in each evaluation. The parser cannot walk it.
type written struct {
	parser.Expr
	text string
}

func (w written) String() string { return w.text }

// queryFor returns the function that evaluates the expressions of a file's
// rules. Simulated time goes on meanwhile, so that a scrape may be committed
// between two rules.
func (p *Prometheus) queryFor(file string) rules.QueryFunc {
	return func(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
		if err := p.advance(ctx, p.now+ruleTime.Milliseconds()); err != nil {
			return nil, err
		}
		vector, samples, err := p.Query(ctx, expr, at)
		rule := rules.FromOriginContext(ctx).Name
		if p.Evaluated != nil {
			p.Evaluated(Evaluation{file, rule, at, vector, samples, err})
		}
		if key := fmt.Sprintf("%s: %v", rule, err); err != nil && p.Errors[key].IsZero() {
			p.Errors[key] = at
		}
		return vector, err
	}
}

// Query returns the value of an expression and the number of samples that the
// engine read for it.
func (p *Prometheus) Query(ctx context.Context, expr string, at time.Time) (promql.Vector, int64, error) {
	q, err := p.Engine.NewInstantQuery(ctx, p.DB, nil, expr, at)
	if err != nil {
		return nil, 0, err
	}
	defer q.Close()
	result := q.Exec(ctx)
	if result.Err != nil {
		return nil, 0, result.Err
	}
	samples := q.Stats().Samples.TotalSamples
	switch v := result.Value.(type) {
	case promql.Vector:
		return append(promql.Vector(nil), v...), samples, nil
	case promql.Scalar:
		return promql.Vector{{T: v.T, F: v.V}}, samples, nil
	}
	return nil, samples, fmt.Errorf("%q is no vector", expr)
}

func (p *Prometheus) notify(_ context.Context, _ string, alerts ...*rules.Alert) {
	for _, a := range alerts {
		if p.Notify != nil {
			p.Notify(time.UnixMilli(p.now).UTC(), a)
		}
	}
}

// advance commits the scrapes that are due at a time.
func (p *Prometheus) advance(ctx context.Context, to int64) error {
	p.now = max(p.now, to)
	waiting := p.pending[:0]
	for i := range p.pending {
		s := p.pending[i]
		if s.commit > p.now {
			waiting = append(waiting, s)
			continue
		}
		if err := s.appendTo(ctx, p.DB); err != nil && !errors.Is(err, storage.ErrOutOfOrderSample) {
			return fmt.Errorf("scrape at %v: %w", time.UnixMilli(s.at).UTC(), err)
		}
	}
	p.pending = waiting
	return nil
}

// due returns the groups that are evaluated in [from, to), with their times in
// order. Groups of the same time keep the order of the file.
func (p *Prometheus) due(from, to time.Time) []evaluation {
	var all []evaluation
	for _, g := range p.groups {
		at := g.EvalTimestamp(to.Add(-time.Nanosecond).UnixNano())
		if !at.Before(from) {
			all = append(all, evaluation{at, g})
		}
	}
	return all
}

type evaluation struct {
	at    time.Time
	group *group
}

// evaluate runs one evaluation, unless it is missed.
func (p *Prometheus) evaluate(ctx context.Context, e evaluation, rng *rand.Rand, missed float64) error {
	if err := p.advance(ctx, e.at.UnixMilli()); err != nil {
		return err
	}
	if missed > 0 && rng.Float64() < missed {
		return nil
	}
	e.group.eval(ctx, e.at)
	return nil
}

func (p *Prometheus) close() error {
	dir := p.DB.Dir()
	err := p.DB.Close()
	return errors.Join(err, os.RemoveAll(dir))
}
