package sli

// Kind is the kind of an SLI. The empty Kind leaves it open.
type Kind string

const (
	// KindAvailability is the share of requests that the service answered.
	KindAvailability Kind = "availability"
	// KindLatency is the share of requests answered within a bound.
	KindLatency Kind = "latency"
	// KindErrorRate is the share of requests that succeeded.
	KindErrorRate Kind = "error-rate"
	// KindThroughput is the share of time slices in which enough work was done.
	KindThroughput Kind = "throughput"
	// KindDurability is the share of stored objects that can be read back.
	KindDurability Kind = "durability"
	// KindEndToEndLatency is the share of a pipeline's items that came out within
	// a bound.
	KindEndToEndLatency Kind = "end-to-end-latency"
	// KindAccuracy is the share of predictions that were right.
	KindAccuracy Kind = "accuracy"
	// KindTrainingTime is the share of training runs that finished within a
	// bound.
	KindTrainingTime Kind = "training-time"
	// KindFreshness is the share of checks that found data no older than a
	// bound. Event.Duration is the age of the data.
	KindFreshness Kind = "freshness"
)

var kinds = []Kind{
	KindAvailability, KindLatency, KindErrorRate, KindThroughput,
	KindDurability, KindEndToEndLatency, KindAccuracy, KindTrainingTime, KindFreshness,
}
