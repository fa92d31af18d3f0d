package sliprom_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

func indicator(service, name string) sli.Indicator {
	return sli.Indicator{
		Service: service, Name: name,
		Good:  sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		Valid: sli.Condition{Status: []string{"!400"}},
	}
}

func newRecorder(t testing.TB, indicators ...sli.Indicator) *sli.Recorder {
	t.Helper()
	rec, err := sli.NewRecorder(indicators...)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// exposition returns the text of both metrics, in the order of Prometheus'
// text format.
func exposition(good, valid []string) string {
	return "# HELP sli_good_events_total Events that count for the SLI and met its criterion.\n" +
		"# TYPE sli_good_events_total counter\n" + strings.Join(good, "\n") + "\n" +
		"# HELP sli_valid_events_total Events that count for the SLI.\n" +
		"# TYPE sli_valid_events_total counter\n" + strings.Join(valid, "\n") + "\n"
}

// both are the metrics of the SLI.
var both = []string{"sli_good_events_total", "sli_valid_events_total"}

func TestCollector(t *testing.T) {
	users := newRecorder(t, indicator("users", "availability"), indicator("users", "quality"))
	orders := newRecorder(t, indicator("orders", "availability"))
	c := sliprom.NewCollector(users, orders, nil)

	zero := exposition(
		[]string{
			`sli_good_events_total{sli="availability",sli_service="orders"} 0`,
			`sli_good_events_total{sli="availability",sli_service="users"} 0`,
			`sli_good_events_total{sli="quality",sli_service="users"} 0`,
		}, []string{
			`sli_valid_events_total{sli="availability",sli_service="orders"} 0`,
			`sli_valid_events_total{sli="availability",sli_service="users"} 0`,
			`sli_valid_events_total{sli="quality",sli_service="users"} 0`,
		})
	if err := testutil.CollectAndCompare(c, strings.NewReader(zero), both...); err != nil {
		t.Errorf("before the first event: %v", err)
	}

	for _, status := range []int{200, 200, 404, 503, 400} {
		users.Record(sli.Event{Status: status})
	}
	orders.Record(sli.Event{Status: 500})
	counted := exposition(
		[]string{
			`sli_good_events_total{sli="availability",sli_service="orders"} 0`,
			`sli_good_events_total{sli="availability",sli_service="users"} 3`,
			`sli_good_events_total{sli="quality",sli_service="users"} 3`,
		}, []string{
			`sli_valid_events_total{sli="availability",sli_service="orders"} 1`,
			`sli_valid_events_total{sli="availability",sli_service="users"} 4`,
			`sli_valid_events_total{sli="quality",sli_service="users"} 4`,
		})
	if err := testutil.CollectAndCompare(c, strings.NewReader(counted), both...); err != nil {
		t.Errorf("after six events: %v", err)
	}
}

func TestCollectorPassesTheLinter(t *testing.T) {
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(everyMetric(t))
	problems, err := testutil.GatherAndLint(reg)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestCreatedTimestamp(t *testing.T) {
	rec := newRecorder(t, indicator("users", "availability"))
	time.Sleep(time.Millisecond)
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(sliprom.NewCollector(rec))
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetType() != dto.MetricType_COUNTER {
			continue
		}
		if got := f.GetMetric()[0].GetCounter().GetCreatedTimestamp().AsTime(); !got.Equal(rec.Created()) {
			t.Errorf("%s: created at %v, want %v", f.GetName(), got, rec.Created())
		}
	}
}

// TestDuplicateIndicator checks that a duplicate series fails the scrape with
// an error that names it.
func TestDuplicateIndicator(t *testing.T) {
	reg := prometheus.NewRegistry()
	reg.MustRegister(sliprom.NewCollector(newRecorder(t, indicator("users", "availability")), newRecorder(t, indicator("users", "availability"))))
	_, err := reg.Gather()
	if err == nil || !strings.Contains(err.Error(), "availability") {
		t.Errorf("got %v, want an error that names the series", err)
	}
}

func TestRegistryAcceptsOneCollector(t *testing.T) {
	reg := prometheus.NewRegistry()
	reg.MustRegister(sliprom.NewCollector())
	if err := reg.Register(sliprom.NewCollector()); err == nil {
		t.Error("the registry accepted a second collector")
	}
}

// TestNoScrapeShowsMoreGoodThanValid scrapes while events are recorded.
func TestNoScrapeShowsMoreGoodThanValid(t *testing.T) {
	rec := newRecorder(t, indicator("users", "availability"))
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(sliprom.NewCollector(rec))
	const goroutines, each = 4, 50_000
	var recording sync.WaitGroup
	for range goroutines {
		recording.Go(func() {
			for i := range each {
				rec.Record(sli.Event{Status: 200 + 303*(i%100/99)})
			}
		})
	}
	done := make(chan struct{})
	go func() {
		recording.Wait()
		close(done)
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		good, valid := scrape(t, reg)
		if good > valid {
			t.Fatalf("got %v good of %v valid events", good, valid)
		}
	}
	if good, valid := scrape(t, reg); fmt.Sprint(good, valid) != fmt.Sprint(goroutines*each/100*99, goroutines*each) {
		t.Errorf("got %v of %v events at the end", good, valid)
	}
}

func scrape(t *testing.T, reg prometheus.Gatherer) (good, valid uint64) {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		value := uint64(f.GetMetric()[0].GetCounter().GetValue())
		switch f.GetName() {
		case "sli_good_events_total":
			good = value
		case "sli_valid_events_total":
			valid = value
		}
	}
	return good, valid
}
