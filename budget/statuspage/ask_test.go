package statuspage_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/slo"
)

// TestOptionsThatPanic shows that functions that panic take neither a page nor
// a stream away, and are logged once each.
func TestOptionsThatPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		page := open(t, healthyShop(), statuspage.Options{
			Ledger:    func() ledger.Ledger { panic("no ledger") },
			Routes:    func(slo.Objective) []statuspage.Route { panic("no routes") },
			Errors:    func(slo.Objective) []statuspage.ErrorGroup { panic("no errors") },
			Lost:      func() (spans, lines uint64) { panic("no losses") },
			Telemetry: func() []statuspage.Fact { panic("no facts") },
			Logger:    slog.New(slog.NewTextHandler(&log, nil)),
		})
		defer page.Close()
		overview, sheet := get(t, page, "/"), get(t, page, "/payments/availability")
		if overview.Code != http.StatusOK || sheet.Code != http.StatusOK || strings.Contains(overview.Body.String(), "0 spans") {
			t.Errorf("overview %d, sheet %d: %s", overview.Code, sheet.Code, overview.Body)
		}
		w := watch(page, "", "")
		time.Sleep(5 * time.Second)
		w.cancel()
		<-w.done
		for _, want := range []string{"no ledger", "no routes", "no errors", "no losses", "no facts"} {
			if n := strings.Count(log.String(), want); n != 1 {
				t.Errorf("%q is in %d lines:\n%s", want, n, log.String())
			}
		}
	})
}

// panicking is a source that panics.
type panicking struct{}

func (panicking) Read(context.Context) (status.Reading, error) { panic("no source") }

func TestSourceThatPanics(t *testing.T) {
	for name, source := range map[string]statuspage.Source{
		"alone": panicking{}, "joined": statuspage.Join(healthyShop(), panicking{}),
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			page := open(t, source, statuspage.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			defer page.Close()
			if w := get(t, page, "/"); w.Code != http.StatusOK || !strings.Contains(log.String(), "no source") {
				t.Errorf("got %d, log %s", w.Code, log.String())
			}
		})
	}
}

// leaving is a source that ends the goroutine of its first reading.
type leaving struct {
	service
	left bool
}

func (s *leaving) Read(ctx context.Context) (status.Reading, error) {
	if !s.left {
		s.left = true
		runtime.Goexit()
	}
	return s.service.Read(ctx)
}

func TestSourceThatEndsItsGoroutine(t *testing.T) {
	for name, around := range map[string]func(statuspage.Source) statuspage.Source{
		"alone":  func(s statuspage.Source) statuspage.Source { return s },
		"joined": func(s statuspage.Source) statuspage.Source { return statuspage.Join(healthyShop(), s) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log strings.Builder
				page := open(t, around(&leaving{service: service{promises: manyPromises(1)}}), statuspage.Options{
					Logger: slog.New(slog.NewTextHandler(&log, nil)),
				})
				defer page.Close()
				if body := get(t, page, "/").Body.String(); !strings.Contains(body, "There are no figures yet") {
					t.Errorf("first: %s", body)
				}
				if !strings.Contains(log.String(), "the source ended without a reading") {
					t.Errorf("log %q", log.String())
				}
				time.Sleep(5 * time.Second)
				if body := get(t, page, "/").Body.String(); !strings.Contains(body, "users/availability") {
					t.Errorf("then: %s", body)
				}
			})
		})
	}
}

// TestWindowThatHasJustBegun shows the page in the first moment of a month.
func TestWindowThatHasJustBegun(t *testing.T) {
	r := shop()
	r.At = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for i := range r.Objectives {
		r.Objectives[i].Objective.Window = slo.MustParseWindow("month")
	}
	page := open(t, source(r), statuspage.Options{})
	defer page.Close()
	for _, path := range []string{"/", "/" + r.Objectives[0].ID()} {
		if body := get(t, page, path).Body.String(); strings.Contains(body, "NaN") || strings.Contains(body, "Inf") {
			t.Errorf("%s shows no number: %s", path, body)
		}
	}
}

// deaf is a source that ignores its context until it is released.
type deaf struct {
	Source statuspage.Source
	gate   chan struct{} // closed when the source answers
}

func (h *deaf) Read(ctx context.Context) (status.Reading, error) {
	<-h.gate
	return h.Source.Read(ctx)
}

// timed returns an answer and the time that it took.
func timed(t *testing.T, page http.Handler, path string) (*httptest.ResponseRecorder, time.Duration) {
	t.Helper()
	start := time.Now()
	return get(t, page, path), time.Since(start)
}

// TestSourceThatHangs checks that no page waits for ever for a source that
// ignores its context, that the pages say it, and that the help does not wait.
func TestSourceThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		source := &deaf{Source: healthyShop(), gate: make(chan struct{})}
		page := open(t, source, statuspage.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		defer page.Close()
		const noFigures = "There are no figures yet: the source does not answer."
		if w, took := timed(t, page, "/"); took > 15*time.Second || !strings.Contains(w.Body.String(), noFigures) {
			t.Errorf("overview: %v, %s", took, w.Body)
		}
		for path, code := range map[string]int{
			"/": 200, "/?view=wall": 200, "/overview.json": 200, "/overview.txt": 200, "/help": 200,
			"/payments/availability": 503, "/journey/browse": 503, "/payments/availability.json": 503, "/events": 503,
		} {
			w, took := timed(t, page, path)
			if took > 0 || w.Code != code || (code == 503) != (w.Header().Get("Retry-After") != "") {
				t.Errorf("%s: %d after %v, %v", path, w.Code, took, w.Header())
			}
			if text := w.Body.String(); strings.Contains(text, "</html>") && path != "/help" &&
				(!strings.Contains(text, noFigures) || !strings.Contains(text, `<meta http-equiv="refresh" content="5">`)) {
				t.Errorf("%s: %s", path, text)
			}
		}
		if n := strings.Count(log.String(), "the source failed"); n != 1 {
			t.Errorf("%d warnings:\n%s", n, log.String())
		}

		close(source.gate)
		synctest.Wait()
		w, took := timed(t, page, "/payments/availability")
		if took > 0 || w.Code != http.StatusOK || strings.Contains(w.Body.String(), noFigures) {
			t.Errorf("after the answer: %d after %v", w.Code, took)
		}

		// Later on, the last figures stay, with their time.
		source.gate = make(chan struct{})
		defer close(source.gate)
		time.Sleep(time.Second)
		for i := range 3 {
			w, took := timed(t, page, "/payments/availability")
			if took > 15*time.Second || i > 0 && took > 0 || w.Code != http.StatusOK || !strings.Contains(w.Body.String(), ": the source does not answer.") {
				t.Errorf("with old figures: %d after %v", w.Code, took)
			}
		}
	})
}

// TestHelpDoesNotWait shows the help of a source that has never answered.
func TestHelpDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := open(t, &deaf{Source: healthyShop(), gate: make(chan struct{})}, statuspage.Options{})
		defer page.Close()
		w, took := timed(t, page, "/help")
		if text := w.Body.String(); took > 0 || w.Code != http.StatusOK || strings.Contains(text, "Live") || strings.Contains(text, `class="stale"`) {
			t.Errorf("%d after %v: %s", w.Code, took, text)
		}
	})
}

// failing is a source that is down: it ends with its context.
type failing struct{}

func (failing) Read(ctx context.Context) (status.Reading, error) {
	<-ctx.Done()
	return status.Reading{}, ctx.Err()
}

// TestSourceThatIsDown checks that pages do not wait for the timeout of a
// source again and again.
func TestSourceThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := open(t, failing{}, statuspage.Options{})
		defer page.Close()
		get(t, page, "/")
		for range 5 {
			time.Sleep(2 * time.Second)
			if _, took := timed(t, page, "/"); took > time.Second {
				t.Errorf("a page took %v", took)
			}
		}
		time.Sleep(time.Minute) // the last reading ends
	})
}
