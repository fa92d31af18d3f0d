package logmetric

import (
	"fmt"
	"log/slog"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/sli"
)

// A Rule is one metric. Without Field it counts lines; with Field it is a
// histogram of the field's values.
type Rule struct {
	// Name is the metric's name, without the suffix _total of a counter: letters,
	// digits and underscores. It is required, and unique.
	Name string

	// Help says what the metric means.
	Help string

	// Match selects the lines; the zero value selects all.
	Match logging.Match

	// Field is the name of a field whose value is a number, a duration (taken in
	// seconds; execution_time_ms is in milliseconds whatever it was logged as) or the
	// text of a number.
	Field string

	// Scale multiplies values: 0.001 makes seconds of milliseconds. 0 means 1.
	Scale float64

	// Buckets are the upper bounds of the histogram, ascending; nil means
	// Prometheus' default, 5 ms to 10 s in seconds.
	Buckets []float64

	// Labels are the names of fields whose values are labels. A field the line does
	// not have is the empty value. Dots become underscores.
	Labels []string

	// MaxSeries bounds the series; 0 means 100.
	MaxSeries int
}

// defaultBuckets are the bounds of a rule without Buckets, in seconds.
var defaultBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

var validName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

func (r *Rule) validate(errs *sli.FieldErrors, path string) {
	if !validName.MatchString(r.Name) {
		errs.Addf(path+".Name", "%q; want letters, digits and underscores", r.Name)
	}
	for i, b := range r.Buckets {
		if math.IsNaN(b) || i > 0 && b <= r.Buckets[i-1] {
			errs.Addf(fmt.Sprintf(path+".Buckets[%d]", i), "%v; want ascending numbers", b)
		}
	}
	if r.Field == "" && (r.Buckets != nil || r.Scale != 0) {
		errs.Addf(path+".Field", "\"\"; buckets and scale are for rules with a field")
	}
	if !(r.Scale >= 0) || math.IsInf(r.Scale, 0) {
		errs.Addf(path+".Scale", "%v; want a positive number", r.Scale)
	}
	for i, l := range r.Labels {
		if !validName.MatchString(LabelName(l)) || slices.Index(r.Labels, l) != i {
			errs.Addf(fmt.Sprintf(path+".Labels[%d]", i), "%q; want the name of a field, once", l)
		}
	}
	if r.MaxSeries < 0 {
		errs.Addf(path+".MaxSeries", "%d; want 0 or more", r.MaxSeries)
	}
	errs.Add(path+".Match", r.Match.Validate())
}

// LabelName returns the label of a field: its name with dots as underscores.
func LabelName(field string) string { return strings.ReplaceAll(field, ".", "_") }

// A Meter applies rules to lines. It is a logging.Observer, and safe for concurrent
// use. Use [New]; the zero value is not valid.
type Meter struct{ rules []*rule }

type rule struct {
	Rule
	unreadable atomic.Uint64

	mu     sync.RWMutex // guards the map: a series, once there, is used without it
	series map[string]*series
	fixed  *series // of a rule without labels
}

// A series has the counts of one combination of label values.
type series struct {
	labels  []string
	count   atomic.Uint64
	sum     atomic.Uint64 // bits of a float64
	buckets []atomic.Uint64
}

// New returns a meter. An error tells every mistake in the rules.
func New(rules []Rule) (*Meter, error) {
	m := &Meter{}
	var errs sli.FieldErrors
	used := make(map[string]bool)
	for i, r := range rules {
		path := fmt.Sprintf("rules[%d]", i)
		r.validate(&errs, path)
		if used[r.Name] {
			errs.Addf(path+".Name", "%q is used twice", r.Name)
		}
		used[r.Name] = true
		m.rules = append(m.rules, newRule(r))
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

func newRule(r Rule) *rule {
	if r.Field != "" && r.Buckets == nil {
		r.Buckets = defaultBuckets
	}
	if r.Scale == 0 {
		r.Scale = 1
	}
	if r.MaxSeries == 0 {
		r.MaxSeries = 100
	}
	out := &rule{Rule: r, series: make(map[string]*series)}
	if len(r.Labels) == 0 {
		out.fixed = out.add("", nil)
	}
	return out
}

func (r *rule) add(key string, labels []string) *series {
	s := &series{labels: labels, buckets: make([]atomic.Uint64, len(r.Buckets))}
	r.series[key] = s
	return s
}

// Observe applies the rules to a line.
func (m *Meter) Observe(l *logging.Line) {
	for _, r := range m.rules {
		if r.Match.Matches(l) {
			r.observe(l)
		}
	}
}

func (r *rule) observe(l *logging.Line) {
	var value float64
	if r.Field != "" {
		v, ok := l.Value(r.Field)
		if !ok {
			return // not a line this rule is about
		}
		if value, ok = number(r.Field, v); !ok {
			r.unreadable.Add(1)
			return
		}
		value *= r.Scale
	}
	s := r.fixed
	if s == nil {
		s = r.find(l)
	}
	s.count.Add(1)
	if r.Field == "" {
		return
	}
	if i, _ := slices.BinarySearch(r.Buckets, value); i < len(s.buckets) {
		s.buckets[i].Add(1)
	}
	for {
		old := s.sum.Load()
		if s.sum.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+value)) {
			return
		}
	}
}

// number reads a value that is not negative, and finite.
func number(field string, v slog.Value) (f float64, ok bool) {
	switch v.Kind() {
	case slog.KindInt64:
		f = float64(v.Int64())
	case slog.KindUint64:
		f = float64(v.Uint64())
	case slog.KindFloat64:
		f = v.Float64()
	case slog.KindDuration:
		f = v.Duration().Seconds()
		if strings.HasSuffix(field, "_ms") {
			f *= 1000
		}
	case slog.KindString:
		var err error
		if f, err = strconv.ParseFloat(strings.TrimSpace(v.String()), 64); err != nil {
			return 0, false
		}
	default:
		return 0, false
	}
	return f, f >= 0 && !math.IsInf(f, 0)
}

// find returns the series of a line's label values.
func (r *rule) find(l *logging.Line) *series {
	const maxLabel = 64 // bytes: label values are words, not texts
	values := make([]string, len(r.Labels))
	for i, name := range r.Labels {
		if v, ok := l.Value(name); ok {
			values[i] = v.String()
			if len(values[i]) > maxLabel {
				values[i] = strings.ToValidUTF8(values[i][:maxLabel], "")
			}
		}
	}
	key := strings.Join(values, "\x00")
	r.mu.RLock()
	s := r.series[key]
	r.mu.RUnlock()
	if s != nil {
		return s
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.series[key]; s != nil {
		return s
	}
	if len(r.series) < r.MaxSeries {
		for i := range values {
			values[i] = strings.Clone(strings.ToValidUTF8(values[i], "\ufffd"))
		}
		return r.add(strings.Clone(key), values)
	}
	if s := r.series[overflow]; s != nil {
		return s
	}
	other := make([]string, len(r.Labels))
	for i := range other {
		other[i] = "other"
	}
	return r.add(overflow, other)
}

// overflow is the key of the series for what is beyond MaxSeries; no values make it.
const overflow = "\x00overflow\x00"

// A Metric is the state of one rule.
type Metric struct {
	// Rule is the rule, with its defaults filled in.
	Rule Rule
	// Unreadable is how many lines had a field that was no number, negative or not finite.
	Unreadable uint64
	// Series are the series, in the order of their labels.
	Series []Series
}

// Series are the counts of one combination of label values.
type Series struct {
	// Labels are the values of Rule.Labels.
	Labels []string
	// Count is how many lines there were.
	Count uint64
	// Sum is the sum of their values, scaled.
	Sum float64
	// Buckets are cumulative counts, one for each of Rule.Buckets.
	Buckets []uint64
}

// Metrics returns the state of all rules.
func (m *Meter) Metrics() []Metric {
	out := make([]Metric, 0, len(m.rules))
	for _, r := range m.rules {
		metric := Metric{Rule: r.Rule, Unreadable: r.unreadable.Load()}
		r.mu.RLock()
		for _, s := range r.series {
			metric.Series = append(metric.Series, s.read())
		}
		r.mu.RUnlock()
		slices.SortFunc(metric.Series, func(a, b Series) int { return slices.Compare(a.Labels, b.Labels) })
		out = append(out, metric)
	}
	return out
}

// read reads the count last, so that no bucket is above it.
func (s *series) read() Series {
	out := Series{Labels: s.labels, Buckets: make([]uint64, len(s.buckets))}
	var sum uint64
	for i := range s.buckets {
		sum += s.buckets[i].Load()
		out.Buckets[i] = sum
	}
	out.Sum = math.Float64frombits(s.sum.Load())
	out.Count = s.count.Load()
	return out
}
