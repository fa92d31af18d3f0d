package forecast

import (
	"fmt"
	"math"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Course is how an error budget was spent so far, in slices of time of the same length. Days are
// best: shorter ones are not independent of each other, and there are too few of longer ones.
type Course struct {
	// Target is that of the objective; it is required.
	Target slo.Target
	// Past is the counts of the slices in the window up to now, the oldest first. At least two are
	// required.
	Past []sli.Counts
	// Ahead is how many slices there are to come until the moment of interest, such as the end of the
	// month.
	Ahead int
	// Leaving is how many of the oldest slices will have left a rolling window by then: as many as
	// Ahead if Past is a whole window. In a calendar window it is 0.
	Leaving int
	// Confidence is the share of such outlooks whose interval contains what comes. Zero means 90 %.
	Confidence slo.Share
}

var defaultConfidence = slo.MustParseShare("90%")

// Outlook is what a course leads to if things go on as they did.
type Outlook struct {
	// Remaining is the share of the budget expected to be left, less than 0 if overspent.
	Remaining float64
	// Low and High are the interval in which it will be with the course's confidence.
	Low, High float64
}

// Outlook returns what will be left of the budget. It returns false if the course is not valid, and
// if there will be no valid events.
//
// It expects as many valid and bad events in each slice to come as the mean of those past. The
// interval is that of the bad events to come: Student's prediction interval for the sum of m slices
// after n with a variance of s² from slice to slice, m x̄ ± t s √(m + m²/n) with n-1 degrees of
// freedom. So a course of rare large incidents has a wide one. The variance is taken to be at least
// that of independent events, so that a course without any bad event promises no certainty.
//
// Source: G. J. Hahn and W. Q. Meeker, Statistical Intervals, 1991, chapter 4, the prediction
// interval for the mean of m future observations, times m.
func (c Course) Outlook() (Outlook, bool) {
	if c.Validate() != nil {
		return Outlook{}, false
	}
	kept, past := sli.Sum(c.Past[c.Leaving:]...), sli.Sum(c.Past...)
	n, m := float64(len(c.Past)), float64(c.Ahead)
	coming := m * float64(past.Bad()) / n
	allowed := (float64(kept.Valid) + m*float64(past.Valid)/n) * float64(c.Target.BudgetPartsPerBillion()) / 1e9
	if allowed == 0 {
		return Outlook{}, false
	}
	spread := c.student() * c.deviation() * math.Sqrt(m+m*m/n)
	left := func(coming float64) float64 { return 1 - (float64(kept.Bad())+coming)/allowed }
	return Outlook{Remaining: left(coming), Low: left(coming + spread), High: left(max(coming-spread, 0))}, true
}

// deviation returns the standard deviation of the number of bad events from slice to slice.
func (c Course) deviation() float64 {
	n := float64(len(c.Past))
	bad := float64(sli.Sum(c.Past...).Bad())
	squares := 0.0
	for _, slice := range c.Past {
		off := float64(slice.Bad()) - bad/n
		squares += off * off
	}
	// The variance of independent events is their mean number; one more stands for those unseen.
	return math.Sqrt(max(squares/(n-1), (bad+1)/n))
}

// student returns the number of standard deviations for the course's confidence.
func (c Course) student() float64 {
	confidence := c.Confidence
	if confidence == (slo.Share{}) {
		confidence = defaultConfidence
	}
	return studentQuantile(float64(confidence.PartsPerBillion())/1e9, len(c.Past)-1)
}

// Validate reports every mistake in the course at once, as joined [*sli.FieldError] values.
func (c Course) Validate() error {
	var errs sli.FieldErrors
	if !c.Target.IsValid() {
		errs.Addf("Target", `is required, like "99.9%%"`)
	}
	if len(c.Past) < 2 {
		errs.Addf("Past", "has %d slices, and it takes 2 to tell how they vary", len(c.Past))
	}
	if c.Ahead < 0 {
		errs.Addf("Ahead", "%d is negative", c.Ahead)
	}
	if c.Leaving < 0 || c.Leaving > len(c.Past) {
		errs.Addf("Leaving", "%d is not from 0 to the number of past slices, %d", c.Leaving, len(c.Past))
	}
	if c.Confidence.PartsPerBillion() == 1e9 {
		errs.Addf("Confidence", "%v is never reached", c.Confidence)
	}
	return errs.Err()
}

// String returns the outlook in words: "40% expected to be left, from 12% to 68%".
func (o Outlook) String() string {
	percent := func(share float64) float64 { return math.Round(100*share) + 0 } // + 0 has no -0
	return fmt.Sprintf("%v%% expected to be left, from %v%% to %v%%", percent(o.Remaining), percent(o.Low), percent(o.High))
}
