package forecast

import (
	"fmt"
	"math"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Course is how an error budget has been spent so far, in slices of time of
// equal length. Days are best: shorter slices are correlated, and there are
// too few longer ones. The zero Course is invalid.
type Course struct {
	// Target is the objective's target; it is required.
	Target slo.Target `json:"target,omitzero"`
	// Past holds the counts of the slices in the window so far, the oldest first.
	// At least two are required.
	Past []sli.Counts `json:"past"`
	// Ahead is the number of slices from now to the moment of interest, such as
	// the end of the month.
	Ahead int `json:"ahead"`
	// Leaving is the number of the oldest slices that will have left a rolling
	// window by then: the same as Ahead if Past is a whole window. In a calendar
	// window it is 0.
	Leaving int `json:"leaving,omitempty"`
	// Confidence is the share of outlooks whose interval contains the actual
	// result. It is less than 100 %. Zero means 90 %.
	Confidence slo.Share `json:"confidence,omitzero"`
}

var defaultConfidence = slo.MustParseShare("90%")

// Outlook returns how much of the budget will be left. It returns false if
// the course is invalid, or if no valid events are expected.
//
// The expected number of valid and bad events in each slice ahead is the mean
// of the past slices. The interval is Student's prediction interval for the
// sum of m slices after n, with the standard deviation s between slices and
// n-1 degrees of freedom:
//
//	m x̄ ± t s √(m + m²/n)
//
// A course of rare, large incidents therefore has a wide interval. The
// variance s² is at least the variance of independent events, so that a course
// without bad events does not promise certainty.
//
// Source: G. J. Hahn and W. Q. Meeker, Statistical Intervals, 1991, chapter
// 4, the prediction interval for the mean of m future observations, times m.
func (c Course) Outlook() (Outlook, bool) {
	if c.Validate() != nil {
		return Outlook{}, false
	}
	kept, past := sli.Sum(c.Past[c.Leaving:]...), sli.Sum(c.Past...)
	n, m := float64(len(c.Past)), float64(c.Ahead)
	coming := m * float64(past.Bad()) / n
	valid := float64(kept.Valid) + m*float64(past.Valid)/n
	allowed := valid * float64(c.Target.BudgetPartsPerBillion()) / 1e9
	if allowed == 0 {
		return Outlook{}, false
	}
	spread := c.student() * c.deviation() * math.Sqrt(m+m*m/n)
	left := func(coming float64) float64 { return 1 - (float64(kept.Bad())+coming)/allowed }
	return Outlook{
		Remaining: left(coming),
		Low:       left(coming + spread),
		High:      left(max(coming-spread, 0)),
	}, true
}

// deviation returns the standard deviation of the number of bad events in a
// slice.
func (c Course) deviation() float64 {
	n := float64(len(c.Past))
	bad := float64(sli.Sum(c.Past...).Bad())
	squares := 0.0
	for _, slice := range c.Past {
		off := float64(slice.Bad()) - bad/n
		squares += off * off
	}
	// The variance of independent events is their mean number. One more event
	// allows for kinds of failure that have not occurred yet.
	return math.Sqrt(max(squares/(n-1), (bad+1)/n))
}

// student returns how many standard deviations the course's confidence takes.
func (c Course) student() float64 {
	confidence := c.Confidence
	if confidence == (slo.Share{}) {
		confidence = defaultConfidence
	}
	return studentQuantile(float64(confidence.PartsPerBillion())/1e9, len(c.Past)-1)
}

// Validate reports all mistakes in the course at once, as joined
// [*sli.FieldError] values.
func (c Course) Validate() error {
	var errs sli.FieldErrors
	if !c.Target.IsValid() {
		errs.Addf("Target", `required, such as "99.9%%"`)
	}
	if len(c.Past) < 2 {
		errs.Addf("Past", "too few slices, %d: want at least 2 to see how they vary", len(c.Past))
	}
	if c.Ahead < 0 {
		errs.Addf("Ahead", "invalid number %d: want 0 or more", c.Ahead)
	}
	if c.Leaving < 0 || c.Leaving > len(c.Past) {
		errs.Addf("Leaving", "invalid number %d: want 0 to the number of past slices, %d", c.Leaving, len(c.Past))
	}
	if c.Confidence.PartsPerBillion() == 1e9 {
		errs.Addf("Confidence", "invalid share %v: want less than 100%%", c.Confidence)
	}
	return errs.Err()
}

// String returns the course in words: "999980/1000000 (99.998%) in 10 slices,
// 20 ahead, 99.9%".
func (c Course) String() string {
	text := fmt.Sprintf("%v in %d slices, %d ahead", sli.Sum(c.Past...), len(c.Past), c.Ahead)
	if c.Leaving > 0 {
		text += fmt.Sprintf(" and %d leaving", c.Leaving)
	}
	return text + ", " + c.Target.String()
}

// UnmarshalJSON reads a course and refuses unknown fields. It does not
// validate.
func (c *Course) UnmarshalJSON(text []byte) error {
	type plain Course
	return strictjson.Unmarshal(text, (*plain)(c))
}
