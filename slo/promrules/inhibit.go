package promrules

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

// Inhibit returns inhibit_rules for the configuration of an Alertmanager, so
// that one incident notifies once:
//
//   - a page mutes the tickets of its objective, and a burn-rate page the pages
//     with a longer window;
//   - a page of an objective mutes the alerts of the objectives that depend on
//     it, directly or through others, even if it is in another file;
//   - a burn-rate page of an objective mutes the burn-rate alerts of the later
//     objectives of the same indicator and owner.
//
// The alerts of an observed objective mute nothing.
func (r *Rules) Inhibit() []byte {
	var w writer
	rules := r.inhibitions()
	if len(rules) == 0 {
		w.line(0, "inhibit_rules: []")
		return w.Bytes()
	}
	w.line(0, "inhibit_rules:")
	for _, i := range rules {
		w.line(0, "- source_matchers:")
		i.source.write(&w)
		w.line(0, "  target_matchers:")
		i.target.write(&w)
		w.line(0, "  equal: [%s]", strings.Join(i.equal, ", "))
	}
	return w.Bytes()
}

// An inhibition mutes the target while the source fires.
type inhibition struct {
	source, target condition
	equal          []string // labels that have the same values
}

// A condition is a list of matchers of Alertmanager.
type condition []promtext.Matcher

func (c condition) write(w *writer) {
	for _, m := range c {
		w.line(2, "- %s", quote(m.String()))
	}
}

func (r *Rules) inhibitions() []inhibition {
	if len(r.indicators) == 0 {
		return nil
	}
	// All indicators have the same labels.
	identity := slices.Sorted(maps.Keys(r.indicators[0].labels))
	ofObjective := append(slices.Clone(identity), promtext.LabelSLO)
	page := equals(promtext.LabelSeverity, string(slo.SeverityPage))
	all := []inhibition{{
		source: condition{{Label: "alertname", Operator: "=~", Value: promtext.AlertSelector}, page},
		target: condition{{Label: "alertname", Operator: "=~", Value: promtext.AlertSelector},
			equals(promtext.LabelSeverity, string(slo.SeverityTicket))},
		equal: ofObjective,
	}}
	burn := equals("alertname", promtext.AlertBurn)
	windows := r.pageWindows()
	for i := range windows[:max(0, len(windows)-1)] {
		all = append(all, inhibition{
			source: condition{burn, page, equals(promtext.LabelLong, windows[i])},
			target: condition{burn, page, {Label: promtext.LabelLong, Operator: "=~", Value: strings.Join(windows[i+1:], "|")}},
			equal:  ofObjective,
		})
	}
	environment := slices.DeleteFunc(slices.Clone(identity), func(label string) bool {
		return label == promtext.LabelService || label == promtext.LabelSLI
	})
	for _, d := range r.dependencies() {
		all = append(all, inhibition{
			source: append(ofID(d.source), page),
			target: ofID(d.target),
			equal:  environment,
		})
	}
	for _, s := range r.siblings() {
		all = append(all, inhibition{
			source: append(burnOf(s.earlier), page),
			target: burnOf(s.later...),
			equal:  environment,
		})
	}
	return all
}

// ofID selects the alerts of an objective.
func ofID(id string) condition {
	service, name, _ := strings.Cut(id, "/")
	return condition{
		{Label: "alertname", Operator: "=~", Value: promtext.AlertSelector},
		equals(promtext.LabelService, service), equals(promtext.LabelSLO, name),
	}
}

// burnOf selects the burn-rate alerts of objectives of one indicator.
func burnOf(objectives ...slo.Objective) condition {
	all := ofID(objectives[0].ID())
	all[0] = equals("alertname", promtext.AlertBurn)
	if len(objectives) > 1 {
		var names []string
		for _, o := range objectives {
			names = append(names, regexp.QuoteMeta(o.SLO()))
		}
		all[2] = promtext.Matcher{Label: promtext.LabelSLO, Operator: "=~", Value: strings.Join(names, "|")}
	}
	return all
}

// pageWindows returns the long windows of all pages, the shortest first.
func (r *Rules) pageWindows() []string {
	var lengths []time.Duration
	for _, o := range r.objectives() {
		for _, a := range policyOf(o).Rules {
			if a.Severity == slo.SeverityPage {
				lengths = append(lengths, a.Long)
			}
		}
	}
	slices.Sort(lengths)
	var texts []string
	for _, length := range slices.Compact(lengths) {
		texts = append(texts, scale(1).text(length))
	}
	return texts
}

func (r *Rules) objectives() []slo.Objective {
	var all []slo.Objective
	for _, n := range r.indicators {
		all = append(all, n.objectives...)
	}
	return all
}

// A dependency is a pair of IDs. The source mutes the target.
type dependency struct{ source, target string }

// dependencies returns all pairs, also through other objectives of the list.
// While the pages of a chain are muted, only the first one notifies.
func (r *Rules) dependencies() []dependency {
	direct := make(map[string][]string)
	for _, o := range r.objectives() {
		direct[o.ID()] = o.DependsOn
	}
	var all []dependency
	for _, o := range r.objectives() {
		seen := map[string]bool{o.ID(): true}
		for queue := o.DependsOn; len(queue) > 0; queue = queue[1:] {
			id := queue[0]
			if seen[id] {
				continue
			}
			seen[id] = true
			all = append(all, dependency{source: id, target: o.ID()})
			queue = append(queue[:len(queue):len(queue)], direct[id]...)
		}
	}
	slices.SortStableFunc(all, func(a, b dependency) int { return cmp.Compare(a.target, b.target) })
	return all
}

// siblings are objectives of one indicator and owner. The earlier one mutes the
// later ones.
type siblings struct {
	earlier slo.Objective
	later   []slo.Objective
}

// siblings returns the siblings of each objective that has any. Alertmanager
// would mute every alert of a cycle, so a pair that would close one is left
// out.
func (r *Rules) siblings() []siblings {
	muted := make(map[string][]string) // by the source
	for _, o := range r.objectives() {
		for _, id := range o.DependsOn {
			muted[id] = append(muted[id], o.ID())
		}
	}
	var all []siblings
	for _, n := range r.indicators {
		for i, earlier := range n.objectives {
			if !pages(earlier) {
				continue
			}
			s := siblings{earlier: earlier}
			for _, later := range n.objectives[i+1:] {
				if earlier.Owner == later.Owner && notifies(later) && !reaches(muted, later.ID(), earlier.ID()) {
					muted[earlier.ID()] = append(muted[earlier.ID()], later.ID())
					s.later = append(s.later, later)
				}
			}
			if len(s.later) > 0 {
				all = append(all, s)
			}
		}
	}
	return all
}

// notifies reports whether alerts of an objective notify anybody.
func notifies(o slo.Objective) bool { return alerting(o) && o.Stage != slo.StageObserve }

// pages reports whether an objective has burn-rate pages that notify.
func pages(o slo.Objective) bool {
	return notifies(o) && slices.ContainsFunc(policyOf(o).Rules, isPage)
}

// reaches reports whether a path of edges leads from one ID to another.
func reaches(edges map[string][]string, from, to string) bool {
	seen := map[string]bool{from: true}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == to {
			return true
		}
		for _, id := range edges[queue[0]] {
			if !seen[id] {
				seen[id] = true
				queue = append(queue, id)
			}
		}
	}
	return false
}
