package sliprom_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

// A service records its own events, and Prometheus scrapes it.
func ExampleNewCollector() {
	rec, err := sli.NewRecorder(sli.Indicator{
		Service:  "users",
		Name:     "availability",
		Requests: []string{"GET /users/{userid}"},
		Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		Valid:    sli.Condition{Status: []string{"!400"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(sliprom.NewCollector(rec))

	for _, status := range []int{200, 200, 503, 400} {
		rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: status})
	}
	printMetrics(promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	// Output:
	// sli_good_events_total{sli="availability",sli_service="users"} 2
	// sli_valid_events_total{sli="availability",sli_service="users"} 3
}

// printMetrics prints the SLI in the samples of a scrape.
func printMetrics(metrics http.Handler) {
	response := httptest.NewRecorder()
	metrics.ServeHTTP(response, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(response.Body.String()) {
		if strings.HasPrefix(line, "sli_good") || strings.HasPrefix(line, "sli_valid") {
			fmt.Print(line)
		}
	}
}
