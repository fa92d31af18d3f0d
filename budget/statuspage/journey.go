package statuspage

import (
	"html/template"
	"math/big"
	"slices"

	"github.com/sligo-go/sligo/sli"
)

// journey adds up the objectives of a user journey, by kind: an availability
// and a latency of the same requests are not events of one sum. Counts add up;
// percentages are never added or averaged.
type journey struct {
	*language
	State    stateView
	Name     template.HTML
	Lede     template.HTML
	Strip    []strip
	Legs     []legView
	Services []service
	Home     link
}

// leg has the steps of one kind.
type leg struct {
	kind  sli.Kind
	steps []standing
	sum   sli.Counts
}

// legView has the steps of a kind and their course.
type legView struct {
	Chart *chart // nil if it is not known
	Data  *table // of the chart
	Steps *table
}

// service has the objectives of a service.
type service struct {
	ID   string
	Name template.HTML
	Rows []serviceRow
}

type serviceRow struct {
	State stateView
	Href  string
	Name  template.HTML
	Note  template.HTML
}

// members returns the objectives of a journey, in the order of their
// definition.
func (b *board) members(name string) []standing {
	var members []standing
	for _, o := range b.Objectives {
		if o.Objective.Indicator.Journey == name {
			if s, ok := b.find(o.ID()); ok {
				members = append(members, s)
			}
		}
	}
	return members
}

// legs returns the steps of a journey by kind. An indicator with several
// objectives is one step, so that no event counts twice.
func (b *board) legs(name string) []leg {
	var legs []leg
	seen := map[string]bool{}
	for _, s := range b.members(name) {
		ind := s.Objective.Objective.Indicator
		if id := ind.Service + "/" + ind.Name; seen[id] {
			continue
		} else {
			seen[id] = true
		}
		i := slices.IndexFunc(legs, func(l leg) bool { return l.kind == ind.Kind })
		if i < 0 {
			i = len(legs)
			legs = append(legs, leg{kind: ind.Kind})
		}
		legs[i].steps = append(legs[i].steps, s)
		legs[i].sum = legs[i].sum.Add(s.Budget.Counts())
	}
	return legs
}

// weakest returns the step with the most bad events, and false without any.
func (l leg) weakest() (standing, bool) {
	i := -1
	for n, s := range l.steps {
		if bad := s.Budget.Counts().Bad(); bad > 0 && (i < 0 || bad > l.steps[i].Budget.Counts().Bad()) {
			i = n
		}
	}
	if i < 0 {
		return standing{}, false
	}
	return l.steps[i], true
}

func (v *view) journey(name string) journey {
	members, legs := v.members(name), v.legs(name)
	worst := slices.MinFunc(members, worstFirst)
	j := journey{
		language: v.l,
		State:    stateView{Look: worst.look, Word: v.l.text(string(worst.look))}, Name: isolated(name),
		Services: v.services(members), Home: link{Href: v.at.to(""), Text: v.l.text("all_objectives")},
	}
	n := 0
	for _, l := range legs {
		n += len(l.steps)
		j.Strip = append(j.Strip, v.legStrip(l)...)
		course := v.legCourse(l)
		leg := legView{Chart: v.legChart(l, course), Steps: v.stepTable(l)}
		if leg.Chart != nil {
			leg.Data = v.legData(l, course)
		}
		j.Legs = append(j.Legs, leg)
	}
	j.Lede = v.l.html("journey_lede", "n", n, "services", len(j.Services))
	return j
}

// legStrip has the SLI of a leg and its weak link.
func (v *view) legStrip(l leg) []strip {
	kind := v.kind(l.kind)
	if l.sum.Valid == 0 {
		return []strip{{Term: kind, Big: "–", Text: v.l.html("nothing_counted")}}
	}
	figures := []strip{{
		Term: kind, Big: l.percent(), Small: "%",
		Text: v.l.html("journey_good", "good", v.l.count(l.sum.Good), "valid", v.l.count(l.sum.Valid)),
	}}
	if weak, ok := l.weakest(); ok {
		figures = append(figures, strip{
			Term: v.l.text("journey_weak", "kind", kind), Name: v.name(weak),
			Text: v.l.html("journey_bad", "bad", v.l.count(weak.Budget.Counts().Bad()), "all", v.l.count(l.sum.Bad())),
		})
	}
	return figures
}

// kind returns the word for a kind.
func (v *view) kind(k sli.Kind) string {
	if key := "kind_" + string(k); v.l.messages[key] != "" {
		return v.l.text(key)
	}
	if k == "" {
		return "SLI"
	}
	return clean(string(k))
}

// percent returns the share of good events of all steps, with the decimals of
// the strictest step.
func (l leg) percent() string { return percent(l.sum.Rat(), l.decimals()) }

// decimals returns the decimals of the strictest step.
func (l leg) decimals() int {
	decimals := 1
	for _, s := range l.steps {
		decimals = max(decimals, decimalsOf(s.Budget.Target()))
	}
	return decimals
}

// stepTable has a row for each step of a leg and the total.
func (v *view) stepTable(l leg) *table {
	t := newTable(v.l.text("journey_caption", "kind", v.kind(l.kind)), 2, v.l.text("journey_step"), v.l.text("th_request"), v.l.text("th_good"),
		v.l.text("th_valid"), v.l.text("th_bad"), "SLI", v.l.text("th_share"), v.l.text("th_bar"))
	bars := &t.Head[len(t.Head)-1]
	bars.HTML = `<span class="sr">` + bars.HTML + `</span>`
	cells := func(name, request template.HTML, c sli.Counts, ratio, bar template.HTML) []any {
		share := v.dash()
		if l.sum.Bad() > 0 {
			share = escaped(v.l.percent(partOf(c.Bad(), l.sum.Bad())))
		}
		return []any{name, request, v.l.count(c.Good), v.l.count(c.Valid), v.l.count(c.Bad()), ratio, share, bar}
	}
	for _, s := range l.steps {
		c, ratio := s.Budget.Counts(), v.dash()
		if s.HasData() {
			ratio = escaped(v.sliText(c, s.Budget.Target()))
		}
		name := template.HTML(`<a href="`+template.HTMLEscapeString(v.at.objective(s))+`">`) + v.name(s) + "</a>" //nolint:gosec // escaped
		t.add(cells(name, v.requests(s.Objective.Objective.Indicator.Requests), c, ratio, bar(c.Bad(), l.sum.Bad()))...)
	}
	total := v.dash()
	if l.sum.Valid > 0 {
		total = escaped(l.percent() + v.l.space + "%")
	}
	t.foot(cells(v.l.html("total"), "", l.sum, total, "")...)
	return t
}

// partOf returns part/whole, and 0 if the whole is 0.
func partOf(part, whole uint64) *big.Rat {
	if whole == 0 {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(part), new(big.Int).SetUint64(whole))
}

// bar draws a share.
func bar(part, whole uint64) template.HTML {
	share, _ := partOf(part, whole).Float64()
	return template.HTML(`<svg class="hbar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="1" width="` + //nolint:gosec // a number
		coordinate(100*share) + `" height="10"/></svg>`)
}

// services returns the objectives of a journey by service.
func (v *view) services(members []standing) []service {
	var services []service
	sorted := slices.Clone(members)
	slices.SortStableFunc(sorted, worstFirst)
	for _, s := range sorted {
		name := s.Objective.Objective.Indicator.Service
		id := "j-" + elementID(name)
		i := slices.IndexFunc(services, func(x service) bool { return x.ID == id })
		if i < 0 {
			i = len(services)
			services = append(services, service{ID: id, Name: isolated(name)})
		}
		note := v.l.html("nothing_counted")
		if s.HasData() {
			note = v.l.html("left_short", "left", v.left(s))
		}
		services[i].Rows = append(services[i].Rows, serviceRow{State: v.state(s), Href: v.at.objective(s), Name: v.name(s), Note: note})
	}
	return services
}
