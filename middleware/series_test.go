package middleware_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/middleware"
)

// TestEqualLabels checks that no two series have the same labels, for which a
// registry fails the whole scrape.
func TestEqualLabels(t *testing.T) {
	in, _ := newInstrument(t, &middleware.Options{
		GroupLabel: "tenant",
		Group:      func(r *http.Request) string { return r.Header.Get("Tenant") },
		Client:     &middleware.ClientOptions{Hosts: []string{"payments", "payments:80", "other"}},
	})
	messages, err := in.NewFamily(middleware.FamilyOptions{Name: "messages_seconds", Help: "Messages.", Labels: []string{"topic"}, Streams: "message_streams"})
	if err != nil {
		t.Fatal(err)
	}
	begin := func(info middleware.CallInfo) { in.Begin(t.Context(), info).End(middleware.Result{}) }
	for name, use := range map[string]func(){
		"labels of two operations": func() {
			begin(middleware.CallInfo{Operation: "process orders", Family: messages, Labels: []string{"orders"}})
			begin(middleware.CallInfo{Operation: "publish orders", Family: messages, Labels: []string{"orders"}})
			begin(middleware.CallInfo{Operation: "read orders", Family: messages, Labels: []string{"orders"}, Stream: true})
			begin(middleware.CallInfo{Operation: "tail orders", Family: messages, Labels: []string{"orders"}, Stream: true})
		},
		"an operation of two kinds": func() {
			begin(middleware.CallInfo{Operation: "import", Kind: trace.SpanKindServer})
			begin(middleware.CallInfo{Operation: "import", Kind: trace.SpanKindClient})
		},
		"operations that are no UTF-8": func() {
			begin(middleware.CallInfo{Operation: "a\xff"})
			begin(middleware.CallInfo{Operation: "a\xfe"})
		},
		"groups that are no UTF-8": func() {
			for _, tenant := range []string{"a\xff", "a\xfe", "other", ""} {
				r := httptest.NewRequest("GET", "/", nil)
				r.Header.Set("Tenant", tenant)
				in.Handler(http.NewServeMux()).ServeHTTP(httptest.NewRecorder(), r)
			}
		},
		"templates and hosts": func() {
			transport := in.Transport(roundTripper(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
			}))
			for _, template := range []string{"/a\xff", "/a\xfe", "", "/overflow"} {
				for _, url := range []string{"http://payments/", "http://payments:80/", "http://PAYMENTS./", "https://payments:80", "http://else/", "http://other:17/"} {
					r, _ := http.NewRequestWithContext(middleware.WithURLTemplate(context.Background(), template), "GET", url, nil)
					resp, _ := transport.RoundTrip(r)
					_ = resp.Body.Close()
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			use()
			reg := prometheus.NewPedanticRegistry()
			reg.MustRegister(in, messages)
			if _, err := reg.Gather(); err != nil {
				t.Error(err)
			}
		})
	}
}
