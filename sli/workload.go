package sli

import (
	"slices"
	"time"
)

// Workload is what sort of service an indicator measures. It decides which kinds of indicators apply.
type Workload string

const (
	// WorkloadUserFacing is a service that answers users: a web page, an API.
	WorkloadUserFacing Workload = "user-facing"
	// WorkloadStorage is a system that keeps data.
	WorkloadStorage Workload = "storage"
	// WorkloadDataAnalysis is a pipeline that processes data.
	WorkloadDataAnalysis Workload = "data-analysis"
	// WorkloadMachineLearning is a system that trains models and predicts with them.
	WorkloadMachineLearning Workload = "machine-learning"
)

// catalogue lists each workload's kinds of indicators.
var catalogue = []struct {
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
	all := make([]Workload, len(catalogue))
	for i, entry := range catalogue {
		all[i] = entry.workload
	}
	return all
}

// Kinds returns the kinds of indicators that a workload should have, none for an unknown workload.
func (w Workload) Kinds() []Kind {
	for _, entry := range catalogue {
		if entry.workload == w {
			return slices.Clone(entry.kinds)
		}
	}
	return nil
}

// Indicators returns the workload's recommended indicators for a service, one for each of
// [Workload.Kinds], as a start to adapt: the bounds are common first values. Availability and
// latency count the given requests, be they HTTP, gRPC or a job's name; when none is given, all of
// HTTP and gRPC that has a path, and no job. The other kinds have events that no request shows, to be
// recorded by hand under an operation of the kind's name: for throughput each time slice with its
// Items, for durability each object that was checked, for end-to-end latency each item that came
// out, for accuracy each prediction whose truth is known, for training time each run; one that failed
// has an Err. It returns none for an unknown workload.
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

// recommended returns a kind's template without what identifies it.
func recommended(kind Kind) Indicator {
	byHand := []string{string(kind)}
	switch kind {
	case KindAvailability:
		return Indicator{Good: served()}
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
	return Indicator{Requests: byHand} // durability, accuracy: good is what did not fail
}

// served is met by what a server answered without a failure of its own. The gRPC codes left out are
// those that OpenTelemetry's conventions take for a server's error.
func served() Condition {
	return Condition{
		Status: []string{"2xx", "3xx", "4xx"},
		Code:   []string{"!Unknown", "!DeadlineExceeded", "!Unimplemented", "!Internal", "!Unavailable", "!DataLoss"},
	}
}
