package sligo_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

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

// noEnv is an environment without variables.
func noEnv(string) (string, bool) { return "", false }

// Start sets up everything. The kit prints each setting with its source.
func ExampleStart() {
	kit, err := sligo.Start(objectives, &sligo.Options{Admin: ":9464", LookupEnv: noEnv})
	if err != nil {
		log.Fatal(err) // every mistake at once
	}
	defer func() { _ = kit.Shutdown(context.Background()) }()
	fmt.Print(kit)
	// Output:
	// service:    users (default)
	// objectives: users/availability: 99.95% over 30d
	// logs:       standard output, from INFO (default)
	// traces:     not exported (default)
	// sampler:    every trace (default)
	// metrics:    http://localhost:9464/metrics, on every address (config)
	// page:       http://localhost:9464/slo/, on every address (config)
	// snapshot:   none, so budgets begin at zero after a restart (default)
	// drain:      3s (default)
	// timeout:    20s (default)
	// globals:    not set, so libraries on process globals, such as otelsql and slog.Info, stay silent (default)
}

// The handler measures each request. Status has the budgets.
func ExampleKit_Handler() {
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: io.Discard, LookupEnv: noEnv})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = kit.Shutdown(context.Background()) }()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "Hello, "+r.PathValue("userid"))
	})
	handler := kit.Handler(mux) // for an http.Server
	for range 400 {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/users/Lora", nil))
	}
	fmt.Println(kit.Status())
	// Output:
	// users/availability: too early to tell, 100% left: 0 bad events spent, 99.95% over 30d, known for 0s of 30d
}

// Run serves until SIGTERM, SIGINT or the end of the context. It returns nil
// if nothing was lost, and then the program exits with status 0.
func ExampleKit_Run() {
	kit, err := sligo.Start(objectives, &sligo.Options{Admin: "127.0.0.1:0", LogTo: io.Discard, LookupEnv: noEnv, Drain: -1})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	err = kit.Run(ctx, &http.Server{Addr: "127.0.0.1:0", Handler: kit.Handler(http.NotFoundHandler())})
	fmt.Println("lost:", err)
	// Output:
	// lost: <nil>
}

// A test needs no port. It writes to t.Output() and calls Shutdown in a
// Cleanup, with context.Background() because t.Context() has ended by then.
func ExampleKit_Shutdown() {
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: io.Discard, LookupEnv: noEnv})
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(kit.Handler(http.NotFoundHandler()))
	_, err = server.Client().Get(server.URL + "/users/Lora")
	server.Close() // before the kit
	fmt.Println(err, kit.Shutdown(context.Background()))
	// Output:
	// <nil> <nil>
}

// /readyz asks the checks, and shows those that fail.
func ExampleKit_Ready() {
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: io.Discard, LookupEnv: noEnv})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = kit.Shutdown(context.Background()) }()
	kit.Ready("database", func(context.Context) error { return io.ErrUnexpectedEOF })
	w := httptest.NewRecorder()
	kit.Admin().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	fmt.Print(w.Code, " ", w.Body)
	// Output:
	// 503 database: unexpected EOF
}
