package logmetric

import (
	"fmt"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/sli"
)

// A Meter applies rules to lines. It is a [logging.Observer] and safe for
// concurrent use. Use [New]; the zero value is not valid.
type Meter struct{ metrics []*metric }

// New returns a Meter with one metric per rule. New reports all mistakes in
// the rules at once, as joined [*sli.FieldError] values.
func New(rules []Rule) (*Meter, error) {
	m := &Meter{}
	var errs sli.FieldErrors
	used, taken := make(map[string]bool), newNames()
	for i, r := range rules {
		path := fmt.Sprintf("rules[%d]", i)
		errs.Add(path, r.validate())
		if used[r.Name] {
			errs.Addf(path+".Name", "duplicate name %q", r.Name)
		} else {
			taken.add(&errs, i, &r)
		}
		used[r.Name] = true
		m.metrics = append(m.metrics, newMetric(r.withDefaults()))
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

// Observe applies the rules to a line.
func (m *Meter) Observe(l *logging.Line) {
	for _, x := range m.metrics {
		if x.rule.Match.Matches(l) {
			x.observe(l)
		}
	}
}

// Metrics returns the current values of all metrics, in the order of the rules.
func (m *Meter) Metrics() []Metric {
	out := make([]Metric, 0, len(m.metrics))
	for _, x := range m.metrics {
		out = append(out, x.read())
	}
	return out
}
