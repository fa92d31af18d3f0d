package statuspage

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// view builds the parts of a page from a board, in one language.
type view struct {
	*board
	l       *language
	at      address
	options *Options
	panics  *sync.Map     // names of the functions of options that panicked
	age     time.Duration // of the reading
	live    bool          // the reading is current
	paused  bool
}

// address is the place of a page, from which its links lead.
type address struct {
	base string // the way to the overview, "./" or "../"
	path string // of the page itself, from the overview
	lang string // chosen by the reader, empty if not chosen
	// paused is "1" if the reader has stopped updates.
	paused string
	// state has the values of the page's own query: its view, grouping, filter
	// and what-if target.
	state []string
}

// to returns a relative link to a page with the values of its query, and with
// the language and the pause that the reader has chosen.
func (a address) to(path string, query ...string) string {
	q := url.Values{}
	if a.lang != "" {
		q.Set("lang", a.lang)
	}
	if a.paused != "" {
		q.Set("pause", a.paused)
	}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] == "" {
			q.Del(query[i])
			continue
		}
		q.Set(query[i], query[i+1])
	}
	if len(q) == 0 {
		return a.base + path
	}
	return a.base + path + "?" + q.Encode()
}

// here returns a link to this page in its state, with other values.
func (a address) here(query ...string) string {
	return a.to(a.path, slices.Concat(a.state, query)...)
}

// hidden returns the values that a form keeps, as hidden fields.
func (a address) hidden(query ...string) []link {
	var fields []link
	query = append([]string{"lang", a.lang, "pause", a.paused}, query...)
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			fields = append(fields, link{Text: query[i], Href: query[i+1]})
		}
	}
	return fields
}

// objective returns a link to the sheet of an objective.
func (a address) objective(s standing) string { return a.to(sheetPath(s)) }

// sheetPath returns the path of an objective's sheet. It has the ID of the
// element instead of a name that is too long to repeat.
func sheetPath(s standing) string {
	if len(s.id) > maxName {
		return elementID(s.id)
	}
	o := s.Objective.Objective
	return url.PathEscape(o.Indicator.Service) + "/" + url.PathEscape(o.SLO())
}

func journeyPath(name string) string {
	if len(name) > maxName {
		name = elementID(name)
	}
	return journeys + "/" + url.PathEscape(name)
}

// isEmpty reports whether the source has not answered yet.
func (v *view) isEmpty() bool { return v.At.IsZero() }

// retry is the time in seconds after which a page without figures asks again.
// The template of the frame has the same.
const retry = "5"

// frame is the part that all pages share.
type frame struct {
	L         *language
	Class     string // of the root element
	Title     string
	Site      string
	Icon      string
	StaleIcon string // when the page is not live
	Styles    []string
	Script    string
	Symbols   template.HTML
	Nav       []link
	Live      bool
	Paused    bool
	Refresh   bool
	Retry     bool // it has no figures yet, so it reloads itself, script or not
	Still     bool // it shows no figures, and needs none
	Notice    *notice
	Stamp     template.HTML
	Pause     link
	Events    string // link to the stream, empty if the page has none
	Home      link
	JSON      string
	Help      link
	Other     link   // the other language
	OtherIn   string // its code
	Printed   template.HTML
	Body      any
}

// link is a link with its words.
type link struct {
	Href, Text string
	Key        string // of the keyboard, empty without one
	Here       bool   // it leads to this page
}

// notice says that the figures are not current.
type notice struct{ Title, Text template.HTML }

func (v *view) frame(icon look, title, here string) *frame {
	f := &frame{
		L: v.l, Title: title, Site: v.site(), Symbols: symbols, Live: v.live, Paused: v.paused,
		Styles: []string{v.at.base + assets["page.css"].name}, Script: v.at.base + assets["live.js"].name,
		Nav: v.nav(here), Home: link{Href: v.at.to(""), Text: v.l.text("all_objectives")},
		Help: link{Href: v.at.to("help"), Text: v.l.text("help")},
	}
	f.Icon = v.at.base + assets[string(icon)+".svg"].name
	f.StaleIcon = v.at.base + assets["stale.svg"].name
	f.Retry = v.isEmpty()
	if !v.live {
		f.Class, f.Icon = "stale", f.StaleIcon
		f.Notice = v.notice()
	}
	f.Stamp = v.stamp()
	f.Refresh = !v.paused
	f.Pause = link{Href: v.at.here("pause", "1"), Text: v.l.text("pause")}
	if v.paused {
		f.Pause = link{Href: v.at.here("pause", ""), Text: v.l.text("resume")}
	}
	other := languages[0]
	if v.l == other {
		other = languages[1]
	}
	f.Other = link{Href: v.at.here("lang", other.code), Text: other.name}
	f.OtherIn = other.code
	return f
}

// styled adds a style sheet to a page.
func (v *view) styled(f *frame, name string) *frame {
	f.Styles = append(f.Styles, v.at.base+assets[name].name)
	return f
}

func (v *view) site() string {
	if v.options.Title != "" {
		return clean(v.options.Title)
	}
	return v.l.text("site")
}

// nav returns the links of the bar.
func (v *view) nav(here string) []link {
	links := []link{{Href: v.at.to(""), Text: v.l.text("overview"), Key: "u", Here: here == "overview"}}
	for _, name := range v.journeys() {
		links = append(links, link{
			Href: v.at.to(journeyPath(name)), Text: v.l.text("journey", "name", clean(name)), Here: here == journeyPath(name),
		})
	}
	return append(links, link{Href: v.at.to("", "view", "wall"), Text: v.l.text("wall"), Key: "w", Here: here == "wall"})
}

// stamp is the time of the figures.
func (v *view) stamp() template.HTML {
	if v.isEmpty() {
		return ""
	}
	t := v.At.UTC()
	day := template.HTMLEscapeString(strings.ReplaceAll(v.l.date(t, true), " ", nb))
	return template.HTML(`<time datetime="` + t.Format(time.RFC3339) + `"><span class="opt">` + day + ` </span>` + //nolint:gosec // escaped
		t.Format("15:04:05") + nb + `UTC</time>`)
}

// notice says since when the page is not live.
func (v *view) notice() *notice {
	if v.isEmpty() {
		return &notice{Title: v.l.html("nothing")}
	}
	return &notice{Title: v.l.html("failing", "at", v.l.clock(v.At)), Text: v.l.html("lost2")}
}
