package statuspage

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
)

// pages are the templates of the pages, by name. Each has the frame and the
// parts that live updates replace.
var pages = parsePages("overview", "notfound")

func parsePages(names ...string) map[string]*template.Template {
	base := template.Must(template.ParseFS(files, "templates/frame.tmpl", "templates/parts.tmpl"))
	parsed := make(map[string]*template.Template, len(names))
	for _, name := range names {
		t := template.Must(base.Clone())
		parsed[name] = template.Must(t.ParseFS(files, "templates/"+name+".tmpl"))
	}
	return parsed
}

// serveOverview answers a request for the overview.
func (v *view) serveOverview(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	sel := selection{by: groupings[0], text: q.Get("q")}
	for _, by := range groupings {
		if q.Get("by") == by {
			sel.by = by
		}
	}
	title := v.l.text("title_verdict", "verdict", v.headline(), "site", v.site())
	f := v.frame(v.worst(), title, "overview")
	f.JSON = v.at.to(overviewJSON)
	f.Body = v.overview(sel)
	v.serve(w, r, http.StatusOK, "overview", f)
}

func (v *view) serveNotFound(w http.ResponseWriter, r *http.Request) {
	f := v.frame(lookNoData, v.l.text("notfound"), "")
	f.Refresh = false
	v.serve(w, r, http.StatusNotFound, "notfound", f)
}

func (v *view) serve(w http.ResponseWriter, r *http.Request, code int, name string, f *frame) {
	var page bytes.Buffer
	if err := pages[name].ExecuteTemplate(&page, "frame", f); err != nil {
		v.options.Logger.Error("Status page: cannot render", "page", name, "error", err.Error())
		http.Error(w, "cannot render the page", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	write(w, r, code, page.Bytes())
}

// write sends a body, or its length only for a HEAD request.
func write(w http.ResponseWriter, r *http.Request, code int, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
