package middleware_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// twice is the transport of a proxy that retries a status of 503 twice.
type twice struct{}

func (twice) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	for range 3 {
		if resp != nil {
			_ = resp.Body.Close()
		}
		resp, err = http.DefaultTransport.RoundTrip(r)
		if err != nil || resp.StatusCode != http.StatusServiceUnavailable {
			return resp, err
		}
	}
	return resp, err
}

// TestRetriesOfAProxy shows a row of docs/metrics.md: each try of a proxy is an
// event of the service, and all of them are one event of the caller.
func TestRetriesOfAProxy(t *testing.T) {
	statuses := []string{"2xx", "3xx", "4xx"}
	rec, err := sli.NewRecorder(sli.Indicator{Service: "payments", Name: "served", Good: sli.Condition{Status: statuses}})
	if err != nil {
		t.Fatal(err)
	}
	in, err := middleware.New(rec, nil)
	if err != nil {
		t.Fatal(err)
	}
	payments := httptest.NewServer(in.Handler(answersInTurn(503, 503, 201)))
	defer payments.Close()
	target, err := url.Parse(payments.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: twice{},
	})
	defer proxy.Close()
	calls, err := sli.NewRecorder(sli.Indicator{
		Service: "shop", Name: "called", Requests: []string{"POST //127.0.0.1"}, Good: sli.Condition{Status: statuses},
	})
	if err != nil {
		t.Fatal(err)
	}
	caller, err := middleware.New(calls, nil)
	if err != nil {
		t.Fatal(err)
	}
	if status := charge(context.Background(), &http.Client{Transport: caller.Transport(nil)}, proxy.URL); status != http.StatusCreated {
		t.Fatalf("status %d, want 201", status)
	}
	served, _ := rec.Counts("served")
	called, _ := calls.Counts("called")
	if want := (sli.Counts{Good: 1, Valid: 3}); served != want {
		t.Errorf("the service counts %v, want %v", served, want)
	}
	if want := (sli.Counts{Good: 1, Valid: 1}); called != want {
		t.Errorf("the caller counts %v, want %v", called, want)
	}
}
