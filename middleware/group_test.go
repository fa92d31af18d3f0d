package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

func TestGroup(t *testing.T) {
	tenant := func(r *http.Request) string { return r.Header.Get("Tenant") }
	sets := func(groups ...string) http.Handler {
		return hides(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for _, g := range groups {
				if !middleware.SetGroup(w, g) {
					t.Error("SetGroup did not find the instrument")
				}
			}
		}))
	}
	for _, c := range []struct {
		name    string
		early   func(*http.Request) string
		handler http.Handler
		want    string
	}{
		{"none", nil, sets(), ""},
		{"SetGroup", nil, sets("gold"), "gold"},
		{"the last call", nil, sets("gold", "silver"), "silver"},
		{"the option", tenant, sets(), "acme"},
		{"SetGroup wins over the option", tenant, sets("gold"), "gold"},
		{"a panic in the option", func(*http.Request) string { panic("no tenant") }, sets(), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var event sli.Event
			grouped := availability
			grouped.Groups = sli.Groups{Values: []string{"acme", "gold", "silver"}}
			in, rec := newInstrument(t, &middleware.Options{
				Group: c.early, Done: func(r middleware.Record) { event = r.Event },
			}, grouped)
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Tenant", "acme")
			in.Handler(c.handler).ServeHTTP(httptest.NewRecorder(), r)
			if event.Group != c.want {
				t.Errorf("got group %q, want %q", event.Group, c.want)
			}
			group := c.want
			if group == "" {
				group = "other"
			}
			for _, g := range rec.Report().Indicators[0].Groups {
				if want := g.Name == group; (g.Counts.Valid == 1) != want {
					t.Errorf("group %q has %v", g.Name, g.Counts)
				}
			}
		})
	}
}

// TestSettersWithoutInstrument calls each function on a writer that hides the
// instrument.
func TestSettersWithoutInstrument(t *testing.T) {
	in, _ := newInstrument(t, nil)
	serveOnce(in, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for want, w := range map[bool]http.ResponseWriter{true: w, false: opaque{w}} {
			for name, got := range map[string]bool{
				"SetGroup": middleware.SetGroup(w, "gold"), "SetStream": middleware.SetStream(w), "SetCode": middleware.SetCode(w, "OK"),
			} {
				if got != want {
					t.Errorf("%s: got %t, want %t", name, got, want)
				}
			}
		}
	}))
}

// TestGroupLabel counts requests by tenant, of which only 100 have a label
// value of their own.
func TestGroupLabel(t *testing.T) {
	in, _ := newInstrument(t, &middleware.Options{
		GroupLabel: "tenant", Group: func(r *http.Request) string { return r.URL.Query().Get("tenant") }, OmitBodySizes: true,
	})
	handler := in.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for i := range 300 {
		for _, tenant := range []string{fmt.Sprint("tenant-", i), "tenant-0", "", "other"} {
			handler.ServeHTTP(newStub(), httptest.NewRequest("GET", "/?tenant="+tenant, nil))
		}
	}
	counts := map[string]uint64{}
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(in)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != durationName {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == "tenant" {
					counts[l.GetValue()] += m.GetHistogram().GetSampleCount()
				}
			}
		}
	}
	var sum uint64
	for _, n := range counts {
		sum += n
	}
	if len(counts) > 101 || counts["tenant-0"] != 301 || counts["other"] < 600+200 || sum != 1200 {
		t.Errorf("got %d values, %d of tenant-0, %d others, %d in all", len(counts), counts["tenant-0"], counts["other"], sum)
	}
}

func TestGroupLabelMistakes(t *testing.T) {
	for _, label := range []string{"le", "http_route", "a-b", "__a", "1a"} {
		_, err := middleware.New(nil, &middleware.Options{GroupLabel: label})
		if want := fmt.Sprintf("GroupLabel: invalid label %q: want a name that is not taken", label); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
