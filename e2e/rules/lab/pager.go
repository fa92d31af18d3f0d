package lab

import (
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/rules"
)

// An Episode is one alert from the moment at which it fires until it resolves.
type Episode struct {
	Labels   labels.Labels
	Fired    time.Time
	Resolved time.Time // zero while it fires
	// Annotations are from the first notification.
	Annotations labels.Labels
}

// Name returns the name of the alert.
func (e Episode) Name() string { return e.Labels.Get(labels.AlertName) }

// Severity returns the label severity.
func (e Episode) Severity() string { return e.Labels.Get("severity") }

// A Pager collects the alerts that a Prometheus sends, as Alertmanager does: it
// notifies when an alert begins to fire, and when it is resolved.
type Pager struct {
	Episodes []Episode
	firing   map[uint64]int
}

// Notify takes an alert, see [Prometheus.Notify].
func (p *Pager) Notify(now time.Time, alert *rules.Alert) {
	if p.firing == nil {
		p.firing = make(map[uint64]int)
	}
	id := alert.Labels.Hash()
	i, fires := p.firing[id]
	switch {
	case !alert.ResolvedAt.IsZero() && fires:
		p.Episodes[i].Resolved = now
		delete(p.firing, id)
	case alert.ResolvedAt.IsZero() && !fires:
		p.firing[id] = len(p.Episodes)
		p.Episodes = append(p.Episodes, Episode{Labels: alert.Labels, Fired: now, Annotations: alert.Annotations})
	}
}

// Of returns the episodes with a severity.
func (p *Pager) Of(severity string) []Episode {
	var found []Episode
	for _, e := range p.Episodes {
		if e.Severity() == severity {
			found = append(found, e)
		}
	}
	return found
}

// Named returns the episodes of an alert.
func (p *Pager) Named(alert string) []Episode {
	var found []Episode
	for _, e := range p.Episodes {
		if e.Name() == alert {
			found = append(found, e)
		}
	}
	return found
}
