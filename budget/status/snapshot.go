package status

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/snapshot"
	"github.com/sligo-go/sligo/slo"
)

// savePeriod is the time between two saves of the snapshot. A process that is
// killed loses the events of this time.
const savePeriod = time.Minute

// parts returns the memory of the accounts.
func (b *Books) parts() []snapshot.Part {
	b.mu.Lock()
	defer b.mu.Unlock()
	parts := make([]snapshot.Part, len(b.accounts))
	for i, a := range b.accounts {
		parts[i] = snapshot.Part{
			Objective: a.objective, Trackers: []*budget.Tracker{a.window, a.hour},
			Step: a.step, State: a.state, Since: a.since, Memory: a.memory(),
		}
	}
	return parts
}

// restore continues the counts of the process before. If it cannot, the counts
// begin at zero.
func (b *Books) restore() {
	if b.options.Snapshot == "" {
		return
	}
	parts := b.parts()
	report, err := snapshot.Load(b.options.Snapshot, parts)
	if err != nil {
		b.options.Logger.Warn("Budgets begin at zero: cannot read the snapshot", slog.String("error", err.Error()))
		return
	}
	for i, p := range parts {
		a := b.accounts[i]
		a.step, a.state, a.since = p.Step, p.State, p.Since
		if err := a.remember(p.Memory); err != nil {
			b.options.Logger.Warn("An objective forgets its exclusions and earlier periods: cannot read its memory in the snapshot",
				slog.String("objective", a.objective.ID()), slog.String("error", err.Error()))
		}
	}
	b.options.Logger.Info("Budgets", slog.String("snapshot", report.String()))
}

// memory is the part of an account that the Trackers do not have.
type memory struct {
	Window   slo.Window `json:"window"` // of the periods
	Excluded []stretch  `json:"excluded,omitempty"`
	Periods  []stretch  `json:"periods,omitempty"`
}

// memory returns valid values only, so that writing them cannot fail.
func (a *account) memory() json.RawMessage {
	text, _ := json.Marshal(memory{a.objective.Window, a.excluded, a.periods})
	return text
}

// remember continues the memory of the process before. Periods of another
// window are forgotten. A memory of another form is forgotten with an error.
func (a *account) remember(text json.RawMessage) error {
	if len(text) == 0 {
		return nil
	}
	var m memory
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	a.excluded = m.Excluded
	if m.Window.String() == a.objective.Window.String() {
		a.periods = m.Periods
	}
	return nil
}

// save writes the snapshot. It warns when saving begins to fail.
func (b *Books) save() {
	if b.options.Snapshot == "" {
		return
	}
	b.saving.Lock()
	defer b.saving.Unlock()
	err := snapshot.Save(b.options.Snapshot, b.parts())
	if err != nil && !b.failed {
		b.options.Logger.Warn("Budgets will not survive a restart: cannot write the snapshot", slog.String("error", err.Error()))
	}
	b.failed = err != nil
}
