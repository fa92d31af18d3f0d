package sligo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// A second SLI is a second objective with an indicator of its own. 90 % of the
// answers that the availability counts as good come within 100 ms.
func Example_secondIndicator() {
	latency := slo.Objective{
		Indicator: sli.Indicator{
			Service: "users", Name: "latency", Requests: []string{"GET /users/{userid}"},
			Valid: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
			Good:  sli.Condition{Within: 100 * time.Millisecond},
		},
		Target: slo.MustParseTarget("90%"), Window: slo.MustParseWindow("30d"),
	}
	kit, err := sligo.Start(append(objectives, latency), &sligo.Options{LogTo: io.Discard, LookupEnv: noEnv})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = kit.Shutdown(context.Background()) }()
	serveOnce(kit.Handler(users200()))
	for indicator, counts := range kit.Recorder.All() {
		fmt.Println(indicator.Name, counts)
	}
	// Output:
	// availability 1/1 (100.00%)
	// latency 1/1 (100.00%)
}

// users200 greets every user.
func users200() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "Hello, "+r.PathValue("userid"))
	})
	return mux
}

func serveOnce(h http.Handler) {
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/users/Lora", nil))
}

// withoutTime keeps the lines of an example the same: it cuts the time off.
type withoutTime struct{ io.Writer }

func (w withoutTime) Write(line []byte) (int, error) {
	const timestamp = `{"timestamp":"2006-01-02T15:04:05.000Z",`
	if _, err := w.Writer.Write(append([]byte("{"), line[len(timestamp):]...)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// An attribute of a line is a field of its additional_info. With puts one on
// all lines of a context, and SetUser names the user of a request.
func Example_logField() {
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: withoutTime{os.Stdout}, LookupEnv: noEnv})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = kit.Shutdown(context.Background()) }()
	ctx := logging.WithRequest(context.Background(), "abc-123") // as r.Context()
	logging.SetUser(ctx, "12345")
	ctx = logging.With(ctx, slog.String("tenant", "kr"))
	kit.Log.InfoContext(ctx, "order placed", "items", 3)
	// Output:
	// {"level":"INFO","application":"users","message":"order placed","user_id":"12345","request_id":"abc-123","additional_info":{"tenant":"kr","items":3}}
}

// A field that all lines of a request have, its access line included, comes
// from the context around the kit's handler. A context that the service's own
// handler makes is too late for the access line.
func Example_requestField() {
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: tenants{}, LookupEnv: noEnv})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = kit.Shutdown(context.Background()) }()
	measured := kit.Handler(users200())
	serveOnce(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := logging.With(r.Context(), slog.String("tenant", "kr"))
		measured.ServeHTTP(w, r.WithContext(ctx))
	}))
	// Output:
	// Request served, tenant kr
}

// tenants prints the message and the tenant of each line.
type tenants struct{}

func (tenants) Write(line []byte) (int, error) {
	var l struct {
		Message string
		Info    struct{ Tenant string } `json:"additional_info"`
	}
	if err := json.Unmarshal(line, &l); err != nil {
		return 0, err
	}
	fmt.Printf("%s, tenant %s\n", l.Message, l.Info.Tenant)
	return len(line), nil
}

// Done sees each request when it is over. Here it writes an access log of its
// own in place of the kit's lines.
func Example_accessLog() {
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: io.Discard, LookupEnv: noEnv, Middleware: middleware.Options{
		Omit: func(*http.Request) middleware.Signal { return middleware.SignalLine },
		Done: func(r middleware.Record) {
			fmt.Println(r.Method, r.Route, r.Status, r.ResponseBytes, "bytes, bad:", r.Bad)
		},
	}})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = kit.Shutdown(context.Background()) }()
	serveOnce(kit.Handler(users200()))
	// Output:
	// GET /users/{userid} 200 12 bytes, bad: false
}

// The status has the alarms of each objective, from the events that this
// process knows.
func ExampleKit_Status() {
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: io.Discard, LookupEnv: noEnv})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = kit.Shutdown(context.Background()) }()
	serveOnce(kit.Handler(users200()))
	reading := kit.Status()
	for _, o := range reading.Objectives {
		fmt.Println(o.Summary(reading.At))
		for _, alarm := range o.Alarms {
			fmt.Println(" ", alarm)
		}
	}
	// Output:
	// users/availability: too early to tell, 100% left: 0 bad events spent, 99.95% over 30d, known for 0s of 30d
	//   page does not fire: no data in 1h
	//   page does not fire: no data in 6h
	//   ticket does not fire: no data in 72h
}

// Without a kit, a Tracker keeps the events of a recorder over time, and the
// alerts of an objective judge its windows. A service does this every ten
// seconds.
func Example_alarm() {
	objective := objectives[0]
	recorder, err := sli.NewRecorder(objective.Indicator)
	if err != nil {
		log.Fatal(err)
	}
	length := objective.Window.AlertLength()
	tracker, err := budget.NewTracker(length)
	if err != nil {
		log.Fatal(err)
	}
	alerts := budget.NewAlerts(objective.Alerts, objective.Target, length)

	recorder.Add("availability", sli.Counts{Good: 960, Valid: 1000})

	var before sli.Counts
	now, _ := recorder.Counts("availability")
	fresh, _ := now.Sub(before)
	tracker.Add(fresh)
	for _, alarm := range alerts.Evaluate(nil, tracker.Counts, tracker.Expected(length)) {
		fmt.Println(alarm)
	}
	// Output:
	// page fires: burn rate 80 over 1h and 80 over 5m, limit 14.4, 40 bad events
	// page fires: burn rate 80 over 6h and 80 over 30m, limit 6, 40 bad events
	// ticket fires: burn rate 80 over 72h and 80 over 6h, limit 1, 40 bad events
}
