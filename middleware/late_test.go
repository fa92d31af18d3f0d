package middleware_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/middleware"
)

// answersLater answers with a status when its handler has returned, as routers
// do that answer errors themselves.
func answersLater(status int, in *middleware.Instrument, handler http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var inner http.ResponseWriter
		in.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			inner = w
			handler(w, r)
		})).ServeHTTP(w, r)
		inner.WriteHeader(status)
	})
}

func TestLateResponsesAreLoggedOnce(t *testing.T) {
	nothing := func(http.ResponseWriter, *http.Request) {}
	for _, c := range []struct {
		name    string
		status  int
		handler http.HandlerFunc
		want    int // warnings
	}{
		{"an error", 500, nothing, 1},
		{"an error of the client", 404, nothing, 1},
		{"200 was counted", 200, nothing, 0},
		{"the handler answered before", 500, ok, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			in, _ := newInstrument(t, &middleware.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			for range 3 {
				answersLater(c.status, in, c.handler).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			}
			if got := strings.Count(log.String(), "level=WARN"); got != c.want {
				t.Errorf("got %d warnings, want %d:\n%s", got, c.want, &log)
			}
		})
	}
}

// TestLateResponseWithoutLogger serves the response all the same.
func TestLateResponseWithoutLogger(t *testing.T) {
	in, _ := newInstrument(t, nil)
	w := httptest.NewRecorder()
	answersLater(500, in, func(http.ResponseWriter, *http.Request) {}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 {
		t.Errorf("got %d, want 500", w.Code)
	}
}
