// Command quickstart is a service with an SLI, an SLO and an error budget,
// metrics, logs, traces and a clean end. Try it while it runs:
//
//	curl 127.0.0.1:8080/users/Lora; curl 127.0.0.1:8080/users/crash
//	curl -s 127.0.0.1:9464/metrics | grep -e ^sli_good -e ^sli_valid
//	curl 127.0.0.1:8080/budget
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

var objectives = []slo.Objective{{
	Indicator: sli.Indicator{
		Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}"},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	},
	Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
}}

func routes(kit *sligo.Kit) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("userid") == "crash" {
			panic("no such user")
		}
		fmt.Fprintln(w, "Hello, "+r.PathValue("userid"))
	})
	mux.HandleFunc("GET /budget", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, kit.Status()) })
	return kit.Handler(mux)
}

func main() {
	kit, err := sligo.Start(objectives, nil)
	if err != nil {
		log.Fatal(err) // every mistake at once
	}
	if err := kit.Run(context.Background(), &http.Server{Addr: "127.0.0.1:8080", Handler: routes(kit)}); err != nil {
		log.Fatal(err)
	}
}
