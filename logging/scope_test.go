package logging_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/sligo-go/sligo/logging"
)

func TestInnerHandlerSetsTheUserOfTheOuterLine(t *testing.T) {
	h, buf := newHandler(t, nil)
	l := slog.New(h)
	authenticate := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := logging.WithRequest(r.Context(), "abc-123") // a second middleware
			ctx = logging.With(ctx, slog.String("auth", "basic"))
			if !logging.SetUser(ctx, "12345") {
				t.Error("SetUser() = false within a request, want true")
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
	inner := authenticate(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { l.InfoContext(r.Context(), "inner") }))
	access := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := logging.WithRequest(r.Context(), "abc-123")
		inner.ServeHTTP(w, r.WithContext(ctx))
		l.InfoContext(ctx, "access")
	})
	access.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	for line := range strings.Lines(buf.String()) {
		if !strings.Contains(line, `"user_id":"12345","request_id":"abc-123"`) {
			t.Errorf("got %s", line)
		}
	}
	if got := strings.Count(buf.String(), "\n"); got != 2 {
		t.Errorf("%d lines, want 2", got)
	}
}

func TestScopes(t *testing.T) {
	ctx := context.Background()
	if logging.SetUser(ctx, "u") || logging.UserID(ctx) != "" || logging.RequestID(ctx) != "" {
		t.Error("a context without a request has an identity")
	}
	if logging.SetUser(logging.With(ctx, slog.Int("a", 1)), "u") {
		t.Error("SetUser() = true with attributes only, want false")
	}
	one := logging.WithRequest(ctx, "one")
	two := logging.WithRequest(one, "two")
	logging.SetUser(two, "u2")
	if logging.UserID(one) != "" || logging.UserID(two) != "u2" || logging.RequestID(one) != "one" || logging.RequestID(two) != "two" {
		t.Error("two requests share an identity")
	}
	a := logging.With(one, slog.Int("a", 1))
	logging.With(a, slog.Int("b", 2))
	h, buf := newHandler(t, nil)
	slog.New(h).InfoContext(logging.With(a, slog.Int("c", 3)), "m")
	if got := buf.String(); !strings.Contains(got, `"additional_info":{"a":1,"c":3}`) {
		t.Errorf("got %s", got)
	}
}

func TestSetUserConcurrently(t *testing.T) {
	ctx := logging.WithRequest(context.Background(), "r")
	l := slog.New(mustNew(t, io.Discard, nil))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 200 {
				logging.SetUser(ctx, fmt.Sprint(i))
				l.InfoContext(ctx, "m")
			}
		})
	}
	wg.Wait()
}
