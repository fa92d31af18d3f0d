package logissue_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/logging/logissue"
)

func TestPage(t *testing.T) {
	tracker := newTracker(t, nil)
	tracker.Add(errors.New(`<script>alert("x")</script> token=abc123`), "m", time.Unix(0, 0))
	get := func(method, target, accept string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, target, nil)
		r.Header.Set("Accept", accept)
		tracker.Page().ServeHTTP(w, r)
		return w
	}
	html := get("GET", "/issues", "text/html")
	body := html.Body.String()
	if strings.Contains(body, "<script>") || strings.Contains(body, "abc123") {
		t.Errorf("the page contains a script or a secret: %s", body)
	}
	if !strings.Contains(body, "Issues: 1. Errors: 1.") {
		t.Errorf("the page does not count one error: %s", body)
	}
	for _, w := range []*httptest.ResponseRecorder{get("GET", "/issues", "application/json"), get("GET", "/issues?format=json", "")} {
		var s logissue.Summary
		if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || s.Total != 1 || len(s.Issues) != 1 {
			t.Errorf("got %s (%v), want a summary of one error", w.Body, err)
		}
	}
	if w := get("POST", "/issues", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: got status %d, want 405", w.Code)
	}
}
