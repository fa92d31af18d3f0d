package telemetry_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/telemetry"
)

func TestAcceptedIsTheSum(t *testing.T) {
	c := telemetry.Counts{Done: 1, Queued: 20, Dropped: 300, Failed: 4000}
	if got := c.Accepted(); got != 4321 {
		t.Errorf("Accepted() = %d, want 4321", got)
	}
	if got := c.Lost(); got != 4300 {
		t.Errorf("Lost() = %d, want 4300", got)
	}
}

func TestSince(t *testing.T) {
	earlier := telemetry.Counts{Done: 10, Queued: 5, Dropped: 2, Failed: 1}
	later := telemetry.Counts{Done: 14, Queued: 3, Dropped: 2, Failed: 3}
	got := later.Since(earlier)
	if want := (telemetry.Counts{Done: 4, Queued: 3, Failed: 2}); got != want {
		t.Errorf("Since() = %v, want %v", got, want)
	}
	// Four items were accepted in between, and five were queued before.
	if want := later.Accepted() - earlier.Accepted() + earlier.Queued; got.Accepted() != want {
		t.Errorf("Since().Accepted() = %d, want %d", got.Accepted(), want)
	}
}

func TestCountsInText(t *testing.T) {
	for _, tt := range []struct {
		name       string
		counts     telemetry.Counts
		text, json string
	}{
		{
			"zero", telemetry.Counts{},
			"0 accepted: 0 done, 0 queued, 0 dropped, 0 failed",
			`{"accepted":0,"done":0,"queued":0,"dropped":0,"failed":0}`,
		},
		{
			"all different", telemetry.Counts{Done: 3, Queued: 1, Dropped: 2, Failed: 5},
			"11 accepted: 3 done, 1 queued, 2 dropped, 5 failed",
			`{"accepted":11,"done":3,"queued":1,"dropped":2,"failed":5}`,
		},
		{
			"beyond a float64", telemetry.Counts{Done: 1<<63 + 1},
			"9223372036854775809 accepted: 9223372036854775809 done, 0 queued, 0 dropped, 0 failed",
			`{"accepted":9223372036854775809,"done":9223372036854775809,"queued":0,"dropped":0,"failed":0}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.counts.String(); got != tt.text {
				t.Errorf("String() = %q, want %q", got, tt.text)
			}
			data, err := json.Marshal(tt.counts)
			if err != nil || string(data) != tt.json {
				t.Errorf("Marshal() = %s, %v, want %s", data, err, tt.json)
			}
			var got telemetry.Counts
			if err := json.Unmarshal(data, &got); err != nil || got != tt.counts {
				t.Errorf("Unmarshal() = %v, %v, want %v", got, err, tt.counts)
			}
		})
	}
}

func TestUnmarshalCounts(t *testing.T) {
	unchanged := telemetry.Counts{Queued: 7}
	for _, tt := range []struct {
		name, json, err string
		want            telemetry.Counts
	}{
		{"without accepted", `{"done":2,"failed":1}`, "", telemetry.Counts{Done: 2, Failed: 1}},
		{"wrong accepted", `{"accepted":4,"done":2,"failed":1}`, "accepted is 4, but the other counts add up to 3", unchanged},
		{"unknown member", `{"done":2,"lost":1}`, `telemetry: json: unknown field "lost"`, unchanged},
		{"negative", `{"done":-1}`, "telemetry: json: cannot unmarshal", unchanged},
		{"null", `null`, "", unchanged},
		{"not an object", `7`, "telemetry: json: cannot unmarshal", unchanged},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := unchanged
			err := json.Unmarshal([]byte(tt.json), &got)
			if (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			if got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
