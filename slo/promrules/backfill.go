package promrules

import (
	"regexp"
	"slices"
)

// Passes returns the recording rules in the order in which a backfill computes
// them: each pass reads raw series and series of earlier passes only. See
// docs/prometheus.md for the procedure with "promtool tsdb create-blocks-from
// rules", which cannot read a series that it is writing.
//
// The groups keep their names and intervals, because these decide in which
// second of a minute a group is evaluated. Alerts are in no pass, and neither
// are slo:policy_step and slo:release_state, which depend on their own past.
func (r *Rules) Passes() []*Rules {
	reads := r.reads()
	done := make(map[string]bool)
	var passes []*Rules
	for {
		ready := make(map[string]bool)
		for name, others := range reads {
			waits := slices.ContainsFunc(others, func(other string) bool { return !done[other] })
			if !done[name] && !waits {
				ready[name] = true
			}
		}
		if len(ready) == 0 {
			return passes
		}
		passes = append(passes, r.only(ready))
		for name := range ready {
			done[name] = true
		}
	}
}

// metricName matches the names of series, and other words of PromQL.
var metricName = regexp.MustCompile(`[a-zA-Z_:][a-zA-Z0-9_:]*`)

// reads returns the recorded series that each recorded series is computed from.
func (r *Rules) reads() map[string][]string {
	reads := make(map[string][]string)
	for _, g := range r.Groups {
		for _, rule := range g.Rules {
			if rule.Record != "" {
				reads[rule.Record] = nil
			}
		}
	}
	for _, g := range r.Groups {
		for _, rule := range g.Rules {
			for _, word := range metricName.FindAllString(rule.Expr, -1) {
				if _, recorded := reads[word]; recorded && rule.Record != "" {
					reads[rule.Record] = append(reads[rule.Record], word)
				}
			}
		}
	}
	return reads
}

// only returns the groups with the rules that record some series.
func (r *Rules) only(names map[string]bool) *Rules {
	some := &Rules{indicators: r.indicators, split: r.split}
	for _, g := range r.Groups {
		g.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(rule Rule) bool { return !names[rule.Record] })
		if len(g.Rules) > 0 {
			some.Groups = append(some.Groups, g)
		}
	}
	return some
}
