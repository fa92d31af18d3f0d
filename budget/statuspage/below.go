package statuspage

import (
	"html/template"
	"time"
)

// below is the part of the overview under the tiles.
type below struct {
	EventsTitle, NoEvents, OwnTitle string
	Events                          []template.HTML
	Own                             []fact
}

// ageNow is the age below which figures are of this moment.
const ageNow = 5 * time.Second

func (v *view) below() below {
	return below{
		EventsTitle: v.l.text("events"), NoEvents: v.l.text("events_none"), OwnTitle: v.l.text("own"),
		Events: v.plannedTexts(v.ledger(), ahead, v.standings), Own: v.own(),
	}
}

// own is the page's own health.
func (v *view) own() []fact {
	key := "own_" + string(v.Kind)
	if v.l.messages[key] == "" {
		key = "own_process"
	}
	if !v.Since.IsZero() {
		key += "_since"
	}
	facts := []fact{
		{Term: v.l.text("own_source"), Text: v.l.html(key, "t", v.l.when(v.Since, v.At))},
		{Term: v.l.text("own_age"), Text: escaped(v.ageText())},
		{Term: v.l.text("own_known"), Text: v.coverage()},
	}
	if v.Unmatched > 0 {
		facts = append(facts, fact{Term: v.l.text("own_unmatched"), Text: v.l.html(pick(v.Unmatched == 1, "own_unmatched_one", "own_unmatched_text"), "n", v.l.count(v.Unmatched))})
	}
	if v.Unrouted > 0 {
		facts = append(facts, fact{Term: v.l.text("own_unrouted"), Text: v.l.html(pick(v.Unrouted == 1, "own_unrouted_one", "own_unrouted_text"), "n", v.l.count(v.Unrouted))})
	}
	for _, w := range v.Warnings {
		facts = append(facts, fact{Term: v.l.text("own_warning"), Text: isolated(w.String())})
	}
	if v.options.Lost != nil {
		text := v.dash() // a function that panics does not know the losses
		ask(v, "Lost", func() bool {
			spans, lines := v.options.Lost()
			text = v.l.html("own_lost_text", "spans", v.l.count(spans), "lines", v.l.count(lines))
			return true
		})
		facts = append(facts, fact{Term: v.l.text("own_lost"), Text: text})
	}
	if v.options.Telemetry != nil {
		for _, c := range ask(v, "Telemetry", v.options.Telemetry) {
			facts = append(facts, fact{Term: clean(c.Name), Text: isolated(c.Text)})
		}
	}
	return facts
}

// ageText returns the age of the figures. Below a few seconds it is not exact,
// since the page is rendered once a second.
func (v *view) ageText() string {
	if v.age < ageNow {
		return v.l.text("age_now", "d", v.l.span(ageNow))
	}
	return v.l.span(v.age)
}

// coverage says for how many objectives how much of the window is known.
func (v *view) coverage() template.HTML {
	var all, part, none int
	var least standing
	for _, s := range v.standings {
		switch {
		case !s.HasData():
			none++
		case !s.isPartial():
			all++
		default:
			part++
			if part == 1 || s.Budget.Coverage().Known < least.Budget.Coverage().Known {
				least = s
			}
		}
	}
	var text template.HTML
	add := func(n int, key string, args ...any) {
		if n == 0 {
			return
		}
		if text != "" {
			text += "; "
		}
		text += v.l.html(key, append(args, "n", n, "all", len(v.standings))...)
	}
	add(all, "own_known_all")
	c := least.Budget.Coverage()
	add(part, "own_known_part", "known", v.l.span(c.Known), "window", v.l.span(c.Of))
	add(none, "own_known_none")
	return text
}
