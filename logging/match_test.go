package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging"
)

func TestMatch(t *testing.T) {
	call := func(l *slog.Logger) {
		l.With("tenant", "kr").Warn("order failed: stock", slog.Group("http", "route", "/orders/{id}"), "response_code", 404)
	}
	tests := []struct {
		name  string
		match logging.Match
		want  bool
	}{
		{"all", logging.Match{}, true},
		{"minimum level", logging.Match{MinLevel: slog.LevelWarn}, true},
		{"higher minimum level", logging.Match{MinLevel: slog.LevelError}, false},
		{"maximum level", logging.Match{MaxLevel: slog.LevelInfo}, false},
		{"message", logging.Match{Messages: []string{"x", "order failed: stock"}}, true},
		{"message's start", logging.Match{Messages: []string{"order *"}}, true},
		{"not the message's start", logging.Match{Messages: []string{"order"}}, false},
		{"a start within the message", logging.Match{Messages: []string{"failed*"}}, false},
		{"route", logging.Match{Routes: []string{"/orders/*"}}, true},
		{"another route", logging.Match{Routes: []string{"/users"}}, false},
		{"status", logging.Match{Status: []string{"404"}}, true},
		{"class", logging.Match{Status: []string{"5xx", "4xx"}}, true},
		{"not a class", logging.Match{Status: []string{"!4xx"}}, false},
		{"range", logging.Match{Status: []string{"400-404"}}, true},
		{"another range", logging.Match{Status: []string{"500-504"}}, false},
		{"class without a status", logging.Match{Status: []string{"4xx", "!404"}}, false},
		{"all statuses except one", logging.Match{Status: []string{"!500"}}, true},
		{"field", logging.Match{Fields: map[string]string{"tenant": "kr", "additional_info.http.route": "*"}}, true},
		{"field of another value", logging.Match{Fields: map[string]string{"tenant": "us"}}, false},
		{"no such field", logging.Match{Fields: map[string]string{"nothing": "*"}}, false},
		{"func", logging.Match{Func: func(l *logging.Line) bool { return l.Level == slog.LevelWarn }}, true},
		{"func that panics", logging.Match{Func: func(*logging.Line) bool { panic("x") }}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := false
			h := mustNew(t, nil, &logging.Options{Observers: []logging.Observer{observer(func(l *logging.Line) { got = tt.match.Matches(l) })}})
			call(slog.New(h))
			if got != tt.want {
				t.Errorf("Matches() = %v, want %v", got, tt.want)
			}
			var out bytes.Buffer
			call(slog.New(mustNew(t, nil, &logging.Options{Sinks: []logging.Sink{{Name: "a", Writer: &out, Match: tt.match}}})))
			if (out.Len() > 0) != tt.want {
				t.Errorf("the sink got %q, want a line: %t", out.String(), tt.want)
			}
		})
	}
}

func TestMatchRouteOfAPattern(t *testing.T) {
	for _, tt := range []struct {
		entry, route string
		want         bool
	}{
		{"/healthz", "GET /healthz", true},
		{"/healthz", "GET \t /healthz", true},
		{"/healthz", "GET example.com/healthz", true},
		{"/healthz", "GET example/healthz", true},
		{"/healthz", "example.com/healthz", true},
		{"/healthz", "localhost/healthz", true},
		{"/health*", "HEAD /healthz", true},
		{"/users/{id}", "GET /users/{id}", true},
		{"GET /healthz", "GET /healthz", true},
		{"GET *", "GET /healthz", true},
		{"example.com/*", "example.com/healthz", true},
		{"POST /healthz", "GET /healthz", false},
		{"GET /healthz", "/healthz", false},
		{"/healthz", "GET /v1/healthz", false},
		{"/list", "users/list", false},
		{"/list", "all users/list", false},
		{"/", "healthz", false},
		{"/b", "GET /a b/b", false},
	} {
		r := slog.NewRecord(time.Now(), slog.LevelInfo, "m", 0)
		r.Add("http.route", tt.route)
		m := logging.Match{Routes: []string{tt.entry}}
		if got := m.Matches(logging.LineOf(context.Background(), &r)); got != tt.want {
			t.Errorf("%q meets %q: %t, want %t", tt.entry, tt.route, got, tt.want)
		}
	}
}

func TestMatchStatusOfAnyValue(t *testing.T) {
	server := logging.Match{Status: []string{"5xx"}}
	notServer := logging.Match{Status: []string{"!5xx"}}
	for _, tt := range []struct {
		value             any
		server, notServer bool
	}{
		{503, true, false}, {uint64(503), true, false}, {200, false, true}, {100, false, false},
		{0, false, true}, {-1, false, true}, {int64(1<<32 + 503), false, true}, {uint64(1 << 63), false, true},
		{"503", false, false}, {503.0, false, false}, {nil, false, false},
	} {
		r := slog.NewRecord(time.Now(), slog.LevelInfo, "m", 0)
		r.Add("response_code", tt.value)
		l := logging.LineOf(context.Background(), &r)
		if got := server.Matches(l); got != tt.server {
			t.Errorf("5xx of %T %v: got %t, want %t", tt.value, tt.value, got, tt.server)
		}
		if got := notServer.Matches(l); got != tt.notServer {
			t.Errorf("!5xx of %T %v: got %t, want %t", tt.value, tt.value, got, tt.notServer)
		}
	}
}

func anyLine(*logging.Line) bool { return true }

// TestMatchAsTextAndJSON checks that a printed match reads back, and that a
// function is an error instead of a match of more lines.
func TestMatchAsTextAndJSON(t *testing.T) {
	match := logging.Match{
		MinLevel: slog.LevelWarn, MaxLevel: slog.LevelError, Messages: []string{"a", "b *"}, Routes: []string{"/x"},
		Status: []string{"5xx"}, Fields: map[string]string{"tenant": "kr", "job": "*"},
	}
	const text = "level from WARN, level to ERROR, message a or b *, route /x, status 5xx, job *, tenant kr"
	if got := match.String(); got != text {
		t.Errorf("got %q, want %q", got, text)
	}
	for _, m := range []logging.Match{match, {}, {MaxLevel: slog.LevelInfo}} {
		got, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back logging.Match
		if err := json.Unmarshal(got, &back); err != nil || !cmp.Equal(back, m) {
			t.Errorf("%s reads back as %v, %v, want %v", got, back, err, m)
		}
	}
	withFunc := logging.Match{Func: anyLine}
	if got := withFunc.String(); !strings.HasSuffix(got, "logging_test.anyLine") {
		t.Errorf("got %q, want the name of the function", got)
	}
	got, err := json.Marshal(withFunc)
	back := logging.Match{Status: []string{"404"}}
	if uerr := json.Unmarshal(got, &back); err != nil || uerr == nil || len(back.Status) != 1 {
		t.Errorf("%s, %v reads back as %v, %v, want an error", got, err, back, uerr)
	}
	if err := json.Unmarshal([]byte(`{"states":["404"]}`), &back); err == nil {
		t.Error("Match accepts an unknown field")
	}
	if got := (logging.Match{}).String(); got != "all lines" {
		t.Errorf("got %q, want all lines", got)
	}
}
