package main

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func TestObjectivesAreValid(t *testing.T) {
	if err := slo.Validate(objectives); err != nil {
		t.Error(err)
	}
}

// TestCountersEqualTheClientsTally runs the shop with every fault.
func TestCountersEqualTheClientsTally(t *testing.T) {
	c := config{
		addr: "127.0.0.1:0", lasts: 3 * time.Second, every: time.Minute, rate: 400, customers: 20, seed: 1,
		faults: faults{errors: 0.05, slow: 0.05, panics: 0.05, hangups: 0.05},
	}
	if err := run(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// serveSome opens a shop, makes traffic for half a second and closes it.
func serveSome(t *testing.T, f faults) *shop {
	t.Helper()
	s, err := open(config{rate: 2000, customers: 20, traffic: 500 * time.Millisecond, faults: f})
	if err != nil {
		t.Fatal(err)
	}
	s.makeTraffic(context.Background())
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestVerifyFindsASingleEvent(t *testing.T) {
	s := serveSome(t, faults{})
	if err := s.verify(); err != nil {
		t.Fatal(err)
	}
	s.services[0].recorder.Record(sli.Event{Operation: "GET /search", Status: 200})
	err := s.verify()
	if err == nil || !strings.Contains(err.Error(), "shop/search: counted ") || !strings.Contains(err.Error(), "browse availability: counted ") {
		t.Errorf("got %v", err)
	}
}

// TestFaultsCountAsTheyShould makes every call fail in the same way.
func TestFaultsCountAsTheyShould(t *testing.T) {
	tests := []struct {
		name                 string
		faults               faults
		valid, good          bool // users/availability has such events
		latencyValid, inTime bool // users/latency has valid, good events
	}{
		{"none", faults{}, true, true, true, true},
		{"errors", faults{errors: 1}, true, false, false, false},
		{"slow", faults{slow: 1}, true, true, true, false},
		{"panics", faults{panics: 1}, true, false, false, false},
		{"hangups", faults{hangups: 1}, false, false, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serveSome(t, test.faults)
			if err := s.verify(); err != nil {
				t.Error(err)
			}
			a, l := s.counts()["users/availability"], s.counts()["users/latency"]
			got := []bool{a.Valid > 0, a.Good > 0, l.Valid > 0, l.Good > 0}
			if diff := cmp.Diff([]bool{test.valid, test.good, test.latencyValid, test.inTime}, got); diff != "" {
				t.Errorf("%s\navailability %v, latency %v", diff, a, l)
			}
		})
	}
}

// TestFaultsOverGRPC makes every call of shipping fail in the same way.
func TestFaultsOverGRPC(t *testing.T) {
	const calls = 20
	tests := []struct {
		name   string
		faults faults
		code   codes.Code // that the client gets
		want   sli.Counts
	}{
		{"none", faults{}, codes.OK, sli.Counts{Good: calls, Valid: calls}},
		{"errors", faults{errors: 1}, codes.Internal, sli.Counts{Valid: calls}},
		{"time-outs", faults{slow: 1}, codes.DeadlineExceeded, sli.Counts{Valid: calls}},
		{"panics", faults{panics: 1}, codes.Internal, sli.Counts{Valid: calls}},
		{"hangups", faults{hangups: 1}, codes.Canceled, sli.Counts{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := open(config{faults: test.faults})
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for range calls {
				wg.Go(func() {
					if _, err := s.tracker.track(t.Context(), "Lora"); status.Code(err) != test.code {
						t.Errorf("got %v, want the code %v", err, test.code)
					}
				})
			}
			wg.Wait()
			if err := errors.Join(s.close(), s.verify()); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(test.want, s.counts()["shipping/availability"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOddUsers requests profiles of users that do not exist.
func TestOddUsers(t *testing.T) {
	s, err := open(config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"nobody", "a%2Fb", "%2E%2E", "%ff", "a%3Fb", strings.Repeat("x", 1000)} {
		_, err := newClient(faults{}, 1).get(t.Context(), call{url: s.services[0].url() + "/profile/" + id})
		if !errors.Is(err, errNotFound) {
			t.Errorf("%.10q: got %v, want %v", id, err, errNotFound)
		}
	}
	if _, err := s.tracker.track(t.Context(), "a/b"); status.Code(err) != codes.InvalidArgument {
		t.Errorf("got %v, want an invalid argument", err)
	}
	if err := errors.Join(s.close(), s.verify()); err != nil {
		t.Error(err)
	}
	if got, want := s.counts()["shipping/availability"], (sli.Counts{Good: 2, Valid: 2}); got != want {
		t.Errorf("got %v, want %v: a wrong ID is no failure of the service", got, want)
	}
}

func TestTableShowsObjectivesAndJourneys(t *testing.T) {
	s, err := open(config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	// The browse journey has four pages with 39980 good events of 40000.
	for page, bad := range map[string]int{"GET /{$}": 6, "GET /search": 11, "GET /categories/{category}": 3, "GET /products/{product}": 0} {
		for n := range 10000 {
			status := 200
			if n < bad {
				status = 500
			}
			s.services[0].recorder.Record(sli.Event{Operation: page, Status: status})
		}
	}
	var out bytes.Buffer
	printTable(&out, s)
	got := regexp.MustCompile(` +`).ReplaceAllString(out.String(), " ")
	for _, want := range []string{
		"\nshop/search 9989/10000 (99.89%) 99.95% over 30d -120% 2.2\n",
		"\nbrowse availability 39980/40000 (99.95%) 99.95% over 30d 0% 1\n",
		"\nThe budgets of 30 days are known for 0s of 30d.\n",
		"\nusers/latency 0/0 (no data) 90% over 30d no data no data\n",
		"\nusers/availability-contract 0/0 (no data) 99.9% over month no data no data\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no line %q in%s", want, got)
		}
	}
}

func TestFlags(t *testing.T) {
	tests := []struct {
		name string
		args string
		want string // of the error
	}{
		{"defaults", "", ""},
		{"all", "-for 10s -errors 2% -slow 0.05 -panics 0.5% -hangups 1%", ""},
		{"not a share", "-errors 200%", `invalid value "200%" for flag -errors: invalid share "200%": want 0% to 100%`},
		{"not a number", "-slow NaN", `invalid share "NaN": want 0% to 100%`},
		{"more than all", "-errors 60% -slow 60%", "-errors, -slow, -panics and -hangups add up to 120%: want at most 100%"},
		{"all mistakes at once", "-rate 0 -customers 0 -every 0 -for -1s again",
			"unexpected argument \"again\"\ninvalid -for -1s: want 0 or more\ninvalid -every 0s: want more than 0\ninvalid -rate 0: want 1 to 10000\ninvalid -customers 0: want 1 or more"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseFlags("shop", strings.Fields(test.args))
			if got := errorText(err); test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
