package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func (p *program) docCommand() *cobra.Command {
	g := &generator{program: p, noun: "doc", suffix: ".md", render: renderSheet}
	return g.command(&cobra.Command{
		Use:   "doc FILE…",
		Short: "Make the sheet of SLIs and SLOs in Markdown",
		Example: examples(
			"sligo generate doc slo.yaml",
			"sligo generate doc slo/ --out docs/slo.md",
			"sligo generate doc slo/ --out docs/slo/ --check",
		),
		Long: `The sheet has each SLI on the standard template, its objectives, and the error
budget policy. It has no date, so that --check can compare it.`,
	})
}

// renderSheet writes an overview, each indicator with its objectives, and the
// policies.
func renderSheet(u unit) ([]byte, error) {
	var s sheet
	s.line("# Service level objectives")
	s.line("")
	s.line("Made by `sligo generate doc`. Change the file of objectives instead.")
	s.overview(u.objectives)
	for _, ind := range slo.Indicators(u.objectives) {
		s.indicator(ind)
		for _, o := range u.objectives {
			if o.Indicator.Service == ind.Service && o.Indicator.Name == ind.Name {
				s.objective(o)
			}
		}
	}
	all := policies(u.definitions)
	for _, same := range all {
		s.title(2, "Error budget policy")
		if len(all) > 1 {
			s.line("For " + strings.Join(join(same).ids(), ", ") + ":")
			s.line("")
		}
		s.policy(same[0].Policy.WithDefaults())
	}
	s.exclusions(u.definitions)
	return s.Bytes(), nil
}

// sheet is a document of Markdown.
type sheet struct{ bytes.Buffer }

func (s *sheet) line(text string) { s.WriteString(text + "\n") }

func (s *sheet) title(level int, text string) {
	s.line("")
	s.line(strings.Repeat("#", level) + " " + text)
	s.line("")
}

// row writes a row of a table. The cells are Markdown.
func (s *sheet) row(cells ...string) {
	s.line("| " + strings.Join(cells, " | ") + " |")
}

func (s *sheet) head(cells ...string) {
	s.row(cells...)
	s.line("|" + strings.Repeat(" --- |", len(cells)))
}

// field writes a row of two cells, unless the value is empty.
func (s *sheet) field(name, value string) {
	if value != "" {
		s.row(name, value)
	}
}

func (s *sheet) overview(objectives []slo.Objective) {
	s.line("")
	s.head("objective", "promise", "error budget", "downtime", "owner")
	for _, o := range objectives {
		s.row(o.ID(), escape(fmt.Sprintf("%v %s", o.Target, o.Window.Words())), errorBudget(o), downtime(o), escape(o.Owner))
	}
}

// indicator writes an indicator on the standard template.
func (s *sheet) indicator(ind sli.Indicator) {
	s.title(2, "SLI "+ind.Service+"/"+ind.Name)
	s.head("field", "value")
	s.field("aggregation period", aggregation(ind.Aggregation))
	s.field("where it is collected", escape(cmp.Or(ind.Collection.Where, "the server")))
	s.field("how often it is collected", collectionInterval(ind.Collection))
	s.field("which requests", requests(ind.Requests))
	s.field("how the data is acquired", acquisition(ind.Collection))
	s.field("good events", escape(cmp.Or(ind.Good.String(), "any")))
	s.field("valid events", validEvents(ind))
	s.field("kind", escape(string(ind.Kind)))
	s.field("workload", escape(string(ind.Workload)))
	s.field("user journey", escape(ind.Journey))
	if ind.Groups.Max > 0 || len(ind.Groups.Values) > 0 {
		s.field("counted by", escape(ind.Groups.String()))
	}
}

func aggregation(a sli.Aggregation) string {
	return fmt.Sprintf("%s over %s", escape(cmp.Or(a.By, "ratio")), budget.FormatDuration(cmp.Or(a.Over, time.Minute)))
}

func collectionInterval(c sli.Collection) string {
	if c.Every == 0 {
		return "at each scrape"
	}
	return "every " + budget.FormatDuration(c.Every)
}

// sources are the sources of data in words.
var sources = map[sli.Source]string{
	sli.SourceProcess:       "counted in the process",
	sli.SourceLog:           "read from the log",
	sli.SourceMesh:          "metrics of the mesh",
	sli.SourceOpenTelemetry: "metrics of OpenTelemetry",
	sli.SourceQuery:         "a query",
}

func acquisition(c sli.Collection) string {
	how := cmp.Or(c.How, sli.SourceProcess)
	text := cmp.Or(sources[how], escape(string(how)))
	if c.Field != "" {
		text += ": " + escape(c.Field)
	}
	return text
}

func requests(all []string) string {
	if len(all) == 0 {
		return "all"
	}
	quoted := make([]string, len(all))
	for i, request := range all {
		quoted[i] = code(request)
	}
	return strings.Join(quoted, "<br>")
}

// validEvents returns the valid events, and the callers that leave, which Valid
// alone does not tell. The bound has the form that it has in the good events. A
// log does not show how long a caller waited, so it has no bound, and metrics
// and queries of others count by their own rules.
func validEvents(ind sli.Indicator) string {
	text := escape(ind.Valid.String())
	counted := ind.Valid.Canceled != "" && ind.Valid.Canceled != sli.PresenceExclude
	bound := sli.Condition{Within: cmp.Or(ind.Good.Within, ind.Patience, time.Second)}
	switch how := cmp.Or(ind.Collection.How, sli.SourceProcess); {
	case counted, how != sli.SourceProcess && how != sli.SourceLog:
		return text
	case bound.Within < 0, how == sli.SourceLog:
		return text + "; not those whose caller left"
	}
	return text + "; not those whose caller left " + bound.String()
}

// objective writes an objective below its indicator.
func (s *sheet) objective(o slo.Objective) {
	s.title(3, "SLO "+o.ID())
	s.head("field", "value")
	s.field("promise", escape(o.Description))
	s.field("target", o.Target.String()+" of the valid events are good")
	s.field("period", o.Window.String())
	s.field("error budget", errorBudget(o)+" of the valid events, or a total outage of "+downtime(o))
	if o.Slices != (slo.Slices{}) {
		s.field("judged by", escape(o.Slices.String()))
	}
	s.field(alertsOf(o.Window), alerts(o))
	s.field("stage", escape(cmp.Or(string(o.Stage), string(slo.StagePage))))
	s.field("tier", escape(o.Tier))
	s.field("owner", escape(o.Owner))
	s.field("runbook", link(o.Runbook))
	s.field("depends on", escape(strings.Join(o.DependsOn, ", ")))
	for _, name := range slices.Sorted(maps.Keys(o.Labels)) {
		s.field("label "+code(name), escape(o.Labels[name]))
	}
}

// errorBudget returns the error budget in percent.
func errorBudget(o slo.Objective) string {
	return budget.RatioOf(uint64(o.Target.BudgetPartsPerBillion()), 1e9).Percent()
}

func downtime(o slo.Objective) string {
	return budget.FormatDuration(budget.Downtime(o.Target, length(o.Window)))
}

// length returns the length of a window as the table of downtime has it, since
// a sheet must not depend on the month in which it is made.
func length(w slo.Window) time.Duration {
	switch w.Period() {
	case slo.PeriodMonth:
		return month
	case slo.PeriodQuarter:
		return quarter
	case slo.PeriodYear:
		return year
	}
	return w.Length(time.Time{})
}

// alertsOf names the alerts. In a calendar window they weigh the budget of 30
// days, which is less than a quarter or a year has.
func alertsOf(w slo.Window) string {
	if w.IsCalendar() && length(w) != month {
		return "alerts on the budget of 30 days"
	}
	return "alerts"
}

func alerts(o slo.Objective) string {
	rules := o.Alerts.For(o.Target, o.Window.AlertLength()).Rules
	if len(rules) == 0 || o.Stage == slo.StageMeasure {
		return "none"
	}
	text := make([]string, len(rules))
	for i, a := range rules {
		text[i] = escape(a.String())
	}
	return strings.Join(text, "<br>")
}

// policies returns the files of each policy, in the order of their first files.
func policies(all []definition) [][]definition {
	var groups [][]definition
	for _, d := range all {
		i := slices.IndexFunc(groups, func(same []definition) bool { return d.samePolicy(same[0]) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], d)
	}
	return groups
}

// samePolicy reports whether two files have the same policy. One of them may
// leave out the defaults that the other one writes.
func (d definition) samePolicy(other definition) bool {
	return reflect.DeepEqual(d.Policy.WithDefaults(), other.Policy.WithDefaults())
}

func (s *sheet) policy(p budget.Policy) {
	s.head("step", "from", "until less than", "releases", "action")
	for i, step := range p.Steps {
		until := ""
		if i > 0 {
			until = cmp.Or(step.Until, step.From).String()
		}
		s.row(escape(step.Name), step.From.String(), until, step.Release.String(), escape(step.Action))
	}
	s.line("")
	s.line(fmt.Sprintf("An incident that alone spends more than %v of the budget requires a postmortem. Without data, the step for releases is at least %v, and at least %v while less than %v of the window is known.",
		p.Postmortem, p.NoData, max(p.NoData, budget.ReleaseReviewed), p.MinKnown))
}

func (s *sheet) exclusions(all []definition) {
	first := true
	for _, d := range all {
		for _, e := range d.Exclusions {
			if first {
				s.title(2, "Planned intervals that spend no budget")
				s.head("kind", "name", "from", "to")
				first = false
			}
			s.row(escape(string(e.Kind)), escape(e.Name), e.Start.Format(time.RFC3339), e.End.Format(time.RFC3339))
		}
	}
}

// escape returns text as Markdown for a cell of a table.
func escape(text string) string { return markdown.Replace(strings.TrimSpace(text)) }

var markdown = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
	"<", "&lt;", "&", "&amp;", "~", `\~`, "\r\n", "<br>", "\n", "<br>", "\r", "<br>",
)

// link returns a URL as a link for a cell of a table. It escapes "|" for the
// table. Other escapes of Markdown would become parts of the URL.
func link(address string) string {
	if address == "" {
		return ""
	}
	return "<" + linked.Replace(address) + ">"
}

var linked = strings.NewReplacer("|", `\|`, "<", "%3C", ">", "%3E", " ", "%20")

// code returns text as code for a cell of a table.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	space := ""
	if len(fence) > 1 {
		space = " "
	}
	return fence + space + strings.ReplaceAll(text, "|", `\|`) + space + fence
}
