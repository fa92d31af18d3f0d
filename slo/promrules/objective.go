package promrules

import (
	"cmp"
	"maps"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

// An objective writes the rules of one objective.
type objective struct {
	*indicator
	slo.Objective
	id       []promtext.Matcher
	selector string // with id
	labels   map[string]string
	length   time.Duration // of the window that alerts weigh
	alerts   []slo.Alert
	minBad   uint64
}

func (n *indicator) newObjective(o slo.Objective) *objective {
	policy := policyOf(o)
	id := append(n.id[:len(n.id):len(n.id)], equals(promtext.LabelSLO, o.SLO()))
	return &objective{
		indicator: n, Objective: o, id: id, selector: selector(id...), labels: n.objectiveLabels(o), length: o.Window.AlertLength(),
		alerts: policy.Rules, minBad: policy.MinBad,
	}
}

// addObjective adds the rules of an objective.
func (n *indicator) addObjective(o slo.Objective) {
	w := n.newObjective(o)
	for _, length := range w.lengths() {
		w.recordWindow(length)
	}
	if o.Window.IsCalendar() {
		w.recordCalendar()
	}
	w.recordBudget()
	w.recordPolicy()
	w.recordInfo()
	w.burnAlerts()
	w.spentAlert()
}

// policyOf returns an objective's alerts with all defaults.
func policyOf(o slo.Objective) slo.AlertPolicy { return o.Alerts.For(o.Target, o.Window.AlertLength()) }

// objectiveLabels returns the labels of the objective's recorded series.
func (n *indicator) objectiveLabels(o slo.Objective) map[string]string {
	labels := maps.Clone(n.labels)
	labels[promtext.LabelSLO] = o.SLO()
	return labels
}

// own selects a recorded series of the objective.
func (w *objective) own(name string) string { return name + w.selector }

func (w *objective) stage() slo.Stage { return cmp.Or(w.Stage, slo.StagePage) }
