package rules_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"github.com/sligo-go/sligo/e2e/rules/lab"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

const day = 24 * time.Hour

// A story is a run in which alerts are expected.
type story struct {
	name     string
	scenario lab.Scenario
	pods     int
	length   time.Duration
	// target is 99.9 % if it is empty.
	target string
	check  func(t *testing.T, l *lab.Lab, p *lab.Pager)
}

func span(clock string, length time.Duration, share float64, pods ...int) lab.Span {
	return spanOf(0, clock, length, share, pods...)
}

func spanOf(day int, clock string, length time.Duration, share float64, pods ...int) lab.Span {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return lab.Span{
		Day: day, At: lab.Clock(at.Sub(at.Truncate(24 * time.Hour))),
		For: model.Duration(length), Share: share, Pods: pods,
	}
}

func steady(rate, errors float64) lab.Traffic {
	return lab.Traffic{Day: rate, Night: rate, Errors: errors}
}

// TestAlerts runs the alerting rules over traffic in which someone must be
// paged, or must be left alone.
func TestAlerts(t *testing.T) {
	t.Parallel()
	for _, s := range stories() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			rules, err := generate(nil, objective(s.target))
			if err != nil {
				t.Fatal(err)
			}
			fleet := lab.Fleet{Scenario: s.scenario, Pods: s.pods, Scrape: 30 * time.Second, Labels: shop()}
			tell(t, lab.Run{Fleets: []lab.Fleet{fleet}, Length: s.length, Rules: rules}, s.check)
		})
	}
}

// tell executes a run and hands its alerts to a check.
func tell(t *testing.T, run lab.Run, check func(*testing.T, *lab.Lab, *lab.Pager)) {
	t.Helper()
	release := acquire()
	defer release()
	var pager lab.Pager
	run.Setup = func(l *lab.Lab) { l.Notify = pager.Notify }
	err := run.Do(t.Context(), func(l *lab.Lab) error {
		for text, at := range l.Errors {
			t.Errorf("%s (first at %v)", text, at)
		}
		check(t, l, &pager)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if t.Failed() {
		for _, e := range pager.Episodes {
			t.Logf("%s from %v to %v", e.Labels, e.Fired, e.Resolved)
		}
	}
}

// slots limits how many runs and programs work at once: one for each core.
var slots = make(chan struct{}, runtime.GOMAXPROCS(0))

func acquire() (release func()) {
	slots <- struct{}{}
	return func() { <-slots }
}

func shop() map[string]string {
	return map[string]string{"sli_service": "shop", "sli": "availability"}
}

func objective(target string) slo.Objective {
	if target == "" {
		target = "99.9%"
	}
	return slo.Objective{
		Indicator: sli.Indicator{Service: "shop", Name: "availability"},
		Target:    slo.MustParseTarget(target), Window: slo.MustParseWindow("30d"),
	}
}

func generate(options *promrules.Options, objectives ...slo.Objective) ([]lab.RuleFile, error) {
	rules, err := promrules.Generate(objectives, options)
	if err != nil {
		return nil, err
	}
	return []lab.RuleFile{{Path: "/etc/prometheus/rules/shop.yml", Text: rules.YAML()}}, nil
}

func stories() []story {
	return []story{
		{
			name: "half the allowed error rate, from the first minute", pods: 3, length: days(2, 30),
			scenario: lab.Scenario{Name: "half", Traffic: steady(5, 0.0005)},
			check:    silence,
		},
		{
			name: "half the allowed error rate, deployed at night at ten to one", pods: 3, length: day + 12*time.Hour,
			scenario: lab.Scenario{
				Name: "born", Traffic: lab.Traffic{Day: 100, Night: 1, Errors: 0.0005},
				Born: &lab.Moment{Day: 1, At: lab.Clock(50 * time.Minute)},
			},
			check: func(t *testing.T, _ *lab.Lab, p *lab.Pager) {
				if len(p.Episodes) != 1 || len(p.Named("SloNoSeries")) != 1 {
					t.Errorf("%d alerts, want one on missing series before the deployment", len(p.Episodes))
				}
			},
		},
		{
			name: "an outage in the third hour", pods: 3, length: 4 * time.Hour,
			scenario: lab.Scenario{
				Name: "young", Traffic: steady(5, 0.0005), Incidents: []lab.Span{span("02:20", 30*time.Minute, 0.2)},
			},
			check: func(t *testing.T, l *lab.Lab, p *lab.Pager) {
				pagesWithin(t, p, l.Start().Add(2*time.Hour+20*time.Minute), 10*time.Minute)
			},
		},
		{
			name: "200 clients leave", pods: 3, length: 4 * time.Hour,
			scenario: lab.Scenario{
				Name: "leave", Traffic: steady(0.1, 0), Leaving: []lab.Span{span("02:00", 2000*time.Second, 1)},
			},
			check: func(t *testing.T, l *lab.Lab, p *lab.Pager) {
				if pages := p.Named("SloClientsLeaving"); len(pages) != 1 || pages[0].Severity() != "page" {
					t.Errorf("%d alerts on clients that leave, want one page", len(pages))
				}
			},
		},
		{
			name: "a page lasts while clients leave", pods: 3, length: 8 * time.Hour,
			scenario: lab.Scenario{
				Name: "leave-later", Traffic: steady(5, 0.0001), Incidents: []lab.Span{span("02:00", 30*time.Minute, 0.5)},
				Leaving: []lab.Span{span("02:30", 4*time.Hour, 1)},
			},
			check: func(t *testing.T, l *lab.Lab, p *lab.Pager) {
				for _, e := range p.Named("SloErrorBudgetBurn") {
					if e.Severity() == "page" && !e.Resolved.IsZero() && e.Resolved.Before(l.Start().Add(6*time.Hour+30*time.Minute)) {
						t.Errorf("the page %v resolved at %v, while clients were leaving", e.Labels, e.Resolved)
					}
				}
				pagesWithin(t, p, l.Start().Add(2*time.Hour), 10*time.Minute)
			},
		},
		{
			name: "an export of 8 minutes on an idle service", pods: 3, length: 4 * time.Hour,
			scenario: lab.Scenario{
				Name: "export", Traffic: lab.Traffic{}, Hung: []lab.Span{span("02:00", 8*time.Minute, 1, 0)},
			},
			check: func(t *testing.T, _ *lab.Lab, p *lab.Pager) {
				if pages := p.Of("page"); len(pages) > 0 {
					t.Errorf("%d pages, want none", len(pages))
				}
			},
		},
		{
			name: "one hung pod of three", pods: 3, length: 4 * time.Hour,
			scenario: lab.Scenario{
				Name: "hung", Traffic: steady(5, 0.0001), Hung: []lab.Span{span("02:00", time.Hour, 12, 1)},
			},
			check: overdueWithin(10*time.Minute, "shop-1."),
		},
		{
			name: "all pods hang", pods: 3, length: 4 * time.Hour,
			scenario: lab.Scenario{
				Name: "hang", Traffic: steady(20, 0.0001), Hung: []lab.Span{span("02:00", time.Hour, 500)},
			},
			check: overdueWithin(10*time.Minute, "shop-"),
		},
		{
			name: "requests hang for a moment when Prometheus starts", pods: 3, length: 4 * time.Hour,
			scenario: lab.Scenario{
				Name: "moment", Traffic: steady(5, 0), Hung: []lab.Span{span("02:09", 3*time.Minute, 12)},
				Outages: []lab.Span{span("02:00", 10*time.Minute, 0)},
			},
			check: silence,
		},
		{
			name: "a few requests hang in busy pods, and Prometheus restarts", pods: 3, length: 4 * time.Hour,
			scenario: lab.Scenario{
				Name: "busy", Traffic: steady(5, 0), Overdue: []lab.Span{span("01:00", 2*time.Hour, 5)},
				Outages: []lab.Span{span("02:00", 3*time.Minute, 0), span("02:30", 6*time.Minute, 0)},
			},
			check: silence,
		},
		{
			name: "little traffic", pods: 2, length: days(3, 30),
			scenario: lab.Scenario{
				Name: "little", Traffic: steady(0.01, 0.0005), Incidents: []lab.Span{spanOf(1, "08:00", 6*time.Hour, 0.5)},
			},
			check: func(t *testing.T, l *lab.Lab, p *lab.Pager) {
				began := l.At(1, lab.Clock(8*time.Hour))
				if pages := incidents(p.Of("page")); pages < 1 || pages > 2 {
					t.Errorf("%d pages, want one or two", pages)
				}
				pagesWithin(t, p, began, 30*time.Minute)
			},
		},
		{
			name: "a blip at night and an incident at peak", pods: 3, length: days(2, 30),
			scenario: lab.Scenario{
				Name: "blip", Traffic: lab.Traffic{Day: 100, Night: 0.1, Errors: 0.0001},
				Incidents: []lab.Span{spanOf(1, "01:50", 20*time.Minute, 0.5), spanOf(0, "14:00", 20*time.Minute, 0.05)},
			},
			check: func(t *testing.T, l *lab.Lab, p *lab.Pager) {
				pagesWithin(t, p, l.At(0, lab.Clock(14*time.Hour)), 10*time.Minute)
			},
		},
	}
}

// days returns the length of a run: shorter in CI than in a full one.
func days(short, long int) time.Duration {
	if *full {
		short = long
	}
	return time.Duration(short)*day + 17*time.Hour + 40*time.Minute
}

func silence(t *testing.T, _ *lab.Lab, p *lab.Pager) {
	t.Helper()
	if n := len(p.Episodes); n > 0 {
		t.Errorf("%d alerts, want none", n)
	}
}

// pagesWithin checks that the first page comes in time after the incident
// began, and not before it.
func pagesWithin(t *testing.T, p *lab.Pager, began time.Time, limit time.Duration) {
	t.Helper()
	pages := p.Of("page")
	if len(pages) == 0 {
		t.Error("no page")
		return
	}
	if delay := pages[0].Fired.Sub(began); delay < 0 || delay > limit {
		t.Errorf("the first page came %v after the incident began, want at most %v", delay, limit)
	} else {
		t.Logf("the first page came after %v", delay.Round(time.Second))
	}
}

// overdueWithin checks for one page in time whose text names the hung targets.
func overdueWithin(limit time.Duration, targets string) func(*testing.T, *lab.Lab, *lab.Pager) {
	return func(t *testing.T, l *lab.Lab, p *lab.Pager) {
		t.Helper()
		if pages := p.Named("SloOverdueRequests"); len(pages) != 1 || pages[0].Severity() != "page" {
			t.Errorf("%d alerts on overdue requests, want one page", len(pages))
		} else if text := pages[0].Annotations.Get("description"); !strings.Contains(text, "The worst: "+targets) {
			t.Errorf("the page does not name %s: %s", targets, text)
		}
		pagesWithin(t, p, l.Start().Add(2*time.Hour), limit)
	}
}

// TestRulesLoadedAtAFullHour loads the rules of a service that has long burned
// more slowly than a page asks for. The known part of the window and its events
// begin in the same minute, so that the budget is right at once.
func TestRulesLoadedAtAFullHour(t *testing.T) {
	t.Parallel()
	rules, err := generate(nil, objective(""))
	if err != nil {
		t.Fatal(err)
	}
	for _, late := range []time.Duration{-2 * time.Minute, 0, time.Minute, 2 * time.Minute} {
		t.Run(late.String(), func(t *testing.T) {
			t.Parallel()
			run := lab.Run{
				Fleets: []lab.Fleet{{
					Scenario: lab.Scenario{Name: "loaded", Traffic: steady(20, 0.012)},
					Pods:     3, Scrape: 30 * time.Second, Labels: shop(),
				}},
				Length:  3 * time.Hour,
				Reloads: []lab.Reload{{At: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC).Add(late), Rules: rules}},
			}
			tell(t, run, func(t *testing.T, _ *lab.Lab, p *lab.Pager) {
				for _, page := range p.Of("page") {
					if page.Labels.Get("long") == "1h" {
						t.Errorf("a page of an hour at %v, although a burn rate of 12 is below 14.4", page.Fired)
					}
				}
			})
		})
	}
}

// TestEnvironments has two environments of one service in one Prometheus, one
// of which burns.
func TestEnvironments(t *testing.T) {
	t.Parallel()
	var run lab.Run
	run.Length = 30 * time.Hour
	gauges := make(map[string]*lab.Gauge)
	for i, env := range []string{"prod", "staging"} {
		scenario := lab.Scenario{Name: env, Traffic: steady(20, 0.0002)}
		if env == "prod" {
			scenario.Incidents = []lab.Span{spanOf(0, "03:00", 40*time.Minute, 0.1)}
		}
		labels := shop()
		labels["env"] = env
		run.Fleets = append(run.Fleets, lab.Fleet{Scenario: scenario, Pods: 2 + i, Scrape: 30 * time.Second, Labels: labels})
		files, err := generate(&promrules.Options{Matchers: []string{fmt.Sprintf("env=%q", env)}}, objective(""))
		if err != nil {
			t.Fatal(err)
		}
		files[0].Path = strings.Replace(files[0].Path, "shop", env, 1)
		run.Rules = append(run.Rules, files...)
		gauges[files[0].Path] = &lab.Gauge{
			Rule: lab.Remaining, Window: 30 * day, Fleet: i, Allowed: func(time.Time) float64 { return 0.001 },
		}
	}
	release := acquire()
	defer release()
	var pager lab.Pager
	run.Setup = func(l *lab.Lab) {
		l.Notify = pager.Notify
		l.Evaluated = func(e lab.Evaluation) { gauges[e.File].Observe(l, e) }
	}
	err := run.Do(context.Background(), func(l *lab.Lab) error {
		for text, at := range l.Errors {
			t.Errorf("%s (first at %v)", text, at)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, g := range gauges {
		if !g.OK() {
			t.Errorf("%s: remaining budget %v, want %v", path, g.Last, g.LastTruth)
		}
	}
	for _, e := range pager.Episodes {
		if e.Labels.Get("env") != "prod" {
			t.Errorf("alert %v, want none of staging", e.Labels)
		}
	}
	if pages := incidents(pager.Of("page")); pages != 1 {
		t.Errorf("%d pages, want one", pages)
	}
}

// incidents counts pages that do not overlap: Alertmanager groups the others.
func incidents(pages []lab.Episode) int {
	n := 0
	var until time.Time
	for _, p := range pages {
		if n == 0 || !until.IsZero() && p.Fired.After(until) {
			n++
		}
		if until = p.Resolved; until.IsZero() {
			break
		}
	}
	return n
}
