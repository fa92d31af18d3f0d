package telemetry

import (
	"encoding/json"
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Counts divides the items, such as log lines or spans, that a writer, queue or
// exporter accepted since its start by their fate. All fields are read at the
// same moment. The zero Counts means that nothing was accepted.
type Counts struct {
	// Done is the number of items delivered: the writer took the whole line or
	// the receiver accepted the span.
	Done uint64

	// Queued is the number of items that are waiting or being delivered. Unlike
	// the other counts it can decrease.
	Queued uint64

	// Dropped is the number of items discarded without an attempt to deliver
	// them, because the queue was full or already closed.
	Dropped uint64

	// Failed is the number of items whose delivery was attempted and failed.
	Failed uint64
}

// Accepted returns the number of items accepted: the sum of all fields.
func (c Counts) Accepted() uint64 { return c.Done + c.Queued + c.Dropped + c.Failed }

// Lost returns the number of items that will never be delivered: Dropped plus
// Failed.
func (c Counts) Lost() uint64 { return c.Dropped + c.Failed }

// Since returns the counts of the items that were queued at an earlier reading
// of the same counters or accepted after it.
func (c Counts) Since(earlier Counts) Counts {
	return Counts{
		Done:    c.Done - earlier.Done,
		Queued:  c.Queued,
		Dropped: c.Dropped - earlier.Dropped,
		Failed:  c.Failed - earlier.Failed,
	}
}

// String returns a text such as "6 accepted: 3 done, 1 queued, 2 dropped, 0
// failed".
func (c Counts) String() string {
	return fmt.Sprintf("%d accepted: %d done, %d queued, %d dropped, %d failed",
		c.Accepted(), c.Done, c.Queued, c.Dropped, c.Failed)
}

// countsJSON is the JSON form of Counts. It includes the sum for its readers.
type countsJSON struct {
	Accepted *uint64 `json:"accepted,omitempty"`
	Done     uint64  `json:"done"`
	Queued   uint64  `json:"queued"`
	Dropped  uint64  `json:"dropped"`
	Failed   uint64  `json:"failed"`
}

// MarshalJSON returns an object with the members accepted, done, queued,
// dropped and failed.
func (c Counts) MarshalJSON() ([]byte, error) {
	accepted := c.Accepted()
	return json.Marshal(countsJSON{&accepted, c.Done, c.Queued, c.Dropped, c.Failed})
}

// UnmarshalJSON reads the object that MarshalJSON returns. It returns an error
// if the object has other members, or if accepted is present and differs from
// the sum of the other members.
func (c *Counts) UnmarshalJSON(text []byte) error {
	// JSON's null changes nothing, so in begins with the current values.
	in := countsJSON{nil, c.Done, c.Queued, c.Dropped, c.Failed}
	if err := strictjson.Unmarshal(text, &in); err != nil {
		return fmt.Errorf("telemetry: %w", err)
	}
	out := Counts{in.Done, in.Queued, in.Dropped, in.Failed}
	if in.Accepted != nil && *in.Accepted != out.Accepted() {
		return fmt.Errorf("telemetry: accepted is %d, but the other counts add up to %d", *in.Accepted, out.Accepted())
	}
	*c = out
	return nil
}
