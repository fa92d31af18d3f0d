package e2e_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

// burnRules pages if the bad share of a short window is 14.4 times the budget
// of 99.95 %. It divides only if there is traffic.
const burnRules = `
groups:
- name: users
  rules:
  - alert: UsersBurn
    expr: |
      (increase(sli_valid_events_total{sli="availability"}[10s]) - increase(sli_good_events_total{sli="availability"}[10s]))
        / (increase(sli_valid_events_total{sli="availability"}[10s]) > 0)
        > 14.4 * 0.0005
`

// TestPageFiresDuringAHang runs a service whose handlers hang while its clients
// give up after 0.3 s. A real Prometheus must page during the hang, and the
// page must not resolve before the hang ends, although no handler returns.
func TestPageFiresDuringAHang(t *testing.T) {
	t.Parallel()
	s := startHangingService(t)
	prom := startPrometheus(t, strings.TrimPrefix(s.URL, "http://"), burnRules)
	firing := func() bool {
		return prom.query(t, `ALERTS{alertname="UsersBurn",alertstate="firing"}`, "alertname")["UsersBurn"] == 1
	}

	eventually(t, func() error {
		if prom.query(t, `floor(increase(sli_good_events_total[10s]))`, "sli")["availability"] < 20 {
			return errors.New("Prometheus has not seen the healthy service yet")
		}
		return nil
	})
	eventually(t, func() error { // a busy machine may keep a client waiting once
		if firing() {
			return errors.New("the page fires while the service is healthy")
		}
		return nil
	})

	s.hangs.Store(true)
	eventually(t, func() error {
		if !firing() {
			return errors.New("the page does not fire while the service hangs")
		}
		return nil
	})
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
		if !firing() {
			t.Fatal("the page resolved while the service hangs")
		}
	}
	if s.returned.Load() {
		t.Error("a handler returned during the hang")
	}
}

// hangingService serves GET /users/{userid}. While hangs is true, its handlers
// hang until the test ends, even if the client disconnects.
type hangingService struct {
	*httptest.Server
	hangs    atomic.Bool
	returned atomic.Bool // a hanging handler returned
}

func startHangingService(t *testing.T) *hangingService {
	t.Helper()
	recorder, err := sli.NewRecorder(sli.Indicator{
		Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}"},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	instrument, err := middleware.New(recorder, nil)
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(sliprom.NewCollector(recorder), instrument)

	s := &hangingService{}
	ended := make(chan struct{})
	api := http.NewServeMux()
	api.HandleFunc("GET /users/{userid}", func(http.ResponseWriter, *http.Request) {
		if s.hangs.Load() {
			<-ended
			s.returned.Store(true)
		}
	})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("/", instrument.Handler(api))
	s.Server = httptest.NewServer(mux)

	stop := make(chan struct{})
	go s.callers(stop)
	t.Cleanup(func() {
		close(stop)
		close(ended)
		s.Close()
	})
	return s
}

// callers sends 20 requests a second, whose clients give up after 0.3 s.
func (s *hangingService) callers(stop <-chan struct{}) {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
			go s.call()
		}
	}
}

func (s *hangingService) call() {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/users/Lora", nil)
	if err != nil {
		return
	}
	if resp, err := http.DefaultClient.Do(r); err == nil {
		_ = resp.Body.Close()
	}
}
