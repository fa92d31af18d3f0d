package tracing_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
)

// TestStatsAsTextAndJSON checks that printed counts read back.
func TestStatsAsTextAndJSON(t *testing.T) {
	stats := tracing.Stats{Exporter: "otlp", Counts: telemetry.Counts{Done: 1, Queued: 2, Dropped: 3, Failed: 4}}
	roundTrip(t, stats, `{"exporter":"otlp","counts":{"accepted":10,"done":1,"queued":2,"dropped":3,"failed":4}}`)
	tail := tracing.TailStats{Kept: 1, Discarded: 2, Evicted: 3, Held: 4}
	roundTrip(t, tail, `{"kept":1,"discarded":2,"evicted":3,"held":4}`)
	if got, want := stats.String(), "otlp: 10 accepted: 1 done, 2 queued, 3 dropped, 4 failed"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := tail.String(), "1 kept, 2 discarded, 3 evicted, 4 held"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func roundTrip[T any](t *testing.T, value T, want string) {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil || string(data) != want {
		t.Errorf("got %s, %v, want %s", data, err, want)
	}
	var back T
	if err := json.Unmarshal(data, &back); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(value, back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if err := json.Unmarshal([]byte(`{"nothing":1}`), &back); err == nil {
		t.Errorf("%T accepts an unknown field", back)
	}
}
