package promrules

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
)

// Dialect is the version of Prometheus that evaluates the rules.
type Dialect string

const (
	// DialectProm2 is for Prometheus 2.42 and later, and for rulers that follow
	// it. It is the default.
	DialectProm2 Dialect = "prom2"
	// DialectProm3 is for Prometheus 3. Its groups have a query_offset.
	DialectProm3 Dialect = "prom3"
)

// Options are the optional parameters of [Generate]. The zero Options, and a
// nil pointer, mean the defaults.
type Options struct {
	// Dialect is the version of Prometheus. Empty means DialectProm2.
	Dialect Dialect
	// Matchers select the series of one environment, each without spaces, such as
	// `env="prod"` or `cluster=~"eu-.*"`. Every selector of a raw series has them.
	// Every recorded series and alert has the labels of the equalities, so that
	// one Prometheus can have the rules of several environments.
	Matchers []string
	// Policy is the error budget policy of slo:policy_step and slo:release_state.
	// The zero Policy is the default policy.
	Policy budget.Policy
	// Dashboard is the URL of a dashboard for the annotation dashboard_url. The
	// texts {service}, {sli} and {slo} in it stand for the objective's names.
	// Empty means no annotation.
	Dashboard string
	// ScrapeInterval is the time between two scrapes of a target, at most 75 s.
	// Zero means 30 s. No rule reads fewer than four scrapes.
	ScrapeInterval time.Duration
	// QueryOffset is the query_offset of the groups of DialectProm3, 5 s to
	// 10 min: how far in the past the rules are evaluated. If samples reach the
	// store late, it must exceed their delay. Alerts come later by that time. Zero
	// means 5 s.
	QueryOffset time.Duration
	// ZonesFrom is in the first year of the ten years for which the rules know
	// the changes of clocks in the time zones of calendar windows: 1970 to 9999.
	// Zero means the current year.
	ZonesFrom time.Time
	// Scale divides every duration of the rules, for tests and demonstrations: at
	// 60, an hour takes a minute. It divides 30 s into whole milliseconds, and is
	// at most 3000. Zero means 1.
	Scale int
}

const (
	defaultScrape = 30 * time.Second
	leastScrapes  = 4 // in any range of a raw counter
	maxScrape     = level0 / leastScrapes

	maxQueryOffset = 10 * time.Minute

	// finest divides all durations of the rules but settle, which is rounded.
	finest   = 30 * time.Second
	maxScale = 3000
)

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Dialect == "" {
		d.Dialect = DialectProm2
	}
	if d.ScrapeInterval == 0 {
		d.ScrapeInterval = defaultScrape
	}
	if d.ZonesFrom.IsZero() {
		d.ZonesFrom = time.Now()
	}
	if d.Scale == 0 {
		d.Scale = 1
	}
	d.Policy = d.Policy.WithDefaults()
	return d
}

// validate reports all mistakes in options that have their defaults.
func (o *Options) validate() error {
	var errs sli.FieldErrors
	if o.Dialect != DialectProm2 && o.Dialect != DialectProm3 {
		errs.Addf("Dialect", "unknown dialect %q: want one of %q, %q", o.Dialect, DialectProm2, DialectProm3)
	}
	errs.Add("Policy", o.Policy.Validate())
	if o.ScrapeInterval < 0 || o.ScrapeInterval > maxScrape {
		errs.Addf("ScrapeInterval", "invalid interval %v: want at most %v, because the shortest level must hold %d scrapes",
			o.ScrapeInterval, maxScrape, leastScrapes)
	}
	switch offset := o.QueryOffset; {
	case offset == 0:
	case offset < settle || offset > maxQueryOffset:
		errs.Addf("QueryOffset", "invalid offset %v: want %v to %v", offset, settle, maxQueryOffset)
	case o.Dialect == DialectProm2:
		errs.Addf("QueryOffset", "offset %v needs the dialect %q", offset, DialectProm3)
	}
	if year := o.ZonesFrom.UTC().Year(); year < 1970 || year > 9999 {
		errs.Addf("ZonesFrom", "invalid year %d: want 1970 to 9999", year)
	}
	if o.Scale < 1 || o.Scale > maxScale || finest%(time.Duration(o.Scale)*time.Millisecond) != 0 {
		errs.Addf("Scale", "invalid scale %d: want 1 to %d, and %v / scale in whole milliseconds, such as 60", o.Scale, maxScale, finest)
	}
	errs.Add("Dashboard", checkDashboard(o.Dashboard))
	return errs.Err()
}

func checkDashboard(text string) error {
	if text == "" {
		return nil
	}
	address, err := url.Parse(placeholders("x", "x", "x").Replace(text))
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return fmt.Errorf(`invalid dashboard %q: want an absolute URL such as "https://grafana.example.com/d/slo?var-slo={slo}"`, text)
	}
	return nil
}

// placeholders replaces the names in the URL of a dashboard. The syntax of
// names needs no escape in a URL.
func placeholders(service, indicator, objective string) *strings.Replacer {
	return strings.NewReplacer("{service}", service, "{sli}", indicator, "{slo}", objective)
}
