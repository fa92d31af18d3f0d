package sli

// Kind is what sort of SLI an indicator is.
type Kind string

const (
	// Availability is the share of requests that were answered.
	Availability Kind = "availability"
	// Latency is the share of requests that were answered within a bound.
	Latency Kind = "latency"
	// ErrorRate is the share of requests that succeeded.
	ErrorRate Kind = "error-rate"
	// Throughput is the share of time slices in which enough work was done.
	Throughput Kind = "throughput"
	// Durability is the share of stored objects that can be read back.
	Durability Kind = "durability"
	// EndToEndLatency is the share of a pipeline's items that came out within a bound.
	EndToEndLatency Kind = "end-to-end-latency"
	// Accuracy is the share of predictions that were right.
	Accuracy Kind = "accuracy"
	// TrainingTime is the share of training runs that finished within a bound.
	TrainingTime Kind = "training-time"
)

var kinds = []Kind{Availability, Latency, ErrorRate, Throughput, Durability, EndToEndLatency, Accuracy, TrainingTime}
