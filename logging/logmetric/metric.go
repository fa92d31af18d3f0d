package logmetric

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/logging"
)

// A Metric has the values of one rule at one moment.
type Metric struct {
	// Rule is the rule, with its defaults.
	Rule Rule `json:"rule"`

	// Unreadable is the number of lines whose field was not a number, was negative
	// or was not finite.
	Unreadable uint64 `json:"unreadable"`

	// Series are the series, sorted by Labels.
	Series []Series `json:"series"`
}

// String returns the metric's name and its series, one a line.
func (m Metric) String() string {
	var b strings.Builder
	b.WriteString(m.Rule.Name)
	if m.Unreadable > 0 {
		fmt.Fprintf(&b, ", unreadable: %d", m.Unreadable)
	}
	for _, s := range m.Series {
		b.WriteString("\n" + s.String())
	}
	return b.String()
}

// UnmarshalJSON reads a metric and refuses unknown fields.
func (m *Metric) UnmarshalJSON(text []byte) error {
	type plain Metric
	return strictjson.Unmarshal(text, (*plain)(m))
}

// A metric counts the lines of one rule.
type metric struct {
	rule       Rule
	unreadable atomic.Uint64

	mu     sync.RWMutex // guards series and other; a *series is used without it
	series map[string]*series
	other  *series // one of series, for label values beyond MaxSeries, or nil
	only   *series // of a rule without labels
}

func newMetric(r Rule) *metric {
	m := &metric{rule: r, series: make(map[string]*series)}
	if len(r.Labels) == 0 {
		m.only = m.newSeries(nil)
		m.series[""] = m.only
	}
	return m
}

func (m *metric) newSeries(labels []string) *series {
	return &series{labels: labels, buckets: make([]atomic.Uint64, len(m.rule.Buckets))}
}

// observe counts a line that the rule matches.
func (m *metric) observe(l *logging.Line) {
	if m.rule.Field == "" {
		m.find(l).count.Add(1)
		return
	}
	v, ok := l.Value(m.rule.Field)
	if !ok {
		return
	}
	value, ok := number(m.rule.Field, v)
	if !ok {
		m.unreadable.Add(1)
		return
	}
	m.find(l).observe(m.rule.Buckets, value*m.rule.Scale)
}

// find returns the series for the label values of a line.
func (m *metric) find(l *logging.Line) *series {
	if m.only != nil {
		return m.only
	}
	values := m.labelValues(l)
	key := seriesKey(values)
	m.mu.RLock()
	s := m.series[key]
	m.mu.RUnlock()
	if s != nil {
		return s
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.series[key]; s != nil {
		return s
	}
	return m.grow(key, values)
}

// labelValues returns the values of a line's fields, which may share memory
// with the line.
func (m *metric) labelValues(l *logging.Line) []string {
	const maxValue = 64 // bytes; a label value is a word and not a text
	values := make([]string, len(m.rule.Labels))
	for i, name := range m.rule.Labels {
		if v, ok := l.Value(name); ok {
			values[i] = v.String()
			if len(values[i]) > maxValue {
				values[i] = strings.ToValidUTF8(values[i][:maxValue], "")
			}
			values[i] = strings.ToValidUTF8(values[i], "\ufffd")
		}
	}
	return values
}

// grow returns a new series or, at the limit, the series of all others. Lines
// whose values are "other" have the same series, because Prometheus refuses
// two with the same labels. The caller must hold m.mu.
func (m *metric) grow(key string, values []string) *series {
	if len(m.series) < m.rule.MaxSeries {
		for i := range values {
			values[i] = strings.Clone(values[i])
		}
		return m.add(strings.Clone(key), values)
	}
	if m.other == nil {
		values = slices.Repeat([]string{"other"}, len(values))
		key = seriesKey(values)
		if m.other = m.series[key]; m.other == nil {
			m.other = m.add(key, values)
		}
	}
	return m.other
}

func (m *metric) add(key string, values []string) *series {
	s := m.newSeries(values)
	m.series[key] = s
	return s
}

// seriesKey returns the key of a series. Label values that contain a NUL may
// share one.
func seriesKey(values []string) string { return strings.Join(values, "\x00") }

// read returns the current values.
func (m *metric) read() Metric {
	out := Metric{Rule: m.rule, Unreadable: m.unreadable.Load()}
	m.mu.RLock()
	for _, s := range m.series {
		out.Series = append(out.Series, s.read())
	}
	m.mu.RUnlock()
	slices.SortFunc(out.Series, func(a, b Series) int { return slices.Compare(a.Labels, b.Labels) })
	return out
}
