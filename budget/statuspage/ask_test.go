package statuspage_test

import (
	"context"
	"log/slog"
	"net/http"
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
	var log strings.Builder
	page := open(t, panicking{}, statuspage.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	defer page.Close()
	if w := get(t, page, "/"); w.Code != http.StatusOK || !strings.Contains(log.String(), "no source") {
		t.Errorf("got %d, log %s", w.Code, log.String())
	}
}
