package sligo_test

import (
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// shopping are objectives of every kind that the metrics can judge.
func shopping() []slo.Objective {
	promise := func(name string, good sli.Condition, requests ...string) slo.Objective {
		return slo.Objective{
			Indicator: sli.Indicator{Service: "shop", Name: name, Requests: requests, Good: good},
			Target:    slo.MustParseTarget("99%"), Window: slo.MustParseWindow("30d"),
		}
	}
	answered := sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}
	fast := answered
	fast.Within = 130 * time.Millisecond
	all := []slo.Objective{
		promise("availability", answered, "GET /products/{id}", "GET /search"),
		promise("latency", fast, "GET /products/{id}", "GET /search"),
		promise("everything", answered),
		promise("imports", sli.Condition{Failed: sli.PresenceExclude}, "import prices"),
		promise("found", sli.Condition{Status: []string{"2xx"}}, "GET /products/{id}"),
		promise("impatient", answered, "GET /search"),
	}
	all[4].Indicator.Valid.Status = []string{"2xx", "404"}
	all[5].Indicator.Patience = -1
	return all
}

// disturbed answers after a time with a status, panics, or waits for the end of
// the request, as the query says.
func disturbed() http.Handler {
	handle := func(w http.ResponseWriter, r *http.Request) {
		d, _ := time.ParseDuration(r.FormValue("after"))
		select {
		case <-time.After(d):
		case <-r.Context().Done():
			return
		}
		switch status := r.FormValue("status"); status {
		case "":
		case "panic":
			panic("disturbed")
		case "abort":
			panic(http.ErrAbortHandler)
		default:
			w.WriteHeader(map[string]int{"404": 404, "500": 500, "503": 503}[status])
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /products/{id}", handle)
	mux.HandleFunc("GET /search", handle)
	mux.HandleFunc("GET /other", handle)
	return mux
}

// TestRoutesAddUp sends random requests of every outcome, and runs jobs. The
// routes on the page, which come from the metrics, add up to the counts of the
// recorder, which judged each event.
func TestRoutesAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit, err := start(t, shopping(), sligo.Options{LogTo: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		pick := func(all ...string) string { return all[rng.IntN(len(all))] }
		h := kit.Handler(disturbed())
		for range 2000 {
			path := pick("/products/7", "/search", "/other", "/nowhere")
			query := "?after=" + (time.Duration(rng.IntN(260)) * time.Millisecond).String() + "&status=" + pick("", "", "404", "500", "503", "panic", "abort")
			ctx, cancel := context.WithCancel(context.Background())
			if rng.IntN(4) == 0 {
				query = "?after=10s"
				time.AfterFunc(time.Duration(rng.IntN(1500))*time.Millisecond, cancel)
			}
			serve(h, httptest.NewRequest(http.MethodGet, path+query, nil).WithContext(ctx))
			cancel()
		}
		for range 50 {
			_ = kit.Instrument.Do(context.Background(), "import prices", func(context.Context) error {
				if rng.IntN(3) == 0 {
					return errors.New("no prices")
				}
				return nil
			})
		}
		time.Sleep(2 * time.Second)
		for _, o := range shopping() {
			var sum sli.Counts
			for _, r := range kit.Routes(o) {
				sum = sum.Add(r.Counts)
			}
			want, _ := kit.Recorder.Counts(o.Indicator.Name)
			if sum != want || want.Good == 0 || want.Bad() == 0 {
				t.Errorf("%s: the routes have %v, the recorder has %v", o.ID(), sum, want)
			}
		}
	})
}

// serve serves a request, as a server does with a handler that panics.
func serve(h http.Handler, r *http.Request) {
	defer func() { _ = recover() }()
	h.ServeHTTP(httptest.NewRecorder(), r)
}

// TestLatency serves requests that take 1, 2, … 250 ms.
func TestLatency(t *testing.T) {
	for name, native := range map[string]bool{"classic": false, "native": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kit, err := start(t, shopping(), sligo.Options{
					LogTo: io.Discard, Middleware: middleware.Options{NativeHistograms: native},
				})
				if err != nil {
					t.Fatal(err)
				}
				latency := shopping()[1]
				if _, ok := kit.Latency(latency); ok {
					t.Error("percentiles without requests")
				}
				time.Sleep(2 * time.Second)
				h := kit.Handler(disturbed())
				for i := range 250 {
					after := time.Duration(i+1) * time.Millisecond
					serve(h, httptest.NewRequest(http.MethodGet, "/search?after="+after.String(), nil))
				}
				time.Sleep(2 * time.Second)
				got, ok := kit.Latency(latency)
				if !ok {
					t.Fatal("no percentiles")
				}
				for _, p := range []struct {
					name      string
					got, want time.Duration
				}{{"p50", got.P50, 125}, {"p95", got.P95, 238}, {"p99", got.P99, 248}} {
					// The durations fill each bucket evenly.
					if ms := p.got.Seconds() * 1000; math.Abs(ms-float64(p.want)) > 1 {
						t.Errorf("%s is %v, want about %dms", p.name, p.got, p.want)
					}
				}
			})
		})
	}
}

// TestRouteHasTheTraceOfABadRequest serves good, slow and failed requests. The
// access log has their traces.
func TestRouteHasTheTraceOfABadRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log lines
		kit, err := start(t, shopping(), sligo.Options{LogTo: &log})
		if err != nil {
			t.Fatal(err)
		}
		h := kit.Handler(disturbed())
		availability, latency := shopping()[0], shopping()[1]
		wants := map[string]string{} // the last trace by query
		for range 2 {
			for _, query := range []string{"?status=503", "?after=200ms", ""} {
				serve(h, httptest.NewRequest(http.MethodGet, "/search"+query, nil))
				all := strings.Split(log.String(), `"trace_id":"`)
				wants[query], _, _ = strings.Cut(all[len(all)-1], `"`)
				time.Sleep(2 * time.Second) // a bucket takes an exemplar a second
			}
		}
		if got, want := kit.Routes(availability)[0].TraceID, wants["?status=503"]; got != want || len(want) != 32 {
			t.Errorf("a failed request: trace %q, want %q", got, want)
		}
		if got, want := kit.Routes(latency)[0].TraceID, wants["?after=200ms"]; got != want {
			t.Errorf("a slow request: trace %q, want %q", got, want)
		}
	})
}

// fullDisk is a log that takes no line.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestPageShowsTheSignals checks that the page of two kits has the routes, the
// errors and the losses of both.
func TestPageShowsTheSignals(t *testing.T) {
	shop, err := start(t, shopping(), sligo.Options{LogTo: fullDisk{}})
	if err != nil {
		t.Fatal(err)
	}
	other := mustStart(t, sligo.Options{LogTo: io.Discard})
	for range 3 {
		serve(shop.Handler(disturbed()), httptest.NewRequest(http.MethodGet, "/search?status=503", nil))
	}
	get(other.Handler(api()), "/users/nobody")
	shop.Log.Error("cannot search", "error", errors.New("index is <locked>"))
	page, err := sligo.StatusPage(&statuspage.Options{Title: "Shop & users", TraceURL: "https://jaeger.example/trace/{trace_id}"}, shop, other)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	for path, wants := range map[string][]string{
		"/":                     {"shop/availability", "users/availability", "shop log lines", "users log lines", "0 spans, 4 log lines", "Shop &amp; users"},
		"/shop/availability":    {"GET /search", "index is &lt;locked&gt;", "p95", `href="https://jaeger.example/trace/`},
		"/users/availability":   {"GET /users/{userid}"},
		"/overview.txt":         {"shop/latency", "releases of users"},
		"/journey/none":         nil,
		"/shop/latency?lang=ko": {"GET /search"},
	} {
		_, text := get(page, path)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
	}
	if _, text := get(page, "/users/availability"); strings.Contains(text, "locked") {
		t.Error("the sheet of users has an error of the shop")
	}
	_, err = sligo.StatusPage(&statuspage.Options{Lang: "fr"}, shop, nil)
	if diff := cmp.Diff([]string{"Options.Lang", "kits[1]"}, paths(err)); diff != "" {
		t.Errorf("paths of the mistakes (-want +got):\n%s", diff)
	}
}
