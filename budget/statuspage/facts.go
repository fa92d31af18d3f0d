package statuspage

import (
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/slo"
)

// facts are the outlook, the burn rates, the releases and the alerts.
func (v *view) facts(s standing) []fact {
	facts := []fact{{Term: v.l.text(pick(s.HasData(), "outlook", "data")), Text: v.outlook(s)}}
	if s.isPartial() && s.HasData() {
		facts = append(facts, fact{Term: v.l.text("data"), Text: v.known(s)})
	}
	if s.HasData() {
		facts = append(facts, fact{Term: v.l.text("burn"), Burns: v.burns(s)})
	}
	facts = append(facts, fact{Term: v.l.text("releases"), Text: v.why(s)})
	if s.look != lookHealthy {
		facts = append(facts, fact{Term: v.l.text("alerts"), Text: v.alerts(s)})
	}
	return facts
}

// known says for how much of the window the budget is known, and from when on
// that is enough to decide.
func (v *view) known(s standing) template.HTML {
	c := s.Budget.Coverage()
	known := v.l.html("known", "known", v.l.span(c.Known), "window", v.l.span(c.Of))
	if s.look == lookEarly && !s.OpensAt.IsZero() {
		known += ", " + v.l.html("known_until", "t", v.l.when(s.OpensAt, v.At))
	}
	return known
}

// outlook says until when.
func (v *view) outlook(s standing) template.HTML {
	switch {
	case s.State == status.StateClientsLeaving:
		return v.l.html("leaving_why")
	case !s.HasData() && v.Since.IsZero():
		return v.l.html("never_unknown")
	case !s.HasData():
		return v.l.html("never", "t", v.l.when(v.Since, v.At), "ago", v.l.span(v.At.Sub(v.Since)))
	case s.look == lookFrozen && !s.OpensAt.IsZero():
		return v.l.html("opens", "t", v.l.when(s.OpensAt, v.At))
	case s.look == lookFrozen:
		return v.l.html("opens_unknown")
	}
	if end, ok := s.ExhaustedAt(v.At); ok {
		return v.l.html("spent_at", "t", v.l.when(end, v.At), "ago", v.l.span(end.Sub(v.At)))
	}
	switch hour := s.burnOf(time.Hour); {
	case hour.quiet:
		return v.l.html("no_traffic")
	case hour.rate == nil:
		return v.l.html("rate_unknown")
	}
	return v.l.html("lasts")
}

func (v *view) burns(s standing) []burnView {
	var burns []burnView
	for _, length := range tileSpans {
		b := s.burnOf(length)
		shown := burnView{Span: v.l.span(length), Unknown: v.l.text("unknown")}
		if b.rate != nil {
			shown.Rate = v.l.rate(b.rate, s.factors(length)...)
		}
		burns = append(burns, shown)
	}
	return burns
}

// why says which releases are allowed, with the reason.
func (v *view) why(s standing) template.HTML {
	switch s.look {
	case lookNoData:
		return v.l.html("why_nodata", "release", v.releaseRule(s.Decision.Release))
	case lookEarly:
		return v.l.html("why_early", "release", v.releaseRule(s.Decision.Release), "least", v.l.share(s.policy.MinKnown))
	case lookHealthy:
		if s.Decision.Release == budget.ReleaseFree {
			return v.l.html("why_healthy", "alerts", v.alertsOf(s))
		}
	}
	args := []any{"spent", v.l.percent(s.spent), "release", v.releaseRule(s.Decision.Release)}
	if s.look == lookHealthy || s.Decision.Release != s.step.Release {
		return v.l.html("why_other", args...)
	}
	until := s.step.Until
	if until == (slo.Share{}) {
		until = s.step.From
	}
	step := strings.ToLower(v.stepWord(s.step.Name))
	args = append(args, "step", step, "from", v.l.share(s.step.From), "until", v.l.share(until))
	return v.l.html("why_"+string(s.look), args...)
}

// releaseWord returns the word for the releases that are allowed.
func (v *view) releaseWord(r budget.Release) string { return v.l.text(releaseClass(r)) }

// releaseClass returns the page's word for releases, which is also their CSS
// class.
func releaseClass(r budget.Release) string {
	switch r {
	case budget.ReleaseFree:
		return "free"
	case budget.ReleaseReviewed:
		return "reviewed"
	case budget.ReleaseFrozen:
		return "stopped"
	}
	return "undecided"
}

// releaseRule returns the rule for releases at the beginning of a sentence.
func (v *view) releaseRule(r budget.Release) string {
	switch r {
	case budget.ReleaseReviewed:
		return v.l.text("reviewed_each")
	case budget.ReleaseFrozen:
		return v.l.text("stopped_except")
	}
	return v.releaseWord(r)
}

// alerts names the alerts that fire, and the severities that do not.
func (v *view) alerts(s standing) template.HTML {
	switch {
	case !s.HasData():
		return v.l.html("alerts_undecided")
	case len(s.Alarms) == 0:
		return v.l.html("alerts_none")
	}
	var firing, quiet, unjudged []string
	for _, severity := range []slo.Severity{slo.SeverityPage, slo.SeverityTicket} {
		fires, judged, exists := false, false, false
		for _, a := range s.Alarms {
			if a.Alert.Severity != severity {
				continue
			}
			exists, judged = true, judged || s.judged(a)
			if a.Firing {
				fires = true
				firing = append(firing, v.l.text("alert_firing", "severity", v.severity(severity), "window", v.l.span(a.Alert.Long)))
			}
		}
		switch {
		case !exists || fires:
		case judged:
			quiet = append(quiet, v.l.text("alert_quiet", "severity", v.severity(severity)))
		default:
			unjudged = append(unjudged, v.l.text("alert_unjudged", "severity", v.severity(severity)))
		}
	}
	switch {
	case len(firing)+len(unjudged) == 0:
		return v.l.html("alerts_quiet")
	case len(firing)+len(quiet) == 0:
		return v.l.html("unjudged")
	}
	text := capitalized(strings.Join(slices.Concat(firing, quiet, unjudged), ", "))
	return template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // escaped
}

// alertsOf is like alerts, as a part of a sentence about the objective.
func (v *view) alertsOf(s standing) template.HTML {
	text := v.alerts(s)
	if text == v.l.html("alerts_quiet") {
		return v.l.html("alerts_are_quiet")
	}
	return text
}

// capitalized returns a text whose first letter is a capital.
func capitalized(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func (v *view) severity(s slo.Severity) string {
	switch s {
	case slo.SeverityPage:
		return v.l.text("alert_page")
	case slo.SeverityTicket:
		return v.l.text("alert_ticket")
	}
	return clean(string(s))
}

// judged reports whether the source has judged an alert. A process does not
// while it knows too little of the alert's long window, and then the alert has
// no events.
func (s standing) judged(a budget.Alarm) bool {
	i := slices.IndexFunc(s.Spans, func(span status.Span) bool { return span.Length == a.Alert.Long })
	return i < 0 || a.Long.Valid > 0 || s.Spans[i].Counts.Valid == 0
}
