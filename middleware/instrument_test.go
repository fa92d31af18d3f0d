package middleware_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := middleware.New(nil, &middleware.Options{
		Buckets:     []time.Duration{time.Second, 0, -5 * time.Millisecond},
		SizeBuckets: []int64{-1, 100},
	})
	want := strings.Join([]string{
		"Buckets[1]: invalid bound 0s: want a positive duration",
		"Buckets[2]: invalid bound -5ms: want a positive duration",
		"SizeBuckets[0]: invalid bound -1: want a positive number of bytes",
	}, "\n")
	if err == nil || err.Error() != want {
		t.Fatalf("got %v, want\n%s", err, want)
	}
	var field *sli.FieldError
	if !errors.As(err, &field) || field.Path != "Buckets[1]" {
		t.Errorf("got %v, want a *sli.FieldError at Buckets[1]", field)
	}
}

func TestNewDoesNotChangeTheOptions(t *testing.T) {
	opts := middleware.Options{Buckets: []time.Duration{2, 1}, SizeBuckets: []int64{2, 1}}
	newInstrument(t, &opts)
	want := middleware.Options{Buckets: []time.Duration{2, 1}, SizeBuckets: []int64{2, 1}}
	if diff := cmp.Diff(want, opts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestWithoutRecorder measures a service without indicators.
func TestWithoutRecorder(t *testing.T) {
	in, err := middleware.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	serveOnce(in, newMux("/"))
	if got := onlyHistogram(t, in, durationName).GetSampleCount(); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
}

// TestServersShareAnInstrument serves HTTP/1.1, and HTTP/2 over TLS.
func TestServersShareAnInstrument(t *testing.T) {
	in, rec := newInstrument(t, nil, availability)
	for _, protocol := range protocols {
		for range 2 {
			server := newServer(t, protocol, in.Handler(newMux("GET /users/{userid}")))
			fetch(t, server, "GET", "/users/lora", nil)
			server.Close()
		}
	}
	got := make(map[string]uint64)
	for _, m := range gather(t, in)[durationName].GetMetric() {
		got[labels(m)["url_scheme"]] = m.GetHistogram().GetSampleCount()
	}
	if diff := cmp.Diff(map[string]uint64{"http": 2, "https": 2}, got); diff != "" {
		t.Errorf("requests by scheme (-want +got):\n%s", diff)
	}
	if c, _ := rec.Counts("availability"); c != (sli.Counts{Good: 4, Valid: 4}) {
		t.Errorf("got %v, want 4/4", c)
	}
}

func TestActiveRequests(t *testing.T) {
	in, _ := newInstrument(t, nil)
	active := func() float64 {
		return gather(t, in)["http_server_active_requests"].GetMetric()[0].GetGauge().GetValue()
	}
	var entered, released sync.WaitGroup
	release := make(chan struct{})
	for range 3 {
		entered.Add(1)
		released.Go(func() {
			serveOnce(in, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				entered.Done()
				<-release
			}))
		})
	}
	entered.Wait()
	if got := active(); got != 3 {
		t.Errorf("got %v, want 3", got)
	}
	close(release)
	released.Wait()
	if got := active(); got != 0 {
		t.Errorf("after all have returned: got %v, want 0", got)
	}
}

// everyMetric returns collectors that have a series of every metric.
func everyMetric(t *testing.T, opts *middleware.Options) []prometheus.Collector {
	t.Helper()
	in, rec := newInstrument(t, opts, availability)
	handler := in.Handler(newMux("GET /users/{userid}"))
	for _, r := range []*http.Request{
		httptest.NewRequest("GET", "/users/lora", nil),
		httptest.NewRequest("GET", "https://shop/users/lora", nil),
		httptest.NewRequest("BREW", "/pot", strings.NewReader("coffee")),
	} {
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	_ = in.Do(context.Background(), "import", func(context.Context) error { return nil })
	client := in.Transport(roundTripper(func(*http.Request) (*http.Response, error) { return nil, errChangedMind }))
	_, _ = client.RoundTrip(httptest.NewRequest("GET", "http://payments/charges", nil)) //nolint:bodyclose // there is none
	return []prometheus.Collector{in, sliprom.NewCollector(rec)}
}

func TestMetricsPassTheLinter(t *testing.T) {
	for name, opts := range map[string]*middleware.Options{
		"defaults": nil, "native": {NativeHistograms: true}, "no sizes": {OmitBodySizes: true},
	} {
		t.Run(name, func(t *testing.T) {
			reg := prometheus.NewPedanticRegistry()
			reg.MustRegister(everyMetric(t, opts)...)
			problems, err := testutil.GatherAndLint(reg)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problems {
				t.Errorf("%s: %s", p.Metric, p.Text)
			}
		})
	}
}

// TestSeriesHaveACreatedTimestamp checks the timestamps, with which
// Prometheus counts the first request of a series.
func TestSeriesHaveACreatedTimestamp(t *testing.T) {
	before := time.Now()
	for _, native := range []bool{false, true} {
		for name, family := range gather(t, everyMetric(t, &middleware.Options{NativeHistograms: native})...) {
			for _, m := range family.GetMetric() {
				if m.Gauge != nil {
					continue
				}
				created := m.GetHistogram().GetCreatedTimestamp()
				if m.Counter != nil {
					created = m.GetCounter().GetCreatedTimestamp()
				}
				if created == nil || created.AsTime().Before(before) || created.AsTime().After(time.Now()) {
					t.Errorf("%s: created at %v", name, created)
				}
			}
		}
	}
}

func TestIndicatorsAreZeroFromTheStart(t *testing.T) {
	in, rec := newInstrument(t, nil, availability)
	families := gather(t, in, sliprom.NewCollector(rec))
	for _, name := range []string{"sli_valid_events_total", "sli_good_events_total"} {
		series := families[name].GetMetric()
		if len(series) != 1 || series[0].GetCounter().GetValue() != 0 {
			t.Errorf("%s: got %v, want one series at zero", name, series)
		}
	}
	for name := range families {
		if !strings.HasPrefix(name, "sli_") {
			t.Errorf("got %s before the first request, want the metrics of indicators only", name)
		}
	}
}

func TestDoneGetsWhatWasCounted(t *testing.T) {
	var got sli.Event
	var path string
	in, rec := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { got, path = r.Event, r.Request.URL.Path }}, availability)
	failed := errors.New("no such field")
	in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(202)
		middleware.SetError(w, failed)
	})).ServeHTTP(newStub(), httptest.NewRequest("GET", "/users/lora", nil))
	if got.Duration <= 0 {
		t.Errorf("got a duration of %v", got.Duration)
	}
	want := sli.Event{Operation: "GET unmatched", Status: 202, Err: failed, Duration: got.Duration}
	if got != want || path != "/users/lora" {
		t.Errorf("got %+v of %s, want %+v", got, path, want)
	}
	if c, _ := rec.Counts("availability"); c != (sli.Counts{Valid: 1}) {
		t.Errorf("got %v, want a bad event", c)
	}
}

func TestNilErrorCancelsSetError(t *testing.T) {
	in, rec := newInstrument(t, nil, availability)
	serveOnce(in, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		middleware.SetError(w, errors.New("first try"))
		middleware.SetError(w, nil)
	}))
	if c, _ := rec.Counts("availability"); c != (sli.Counts{Good: 1, Valid: 1}) {
		t.Errorf("got %v, want a good event", c)
	}
}

func TestSetErrorWithAServerErrorKeepsTheStatus(t *testing.T) {
	in, _ := newInstrument(t, nil)
	serveOnce(in, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(503)
		middleware.SetError(w, errors.New("database unavailable"))
	}))
	if status, errorType := onlySeries(t, in); status != "503" || errorType != "503" {
		t.Errorf("got status %s, error type %s, want 503 for both", status, errorType)
	}
}

// TestSetErrorAfterADeadline keeps the handler's error, but the deadline
// decides.
func TestSetErrorAfterADeadline(t *testing.T) {
	var got sli.Event
	in, _ := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { got = r.Event }})
	unavailable := errors.New("database unavailable")
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		middleware.SetError(w, unavailable)
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	if status, errorType := onlySeries(t, in); status != "200" || errorType != "timeout" {
		t.Errorf("got status %s, error type %s, want 200 and timeout", status, errorType)
	}
	if !errors.Is(got.Err, unavailable) || !got.Unanswered {
		t.Errorf("got %v, want an unanswered event with the error %v", got, unavailable)
	}
}

// TestSwitchingProtocolsIsFinal distinguishes 101 from the other
// informational statuses, which a response follows.
func TestSwitchingProtocolsIsFinal(t *testing.T) {
	in, _ := newInstrument(t, nil)
	serveOnce(in, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(101)
		w.WriteHeader(200)
	}))
	if status, _ := onlySeries(t, in); status != "101" {
		t.Errorf("got status %s, want 101", status)
	}
}

func TestDonePanicIsDropped(t *testing.T) {
	in, rec := newInstrument(t, &middleware.Options{Done: func(middleware.Record) { panic("hook") }}, availability)
	server := quietServer(t, in.Handler(newMux("/")))
	if resp, body := fetch(t, server, "GET", "/", nil); resp.StatusCode != 200 || body != "ok" {
		t.Errorf("got %d %q, want 200 \"ok\"", resp.StatusCode, body)
	}
	if c, _ := rec.Counts("availability"); c != (sli.Counts{Good: 1, Valid: 1}) {
		t.Errorf("got %v, want 1/1", c)
	}
}

// TestIndicatorFuncThatPanics counts the event as bad and sends the response.
func TestIndicatorFuncThatPanics(t *testing.T) {
	faulty := sli.Indicator{Service: "users", Name: "faulty", Good: sli.Condition{Func: func(sli.Event) bool { panic("func") }}}
	in, rec := newInstrument(t, nil, faulty)
	serveOnce(in, newMux("/"))
	if c, _ := rec.Counts("faulty"); c != (sli.Counts{Valid: 1}) {
		t.Errorf("got %v, want a bad event", c)
	}
}
