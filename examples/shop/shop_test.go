package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
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
	"github.com/sligo-go/sligo/telemetry"
)

// all returns the shares that make every call fail in the same way.
func all(kind string) (s shares) {
	for i, k := range kinds {
		if k.Name == kind {
			s[i] = slo.MustParseShare("100%")
		}
	}
	return s
}

// some are shares of all faults.
func some() (s shares) {
	for i := range s {
		s[i] = slo.MustParseShare("5%")
	}
	return s
}

// opened opens a shop on free ports.
func opened(t *testing.T, c config) *shop {
	t.Helper()
	c.addr, c.admin, c.seed = freeAddr, freeAddr, 1
	if c.rate == 0 {
		c.rate, c.customers = 2000, 20
	}
	s, err := open(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// closed closes a shop and compares its counters with the tally.
func closed(t *testing.T, s *shop) {
	t.Helper()
	if err := errors.Join(s.close(), s.verify()); err != nil {
		t.Error(err)
	}
}

// TestCountersEqualTheClientsTally runs the shop with every fault.
func TestCountersEqualTheClientsTally(t *testing.T) {
	c := config{
		addr: freeAddr, admin: freeAddr, lasts: 3 * time.Second, every: time.Second, rate: 400, customers: 20, seed: 1,
		faults: some(),
	}
	var out bytes.Buffer
	if err := run(t.Context(), c, &out); err != nil {
		t.Error(err)
	}
	if want := "\nThe counters of the services equal the tally of their clients.\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("%q does not end in %q", out.String(), want)
	}
}

// TestLostSpans runs the shop with a receiver that accepts nothing. The losses
// are an error, and the tally is told in any case.
func TestLostSpans(t *testing.T) {
	receiver := httptest.NewServer(http.NotFoundHandler())
	defer receiver.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.URL)
	var out bytes.Buffer
	c := config{addr: freeAddr, admin: freeAddr, lasts: 300 * time.Millisecond, every: time.Minute, rate: 400, customers: 20}
	err := run(t.Context(), c, &out)
	var loss *telemetry.LossError
	if !errors.As(err, &loss) || !strings.HasPrefix(err.Error(), "stop shop: telemetry: otlp: ") {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(out.String(), "equal the tally") {
		t.Errorf("no word of the tally in %s", out.String())
	}
}

// serveSome opens a shop, makes traffic for half a second and closes it.
func serveSome(t *testing.T, f shares) *shop {
	t.Helper()
	s := opened(t, config{faults: f, traffic: 500 * time.Millisecond})
	s.makeTraffic(context.Background())
	closed(t, s)
	return s
}

func TestVerifyFindsASingleEvent(t *testing.T) {
	s := serveSome(t, shares{})
	s.services["shop"].kit.Recorder.Record(sli.Event{Operation: "GET /search", Status: 200})
	if err := s.verify(); err == nil || !strings.HasPrefix(err.Error(), "shop/search: counted ") {
		t.Errorf("got %v", err)
	}
}

// TestFaultsCountAsTheyShould makes every call fail in the same way.
func TestFaultsCountAsTheyShould(t *testing.T) {
	tests := []struct {
		name                 string
		faults               shares
		valid, good          bool // users/availability has such events
		latencyValid, inTime bool // users/latency has valid, good events
	}{
		{"none", shares{}, true, true, true, true},
		{"errors", all(faultErrors), true, false, false, false},
		{"slow", all(faultSlow), true, true, true, false},
		{"panics", all(faultPanics), true, false, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serveSome(t, test.faults)
			a, l := s.counts()["users/availability"], s.counts()["users/latency"]
			got := []bool{a.Valid > 0, a.Good > 0, l.Valid > 0, l.Good > 0}
			if diff := cmp.Diff([]bool{test.valid, test.good, test.latencyValid, test.inTime}, got); diff != "" {
				t.Errorf("%s\navailability %v, latency %v", diff, a, l)
			}
		})
	}
}

// TestHangups shows that a client which leaves makes no event good, and that it
// makes one bad if the service notices after the bound.
func TestHangups(t *testing.T) {
	s := serveSome(t, all(faultHangups))
	for id, c := range s.counts() {
		if c.Good > 0 {
			t.Errorf("%s: %v, want no good event", id, c)
		}
	}
	ignored := uint64(0)
	for _, tally := range s.services["users"].kit.Recorder.Report().Indicators {
		ignored += tally.Ignored[sli.ReasonClientLeft] + tally.Counts.Valid
	}
	if ignored == 0 {
		t.Error("no client left users")
	}
}

// TestFaultsOverGRPC makes every call of shipping fail in the same way. Whether
// a client counts that left depends on the speed of the machine, and the tally
// knows it.
func TestFaultsOverGRPC(t *testing.T) {
	const calls = 20
	tests := []struct {
		name   string
		faults shares
		code   codes.Code // that the client gets
		good   uint64
		bad    uint64 // 0 if the client leaves
	}{
		{"none", shares{}, codes.OK, calls, 0},
		{"errors", all(faultErrors), codes.Internal, 0, calls},
		{"time-outs", all(faultSlow), codes.DeadlineExceeded, 0, 0},
		{"panics", all(faultPanics), codes.Internal, 0, calls},
		{"hangups", all(faultHangups), codes.Canceled, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, config{})
			s.faults.set("shipping", test.faults)
			var wg sync.WaitGroup
			for range calls {
				wg.Go(func() {
					if _, err := s.tracker.track(t.Context(), "Lora"); status.Code(err) != test.code {
						t.Errorf("got %v, want the code %v", err, test.code)
					}
				})
			}
			wg.Wait()
			closed(t, s)
			got := s.counts()["shipping/availability"]
			if got.Good != test.good || test.bad > 0 && got.Bad() != test.bad {
				t.Errorf("got %v, want %d good and %d bad events", got, test.good, test.bad)
			}
		})
	}
}

// TestOddUsers requests profiles of users that do not exist.
func TestOddUsers(t *testing.T) {
	s := opened(t, config{})
	for _, id := range []string{"nobody", "a%2Fb", "%2E%2E", "%ff", "a%3Fb", strings.Repeat("x", 1000)} {
		_, err := s.customers.get(t.Context(), call{service: "shop", url: s.services["shop"].url() + "/profile/" + id})
		if !errors.Is(err, errNotFound) {
			t.Errorf("%.10q: got %v, want %v", id, err, errNotFound)
		}
	}
	if _, err := s.tracker.track(t.Context(), "a/b"); status.Code(err) != codes.InvalidArgument {
		t.Errorf("got %v, want an invalid argument", err)
	}
	closed(t, s)
	if got, want := s.counts()["shipping/availability"], (sli.Counts{Good: 2, Valid: 2}); got != want {
		t.Errorf("got %v, want %v: a wrong ID is no failure of the service", got, want)
	}
}

func TestTableShowsObjectivesAndJourneys(t *testing.T) {
	s := opened(t, config{})
	defer func() { _ = s.close() }()
	// The browse journey has four pages with 39980 good events of 40000.
	for page, bad := range map[string]uint64{"GET /{$}": 6, "GET /search": 11, "GET /categories/{category}": 3, "GET /products/{product}": 0} {
		rec := s.services["shop"].kit.Recorder
		rec.RecordN(sli.Event{Operation: page, Status: 500}, bad)
		rec.RecordN(sli.Event{Operation: page, Status: 200}, 10000-bad)
	}
	var out bytes.Buffer
	s.printTable(&out)
	got := regexp.MustCompile(` +`).ReplaceAllString(out.String(), " ")
	for _, want := range []string{
		"\nshop/search 9989/10000 (99.89%) 99.95% over 30d 2.2 ",
		"\nshop/detail 10000/10000 (100.00%) 99.95% over 30d 0 0% too early to tell\n",
		"\nbrowse availability 39980/40000 (99.95%) 99.95% over 30d 1 \n",
		"\nusers/latency 0/0 (no data) 90% over 30d no data 0% no data\n",
		"\nusers/availability-contract 0/0 (no data) 99.9% in each month no data 0% no data\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no line %q in%s", want, got)
		}
	}
}

// TestStagingPromisesLess shows that an environment changes its own objectives
// only.
func TestStagingPromisesLess(t *testing.T) {
	targets := func(environment string) map[string]string {
		s := opened(t, config{env: environment})
		defer closed(t, s)
		all := make(map[string]string)
		for _, service := range s.services {
			for _, o := range service.kit.Status().Objectives {
				all[o.ID()] = o.Objective.Target.String()
			}
		}
		return all
	}
	want := targets("")
	if len(want) != 11 || want["users/availability"] != "99.95%" {
		t.Errorf("got %v", want)
	}
	for id, target := range map[string]string{
		"users/availability": "99%", "users/latency": "80%", "orders/availability": "99%", "orders/latency": "80%",
	} {
		want[id] = target
	}
	if diff := cmp.Diff(want, targets("staging")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	err := run(t.Context(), config{env: "stagin"}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), `"stagin"`) {
		t.Errorf("an unknown environment: %v", err)
	}
}
