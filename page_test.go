package sligo_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
)

func TestPageOfTheZeroOptions(t *testing.T) {
	kit := mustStart(t, sligo.Options{LogTo: io.Discard})
	get(kit.Handler(api()), "/users/nobody")
	code, text := get(kit.Admin(), "/slo/overview.txt")
	if want := "users/availability: too early to tell, 0 %, promised 99.95 % over 30 d"; code != http.StatusOK || !strings.Contains(text, want) {
		t.Errorf("status %d, %q, want %q", code, text, want)
	}
	if code, text := get(kit.Admin(), "/slo/"); code != http.StatusOK || !strings.Contains(text, " · users</title>") {
		t.Errorf("status %d, and no title with the service:\n%.500s", code, text)
	}
	if code, _ := get(kit.Admin(), "/slo/users/availability"); code != http.StatusOK {
		t.Errorf("the sheet has status %d", code)
	}
}

// absolute is a link that does not depend on the place of the page.
var absolute = regexp.MustCompile(`(?:href|src|action|data-events)="(?:/|\w+:)`)

// The page works below any prefix that the program chooses for Admin, and a
// path cannot lead a browser to another host.
func TestPageBelowAPrefix(t *testing.T) {
	kit := mustStart(t, sligo.Options{LogTo: io.Discard})
	for _, prefix := range []string{"", "/users", "/a%20b/%E2%80%AE", "//evil.example", "/%3Cscript%3E", "/.well-known/x"} {
		admin := http.StripPrefix(mustUnescape(t, prefix), kit.Admin())
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://admin.example"+prefix+"/slo", nil)
		admin.ServeHTTP(w, r)
		to, err := r.URL.Parse(w.Header().Get("Location"))
		if err != nil || w.Code != http.StatusMovedPermanently || to.String() != "http://admin.example"+prefix+"/slo/" {
			t.Errorf("%s/slo: status %d, leads to %v, %v", prefix, w.Code, to, err)
			continue
		}
		w = httptest.NewRecorder()
		admin.ServeHTTP(w, httptest.NewRequest(http.MethodGet, to.String(), nil))
		if body := w.Body.String(); w.Code != http.StatusOK || absolute.MatchString(body) {
			t.Errorf("%s: status %d, or an absolute link:\n%.300s", to, w.Code, body)
		}
	}
}

func mustUnescape(t *testing.T, path string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://admin.example"+path+"/", nil)
	return strings.TrimSuffix(r.URL.Path, "/")
}

func TestPageOptions(t *testing.T) {
	o := statuspage.Options{
		Title: "Shop", Lang: "fr", TraceURL: "jaeger", MaxViewers: -1,
		Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") != "" },
	}
	kit, err := start(t, users(), sligo.Options{LogTo: io.Discard, Page: o})
	if diff := cmp.Diff([]string{"Options.Page.Lang", "Options.Page.MaxViewers", "Options.Page.TraceURL"}, paths(err)); diff != "" {
		t.Errorf("paths of the mistakes (-want +got):\n%s", diff)
	}
	if code, _ := get(kit.Admin(), "/slo/"); code != http.StatusForbidden {
		t.Errorf("a mistake opens the page: status %d", code)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/slo/", nil)
	r.Header.Set("Authorization", "Bearer a")
	kit.Admin().ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), " · Shop</title>") {
		t.Errorf("with authorization: status %d:\n%.500s", w.Code, w.Body)
	}
}

// The counts of two processes are known together, and the time between them is
// not.
func TestSnapshotAcrossARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	synctest.Test(t, func(t *testing.T) {
		options := sligo.Options{LogTo: io.Discard, Snapshot: path}
		first := mustStart(t, options)
		for range 12 {
			first.Recorder.Add("availability", sli.Counts{Good: 99, Valid: 100})
			time.Sleep(10 * time.Minute)
		}
		// The last event is after the last reading.
		first.Recorder.Add("availability", sli.Counts{Good: 1, Valid: 1})
		if err := first.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		second := mustStart(t, options)
		time.Sleep(30 * time.Minute)
		b := second.Status().Objectives[0].Budget
		if got, want := b.Counts(), (sli.Counts{Good: 1189, Valid: 1201}); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
		// A Tracker knows whole cells of a window of 60 days.
		if known := b.Coverage().Known; known > 150*time.Minute || known < 2*time.Hour {
			t.Errorf("known for %v, want the 2h30m of two processes", known)
		}
		if text := second.String(); !strings.Contains(text, "\nsnapshot:   "+path+" (config)\n") {
			t.Errorf("settings\n%s", text)
		}
		_ = second.Shutdown(context.Background())
	})
}

func TestDamagedSnapshotIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log lines
	kit := mustStart(t, sligo.Options{LogTo: &log, Snapshot: path})
	if text := log.String(); !strings.Contains(text, `"level":"WARN"`) || !strings.Contains(text, "cannot read the snapshot") {
		t.Errorf("no warning about the file:\n%s", text)
	}
	if damaged, err := os.ReadFile(path + ".bad"); err != nil || string(damaged) != "nonsense" {
		t.Errorf("the damaged file is %q, %v", damaged, err)
	}
	if got := kit.Status().Objectives[0].State; got != status.StateNoData {
		t.Errorf("state %q", got)
	}
}

// The kit's own ledger tells the page and the budgets what is planned.
func TestLedgerOfTheKit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now().Add(30 * time.Second)
		books := ledger.Ledger{
			Entries: []ledger.Entry{{Kind: ledger.KindMaintenance, Name: "users database", Start: start, End: start.Add(time.Minute)}},
			Exclude: []ledger.Kind{ledger.KindMaintenance},
		}
		kit := mustStart(t, sligo.Options{LogTo: io.Discard, Page: statuspage.Options{Ledger: func() ledger.Ledger { return books }}})
		page, err := sligo.StatusPage(nil, kit)
		if err != nil {
			t.Fatal(err)
		}
		kit.Recorder.Add("availability", sli.Counts{Good: 9, Valid: 10})
		time.Sleep(40 * time.Second)
		kit.Recorder.Add("availability", sli.Counts{Valid: 100})
		_, own := get(kit.Admin(), "/slo/")
		_, joined := get(page, "/")
		for name, text := range map[string]string{"the kit's page": own, "StatusPage": joined} {
			if !strings.Contains(text, "users database</bdi>: does not spend the budget") {
				t.Errorf("%s does not announce the maintenance", name)
			}
		}
		time.Sleep(time.Minute)
		if got, want := kit.Status().Objectives[0].Budget.Counts(), (sli.Counts{Good: 9, Valid: 10}); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
		_ = kit.Shutdown(context.Background())
	})
}

// An error of a request leads to its trace.
func TestErrorsOfThePage(t *testing.T) {
	kit := mustStart(t, sligo.Options{LogTo: io.Discard, Page: statuspage.Options{TraceURL: "https://jaeger.example/trace/{trace_id}"}})
	get(kit.Handler(api()), "/users/nobody")
	_, text := get(kit.Admin(), "/slo/users/availability")
	row := regexp.MustCompile(`(?s)<section[^>]* id="errors">.*?</section>`).FindString(text)
	if !regexp.MustCompile(`<td class="t"><bdi>503</bdi></td>`).MatchString(row) || !regexp.MustCompile(`href="https://jaeger\.example/trace/[0-9a-f]{32}"`).MatchString(row) {
		t.Errorf("no status, or no link to the trace:\n%s", row)
	}
}
