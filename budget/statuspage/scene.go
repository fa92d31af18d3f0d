package statuspage

import (
	"bytes"
	"net/url"
	"strings"
)

// subject is the page that a reader sees. Its live updates depend on nothing
// else, so readers of the same subject share them.
type subject struct {
	path   string // from the overview, with escapes
	lang   string // code of the language
	chosen bool   // the reader has chosen the language
	wall   bool   // the view of the overview
	by     string // the grouping of the overview
}

// scene is a page: its frame and the parts that live updates replace.
type scene struct {
	*frame
	name  string // of the template
	parts []fragment
}

// fragment is the element with an ID. The page and its updates render it by
// the same template.
type fragment struct {
	id, template string
	data         any
}

// part is a rendered fragment.
type part struct {
	ID   string `json:"id"`
	HTML string `json:"html"`
}

// scene returns the page of a subject, and false if it does not exist.
func (v *view) scene(s subject, sel selection, target string) (scene, bool) {
	if s.path == "" && s.wall {
		return v.wallScene(), true
	}
	if s.path == "" {
		return v.overviewScene(sel), true
	}
	path, err := url.PathUnescape(s.path)
	if err != nil {
		return scene{}, false
	}
	if objective, ok := v.find(path); ok {
		return v.sheetScene(objective, target), true
	}
	if journey, ok := v.journeyAt(path); ok {
		return v.journeyScene(journey), true
	}
	return scene{}, false
}

func (v *view) overviewScene(sel selection) scene {
	o := v.overview(sel)
	f := v.frame(v.worst(), v.verdictTitle(), "overview")
	f.JSON, f.Body = v.at.to(overviewJSON), o
	s := scene{frame: f, name: "overview", parts: v.common(f)}
	s.add("top", "verdict", o.Verdict)
	for _, g := range o.Groups {
		for _, t := range g.Tiles {
			s.add(t.ID, "tile", t)
		}
	}
	s.add("below", "below", o.Below)
	return s
}

func (v *view) wallScene() scene {
	f := v.styled(v.frame(v.worst(), v.verdictTitle(), "wall"), "wall.css")
	f.Class = strings.TrimSpace("wall " + f.Class)
	w := v.wall()
	f.Body, f.Stamp = w, v.l.clock(v.At)
	s := scene{frame: f, name: "wall", parts: v.common(f)}
	s.add("verdict", "heading", w)
	s.add("wall", "wall", w)
	return s
}

func (v *view) sheetScene(o standing, target string) scene {
	title := v.l.text("title_sheet", "state", v.state(o).Word, "name", clean(o.id), "site", v.site())
	f := v.styled(v.frame(o.look, title, ""), "sheet.css")
	d := v.sheet(o, target)
	f.JSON, f.Body = v.at.to(sheetPath(o)+jsonSuffix), d
	s := scene{frame: f, name: "sheet", parts: v.common(f)}
	for _, id := range []string{"top", "strip", "planned", "chart", "periods", "decision", "events", "alerts", "latency", "routes", "errors"} {
		s.add(id, id, d)
	}
	return s
}

func (v *view) journeyScene(name string) scene {
	j := v.journey(name)
	title := v.l.text("title_journey", "state", j.State.Word, "name", clean(name), "site", v.site())
	f := v.styled(v.frame(j.State.Look, title, journeyPath(name)), "sheet.css")
	f.JSON, f.Body = v.at.to(journeyPath(name)+jsonSuffix), j
	s := scene{frame: f, name: "journey", parts: v.common(f)}
	for _, id := range []string{"top", "strip", "steps", "services"} {
		s.add(id, id, j)
	}
	return s
}

func (v *view) verdictTitle() string {
	return v.l.text("title_verdict", "verdict", v.headline(), "site", v.site())
}

// common returns the parts that say whether the page is live.
func (v *view) common(f *frame) []fragment {
	return []fragment{{"pulse", "pulse", f}, {"notice", "notice", f}}
}

func (s *scene) add(id, template string, data any) {
	s.parts = append(s.parts, fragment{id, template, data})
}

// render returns the HTML of the parts.
func (s *scene) render() ([]part, error) {
	parts := make([]part, len(s.parts))
	for i, p := range s.parts {
		var text bytes.Buffer
		if err := pages[s.name].ExecuteTemplate(&text, p.template, p.data); err != nil {
			return nil, err
		}
		parts[i] = part{ID: p.id, HTML: strings.TrimSpace(text.String())}
	}
	return parts, nil
}
