package sloprom_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/sloprom"
)

// The team aims at more than the contract promises. Alerts read both targets
// from Prometheus.
func ExampleNewCollector() {
	availability := sli.Indicator{
		Service: "users", Name: "availability", Kind: sli.KindAvailability,
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
	objectives := []slo.Objective{
		{
			Indicator: availability,
			Target:    slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
			Owner: "users-team", Tier: "1",
		},
		{
			Name: "contract", Indicator: availability,
			Target: slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow("month"),
		},
	}
	if err := slo.Validate(objectives); err != nil {
		fmt.Println(err)
		return
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(sloprom.NewCollector(objectives...))
	printMetrics(promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	// Output:
	// slo_info{journey="",kind="availability",owner="",sli="availability",sli_service="users",slo="contract",tier="",window="month"} 1
	// slo_info{journey="",kind="availability",owner="users-team",sli="availability",sli_service="users",slo="availability",tier="1",window="30d"} 1
	// slo_target_ratio{sli="availability",sli_service="users",slo="availability",window="30d"} 0.9995
	// slo_target_ratio{sli="availability",sli_service="users",slo="contract",window="month"} 0.999
}

// printMetrics prints the samples of a scrape.
func printMetrics(metrics http.Handler) {
	response := httptest.NewRecorder()
	metrics.ServeHTTP(response, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(response.Body.String()) {
		if !strings.HasPrefix(line, "#") {
			fmt.Print(line)
		}
	}
}
