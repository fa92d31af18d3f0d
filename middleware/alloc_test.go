package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// TestAllocations compares the wrapped mux with the bare one: an instrument costs one allocation.
func TestAllocations(t *testing.T) {
	mux := http.NewServeMux()
	answer := []byte("{}")
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(200)
		_, _ = w.Write(answer)
	})
	fast := sli.Indicator{
		Service: "users", Name: "fast", Kind: sli.Latency, Requests: []string{"GET /users/{userid}"},
		Good: sli.Condition{Within: 100 * time.Millisecond}, Valid: sli.Condition{Status: []string{"!5xx"}},
	}
	s := newStub()
	writers := map[string]http.ResponseWriter{
		"HTTP/1.1": stubFHRN{stubFHR{stubFH{stubF{s}}}},
		"HTTP/2":   stubFPN{stubFP{stubF{s}}},
		"recorder": stubF{s},
		"plain":    s,
		"all":      stubFHRPN{stubFHRP{stubFHR{stubFH{stubF{s}}}}},
	}
	configs := map[string]*middleware.Config{
		"defaults": nil,
		"no sizes": {OmitBodySizes: true},
		"native":   {NativeHistograms: true},
		"done":     {Done: func(*http.Request, sli.Event) {}},
	}
	r := httptest.NewRequest("GET", "/users/lora", nil)
	for writerName, w := range writers {
		bare := testing.AllocsPerRun(1000, func() { mux.ServeHTTP(w, r) })
		for name, config := range configs {
			in, _ := newInstrument(t, config, availability, fast)
			handler := in.Handler(mux)
			if got := testing.AllocsPerRun(1000, func() { handler.ServeHTTP(w, r) }) - bare; got > 1 {
				t.Errorf("%s, %s: got %v allocations over the bare mux, want 1", writerName, name, got)
			}
		}
	}
}
