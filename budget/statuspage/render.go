package statuspage

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
)

// pages are the templates of the pages, by name. Each has the frame and the
// parts that live updates replace.
var pages = parsePages("overview", "sheet", "journey", "wall", "help", "notfound")

func parsePages(names ...string) map[string]*template.Template {
	base := template.Must(template.ParseFS(files, "templates/frame.tmpl", "templates/parts.tmpl"))
	parsed := make(map[string]*template.Template, len(names))
	for _, name := range names {
		t := template.Must(base.Clone())
		parsed[name] = template.Must(t.ParseFS(files, "templates/"+name+".tmpl"))
	}
	return parsed
}

// serveHelp answers a request for the help.
func (v *view) serveHelp(w http.ResponseWriter, r *http.Request) {
	title := v.l.text("title_help", "title", v.l.text("help"), "site", v.site())
	f := v.styled(v.frame(v.worst(), title, helpPath), "sheet.css")
	f.Refresh, f.Still, f.Class = false, true, ""
	f.Body = v.help()
	v.serve(w, r, http.StatusOK, "help", f)
}

// serveNotFound answers a request for a page that does not exist. Before the
// first reading nobody knows whether it does.
func (v *view) serveNotFound(w http.ResponseWriter, r *http.Request) {
	key, code := "notfound", http.StatusNotFound
	if v.isEmpty() {
		key, code = "nothing", http.StatusServiceUnavailable
		w.Header().Set("Retry-After", retry)
	}
	f := v.styled(v.frame(lookNoData, v.l.text(key), ""), "sheet.css")
	f.Refresh, f.Still = v.isEmpty(), true
	v.serve(w, r, code, "notfound", f)
}

func (v *view) serve(w http.ResponseWriter, r *http.Request, code int, name string, f *frame) {
	f.Printed = v.l.when(v.At, v.At) + ", " + isolated(r.Host+r.RequestURI)
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
