package lab

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

// start is the midnight at which every run begins.
var start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// A Run is the traffic of fleets, scraped and evaluated by one Prometheus.
type Run struct {
	Fleets []Fleet
	// Length is the time that the run takes.
	Length time.Duration
	Rules  []RuleFile
	// Reloads replace the rules, in the order of their times.
	Reloads []Reload
	// Setup is called before the first slot.
	Setup func(*Lab)
	// Minute is called after each full minute.
	Minute func(*Lab, time.Time) error
}

// A Reload replaces the rule files at a time.
type Reload struct {
	At    time.Time
	Rules []RuleFile
}

// A Lab is a run in progress.
type Lab struct {
	*Prometheus
	fleets   []*fleet
	clock    clock
	rng      *rand.Rand
	rules    []RuleFile
	reloads  []Reload
	outages  []period
	ruleGaps []period
	down     bool
}

// Truth returns the events of a fleet in a window that ends at t.
func (l *Lab) Truth(fleet int, t time.Time, window time.Duration) Counts {
	return l.fleets[fleet].Truth(t, window)
}

// End returns the end of the run.
func (l *Lab) End() time.Time { return l.clock.end }

// Start returns the beginning of the run.
func (l *Lab) Start() time.Time { return l.clock.start }

// At returns the time of a scenario's day and clock.
func (l *Lab) At(day int, at Clock) time.Time { return l.clock.at(day, at) }

func (r Run) clock() clock { return clock{start, start.Add(r.Length)} }

// Do executes the run, and calls done with its state at the end.
func (r Run) Do(ctx context.Context, done func(*Lab) error) (err error) {
	dir, err := os.MkdirTemp("", "rules")
	if err != nil {
		return err
	}
	p, err := newPrometheus(dir)
	if err != nil {
		return err
	}
	defer func() {
		if closed := p.close(); err == nil {
			err = closed
		}
	}()
	l := &Lab{
		Prometheus: p, clock: r.clock(), rng: rand.New(rand.NewPCG(7, 7)), rules: r.Rules, reloads: r.Reloads,
	}
	if err := p.load(r.Rules, false); err != nil {
		return err
	}
	for _, f := range r.Fleets {
		fl := newFleet(f, l.clock)
		if len(p.groups) > 0 {
			fl.align(p.groups[0].EvalTimestamp(start.UnixNano()).UnixMilli())
		}
		l.fleets = append(l.fleets, fl)
		l.outages = append(l.outages, l.clock.periods(f.Scenario.Outages)...)
		l.ruleGaps = append(l.ruleGaps, l.clock.periods(f.Scenario.RuleGaps)...)
	}
	if r.Setup != nil {
		r.Setup(l)
	}
	for t := start; t.Before(l.clock.end); t = t.Add(slot) {
		if err := l.step(ctx, r, t); err != nil {
			return err
		}
	}
	if done == nil {
		return nil
	}
	return done(l)
}

// step simulates the slot that begins at t, and the scrapes and evaluations in
// the 5 s after its end, which see its events.
func (l *Lab) step(ctx context.Context, r Run, t time.Time) error {
	for _, f := range l.fleets {
		f.step(t)
	}
	from, to := t.Add(slot), t.Add(2*slot)
	if err := l.reload(from); err != nil {
		return err
	}
	if !l.down {
		for _, f := range l.fleets {
			l.pending = append(l.pending, f.scrapes(from, to, l.rng)...)
		}
		if err := l.evaluations(ctx, from, to); err != nil {
			return err
		}
	}
	if to.Truncate(2 * time.Hour).Equal(to) {
		if err := l.DB.Compact(ctx); err != nil {
			return err
		}
	}
	if r.Minute != nil && to.Truncate(time.Minute).Equal(to) {
		return r.Minute(l, to)
	}
	return nil
}

// reload loads the rules after an outage of Prometheus or a change of them.
func (l *Lab) reload(t time.Time) error {
	_, down := in(l.outages, t, -1)
	changed := false
	for len(l.reloads) > 0 && !t.Before(l.reloads[0].At) {
		l.rules, l.reloads, changed = l.reloads[0].Rules, l.reloads[1:], true
	}
	back := l.down && !down
	l.down = down
	if back {
		l.now = t.UnixMilli()
		for _, f := range l.fleets {
			f.resume(t)
		}
		return l.load(l.rules, true)
	}
	if changed && !down {
		return l.load(l.rules, false)
	}
	return nil
}

func (l *Lab) evaluations(ctx context.Context, from, to time.Time) error {
	if _, gap := in(l.ruleGaps, from, -1); !gap {
		due := l.due(from, to)
		slices.SortStableFunc(due, func(a, b evaluation) int { return a.at.Compare(b.at) })
		for _, e := range due {
			if err := l.evaluate(ctx, e, l.rng, l.fleets[0].Scenario.MissedEvaluations); err != nil {
				return err
			}
		}
	}
	return l.advance(ctx, to.UnixMilli())
}

// scrapes returns the scrapes of a fleet in [from, to).
func (f *fleet) scrapes(from, to time.Time, rng *rand.Rand) []scrape {
	var all []scrape
	f.pods = slices.DeleteFunc(f.pods, func(p *pod) bool {
		ends := p.gone(from)
		for p.scrapeAt < to.UnixMilli() {
			s := scrape{at: p.scrapeAt, series: p.series, values: p.values()}
			p.scrapeAt += f.Scrape.Milliseconds()
			if _, failing := in(f.failovers, from, -1); failing {
				p.scrapeAt += rng.Int64N(f.Scrape.Milliseconds())
				continue
			}
			s.commit = s.at + 10 + rng.Int64N(40) + time.Duration(f.Scenario.Late).Milliseconds()
			if p.torn {
				s.commit = s.at + 20 + rng.Int64N(6)*ruleTime.Milliseconds() + 2
			}
			_, gap := in(f.gaps, from, p.index)
			s.stale = ends || gap || from.Before(p.downUntil)
			if s.stale && p.stale {
				continue
			}
			p.stale = s.stale
			all = append(all, s)
			if ends {
				return true
			}
		}
		return false
	})
	return all
}

// resume schedules the scrapes after an outage of Prometheus.
func (f *fleet) resume(t time.Time) {
	for _, p := range f.pods {
		missed := (t.UnixMilli()-p.scrapeAt)/f.Scrape.Milliseconds() + 1
		if p.scrapeAt < t.UnixMilli() {
			p.scrapeAt += missed * f.Scrape.Milliseconds()
		}
	}
}
