// Command quickstart is a service with an SLI, an SLO and an error budget. Try
// it while it runs:
//
//	curl 127.0.0.1:8080/users/Lora; curl 127.0.0.1:8080/users/crash
//	curl -s 127.0.0.1:8080/metrics | grep -e ^sli_good -e ^sli_valid
//	curl 127.0.0.1:8080/budget
package main

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
	"github.com/sligo-go/sligo/slo"
)

var availability = slo.Objective{
	Indicator: sli.Indicator{
		Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}"},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	},
	Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
}

func users(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("userid") == "crash" {
		panic("no such user")
	}
	fmt.Fprintln(w, "Hello, "+r.PathValue("userid"))
}

func main() {
	recorder, err := sli.NewRecorder(availability.Indicator)
	instrument, err2 := middleware.New(recorder, nil)
	if err := errors.Join(err, err2); err != nil {
		log.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(sliprom.NewCollector(recorder), instrument)

	api := http.NewServeMux()
	api.HandleFunc("GET /users/{userid}", users)
	http.Handle("/", instrument.Handler(api))
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	http.HandleFunc("/budget", func(w http.ResponseWriter, _ *http.Request) {
		counts, _ := recorder.Counts("availability")
		left := budget.New(availability.Target, availability.Window, counts)
		fmt.Fprintln(w, left.KnownSince(recorder.Created(), time.Now()))
	})
	log.Print("serving http://127.0.0.1:8080/users/Lora, /metrics and /budget")
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
