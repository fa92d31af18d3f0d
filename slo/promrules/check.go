package promrules

import (
	"errors"
	"fmt"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// check reports everything in valid objectives that the rules cannot express,
// and alerts that could never fire.
func check(objectives []slo.Objective, o Options, matchers []promtext.Matcher) error {
	var errs sli.FieldErrors
	for i, objective := range objectives {
		errs.Add(fmt.Sprintf("objectives[%d]", i), checkObjective(objective, o, matchers))
	}
	return errs.Err()
}

func checkObjective(o slo.Objective, options Options, matchers []promtext.Matcher) error {
	var errs sli.FieldErrors
	if o.Slices != (slo.Slices{}) {
		errs.Addf("Slices", "unsupported %q: the rules judge events one by one", o.Slices)
	}
	errs.Add("Window", checkZone(o.Window, options))
	alerts := policyOf(o).Rules
	if len(o.Alerts.Rules) == 0 && len(alerts) == 0 && !o.Alerts.Disabled && o.Stage != slo.StageMeasure {
		errs.Addf("Alerts", "no default alert can fire for %v over %v, even in a total outage: define Rules, or set Disabled", o.Target, o.Window)
	}
	for i, a := range alerts {
		path := fmt.Sprintf("Alerts.Rules[%d]", i)
		errs.Add(path+".Long", checkRange(a.Long, options))
		errs.Add(path+".Short", checkRange(a.Short, options))
	}
	for _, m := range matchers {
		if _, same := o.Labels[m.Label]; same {
			errs.Addf(fmt.Sprintf("Labels[%q]", m.Label), "the environment has a matcher of this label")
		}
	}
	return errs.Err()
}

// checkRange reports a range that holds too few scrapes for increase().
func checkRange(length time.Duration, o Options) error {
	if least := leastScrapes * o.ScrapeInterval; length < least && o.ScrapeInterval <= maxScrape {
		return fmt.Errorf("invalid window %v: want at least %v, which is %d scrapes, or the alert cannot fire", scale(1).text(length), scale(1).text(least), leastScrapes)
	}
	return nil
}

var errZone = errors.New("the rules add up full hours in UTC: want a time zone with whole hours, or a rolling window")

// checkZone reports calendar windows that begin within an hour of UTC, such as
// at 18:30 in the zone Asia/Kolkata.
func checkZone(w slo.Window, o Options) error {
	if !w.IsCalendar() {
		return nil
	}
	for _, start := range starts(w, o.ZonesFrom) {
		if start.Unix()%int64(time.Hour/time.Second) != 0 {
			return fmt.Errorf("invalid window %q: it begins at %s in UTC: %w", w, start.UTC().Format("15:04"), errZone)
		}
	}
	return nil
}
