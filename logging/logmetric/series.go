package logmetric

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Series has the values for one combination of label values.
type Series struct {
	// Labels are the values of Rule.Labels.
	Labels []string `json:"labels,omitempty"`

	// Count is the number of lines.
	Count uint64 `json:"count"`

	// Sum is the sum of the scaled values.
	Sum float64 `json:"sum,omitempty"`

	// Buckets are cumulative counts, one for each bound in Rule.Buckets.
	Buckets []uint64 `json:"buckets,omitempty"`
}

// String returns the label values, the count, and the sum if it is not 0:
// "[/users/{userid}] 2, sum 0.8".
func (s Series) String() string {
	text := fmt.Sprintf("%v %d", s.Labels, s.Count)
	if s.Sum != 0 {
		text += fmt.Sprintf(", sum %v", s.Sum)
	}
	return text
}

// UnmarshalJSON reads a series and refuses unknown fields.
func (s *Series) UnmarshalJSON(text []byte) error {
	type plain Series
	return strictjson.Unmarshal(text, (*plain)(s))
}

// A series counts lines and values with atomic operations.
type series struct {
	labels  []string
	count   atomic.Uint64
	sum     atomic.Uint64   // the bits of a float64
	buckets []atomic.Uint64 // not cumulative
}

// observe counts a value in the bucket with the lowest bound that is not below
// it.
func (s *series) observe(bounds []float64, value float64) {
	s.count.Add(1) // before the bucket: see read
	if i, _ := slices.BinarySearch(bounds, value); i < len(s.buckets) {
		s.buckets[i].Add(1)
	}
	for {
		old := s.sum.Load()
		if s.sum.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+value)) {
			return
		}
	}
}

// read reads the count after the buckets, so that no bucket exceeds it.
func (s *series) read() Series {
	out := Series{Labels: s.labels, Buckets: make([]uint64, len(s.buckets))}
	var sum uint64
	for i := range s.buckets {
		sum += s.buckets[i].Load()
		out.Buckets[i] = sum
	}
	out.Sum = math.Float64frombits(s.sum.Load())
	out.Count = s.count.Load()
	return out
}
