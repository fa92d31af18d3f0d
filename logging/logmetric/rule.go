package logmetric

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/sli"
)

// A Rule defines one metric. Without Field it is a counter of lines. With Field
// it is a histogram of the field's values.
type Rule struct {
	// Name is the metric's name, of letters, digits and underscores, without the
	// suffix _total of a counter. It is required, and no metric of another rule or
	// of package logprom may collide with it: a histogram x exposes x_count too.
	Name string `json:"name"`

	// Help is the metric's help text.
	Help string `json:"help,omitempty"`

	// Match selects the lines. The zero value selects all.
	Match logging.Match `json:"match"`

	// Field is the name of a field whose value is a number, a duration or the text
	// of a number. A duration counts in milliseconds if the name ends with _ms,
	// such as execution_time_ms, and in seconds otherwise. Lines without the field
	// do not count.
	Field string `json:"field,omitempty"`

	// Scale is a factor for the values: 0.001 converts milliseconds to seconds. 0
	// means 1.
	Scale float64 `json:"scale,omitempty"`

	// Buckets are the upper bounds of the histogram's buckets after scaling,
	// ascending and finite. Nil means the default bounds of Prometheus, 0.005 to
	// 10.
	Buckets []float64 `json:"buckets,omitempty"`

	// Labels are the names of the fields whose values become label values. If a
	// line lacks the field, the label value is empty. See [LabelName] for the
	// labels' names, which must differ. Prometheus reserves "le" and names that
	// begin with two underscores.
	Labels []string `json:"labels,omitempty"`

	// MaxSeries is the maximum number of series. 0 means 100.
	MaxSeries int `json:"max_series,omitempty"`
}

// String returns the name, the field and the match: "errors: level from ERROR"
// or "size_bytes: size, all lines".
func (r Rule) String() string {
	if r.Field == "" {
		return fmt.Sprintf("%s: %v", r.Name, r.Match)
	}
	return fmt.Sprintf("%s: %s, %v", r.Name, r.Field, r.Match)
}

// UnmarshalJSON reads a rule and refuses unknown fields.
func (r *Rule) UnmarshalJSON(text []byte) error {
	type plain Rule
	return strictjson.Unmarshal(text, (*plain)(r))
}

// LabelName returns the name of the label for a field: the field's name with
// underscores in place of dots.
func LabelName(field string) string { return strings.ReplaceAll(field, ".", "_") }

// defaultBuckets are the bounds of a rule without Buckets, in seconds.
var defaultBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

var validName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

func (r *Rule) validate() error {
	var errs sli.FieldErrors
	r.validateName(&errs)
	errs.Add("Match", r.Match.Validate())
	if r.Field == "" && (r.Buckets != nil || r.Scale != 0) {
		errs.Addf("Field", "field is empty: a rule with Buckets or Scale requires one")
	}
	if !(r.Scale >= 0) || math.IsInf(r.Scale, 0) {
		errs.Addf("Scale", "invalid factor %v: want a positive number", r.Scale)
	}
	r.validateBuckets(&errs)
	r.validateLabels(&errs)
	if r.MaxSeries < 0 {
		errs.Addf("MaxSeries", "invalid limit %d: want zero or more", r.MaxSeries)
	}
	return errs.Err()
}

func (r *Rule) validateBuckets(errs *sli.FieldErrors) {
	for i, b := range r.Buckets {
		if math.IsNaN(b) || math.IsInf(b, 0) || i > 0 && b <= r.Buckets[i-1] {
			errs.Addf(fmt.Sprintf("Buckets[%d]", i), "invalid bound %v: want ascending, finite numbers", b)
		}
	}
}

func (r *Rule) validateLabels(errs *sli.FieldErrors) {
	used := make(map[string]bool)
	for i, field := range r.Labels {
		path, label := fmt.Sprintf("Labels[%d]", i), LabelName(field)
		switch {
		case !validName.MatchString(label):
			errs.Addf(path, "invalid name %q: want letters, digits, underscores and dots", field)
		case used[label]:
			errs.Addf(path, "duplicate label %q", label)
		case label == "le":
			errs.Addf(path, `invalid label "le": Prometheus reserves it for the bounds of buckets`)
		case strings.HasPrefix(label, "__"):
			errs.Addf(path, "invalid label %q: Prometheus reserves names that begin with __", label)
		}
		used[label] = true
	}
}

func (r *Rule) withDefaults() Rule {
	d := *r
	if d.Field != "" && d.Buckets == nil {
		d.Buckets = defaultBuckets
	}
	if d.Scale == 0 {
		d.Scale = 1
	}
	if d.MaxSeries == 0 {
		d.MaxSeries = 100
	}
	return d
}
