package sli

import (
	"slices"
	"time"
)

// Workload is the kind of service that an indicator measures. It decides which
// kinds of indicators apply. The empty Workload leaves it open.
type Workload string

const (
	// WorkloadUserFacing is a service that answers users: a web page or an API.
	WorkloadUserFacing Workload = "user-facing"
	// WorkloadStorage is a system that keeps data.
	WorkloadStorage Workload = "storage"
	// WorkloadDataAnalysis is a pipeline that processes data.
	WorkloadDataAnalysis Workload = "data-analysis"
	// WorkloadMachineLearning is a system that trains models and predicts with
	// them.
	WorkloadMachineLearning Workload = "machine-learning"
)

// catalog lists the kinds of indicators of each workload.
var catalog = []struct {
	workload Workload
	kinds    []Kind
}{
	{WorkloadUserFacing, []Kind{KindAvailability, KindLatency, KindThroughput}},
	{WorkloadStorage, []Kind{KindLatency, KindAvailability, KindDurability}},
	{WorkloadDataAnalysis, []Kind{KindThroughput, KindEndToEndLatency}},
	{WorkloadMachineLearning, []Kind{KindLatency, KindAvailability, KindThroughput, KindAccuracy, KindTrainingTime}},
}

// Workloads returns all workloads.
func Workloads() []Workload {
	all := make([]Workload, len(catalog))
	for i, entry := range catalog {
		all[i] = entry.workload
	}
	return all
}

// Kinds returns the kinds of indicators that the workload should have. It
// returns nil for an unknown workload.
func (w Workload) Kinds() []Kind {
	for _, entry := range catalog {
		if entry.workload == w {
			return slices.Clone(entry.kinds)
		}
	}
	return nil
}

// Indicators returns recommended indicators for a service, one for each of
// [Workload.Kinds]. They are a start to adapt: their bounds are common first
// values. It returns nil for an unknown workload.
//
// Availability and latency count the given requests, which may be HTTP
// routes, gRPC methods or the names of jobs. Without requests they count
// every operation that has a path, which excludes jobs.
//
// No request shows the events of the other kinds. The program records them,
// with the kind as the operation, and with an Err if they failed:
//
//	throughput          each time slice, with its Items
//	durability          each stored object that was checked
//	end-to-end-latency  each item that came out of the pipeline
//	accuracy            each prediction whose truth is known
//	training-time       each training run
func (w Workload) Indicators(service string, requests ...string) []Indicator {
	if len(requests) == 0 {
		requests = []string{"/*"}
	}
	var all []Indicator
	for _, kind := range w.Kinds() {
		ind := recommended(kind)
		ind.Name, ind.Service, ind.Kind, ind.Workload = string(kind), service, kind, w
		if ind.Requests == nil {
			ind.Requests = slices.Clone(requests)
		}
		all = append(all, ind)
	}
	return all
}

// recommended returns the template of a kind, without its identity.
func recommended(kind Kind) Indicator {
	byHand := []string{string(kind)}
	switch kind {
	case KindAvailability:
		return Indicator{Good: served(), Patience: defaultPatience}
	case KindLatency:
		return Indicator{
			Valid:       served(),
			Good:        Condition{Within: 100 * time.Millisecond},
			Aggregation: Aggregation{Over: time.Minute, By: "p99"},
		}
	case KindThroughput:
		return Indicator{
			Requests:    byHand,
			Good:        Condition{Rate: Rate{Items: 1, Per: time.Second}},
			Aggregation: Aggregation{Over: time.Minute, By: "rate"},
		}
	case KindEndToEndLatency:
		return Indicator{
			Requests:    byHand,
			Good:        Condition{Within: time.Hour},
			Aggregation: Aggregation{Over: time.Minute, By: "p99"},
		}
	case KindTrainingTime:
		return Indicator{Requests: byHand, Good: Condition{Within: 24 * time.Hour}}
	}
	return Indicator{Requests: byHand} // durability, accuracy: good without an Err
}

// served matches responses without a failure of the server. The excluded gRPC
// codes are the server errors of OpenTelemetry's conventions.
func served() Condition {
	return Condition{
		Status: []string{"2xx", "3xx", "4xx"},
		Code:   []string{"!Unknown", "!DeadlineExceeded", "!Unimplemented", "!Internal", "!Unavailable", "!DataLoss"},
	}
}
