package lab

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

const (
	slot = 5 * time.Second
	// A pod that restarts serves nothing for this time.
	restartTime = 15 * time.Second
	// A new pod serves after this time, and the pod that it replaces until
	// then.
	startTime = 30 * time.Second
)

// A Fleet is a number of pods that count the events of one indicator.
type Fleet struct {
	Scenario Scenario
	Pods     int
	Scrape   time.Duration     // the interval
	Labels   map[string]string // of each series: sli_service, sli and others
	// Replica is the label prometheus_replica of the Prometheus that scrapes
	// the fleet, if it is not empty. Fleets that differ in it only are the same
	// pods, scraped at different times.
	Replica string
	// Peers adds http_requests_total with the label code, which counts the same
	// events for the rules of other tools.
	Peers bool
}

// A fleet is a Fleet in a run.
type fleet struct {
	Fleet
	clock clock
	rng   *rand.Rand
	pods  []*pod
	named int // pods so far
	// good and valid are the events before the end of each slot.
	good, valid []int64
	tornPhase   int64 // of the scrapes of torn pods, ms

	incidents, quiet, leaving, hung, overdue, gaps, failovers []period
}

// A pod is one process. Its counters are born at zero.
type pod struct {
	index       int
	series      []series
	scrapeAt    int64 // ms, the next scrape
	torn        bool
	serveFrom   time.Time
	serveUntil  time.Time // zero is forever
	restartAt   time.Time
	downUntil   time.Time // between two lives
	good, valid int64
	left        int64
	overdue     int64
	stale       bool // the last scrape failed
}

func newFleet(f Fleet, c clock) *fleet {
	seed := fnv.New64a()
	fmt.Fprint(seed, f.Scenario.Name, f.Labels)
	s := f.Scenario
	fl := &fleet{
		Fleet: f, clock: c, rng: rand.New(rand.NewPCG(seed.Sum64(), 1)),
		good: []int64{0}, valid: []int64{0},
		incidents: c.periods(s.Incidents), quiet: c.periods(s.Quiet), leaving: c.periods(s.Leaving),
		hung: c.periods(s.Hung), overdue: c.periods(s.Overdue), gaps: c.periods(s.ScrapeGaps),
		failovers: c.periods(s.Failovers),
	}
	born, serves := c.start, c.start
	if s.Born != nil {
		born = c.at(s.Born.Day, s.Born.At)
		serves = born.Add(startTime)
	}
	for i := range f.Pods {
		fl.pods = append(fl.pods, fl.newPod(i, born, serves))
	}
	return fl
}

func (f *fleet) newPod(index int, born, serves time.Time) *pod {
	p := &pod{index: index, serveFrom: serves, stale: true}
	p.series = f.newSeries(fmt.Sprintf("shop-%d", f.named))
	f.named++
	p.torn = float64(index) < f.Scenario.Torn*float64(f.Pods)
	p.scrapeAt = born.UnixMilli() + f.rng.Int64N(f.Scrape.Milliseconds()) + f.phase()
	if mean := time.Duration(f.Scenario.Restarts); mean > 0 {
		p.restartAt = serves.Add(time.Duration(f.rng.ExpFloat64() * float64(mean)))
	}
	return p
}

// phase returns when in its interval a replica scrapes.
func (f *fleet) phase() int64 {
	if f.Replica == "" {
		return 0
	}
	h := fnv.New32a()
	fmt.Fprint(h, f.Replica)
	return int64(h.Sum32()) % f.Scrape.Milliseconds()
}

// align moves the scrapes of torn pods to just before the evaluations of a
// group with a phase.
func (f *fleet) align(phase int64) {
	f.tornPhase = phase
	for _, p := range f.pods {
		f.alignPod(p)
	}
}

func (f *fleet) alignPod(p *pod) {
	if !p.torn {
		return
	}
	interval := f.Scrape.Milliseconds()
	target := (f.tornPhase - 20 + interval) % interval
	p.scrapeAt += (target - p.scrapeAt%interval + interval) % interval
}

// newSeries returns the series of a pod, in the order of pod.values.
func (f *fleet) newSeries(name string) []series {
	b := labels.NewScratchBuilder(8)
	make := func(metric string, more ...string) series {
		b.Reset()
		b.Add(model.MetricNameLabel, metric)
		b.Add("job", "shop")
		b.Add("instance", name)
		for k, v := range f.Labels {
			b.Add(k, v)
		}
		if f.Replica != "" {
			b.Add("prometheus_replica", f.Replica)
		}
		for i := 0; i < len(more); i += 2 {
			b.Add(more[i], more[i+1])
		}
		b.Sort()
		return series{labels: b.Labels()}
	}
	all := []series{
		make("sli_good_events_total"),
		make("sli_valid_events_total"),
		make("sli_ignored_events_total", "reason", "client_left"),
		make("sli_overdue_events"),
	}
	if f.Peers {
		all = append(all, make("http_requests_total", "code", "200"), make("http_requests_total", "code", "500"))
	}
	return all
}

func (p *pod) values() [6]float64 {
	return [6]float64{
		float64(p.good), float64(p.valid), float64(p.left), float64(p.overdue),
		float64(p.good), float64(p.valid - p.good),
	}
}

func (p *pod) serves(t time.Time) bool {
	return !t.Before(p.serveFrom) && !t.Before(p.downUntil) && (p.serveUntil.IsZero() || t.Before(p.serveUntil))
}

// gone reports that the process has ended for good.
func (p *pod) gone(t time.Time) bool {
	return !p.serveUntil.IsZero() && !t.Before(p.serveUntil)
}

// step adds the events of the slot that begins at t.
func (f *fleet) step(t time.Time) {
	f.deploy(t)
	live := 0
	for _, p := range f.pods {
		if !p.restartAt.IsZero() && !t.Before(p.restartAt) {
			p.good, p.valid, p.left = 0, 0, 0
			p.downUntil = t.Add(restartTime)
			p.restartAt = t.Add(time.Duration(f.rng.ExpFloat64()*float64(f.Scenario.Restarts)) + restartTime)
		}
		if p.serves(t) {
			live++
		}
	}
	rate := f.rate(t)
	if _, quiet := in(f.quiet, t, -1); quiet {
		rate = 0
	}
	last := len(f.good) - 1
	good, valid := f.good[last], f.valid[last]
	for _, p := range f.pods {
		if p.serves(t) {
			g, v := f.serve(p, t, rate*slot.Seconds()/float64(live))
			good, valid = good+g, valid+v
		}
	}
	f.good, f.valid = append(f.good, good), append(f.valid, valid)
}

// serve draws the events of one pod in a slot, and returns the good and the
// valid ones.
func (f *fleet) serve(p *pod, t time.Time, mean float64) (good, valid int64) {
	if h, hung := in(f.hung, t, p.index); hung {
		p.overdue = int64(h.share)
		return 0, 0
	}
	o, _ := in(f.overdue, t, p.index)
	p.overdue = int64(o.share)
	valid = f.poisson(mean)
	if l, leaving := in(f.leaving, t, p.index); leaving {
		left := f.binomial(valid, l.share)
		p.left += left
		valid -= left
	}
	share := f.Scenario.Traffic.Errors
	if i, broken := in(f.incidents, t, p.index); broken {
		share = math.Max(share, i.share)
	}
	good = valid - f.binomial(valid, share)
	if p.index == 0 {
		for _, j := range f.Scenario.Jumps {
			if at := f.clock.at(j.Day, j.At); !at.Before(t) && at.Before(t.Add(slot)) {
				good, valid = good+j.Events, valid+j.Events
			}
		}
	}
	p.good, p.valid = p.good+good, p.valid+valid
	return good, valid
}

// deploy starts the successors of all pods, within five minutes.
func (f *fleet) deploy(t time.Time) {
	if f.Scenario.DeployAt == nil {
		return
	}
	begin := t.Truncate(24 * time.Hour).Add(time.Duration(*f.Scenario.DeployAt))
	each := 5 * time.Minute / time.Duration(f.Pods)
	for i := range f.Pods {
		if at := begin.Add(time.Duration(i) * each); at.Before(t) || !at.Before(t.Add(slot)) {
			continue
		}
		for _, p := range f.pods {
			if p.index == i && p.serveUntil.IsZero() {
				p.serveUntil = t.Add(startTime)
			}
		}
		p := f.newPod(i, t.Add(slot), t.Add(startTime))
		f.alignPod(p)
		f.pods = append(f.pods, p)
	}
}

func (f *fleet) rate(t time.Time) float64 {
	of := f.Scenario.Traffic
	if of.Day == 0 {
		return 0
	}
	hour := float64(t.Hour()) + float64(t.Minute())/60
	day := 0.5 - 0.5*math.Cos(2*math.Pi*(hour-2)/24)
	return of.Night * math.Pow(of.Day/of.Night, day)
}

// poisson draws the number of events with a mean. Above 50 it rounds a normal
// distribution.
func (f *fleet) poisson(mean float64) int64 {
	if mean > 50 {
		return max(0, int64(math.Round(mean+math.Sqrt(mean)*f.rng.NormFloat64())))
	}
	n := int64(-1)
	for product, limit := 1.0, math.Exp(-mean); product > limit || n < 0; n++ {
		product *= f.rng.Float64()
	}
	return n
}

// binomial draws how many of n events have a probability.
func (f *fleet) binomial(n int64, p float64) int64 {
	switch {
	case p <= 0 || n == 0:
		return 0
	case p >= 1:
		return n
	case p < 0.05:
		return min(n, f.poisson(float64(n)*p))
	}
	var drawn int64
	for range n {
		if f.rng.Float64() < p {
			drawn++
		}
	}
	return drawn
}
