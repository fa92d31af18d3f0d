package slilog_test

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

const combined = `127.0.0.1 - bob [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 "https://a.example/" "Mozilla/5.0 (X11; \"x\")" 0.050 "0.049"
127.0.0.1 - - [16/Nov/2024:12:34:57 +0900] "GET /users/18?q=a HTTP/1.1" 503 0 "-" "curl/8" 0.010
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/18 HTTP/2.0" 200 5 "-" "curl/8" 0.100
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0" 499 0 "-" "curl/8" 3.000
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "\x16\x03\x01" 400 0 "-" "-" 0.000
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0" 200 5 "-" "curl/8"
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0
garbage
`

func TestReadCombined(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	result, err := reader.ReadCombined(iotest.HalfReader(strings.NewReader(combined)))
	if want := (slilog.Result{Lines: 8, Events: 5, Unreadable: 3}); err != nil || result != want {
		t.Errorf("got %+v, %v, want %+v", result, err, want)
	}
	checkCounts(t, recorder, map[string]sli.Counts{"availability": {Good: 2, Valid: 3}, "latency": {Good: 2, Valid: 2}})
}

func TestReadCombinedTakesTheDurationFromItsPosition(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Duration: "2", Routes: []string{"GET /users/{userid}"}})
	result, err := reader.ReadCombined(strings.NewReader(combined))
	if want := (slilog.Result{Lines: 8, Events: 1, Unreadable: 7}); err != nil || result != want {
		t.Errorf("got %+v, %v, want %+v", result, err, want)
	}
	checkCounts(t, recorder, map[string]sli.Counts{"latency": {Good: 1, Valid: 1}})
}

func TestReadCombinedWithoutDuration(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Duration: "-", Routes: []string{"GET /users/{userid}"}}, availability)
	result, err := reader.ReadCombined(strings.NewReader(combined))
	if want := (slilog.Result{Lines: 8, Events: 6, Unreadable: 2}); err != nil || result != want {
		t.Errorf("got %+v, %v, want %+v", result, err, want)
	}
	checkCounts(t, recorder, map[string]sli.Counts{"availability": {Good: 3, Valid: 4}})
}

func TestReadCombinedRefusesNamesOfFields(t *testing.T) {
	for _, options := range []slilog.Options{{Duration: "execution_time_ms"}, {Duration: "0"}, {Operation: "op"}, {Group: "tenant"}} {
		_, reader := newReader(t, &options)
		result, err := reader.ReadCombined(strings.NewReader(combined))
		if err == nil || result != (slilog.Result{}) {
			t.Errorf("%+v: got %+v, %v, want an error", options, result, err)
		}
	}
}

func FuzzReadCombined(f *testing.F) {
	for line := range strings.Lines(combined) {
		f.Add(line)
	}
	recorder, reader := newReader(f, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	f.Fuzz(func(t *testing.T, s string) {
		before, _ := recorder.Counts("availability")
		result, err := reader.ReadCombined(strings.NewReader(s))
		after, _ := recorder.Counts("availability")
		if err != nil || result.Lines != result.Events+result.Others+result.Unreadable || after.Valid-before.Valid > result.Events {
			t.Errorf("%q: %+v, %v, %d counted", s, result, err, after.Valid-before.Valid)
		}
	})
}
