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
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/slo"
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

// Several services in one process share a status page.
func ExampleStatusPage() {
	var kits []*sligo.Kit
	for _, service := range []string{"orders", "users"} {
		promise := objectives[0]
		promise.Indicator.Service = service
		kit, err := sligo.Start([]slo.Objective{promise}, &sligo.Options{Admin: "-", LogTo: io.Discard, LookupEnv: noEnv})
		if err != nil {
			log.Fatal(err)
		}
		defer func() { _ = kit.Shutdown(context.Background()) }()
		kits = append(kits, kit)
	}
	page, err := sligo.StatusPage(&statuspage.Options{Title: "Shop"}, kits...)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/slo/", http.StripPrefix("/slo", page))

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/slo/overview.txt", nil))
	fmt.Print(w.Body)
	// Output:
	// 2 of 2 objectives need attention
	// orders/availability: no data, promised 99.95 % over 30 d
	// users/availability: no data, promised 99.95 % over 30 d
	// releases of orders: reviewed
	// releases of users: reviewed
}
