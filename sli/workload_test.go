package sli_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

func TestWorkloadCatalog(t *testing.T) {
	want := map[sli.Workload][]sli.Kind{
		sli.WorkloadUserFacing:      {sli.KindAvailability, sli.KindLatency, sli.KindThroughput},
		sli.WorkloadStorage:         {sli.KindLatency, sli.KindAvailability, sli.KindDurability},
		sli.WorkloadDataAnalysis:    {sli.KindThroughput, sli.KindEndToEndLatency},
		sli.WorkloadMachineLearning: {sli.KindLatency, sli.KindAvailability, sli.KindThroughput, sli.KindAccuracy, sli.KindTrainingTime},
	}
	got := map[sli.Workload][]sli.Kind{}
	for _, w := range sli.Workloads() {
		got[w] = w.Kinds()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]sli.Workload{"user-facing", "storage", "data-analysis", "machine-learning"}, sli.Workloads()); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownWorkload(t *testing.T) {
	for _, w := range []sli.Workload{"", "web"} {
		if kinds, inds := w.Kinds(), w.Indicators("users"); kinds != nil || inds != nil {
			t.Errorf("%q: got %v and %v, want none", w, kinds, inds)
		}
	}
}

func TestRecommendedIndicatorsAreRecordable(t *testing.T) {
	for _, w := range sli.Workloads() {
		inds := w.Indicators("shop", "GET /users/{userid}")
		rec := newRecorder(t, inds...)
		for i, ind := range rec.Indicators() {
			if ind.Kind != w.Kinds()[i] || ind.Workload != w || ind.Service != "shop" || ind.Name != string(ind.Kind) {
				t.Errorf("%s: got %+v for the kind %s", w, ind, w.Kinds()[i])
			}
		}
	}
}

// TestRecommendedIndicators is the specification of the recommended
// indicators. Each case lists the indicators that do not ignore an event, and
// their verdicts.
func TestRecommendedIndicators(t *testing.T) {
	const get, put = "GET /users/{userid}", "put-object"
	const fast, slow = 100 * time.Millisecond, 100*time.Millisecond + 1
	tests := []struct {
		name     string
		workload sli.Workload
		requests []string
		event    sli.Event
		want     string
	}{
		{"a fast answer", sli.WorkloadUserFacing, nil, sli.Event{Operation: get, Status: 200, Duration: fast}, "availability good, latency good"},
		{"a slow answer", sli.WorkloadUserFacing, nil, sli.Event{Operation: get, Status: 200, Duration: slow}, "availability good, latency bad"},
		{"a failure", sli.WorkloadUserFacing, nil, sli.Event{Operation: get, Status: 500}, "availability bad"},
		{"not found", sli.WorkloadUserFacing, nil, sli.Event{Operation: get, Status: 404}, "availability good, latency good"},
		{"a panic after 200", sli.WorkloadUserFacing, nil, sli.Event{Operation: get, Status: 200, Err: errFailed}, "availability bad, latency bad"},
		{"a client that disconnected", sli.WorkloadUserFacing, nil, sli.Event{Operation: get, Status: 499, Canceled: true}, ""},
		{"a gRPC answer", sli.WorkloadUserFacing, nil, sli.Event{Operation: "/shop.Users/Get", Code: "OK", Duration: fast}, "availability good, latency good"},
		{"gRPC's not found", sli.WorkloadUserFacing, nil, sli.Event{Operation: "/shop.Users/Get", Code: "NotFound"}, "availability good, latency good"},
		{"gRPC's unavailable", sli.WorkloadUserFacing, nil, sli.Event{Operation: "/shop.Users/Get", Code: "UNAVAILABLE"}, "availability bad"},
		{"a request that is not listed", sli.WorkloadUserFacing, []string{get}, sli.Event{Operation: "GET /", Status: 500}, ""},
		{"a second with work done", sli.WorkloadUserFacing, nil, sli.Event{Operation: "throughput", Items: 1, Duration: time.Second}, "throughput good"},
		{"a second without", sli.WorkloadUserFacing, nil, sli.Event{Operation: "throughput", Duration: time.Second}, "throughput bad"},
		{"an object stored fast", sli.WorkloadStorage, []string{put}, sli.Event{Operation: put, Duration: fast}, "latency good, availability good"},
		{"an object stored slowly", sli.WorkloadStorage, []string{put}, sli.Event{Operation: put, Duration: slow}, "latency bad, availability good"},
		{"an object not stored", sli.WorkloadStorage, []string{put}, sli.Event{Operation: put, Err: errFailed}, "availability bad"},
		{"an object read back", sli.WorkloadStorage, []string{put}, sli.Event{Operation: "durability"}, "durability good"},
		{"an object lost", sli.WorkloadStorage, nil, sli.Event{Operation: "durability", Err: errFailed}, "durability bad"},
		{"an item out in time", sli.WorkloadDataAnalysis, nil, sli.Event{Operation: "end-to-end-latency", Duration: time.Hour}, "end-to-end-latency good"},
		{"an item out late", sli.WorkloadDataAnalysis, nil, sli.Event{Operation: "end-to-end-latency", Duration: time.Hour + 1}, "end-to-end-latency bad"},
		{"a wrong prediction", sli.WorkloadMachineLearning, nil, sli.Event{Operation: "accuracy", Err: errFailed}, "accuracy bad"},
		{"a right prediction", sli.WorkloadMachineLearning, nil, sli.Event{Operation: "accuracy"}, "accuracy good"},
		{"a day of training", sli.WorkloadMachineLearning, nil, sli.Event{Operation: "training-time", Duration: 24 * time.Hour}, "training-time good"},
		{"a run that failed", sli.WorkloadMachineLearning, nil, sli.Event{Operation: "training-time", Err: errFailed}, "training-time bad"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, ind := range test.workload.Indicators("shop", test.requests...) {
				v, err := ind.Judge(test.event)
				if err != nil {
					t.Fatal(err)
				}
				if v != sli.VerdictIgnored {
					got += fmt.Sprintf(", %s %v", ind.Name, v)
				}
			}
			if want := test.want; got != want && got != ", "+want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestWorkloadsShareNothing(t *testing.T) {
	requests := []string{"GET /users/{userid}"}
	changed := sli.WorkloadUserFacing.Indicators("users", requests...)
	for i := range changed {
		for _, list := range [][]string{changed[i].Requests, changed[i].Good.Status, changed[i].Good.Code, changed[i].Valid.Status, changed[i].Valid.Code} {
			for j := range list {
				list[j] = "changed"
			}
		}
	}
	sli.WorkloadUserFacing.Kinds()[0] = "changed"
	sli.Workloads()[0] = "changed"
	if requests[0] != "GET /users/{userid}" {
		t.Errorf("got the caller's requests %q, want them unchanged", requests)
	}
	newRecorder(t, sli.WorkloadUserFacing.Indicators("users", requests...)...)
	if got := sli.Workloads()[0].Kinds()[0]; got != sli.KindAvailability {
		t.Errorf("got %q as the catalog's first kind, want it unchanged", got)
	}
}
