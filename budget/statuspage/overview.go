package statuspage

import (
	"html/template"
	"slices"
	"strings"
)

// overview shows all objectives on one screen.
type overview struct {
	Verdict verdict
	By      []link
	Filter  filter
	Groups  []group
	Columns []string
	Below   below
}

// filter is the form that selects objectives by a part of their ID.
type filter struct {
	Label, Apply, Text string
	Action             string
	Hidden             []link // values of the query to keep
	Clear              *link
	Found              template.HTML // how many match, empty without a filter
}

// group is a heading with tiles.
type group struct {
	ID, Key, Heading string
	Tiles            []tile
	name             string
}

// selection is the part of the objectives that the reader wants, and the order.
type selection struct {
	by   string // state, service or journey
	text string // part of an ID
}

var groupings = []string{"state", "service", "journey"}

func (v *view) overview(sel selection) overview {
	o := overview{
		Verdict: v.verdict(), By: v.byLinks(sel), Filter: v.filter(sel), Below: v.below(),
		Columns: []string{v.l.text("col_sli"), v.l.text("col_left"), v.trendTitle(), v.l.text("col_facts")},
	}
	shown := v.selected(sel)
	if sel.text != "" {
		o.Filter.Found = v.l.html("filtered", "n", len(shown), "all", len(v.standings), "text", isolated(sel.text))
	}
	o.Groups = v.groups(sel.by, shown)
	return o
}

// trendTitle heads the column of small pictures. It names the window if all
// objectives have the same.
func (v *view) trendTitle() string {
	for _, s := range v.standings {
		if v.window(s) != v.window(v.standings[0]) {
			return v.l.text("col_trends")
		}
	}
	if len(v.standings) == 0 {
		return v.l.text("col_trends")
	}
	return v.l.text("col_trend", "window", v.soFar(v.standings[0]))
}

// selected returns the objectives whose ID has the text of the filter.
func (v *view) selected(sel selection) []standing {
	var shown []standing
	text := strings.ToLower(sel.text)
	for _, s := range v.standings {
		if strings.Contains(strings.ToLower(s.id), text) {
			shown = append(shown, s)
		}
	}
	return shown
}

func (v *view) byLinks(sel selection) []link {
	var links []link
	next := groupings[(slices.Index(groupings, sel.by)+1)%len(groupings)]
	for _, by := range groupings {
		links = append(links, link{
			Key:  pick(by == next, "b", ""),
			Href: v.at.to("", "by", pick(by == groupings[0], "", by), "q", sel.text),
			Text: v.l.text("by_" + by), Here: by == sel.by,
		})
	}
	return links
}

func (v *view) filter(sel selection) filter {
	f := filter{Label: v.l.text("filter"), Apply: v.l.text("apply"), Text: sel.text, Action: v.at.base}
	by := pick(sel.by == groupings[0], "", sel.by)
	f.Hidden = v.at.hidden("by", by)
	if sel.text != "" {
		f.Clear = &link{Href: v.at.to("", "by", by), Text: v.l.text("clear")}
	}
	return f
}

// groups returns the tiles under their headings.
func (v *view) groups(by string, shown []standing) []group {
	var groups []group
	switch by {
	case "service":
		groups = v.namedGroups(shown, func(s standing) string { return s.Objective.Objective.Indicator.Service })
	case "journey":
		groups = v.namedGroups(shown, func(s standing) string { return s.Objective.Objective.Indicator.Journey })
	default:
		for _, k := range []string{"attention", "early_group", "healthy"} {
			groups = append(groups, group{ID: "g-" + k, Key: elementID(k), name: k, Heading: v.l.text(k)})
		}
	}
	for rank, s := range shown {
		key := groupKey(by, s)
		i := slices.IndexFunc(groups, func(g group) bool { return g.name == key })
		t := v.tile(s)
		t.Rank, t.Group = rank, elementID(key)
		groups[i].Tiles = append(groups[i].Tiles, t)
	}
	return groups
}

// groupKey returns the group that an objective belongs to.
func groupKey(by string, s standing) string {
	switch {
	case by == "service":
		return s.Objective.Objective.Indicator.Service
	case by == "journey":
		return s.Objective.Objective.Indicator.Journey
	case s.look.needsAttention():
		return "attention"
	case s.look == lookEarly:
		return "early_group"
	}
	return "healthy"
}

// namedGroups returns a group for each name, sorted. The group without a name
// is the last one.
func (v *view) namedGroups(shown []standing, name func(standing) string) []group {
	var names []string
	for _, s := range shown {
		if n := name(s); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if (a == "") != (b == "") {
			return pick(a == "", 1, -1)
		}
		return strings.Compare(a, b)
	})
	var groups []group
	for _, n := range names {
		groups = append(groups, group{ID: "g-" + elementID(n), Key: elementID(n), name: n, Heading: pick(n == "", v.l.text("no_journey"), clean(n))})
	}
	return groups
}
