package sliprom_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

// samples returns the values of all series by "name label=value…", without
// the label sli_service and without the series named by except.
func samples(t *testing.T, c prometheus.Collector, except ...string) map[string]float64 {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(c)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]float64)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, pair := range m.GetLabel() {
				if pair.GetName() != "sli_service" {
					name += fmt.Sprintf(" %s=%s", pair.GetName(), pair.GetValue())
				}
			}
			all[name] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	for name := range all {
		for _, e := range except {
			if strings.HasPrefix(name, e) {
				delete(all, name)
			}
		}
	}
	return all
}

// TestEverySeriesIsBornAtZero lists the series of an indicator without groups.
func TestEverySeriesIsBornAtZero(t *testing.T) {
	ind := indicator("users", "availability")
	ind.Requests = []string{"GET /a", "!GET /b", "GET /a"}
	rec := newRecorder(t, ind)
	c := sliprom.NewCollector(rec)
	want := map[string]float64{
		"sli_valid_events_total sli=availability":                      0,
		"sli_good_events_total sli=availability":                       0,
		"sli_ignored_events_total reason=client_left sli=availability": 0,
		"sli_ignored_events_total reason=not_valid sli=availability":   0,
		"sli_ignored_events_total reason=upgrade sli=availability":     0,
		"sli_ignored_events_total reason=preflight sli=availability":   0,
		"sli_ignored_events_total reason=unjudged sli=availability":    0,
		"sli_overdue_events sli=availability":                          0,
		"sli_request_seen request=GET /a sli=availability":             0,
		"sli_request_seen request=!GET /b sli=availability":            0,
		"sli_unmatched_events_total":                                   0,
		"sli_unrouted_requests_total":                                  0,
	}
	if diff := cmp.Diff(want, samples(t, c)); diff != "" {
		t.Errorf("before the first event: %s", diff)
	}
	rec.RecordN(sli.Event{Operation: "GET /a", Status: 200}, 3)
	rec.Record(sli.Event{Operation: "GET /a", Status: 500})
	for i, reason := range []sli.Reason{
		sli.ReasonClientLeft, sli.ReasonNotValid, sli.ReasonUpgrade, sli.ReasonPreflight, sli.ReasonUnjudged,
	} {
		rec.RecordN(sli.Event{Operation: "GET /a", Ignore: reason}, uint64(i+10))
		want["sli_ignored_events_total reason="+string(reason)+" sli=availability"] = float64(i + 10)
	}
	rec.RecordN(sli.Event{Operation: "GET /b", Status: 500}, 7)
	rec.NoteUnrouted()
	var pending sli.Pending
	rec.OnRead(func(time.Time) { rec.Operation("GET /a").Check(&pending, sli.Event{}, time.Minute) })
	want["sli_valid_events_total sli=availability"] = 4
	want["sli_good_events_total sli=availability"] = 3
	want["sli_overdue_events sli=availability"] = 1
	want["sli_request_seen request=GET /a sli=availability"] = 1
	want["sli_request_seen request=!GET /b sli=availability"] = 1
	want["sli_unmatched_events_total"] = 7
	want["sli_unrouted_requests_total"] = 1
	if diff := cmp.Diff(want, samples(t, c)); diff != "" {
		t.Errorf("after events of every kind: %s", diff)
	}
}

func TestGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		known, bounded := indicator("users", "known"), indicator("users", "bounded")
		known.Groups.Values, bounded.Groups.Max = []string{"paid"}, 1
		rec := newRecorder(t, known, bounded, indicator("users", "plain"))
		c := sliprom.NewCollector(rec)
		time.Sleep(time.Second)
		want := map[string]float64{
			"sli_valid_events_total sli=known sli_group=paid":    0,
			"sli_valid_events_total sli=known sli_group=other":   0,
			"sli_valid_events_total sli=bounded sli_group=other": 0,
			"sli_valid_events_total sli=plain sli_group=":        0,
			"sli_group_overflow sli=bounded":                     0,
		}
		check := func(when string) {
			t.Helper()
			if diff := cmp.Diff(want, samples(t, c, "sli_good", "sli_ignored", "sli_overdue", "sli_un")); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
		}
		check("before the first event")

		rec.Record(sli.Event{Status: 200, Group: "free"})
		rec.Record(sli.Event{Status: 200, Group: "paid"})
		time.Sleep(2*time.Minute - 1)
		want["sli_valid_events_total sli=known sli_group=paid"] = 1
		want["sli_valid_events_total sli=known sli_group=other"] = 1
		// This group began less than 2 minutes ago.
		want["sli_valid_events_total sli=bounded sli_group=free"] = 0
		want["sli_valid_events_total sli=bounded sli_group=other"] = 1
		want["sli_valid_events_total sli=plain sli_group="] = 2
		want["sli_group_overflow sli=bounded"] = 1
		check("in the first 2 minutes of a group")

		time.Sleep(time.Nanosecond)
		want["sli_valid_events_total sli=bounded sli_group=free"] = 1
		check("after 2 minutes")
	})
}

// TestRecordersOfOneService checks that their events without an indicator add
// up.
func TestRecordersOfOneService(t *testing.T) {
	first, second := newRecorder(t, indicator("users", "a")), newRecorder(t, indicator("users", "b"))
	first.NoteUnrouted()
	second.NoteUnrouted()
	got := samples(t, sliprom.NewCollector(first, second, newRecorder(t), new(sli.Recorder)), "sli_valid", "sli_good", "sli_ignored", "sli_overdue")
	want := map[string]float64{"sli_unmatched_events_total": 0, "sli_unrouted_requests_total": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
