package slilog_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

const envoy = `[2016-04-15T20:17:00.310Z] "GET /users/17 HTTP/2" 200 - 154 0 50 45 "10.0.35.28" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "users" "tcp://10.0.2.1:80"
[2016-04-15T20:17:00.310Z] "GET /users/17 HTTP/2" 503 UF,URX 154 0 226 - "10.0.35.28" "nsq2http" "cc21d9b0" "users" "-"
[2020-11-25T21:26:18.409Z] "GET /users/17 HTTP/1.1" 200 - via_upstream - "-" 0 135 150 4 "-" "curl/7.73.0-DEV" "84961386" "users:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 10.44.1.23:37652 outbound_.8000_._.users.foo.svc.cluster.local default
[2020-11-25T21:26:18.409Z] "GET /users/17 HTTP/1.1" 0 DC downstream_remote_disconnect - "-" 0 0 3000 - "-" "curl/7.73.0-DEV" "84961386" "users:8000" "127.0.0.1:80" inbound|8000|| - 10.44.1.27:80 10.44.1.23:37652 - default
[2016-04-15T20:17:00.310Z] "GET /users/17 HTTP/2" 200 DR 154 0 50 45 "10.0.35.28" "nsq2http" "cc21d9b0" "users" "tcp://10.0.2.1:80"
[2016-04-15T20:17:00.310Z] "- - HTTP/1.1" 400 DPE 0 11 0 - "-" "-" "-" "-" "-"
[2016-04-15T20:17:00.310Z] "GET /users/17 HTTP/2" 200 - 154 0 - 45 "10.0.35.28" "nsq2http" "cc21d9b0" "users" "tcp://10.0.2.1:80"
[2016-04-15T20:17:00.310Z] "GET /users/17 HTTP/2" 200
[2016-04-15T20:17:00.310Z] starting main dispatch loop
`

func TestReadEnvoy(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	result, err := reader.ReadEnvoy(strings.NewReader(envoy))
	checkResult(t, result, err, slilog.Result{Lines: 9, Events: 6, Unreadable: 3})
	checkCounts(t, recorder, map[string]sli.Counts{"availability": {Good: 2, Valid: 3}, "latency": {Good: 1, Valid: 2}})
	if report := recorder.Report().String(); !strings.Contains(report, "2 client_left") {
		t.Errorf("got %s, want two clients that left", report)
	}
}

// TestReadEnvoyJSON reads the JSON format of Envoy.
func TestReadEnvoyJSON(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Duration: "duration", Path: "path", Routes: []string{"GET /users/{userid}"}})
	result, err := reader.ReadJSON(strings.NewReader(`{"method":"GET","path":"/users/17","response_code":200,"response_flags":"-","duration":50}
{"method":"GET","path":"/users/17","response_code":0,"response_flags":"DC","duration":3000}
{"method":"GET","path":"/users/17","response_code":200,"response_flags":"DownstreamConnectionTermination","duration":50}
{"method":null,"path":null,"response_code":400,"response_flags":"DPE","duration":0}
{"method":"GET","path":"/users/17","response_code":503,"response_flags":"UF,URX","duration":150}
{"method":"GET","path":"/users/17","response_code":200,"response_flags":"-","duration":null}
`))
	checkResult(t, result, err, slilog.Result{Lines: 6, Events: 5, Unreadable: 1})
	checkCounts(t, recorder, map[string]sli.Counts{"availability": {Good: 1, Valid: 2}, "latency": {Good: 1, Valid: 1}})
}

func TestReadEnvoyWithOptions(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Duration: "-"}, availability)
	result, err := reader.ReadEnvoy(strings.NewReader(strings.ReplaceAll(envoy, "/users/17", "/users/{userid}")))
	checkResult(t, result, err, slilog.Result{Lines: 9, Events: 7, Unreadable: 2})
	checkCounts(t, recorder, map[string]sli.Counts{"availability": {Good: 3, Valid: 4}})
	_, reader = newReader(t, &slilog.Options{Unit: time.Microsecond, Routes: []string{"GET /users/{userid}"}})
	if result, err := reader.ReadEnvoy(strings.NewReader(envoy)); err != nil || result.Events != 6 {
		t.Errorf("got %v, %v, want 6 events", result, err)
	}
	for _, options := range []slilog.Options{{Operation: "op"}, {Group: "tenant"}} {
		_, reader := newReader(t, &options)
		if _, err := reader.ReadEnvoy(strings.NewReader(envoy)); err == nil {
			t.Errorf("%+v: got no error", options)
		}
	}
}

func FuzzReadEnvoy(f *testing.F) {
	for line := range strings.Lines(envoy) {
		f.Add(line)
	}
	recorder, reader := newReader(f, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	f.Fuzz(func(t *testing.T, s string) {
		before, _ := recorder.Counts("availability")
		result, err := reader.ReadEnvoy(strings.NewReader(s))
		after, _ := recorder.Counts("availability")
		if err != nil || result.Lines != result.Events+result.Others+result.Unreadable || after.Valid-before.Valid > result.Events {
			t.Errorf("%q: %v, %v, %d counted", s, result, err, after.Valid-before.Valid)
		}
	})
}
