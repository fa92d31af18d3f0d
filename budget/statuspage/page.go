package statuspage

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Page is the status page, a handler. Create one with [New]; the zero Page is
// not valid. It is safe for concurrent use. A goroutine renders live updates
// while somebody watches them; Close ends it.
type Page struct {
	options Options
	panics  sync.Map // see view
	cache   *cache
	hub     *hub
	endings endings
}

// New returns the page of a source. It reports all mistakes in the options at
// once, as joined [*sli.FieldError] values, and returns no page then.
//
// Mount the page with its prefix removed:
//
//	mux.Handle("/slo/", http.StripPrefix("/slo", page))
func New(source Source, options *Options) (*Page, error) {
	o := options.withDefaults()
	var errs sli.FieldErrors
	if source == nil {
		errs.Addf("source", "required")
	}
	errs.Add("", o.validate())
	if err := errs.Err(); err != nil {
		return nil, err
	}
	p := &Page{options: o, cache: newCache(source, o.Logger)}
	p.hub = newHub(p)
	return p, nil
}

// policy is the page's Content-Security-Policy. It allows nothing from other
// origins, no inline script and no inline style.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types sligo"

// ServeHTTP answers GET and HEAD requests for the pages, their JSON and the
// assets. The path is relative to the place where the page is mounted.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if p.options.Allow != nil && !p.options.Allow(r) {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	if r.URL.Path == "" { // relative links would lead elsewhere without the slash
		location := lastSegment(r.RequestURI) + "/"
		if r.URL.RawQuery != "" {
			location += "?" + r.URL.RawQuery
		}
		h.Set("Location", location)
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/")
	if a, ok := assetAt(path); ok {
		a.serve(w, r)
		return
	}
	p.serve(w, r, path)
}

// lastSegment returns the last segment of a request's path, as a relative
// reference.
func lastSegment(uri string) string {
	path, _, _ := strings.Cut(uri, "?")
	return "./" + path[strings.LastIndex(path, "/")+1:]
}

// Names of paths below the page.
const (
	journeys     = "journey"
	jsonSuffix   = ".json"
	overviewJSON = "overview.json"
	overviewText = "overview.txt"
	helpPath     = "help"
	eventsPath   = "events"
	wallView     = "wall"
)

// serve answers a request for a page.
func (p *Page) serve(w http.ResponseWriter, r *http.Request, path string) {
	if path == eventsPath {
		p.serveEvents(w, r)
		return
	}
	s := p.subject(path, r)
	v := p.view(s)
	v.inState(r.URL.Query())
	if path == helpPath { // it has no figures to wait for
		v.board, v.age, v.live = p.cache.latest()
		v.serveHelp(w, r)
		return
	}
	v.board, v.age, v.live = p.cache.board(r.Context())
	switch path {
	case overviewJSON:
		v.serveJSON(w, r, v.inEnglish().overviewDoc())
	case overviewText:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		write(w, r, http.StatusOK, []byte(v.inEnglish().textDoc()))
	default:
		v.servePage(w, r, s)
	}
}

// servePage answers a request for a page of the reading, or for its JSON. If a
// service is named "journey", its objectives hide journeys with the same names.
func (v *view) servePage(w http.ResponseWriter, r *http.Request, s subject) {
	q := r.URL.Query()
	if page, ok := v.scene(s, selection{by: s.by, text: q.Get("q")}, q.Get("target")); ok {
		if !v.paused && !v.isEmpty() {
			page.Events = v.at.to(eventsPath, "page", s.path, "lang", s.lang, "chosen", pick(s.chosen, "1", ""),
				"view", pick(s.wall, wallView, ""), "by", pick(s.by == groupings[0], "", s.by))
		}
		v.serve(w, r, http.StatusOK, page.name, page.frame)
		return
	}
	name, isJSON := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/"), jsonSuffix)
	if objective, ok := v.find(name); ok && isJSON {
		v.serveJSON(w, r, v.inEnglish().sheetDoc(objective))
		return
	}
	if journey, ok := v.journeyAt(name); ok && isJSON {
		v.serveJSON(w, r, v.inEnglish().journeyDoc(journey))
		return
	}
	v.serveNotFound(w, r)
}

// subject returns the page that a request is about. The path is from the
// overview.
func (p *Page) subject(path string, r *http.Request) subject {
	q := r.URL.Query()
	s := subject{path: path, by: groupings[0]}
	s.lang, s.chosen = p.language(q, r)
	if path == "" {
		s.wall = q.Get("view") == wallView
		if by := q.Get("by"); slices.Contains(groupings, by) && !s.wall {
			s.by = by
		}
	}
	return s
}

// view returns an empty view of a page.
func (p *Page) view(s subject) *view {
	v := &view{options: &p.options, panics: &p.panics, l: languageOf(s.lang)}
	v.at.path, v.at.base = s.path, "./"
	if n := strings.Count(s.path, "/"); n > 0 {
		v.at.base = strings.Repeat("../", n)
	}
	if s.chosen {
		v.at.lang = s.lang
	}
	return v
}

// stateKeys are the parts of a query that belong to one page.
var stateKeys = []string{"view", "by", "q", "target"}

// inState notes the state of a page that a reader has chosen by its query.
func (v *view) inState(q url.Values) {
	if v.paused = q.Get("pause") != ""; v.paused {
		v.at.paused = "1"
	}
	for _, key := range stateKeys {
		if value := q.Get(key); value != "" {
			v.at.state = append(v.at.state, key, value)
		}
	}
}

// inEnglish returns the view for programs.
func (v *view) inEnglish() *view {
	w := *v
	w.l = english
	return &w
}

// language returns the code of the language for a reader, and whether the
// reader has chosen it.
func (p *Page) language(q url.Values, r *http.Request) (code string, chosen bool) {
	if l := languageOf(q.Get("lang")); l != nil {
		return l.code, true
	}
	if l := languageOf(p.options.Lang); l != nil {
		return l.code, false
	}
	return preferred(r.Header.Get("Accept-Language")).code, false
}

// Close ends all streams of live updates and refuses new ones. The page itself
// goes on answering. The Shutdown of a [http.Server] ends its streams without
// Close.
func (p *Page) Close() { p.hub.close() }

// staleAfter is the age from which figures are not current.
const staleAfter = 45 * time.Second
