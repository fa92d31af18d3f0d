package statuspage

import (
	"html/template"
	"slices"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
)

// verdict says whether anything is wrong, and which releases are allowed.
type verdict struct {
	Heading template.HTML
	// Past and MayPast are for the script, which has only the time when the
	// page is no longer live: "At {at}, all 5 objectives were met".
	Past, MayPast string
	Tally         []tally
	May           template.HTML
	Releases      []release
}

type tally struct {
	State stateView
	N     int
}

// release says which releases of a service are allowed, and why.
type release struct {
	Service     template.HTML
	Class, Word string
	Why         template.HTML
	strictest   budget.Release
	standing    standing
}

// verdictKey returns the end of the key of the verdict's message.
func (b *board) verdictKey() (key string, n int) {
	n, all := b.attention(), len(b.standings)
	switch {
	case all == 0:
		return "none", 0
	case n == 1 && all == 1:
		return "only", 1
	case n == 1:
		return "one", 1
	case n > 1:
		return "many", n
	}
	if early := b.count(lookEarly); early > 0 {
		return pick(all == 1, "soon", "early"), early
	}
	return pick(all == 1, "single", "all"), 0
}

// headline returns the verdict as text, in the present tense.
func (v *view) headline() string {
	key, n := v.verdictKey()
	return v.l.text("verdict_"+key, "n", n, "all", len(v.standings))
}

func (v *view) verdict() verdict {
	key, n := v.verdictKey()
	tense := pick(v.live, "verdict_", "past_")
	d := verdict{
		Heading: v.l.html(tense+key, "n", n, "all", len(v.standings), "at", v.l.clock(v.At)),
		May:     v.l.html(pick(v.live, "may", "may_past"), "at", v.l.clock(v.At)),
	}
	if v.live {
		d.Past = v.l.text("past_"+key, "n", n, "all", len(v.standings))
		d.MayPast = v.l.text("may_past")
	}
	for _, k := range looks {
		if n := v.count(k); n > 0 {
			d.Tally = append(d.Tally, tally{State: stateView{Look: k, Word: v.l.text(string(k))}, N: n})
		}
	}
	d.Releases = v.releases()
	return d
}

// releases returns a line for each service, the strictest first.
func (v *view) releases() []release {
	var lines []release
	for _, s := range v.standings { // the worst first, so that it gives the reason
		service := s.Objective.Objective.Indicator.Service
		i := slices.IndexFunc(lines, func(r release) bool {
			return r.standing.Objective.Objective.Indicator.Service == service
		})
		if i < 0 {
			lines = append(lines, release{Service: isolated(service), strictest: s.Decision.Release, standing: s})
			continue
		}
		if s.Decision.Release > lines[i].strictest {
			lines[i].strictest, lines[i].standing = s.Decision.Release, s
		}
	}
	for i := range lines {
		r := &lines[i]
		r.Class, r.Word, r.Why = releaseClass(r.strictest), v.releaseWord(r.strictest), v.reason(r.standing)
	}
	slices.SortStableFunc(lines, func(a, b release) int { return int(b.strictest) - int(a.strictest) })
	return lines
}

// reason says in a few words why a service may release or not.
func (v *view) reason(s standing) template.HTML {
	name := isolated(s.id)
	switch {
	case s.Decision.Release == 0:
		return v.l.html("not_decided", "name", name)
	case s.look == lookNoData && s.State == status.StateClientsLeaving:
		return v.l.html("leaving_for", "name", name)
	case s.look == lookNoData:
		return v.l.html("no_data_for", "name", name)
	case s.look == lookEarly:
		c := s.Budget.Coverage()
		return v.l.html("known_only", "known", v.l.span(c.Known), "window", v.l.span(c.Of))
	case s.Decision.Release == budget.ReleaseFree:
		return v.l.html("all_healthy")
	case s.look == lookFrozen && !s.OpensAt.IsZero():
		return v.l.html("until_earliest", "day", v.l.day(s.OpensAt, v.At))
	}
	return v.l.html("is_spent", "spent", v.l.percent(s.spent), "name", name)
}
