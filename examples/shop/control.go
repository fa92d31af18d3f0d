package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/sligo-go/sligo/slo"
)

//go:embed control.html
var controlHTML string

// controlPage shows the shares of faults in a form, and the mistakes in it.
var controlPage = template.Must(template.New("control").Parse(controlHTML))

// field is an input of the form: the share of a kind of fault in a service.
type field struct{ Service, Kind, Name, Value string }

// show sends the control page.
func (f *faults) show(w http.ResponseWriter, _ *http.Request) { f.render(w, http.StatusOK, nil, nil) }

// change changes the faults as the form says. Shares that it lacks stay.
func (f *faults) change(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	if err := r.ParseForm(); err != nil {
		f.render(w, http.StatusBadRequest, nil, []error{err})
		return
	}
	changed, mistakes := f.parse(r.PostForm)
	if len(mistakes) > 0 {
		f.render(w, http.StatusBadRequest, r.PostForm, mistakes)
		return
	}
	for service, s := range changed {
		f.set(service, s)
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// parse returns the shares of each service after the change, or all mistakes.
func (f *faults) parse(form url.Values) (changed map[string]shares, mistakes []error) {
	unknown := maps.Clone(form)
	changed = make(map[string]shares)
	for _, service := range serviceNames {
		s := f.get(service)
		for i, k := range kinds {
			name := service + "." + k.Name
			if !form.Has(name) {
				continue
			}
			delete(unknown, name)
			var err error
			if s[i], err = slo.ParseShare(form.Get(name)); err != nil {
				mistakes = append(mistakes, fmt.Errorf("%s: %w", name, err))
			}
		}
		if err := s.validate(); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %w", service, err))
		}
		changed[service] = s
	}
	for _, name := range slices.Sorted(maps.Keys(unknown)) {
		mistakes = append(mistakes, fmt.Errorf("unknown field %q: want a name such as users.errors", name))
	}
	return changed, mistakes
}

// render writes the page with the shares, or with the texts of a form that has
// mistakes.
func (f *faults) render(w http.ResponseWriter, status int, form url.Values, mistakes []error) {
	var rows [][]field
	for _, service := range serviceNames {
		var row []field
		for i, share := range f.get(service) {
			in := field{service, kinds[i].Name, service + "." + kinds[i].Name, share.String()}
			if form.Has(in.Name) {
				in.Value = form.Get(in.Name)
			}
			row = append(row, in)
		}
		rows = append(rows, row)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// It fails only if the client disconnected.
	_ = controlPage.Execute(w, map[string]any{"Kinds": kinds, "Rows": rows, "Mistakes": mistakes})
}
