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

// A service counts by hand, and Prometheus scrapes it.
func ExampleNewCollector() {
	rec, err := sli.NewRecorder(sli.Indicator{
		Service: "users",
		Name:    "availability",
		Good:    sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		Valid:   sli.Condition{Status: []string{"!400"}},
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
	// sli_good_events_total{service="users",sli="availability"} 2
	// sli_valid_events_total{service="users",sli="availability"} 3
}

// printMetrics prints what a scrape shows, without comments.
func printMetrics(metrics http.Handler) {
	answer := httptest.NewRecorder()
	metrics.ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(answer.Body.String()) {
		if !strings.HasPrefix(line, "#") {
			fmt.Print(line)
		}
	}
}
