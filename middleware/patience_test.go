package middleware_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// TestEnvoyTimeout lets a client leave after 0.5 s, which is within the
// Patience of 1 s, but not within the timeout of an Envoy.
func TestEnvoyTimeout(t *testing.T) {
	bad, ignored := sli.Counts{Valid: 1}, sli.Counts{}
	for _, c := range []struct {
		header string
		trust  bool
		want   sli.Counts
	}{
		{"", true, ignored},
		{"200", true, bad},
		{"200", false, ignored},
		{"500", true, ignored}, // exactly at the bound
		{"499", true, bad},
		{"5000", true, ignored},
		{"0", true, ignored},
		{"-200", true, ignored},
		{"soon", true, ignored},
		{"99999999999999999999", true, ignored},
	} {
		synctest.Test(t, func(t *testing.T) {
			in, rec := newInstrument(t, &middleware.Options{TrustEnvoyTimeout: c.trust}, availability)
			ctx, cancel := context.WithCancel(t.Context())
			r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
			if c.header != "" {
				r.Header.Set("x-envoy-expected-rq-timeout-ms", c.header)
			}
			in.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				time.Sleep(500 * time.Millisecond)
				cancel()
			})).ServeHTTP(httptest.NewRecorder(), r)
			if got, _ := rec.Counts("availability"); got != c.want {
				t.Errorf("header %q, trusted %t: got %v, want %v", c.header, c.trust, got, c.want)
			}
		})
	}
}

// TestCanceledInValid lets the definition decide about clients that left.
func TestCanceledInValid(t *testing.T) {
	for presence, want := range map[sli.Presence]sli.Counts{
		"":                  {Valid: 1},
		sli.PresenceExclude: {Valid: 1},
		sli.PresenceInclude: {Good: 1, Valid: 1},
		sli.PresenceOnly:    {Good: 1, Valid: 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			indicator := availability
			indicator.Valid.Canceled = presence
			indicator.Good.Status = []string{"499"}
			in, rec := newInstrument(t, nil, indicator)
			ctx, cancel := context.WithCancel(t.Context())
			in.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				time.Sleep(2 * time.Second)
				cancel()
				tally := rec.Report().Indicators[0]
				waits := presence == sli.PresenceInclude || presence == sli.PresenceOnly
				if waits != (tally.Counts == sli.Counts{}) {
					t.Errorf("%q, in flight: got %v", presence, tally.Counts)
				}
			})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
			if got, _ := rec.Counts("availability"); got != want {
				t.Errorf("%q: got %v, want %v", presence, got, want)
			}
		})
	}
}

// TestWarningsAreLogged looks for one line about an entry that matches nothing.
func TestWarningsAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		indicator := availability
		indicator.Requests = []string{"GET /user/{id}"}
		var buf bytes.Buffer
		in, rec := newInstrument(t, &middleware.Options{Logger: slog.New(slog.NewTextHandler(&buf, nil))}, indicator)
		serveOnce(in, newMux("GET /users/{id}"))
		rec.Report()
		if buf.Len() != 0 {
			t.Errorf("logged at once: %s", buf.String())
		}
		time.Sleep(25 * time.Hour)
		for range 3 {
			rec.Report()
			time.Sleep(time.Second)
		}
		if n := strings.Count(buf.String(), `GET /user/{id}`); n != 1 {
			t.Errorf("logged %d times, want once:\n%s", n, buf.String())
		}
		if !strings.Contains(buf.String(), "level=WARN") {
			t.Errorf("got no warning: %s", buf.String())
		}
	})
}

// TestImpatientIndicatorsAreLogged compares the default Patience of 1 s with
// the durations of a route.
func TestImpatientIndicatorsAreLogged(t *testing.T) {
	const want = `the Patience of 1s is below 2.485s, the 99th percentile of \"GET /report\"`
	patient := availability
	patient.Name, patient.Patience = "patient", 3*time.Second
	for name, c := range map[string]struct {
		fast, slow, slowest, left int // requests
		want                      int
		wantInADay                int
	}{
		"slow":                {0, 1000, 0, 0, 1, 1},
		"2 in 100":            {2000, 40, 0, 0, 1, 1},
		"1 in 100":            {1980, 20, 0, 0, 0, 0},
		"too few":             {0, 999, 0, 0, 0, 1},
		"too few in a day":    {0, 99, 0, 0, 0, 0},
		"clients that left":   {999, 0, 0, 1000, 0, 0},
		"answered and others": {0, 1000, 0, 1000, 1, 1},
		"above all bounds":    {0, 0, 1000, 0, 2, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			var buf bytes.Buffer
			in, rec := newInstrument(t, &middleware.Options{Logger: slog.New(slog.NewTextHandler(&buf, nil))}, availability, patient)
			handler := func(took time.Duration) http.Handler {
				mux := http.NewServeMux()
				mux.Handle("GET /report", after(took, ok))
				return in.Handler(mux)
			}
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			serve := func(ctx context.Context, n int, took time.Duration) {
				var all sync.WaitGroup
				for range n {
					all.Go(func() {
						handler(took).ServeHTTP(newStub(), httptest.NewRequestWithContext(ctx, "GET", "/report", nil))
					})
				}
				all.Wait()
			}
			serve(t.Context(), c.fast, 10*time.Millisecond)
			serve(t.Context(), c.slow, 2*time.Second)
			serve(t.Context(), c.slowest, 20*time.Second)
			serve(gone, c.left, 2*time.Second)
			rec.Report()
			if strings.Contains(buf.String(), "percentile") {
				t.Errorf("%s: logged at once: %s", name, &buf)
			}
			for range 3 {
				time.Sleep(10 * time.Minute)
				rec.Report()
			}
			if got := strings.Count(buf.String(), "percentile"); got != c.want {
				t.Errorf("%s: got %d warnings, want %d:\n%s", name, got, c.want, &buf)
			}
			time.Sleep(24 * time.Hour)
			rec.Report()
			if got := strings.Count(buf.String(), "percentile"); got != c.wantInADay {
				t.Errorf("%s: got %d warnings in a day, want %d:\n%s", name, got, c.wantInADay, &buf)
			}
			if name == "slow" && !strings.Contains(buf.String(), want) {
				t.Errorf("got %s, want %s", &buf, want)
			}
		})
	}
}

// TestReadingPausesTheClock reads a body for longer than the bound.
func TestReadingPausesTheClock(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    sli.Counts
	}{
		"reads only":           {reads, sli.Counts{}},
		"reads, then works":    {func(w http.ResponseWriter, r *http.Request) { reads(w, r); time.Sleep(2 * time.Second) }, sli.Counts{}},
		"works, then reads":    {after(2*time.Second, reads), sli.Counts{Valid: 1}},
		"works before and on":  {after(600*time.Millisecond, func(_ http.ResponseWriter, r *http.Request) { readAll(r); time.Sleep(600 * time.Millisecond) }), sli.Counts{Valid: 1}},
		"works less than that": {after(400*time.Millisecond, func(_ http.ResponseWriter, r *http.Request) { readAll(r); time.Sleep(400 * time.Millisecond) }), sli.Counts{}},
	} {
		synctest.Test(t, func(t *testing.T) {
			in, rec := newInstrument(t, nil, availability)
			ctx, cancel := context.WithCancel(t.Context())
			r := httptest.NewRequestWithContext(ctx, "POST", "/", slowReader{cancel})
			in.Handler(c.handler).ServeHTTP(httptest.NewRecorder(), r)
			if got, _ := rec.Counts("availability"); got != c.want {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		})
	}
}

// slowReader is the body of a client that sends nothing for 5 s, and then
// disconnects.
type slowReader struct{ disconnect func() }

func (b slowReader) Read([]byte) (int, error) {
	time.Sleep(5 * time.Second)
	b.disconnect()
	return 0, context.Canceled
}

func readAll(r *http.Request) { reads(httptest.NewRecorder(), r) }
