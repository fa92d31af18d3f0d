package sligo_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sligo-go/sligo"
)

// Several services in one process have a kit each, and one page of metrics. A
// label tells their series apart, and the Go runtime is on the page once.
func ExampleOptions_registry() {
	page := prometheus.NewRegistry()
	page.MustRegister(collectors.NewGoCollector())
	for _, service := range []string{"orders", "users"} {
		kit, err := sligo.Start(nil, &sligo.Options{
			Service: service, Admin: "-", Registry: prometheus.NewRegistry(),
			LogTo: io.Discard, LookupEnv: noEnv,
		})
		if err != nil {
			log.Fatal(err)
		}
		defer func() { _ = kit.Shutdown(context.Background()) }()
		prometheus.WrapRegistererWith(prometheus.Labels{"service_name": service}, page).MustRegister(kit.Registry)
		kit.Handler(http.NewServeMux()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}
	metrics := httptest.NewRecorder()
	promhttp.HandlerFor(page, promhttp.HandlerOpts{}).ServeHTTP(metrics, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(metrics.Body.String()) {
		if strings.HasPrefix(line, "http_server_active_requests") || strings.HasPrefix(line, "tracing_enabled") {
			fmt.Print(line)
		}
	}
	fmt.Println("go_goroutines:", strings.Count(metrics.Body.String(), "\ngo_goroutines "))
	// Output:
	// http_server_active_requests{http_request_method="GET",service_name="orders",url_scheme="http"} 0
	// http_server_active_requests{http_request_method="GET",service_name="users",url_scheme="http"} 0
	// tracing_enabled{service_name="orders"} 0
	// tracing_enabled{service_name="users"} 0
	// go_goroutines: 1
}
