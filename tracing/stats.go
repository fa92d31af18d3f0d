package tracing

import (
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/telemetry"
)

// Stats accounts for the spans given to an exporter since the start: the
// sampled spans that ended and those that [Tail] kept.
type Stats struct {
	// Exporter is the exporter's name.
	Exporter string `json:"exporter"`

	// Counts divides the spans by their fate. Done spans were accepted by the
	// receiver. Queued spans are waiting or being sent. Dropped spans found the
	// queue full, ended after the shutdown, or were still waiting when its time
	// was over. Failed spans were rejected by the receiver or not sent in time.
	Counts telemetry.Counts `json:"counts"`

	// QueueFull is the number of dropped spans that found [Batch.Queue] spans
	// waiting.
	QueueFull uint64 `json:"queue_full,omitzero"`

	// BytesFull is the number of dropped spans that would have exceeded
	// [Batch.QueueBytes]. The other dropped spans are due to the shutdown.
	BytesFull uint64 `json:"bytes_full,omitzero"`

	// QueuedBytes is the memory that the queued spans take. It can decrease.
	QueuedBytes uint64 `json:"queued_bytes,omitzero"`
}

// String returns the exporter's name and its counts: "otlp: 10 accepted: 9
// done, 1 queued, 0 dropped, 0 failed".
func (s Stats) String() string { return s.Exporter + ": " + s.Counts.String() }

// UnmarshalJSON reads the counts and refuses unknown fields.
func (s *Stats) UnmarshalJSON(text []byte) error {
	type plain Stats
	return strictjson.Unmarshal(text, (*plain)(s))
}
