package sligo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// users are the objectives of the service in the tests.
func users() []slo.Objective {
	return []slo.Objective{{
		Indicator: sli.Indicator{
			Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}"},
			Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		},
		Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
	}}
}

// api greets users, and answers 503 for one of them.
func api() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("userid") == "nobody" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintln(w, "Hello, "+r.PathValue("userid"))
	})
	return mux
}

// in returns the environment with variables of the form "NAME=value".
func in(variables ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, v := range variables {
			if key, value, _ := strings.Cut(v, "="); key == name {
				return value, true
			}
		}
		return "", false
	}
}

// lines are the log of a service.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// start returns a kit that logs to the test and reads no environment unless
// the options say so. It is shut down at the end of the test.
func start(t *testing.T, objectives []slo.Objective, o sligo.Options) (*sligo.Kit, error) {
	t.Helper()
	if o.LogTo == nil {
		o.LogTo = t.Output()
	}
	if o.LookupEnv == nil {
		o.LookupEnv = in()
	}
	kit, err := sligo.Start(objectives, &o)
	t.Cleanup(func() { _ = kit.Shutdown(context.Background()) })
	return kit, err
}

func mustStart(t *testing.T, o sligo.Options) *sligo.Kit {
	t.Helper()
	kit, err := start(t, users(), o)
	if err != nil {
		t.Fatal(err)
	}
	return kit
}

// get returns the status and the body of a request to a handler.
func get(h http.Handler, path string) (int, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	body, _ := io.ReadAll(w.Result().Body)
	return w.Code, string(body)
}

func TestEverySignalOfARequest(t *testing.T) {
	var log lines
	kit := mustStart(t, sligo.Options{LogTo: &log})
	server := httptest.NewServer(kit.Handler(api()))
	defer server.Close()
	for _, user := range []string{"Lora", "Lora", "nobody"} {
		res, err := server.Client().Get(server.URL + "/users/" + user)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.Header.Get("X-Request-Id") == "" {
			t.Error("a response has no request ID")
		}
	}
	server.Close() // handlers have returned
	_, metrics := get(kit.Admin(), "/metrics")
	for _, want := range []string{
		`sli_good_events_total{sli="availability",sli_service="users"} 2`,
		`sli_valid_events_total{sli="availability",sli_service="users"} 3`,
		`slo_target_ratio{sli="availability",sli_service="users",slo="availability",window="30d"} 0.9995`,
		`http_server_request_duration_seconds_count{`,
		`log_lines_total{level="INFO"} 2`,
		`log_lines_total{level="ERROR"} 1`,
		`tracing_enabled 0`,
		`go_goroutines `,
		`process_start_time_seconds `,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if n := strings.Count(log.String(), `"trace_id":"`); n != 3 {
		t.Errorf("%d lines have a trace, want 3:\n%s", n, log.String())
	}
	if got, _ := testutil.GatherAndLint(kit.Registry, "sli_good_events_total"); len(got) > 0 {
		t.Error(got)
	}
}

func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose clock only moves if all sleep
		kit := mustStart(t, sligo.Options{LogTo: io.Discard})
		if got, want := kit.Status().String(), "users/availability: no data, 99.95% over 30d, known for 0s of 30d"; got != want {
			t.Errorf("without requests: %s, want %s", got, want)
		}
		h := kit.Handler(api())
		for range 4000 {
			get(h, "/users/Lora")
		}
		get(h, "/users/nobody")
		time.Sleep(time.Minute)
		s := kit.Status()
		if got, want := s.String(), "users/availability: too early to tell, >99.99% left: 1 of about 86421 bad events spent, 99.95% over 30d, known for 1m of 30d"; got != want {
			t.Errorf("after requests: %s, want %s", got, want)
		}
		if got, want := s.Objectives[0].Budget.Counts(), (sli.Counts{Good: 4000, Valid: 4001}); got != want {
			t.Errorf("counts %v, want %v", got, want)
		}
		if s.Since != kit.Recorder.Created() {
			t.Errorf("since %v, want %v", s.Since, kit.Recorder.Created())
		}
	})
}

// The test books the events itself, and so knows when each alert has to fire.
func TestAlarms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		measured := append(users(), users()...)
		measured[1].Name, measured[1].Stage = "aspiration", slo.StageMeasure
		kit, err := start(t, measured, sligo.Options{LogTo: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		const each = 5 * time.Minute
		for at := time.Duration(0); at < 7*time.Hour; at += each {
			time.Sleep(each / 2)
			kit.Recorder.Add("availability", sli.Counts{Good: 980, Valid: 1000})
			time.Sleep(each / 2)
			alarms := kit.Status().Objectives[0].Alarms
			for _, a := range alarms {
				known := at+each >= a.Alert.Long*3/4
				if page := a.Alert.Severity == slo.SeverityPage; a.Firing != (known && page) {
					t.Errorf("after %v: %v", at+each, a)
				}
				if want := uint64(min(a.Alert.Long, at+each)/each) * 20; a.Firing && a.Long.Bad() > want+20 || a.Firing && a.Long.Bad() < want {
					t.Errorf("after %v: %v, want %d bad events", at+each, a, want)
				}
			}
			if len(alarms) != 3 {
				t.Fatalf("%d alarms, want the 3 of the default policy", len(alarms))
			}
		}
		if alarms := kit.Status().Objectives[1].Alarms; len(alarms) != 0 {
			t.Errorf("an objective that is only measured has alarms: %v", alarms)
		}
	})
}

func TestSecondStartOnOneRegistry(t *testing.T) {
	first := mustStart(t, sligo.Options{})
	second, err := start(t, users(), sligo.Options{Registry: first.Registry})
	var field *sli.FieldError
	if !errors.As(err, &field) || field.Path != "Options.Registry" {
		t.Fatalf("error %v, want one at Options.Registry", err)
	}
	get(first.Handler(api()), "/users/Lora")
	get(second.Handler(api()), "/users/Lora")
	_, metrics := get(first.Admin(), "/metrics")
	if want := `sli_valid_events_total{sli="availability",sli_service="users"} 1`; !strings.Contains(metrics, want) {
		t.Errorf("the metrics of the first kit lack %s:\n%s", want, metrics)
	}
	if got := second.Status().Objectives[0].Budget.Counts().Valid; got != 1 {
		t.Errorf("the second kit counts %d events, want 1", got)
	}
}
