package status

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

const (
	// longest is the longest window that a [budget.Tracker] holds. Longer ones
	// are known for this time at most.
	longest = 90 * 24 * time.Hour

	// readPeriod is the time between two readings of the recorder, which is the
	// finest resolution of a Tracker.
	readPeriod = 10 * time.Second
)

// Options configures [Open]. The zero Options and nil mean the defaults.
type Options struct {
	// Policy decides about releases. The zero Policy is the default policy.
	Policy budget.Policy
	// Ledger returns the outages and the planned work. Events during an entry
	// of a kind that the ledger excludes spend nothing: they count neither as
	// good nor as bad, fire no alert, and are ignored as [ReasonExcluded]. The
	// ledger must have the entry beforehand, because counts are not taken back.
	// Ledger must be safe for concurrent use and fast. Nil means that every
	// event counts.
	Ledger func() ledger.Ledger
	// Latency returns the percentiles of the requests of an objective's
	// indicator, and false if it has none. It must be safe for concurrent use
	// and fast. Nil means that there are none.
	Latency func(slo.Objective) (Latency, bool)
	// Snapshot is the path of a file in which the counts survive a restart; see
	// package snapshot. Its folder must exist, and each process needs a file of
	// its own. Empty means that the counts end with the process.
	Snapshot string
	// Logger receives a line about the counts that the snapshot restored, and
	// warnings about a file that cannot be read or written. Nil means none.
	Logger *slog.Logger
}

// Books hold the events of objectives over their windows, in the memory of the
// process. A goroutine reads the recorder until Close. Create them with [Open];
// the zero Books are not valid.
type Books struct {
	recorder *sli.Recorder
	options  Options
	quit     chan struct{}
	done     chan struct{}
	closing  sync.Once

	mu       sync.Mutex // guards the accounts
	accounts []*account

	saving sync.Mutex // one save at a time
	failed bool       // the last save failed; guarded by saving

	panicked atomic.Bool // the function of the ledger has panicked
}

// Open starts to keep the books of objectives whose indicators the recorder
// counts. It returns all mistakes in the objectives and the policy at once, as
// joined [*sli.FieldError] values, and no books then.
func Open(recorder *sli.Recorder, objectives []slo.Objective, options *Options) (*Books, error) {
	var o Options
	if options != nil {
		o = *options
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := validate(recorder, objectives, o); err != nil {
		return nil, err
	}
	b := &Books{recorder: recorder, options: o, quit: make(chan struct{}), done: make(chan struct{})}
	now, every := time.Now(), readPeriod
	for _, o := range objectives {
		b.accounts = append(b.accounts, newAccount(o, now))
		if o.Slices.Length > 0 {
			every = gcd(every, o.Slices.Length)
		}
	}
	b.restore()
	go b.keep(every)
	return b, nil
}

// validate reports mistakes, and indicators that the recorder does not count.
func validate(recorder *sli.Recorder, objectives []slo.Objective, options Options) error {
	var errs sli.FieldErrors
	if recorder == nil {
		errs.Addf("recorder", "required")
		return errs.Err()
	}
	errs.Add("", slo.Validate(objectives))
	errs.Add("Options.Policy", options.Policy.Validate())
	counted := map[string]bool{}
	for _, ind := range recorder.Indicators() {
		counted[ind.Service+"/"+ind.Name] = true
	}
	for i, o := range objectives {
		if ind := o.Indicator; !counted[ind.Service+"/"+ind.Name] {
			errs.Addf(indicatorPath(i), "unknown indicator %q: the recorder does not count it", ind.Service+"/"+ind.Name)
		}
	}
	return errs.Err()
}

// keep reads the recorder until the books are closed.
func (b *Books) keep(every time.Duration) {
	defer close(b.done)
	ticks, saves := time.NewTicker(every), time.NewTicker(savePeriod)
	defer ticks.Stop()
	defer saves.Stop()
	for {
		edge := time.NewTimer(b.untilEdge(time.Now()))
		select {
		case <-ticks.C:
			b.book()
		case <-edge.C:
			b.book()
		case <-saves.C:
			b.save()
		case <-b.quit:
			edge.Stop()
			return
		}
		edge.Stop()
	}
}

// Close books the last events and saves the snapshot. The books can still be
// read, but no longer read the recorder by themselves.
func (b *Books) Close() {
	b.closing.Do(func() {
		close(b.quit)
		<-b.done
		b.book()
		b.save()
	})
	<-b.done
}

// Read returns the state of the objectives at this moment, as a source does. It
// ignores the context and returns no error.
func (b *Books) Read(context.Context) (Reading, error) { return b.Reading(), nil }

// Reading returns the state of the objectives at this moment.
func (b *Books) Reading() Reading {
	report, tallies := b.report()
	l := b.ledger()
	now := time.Now()
	r := Reading{
		At: now, Kind: KindProcess, Since: b.recorder.Created(), Policy: b.options.Policy,
		Unmatched: report.Unmatched, Unrouted: report.Unrouted, Warnings: b.recorder.Warnings(now),
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, a := range b.accounts {
		t := tallies[a.objective.Indicator.Name]
		a.add(t, l, now)
		o := a.read(b.options.Policy, l, now)
		o.Ignored, o.Unseen = a.ignoredBy(t), unseen(t)
		o.Latency = b.latency(a.objective)
		r.Objectives = append(r.Objectives, o)
	}
	return r
}

// book adds the events since the last reading to the accounts, and applies the
// policy, whose steps depend on the one before.
func (b *Books) book() {
	_, tallies := b.report()
	l := b.ledger()
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, a := range b.accounts {
		a.add(tallies[a.objective.Indicator.Name], l, now)
		a.decide(b.options.Policy, l, now)
	}
}

// report reads the recorder.
func (b *Books) report() (sli.Report, map[string]sli.Tally) {
	report := b.recorder.Report()
	tallies := make(map[string]sli.Tally, len(report.Indicators))
	for _, t := range report.Indicators {
		tallies[t.Name] = t
	}
	return report, tallies
}

func (b *Books) latency(o slo.Objective) *Latency {
	if b.options.Latency == nil {
		return nil
	}
	latency, ok := b.options.Latency(o)
	if !ok {
		return nil
	}
	return &latency
}
