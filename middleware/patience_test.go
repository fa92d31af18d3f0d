package middleware_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
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
