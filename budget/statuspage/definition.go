package statuspage

import (
	"cmp"
	"html/template"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// ratio returns a part of a time, at most 1.
func ratio(part, whole time.Duration) *big.Rat {
	if whole <= 0 || part >= whole {
		return big.NewRat(1, 1)
	}
	return big.NewRat(int64(max(part, 0)), int64(whole))
}

// definition is the objective on the standard template.
func (v *view) definition(s standing) []fact {
	o := s.Objective.Objective
	ind := o.Indicator
	var facts []fact
	add := func(key string, text template.HTML) {
		if text != "" {
			facts = append(facts, fact{Term: v.l.text(key), Text: text})
		}
	}
	if o.Description != "" {
		add("def_description", isolated(o.Description))
	}
	over := cmp.Or(ind.Aggregation.Over, time.Minute)
	add("def_period", escaped(v.l.span(over)))
	where := v.l.html("def_server")
	if ind.Collection.Where != "" {
		where = isolated(ind.Collection.Where)
	}
	add("def_where", where)
	if ind.Collection.Every > 0 {
		add("def_often", escaped(v.l.span(ind.Collection.Every)))
	}
	add("def_requests", v.requests(ind.Requests))
	add("def_acquired", v.acquired(ind.Collection))
	if ind.Kind != "" {
		add("def_kind", isolated(string(ind.Kind)))
	}
	add("def_good", code(ind.Good.String()))
	add("def_valid", code(ind.Valid.String()))
	add("def_target", v.promised(s))
	if !o.Window.IsCalendar() {
		down := v.l.span(budget.Downtime(o.Target, o.Window.Length(v.At)))
		add("def_equals", v.l.html("def_downtime", "d", down, "window", v.window(s)))
	}
	if o.Owner != "" {
		add("def_owner", isolated(o.Owner))
	}
	if o.Tier != "" {
		add("def_tier", isolated(o.Tier))
	}
	add("def_runbook", runbook(o.Runbook))
	if len(o.DependsOn) > 0 {
		add("def_depends", isolated(strings.Join(o.DependsOn, ", ")))
	}
	return facts
}

func (v *view) promised(s standing) template.HTML {
	key := pick(s.Objective.Objective.Window.IsCalendar(), "def_calendar", "def_rolling")
	return v.l.html(key, "target", v.target(s), "window", v.window(s))
}

// maxRequests is the number of requests that a definition names.
const maxRequests = 5

func (v *view) requests(requests []string) template.HTML {
	if len(requests) == 0 {
		return v.l.html("def_all_requests")
	}
	var parts []string
	for _, r := range requests[:min(len(requests), maxRequests)] {
		parts = append(parts, string(code(r)))
	}
	text := template.HTML(strings.Join(parts, ", ")) //nolint:gosec // escaped
	if more := len(requests) - maxRequests; more > 0 {
		text = v.l.html("def_more_requests", "list", text, "n", more)
	}
	return text
}

func (v *view) acquired(c sli.Collection) template.HTML {
	how := string(cmp.Or(c.How, sli.SourceProcess))
	text := isolated(how)
	if key := "source_" + how; v.l.messages[key] != "" {
		text = v.l.html(key)
	}
	if c.Field != "" {
		text += ": " + isolated(c.Field)
	}
	return text
}

// runbook returns a link to a runbook. Only http and https URLs are links.
func runbook(url string) template.HTML {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return ""
	}
	escape := template.HTMLEscapeString
	return template.HTML(`<a href="` + escape(inURL(url)) + `" rel="noreferrer">` + escape(clean(url)) + `</a>`) //nolint:gosec // escaped
}
