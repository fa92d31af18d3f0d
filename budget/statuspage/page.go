package statuspage

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Page is the status page, a handler. Create one with [New]; the zero Page is
// not valid. It is safe for concurrent use.
type Page struct {
	options Options
	cache   *cache
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
	return &Page{options: o, cache: newCache(source, o.Logger)}, nil
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
		h.Set("Location", lastSegment(r.RequestURI)+"/")
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
)

// serve answers a request for a page.
func (p *Page) serve(w http.ResponseWriter, r *http.Request, path string) {
	v := p.view(r, path)
	switch path {
	case "":
		v.serveOverview(w, r)
	case overviewJSON:
		v.serveJSON(w, r, v.inEnglish().overviewDoc())
	case overviewText:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		write(w, r, http.StatusOK, []byte(v.inEnglish().textDoc()))
	default:
		v.serveNotFound(w, r)
	}
}

// view returns the view of the present reading for a request.
func (p *Page) view(r *http.Request, path string) *view {
	b, age, live := p.cache.board(r.Context())
	q := r.URL.Query()
	v := &view{board: b, options: &p.options, age: age, live: live, paused: q.Get("pause") != ""}
	v.l, v.at.lang = p.language(q, r)
	v.at.path, v.at.base = path, "./"
	if n := strings.Count(path, "/"); n > 0 {
		v.at.base = strings.Repeat("../", n)
	}
	return v
}

// inEnglish returns the view for programs.
func (v *view) inEnglish() *view {
	w := *v
	w.l = english
	return &w
}

// language returns the language for a reader, and its code if the reader has
// chosen it.
func (p *Page) language(q url.Values, r *http.Request) (*language, string) {
	if l := languageOf(q.Get("lang")); l != nil {
		return l, l.code
	}
	if l := languageOf(p.options.Lang); l != nil {
		return l, ""
	}
	return preferred(r.Header.Get("Accept-Language")), ""
}

// staleAfter is the age from which figures are not current.
const staleAfter = 45 * time.Second
