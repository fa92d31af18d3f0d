package telemetry_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/sligo-go/sligo/telemetry"
)

func TestLossErrorText(t *testing.T) {
	counts := telemetry.Counts{Done: 92, Queued: 5, Dropped: 2, Failed: 1}
	for _, tt := range []struct {
		name string
		err  telemetry.LossError
		want string
	}{
		{"all fields", telemetry.LossError{Name: "audit", Items: "lines", Counts: counts, Err: context.DeadlineExceeded},
			"telemetry: audit: 3 of 100 lines lost (2 dropped, 1 failed), 5 still queued: context deadline exceeded"},
		{"counts only", telemetry.LossError{Counts: counts},
			"telemetry: 3 of 100 items lost (2 dropped, 1 failed), 5 still queued"},
		{"empty queue", telemetry.LossError{Counts: telemetry.Counts{Failed: 1}},
			"telemetry: 1 of 1 items lost (0 dropped, 1 failed)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLossErrorUnwrapsItsCause(t *testing.T) {
	if !errors.Is(&telemetry.LossError{Err: context.DeadlineExceeded}, context.DeadlineExceeded) {
		t.Error("errors.Is does not find the cause")
	}
	if errors.Unwrap(&telemetry.LossError{}) != nil {
		t.Error("an error without a cause unwraps to something")
	}
}

func TestLossErrorJSON(t *testing.T) {
	counts := telemetry.Counts{Done: 92, Queued: 5, Dropped: 2, Failed: 1}
	for _, loss := range []*telemetry.LossError{
		{Name: "audit", Items: "lines", Counts: counts, Err: context.DeadlineExceeded},
		{Counts: counts},
	} {
		text, err := json.Marshal(loss)
		if err != nil {
			t.Fatal(err)
		}
		var back telemetry.LossError
		if err := json.Unmarshal(text, &back); err != nil || back.Error() != loss.Error() || (back.Err == nil) != (loss.Err == nil) {
			t.Errorf("%s reads back as %v, %v, want %v", text, &back, err, loss)
		}
	}
	if err := json.Unmarshal([]byte(`{"lost":1}`), new(telemetry.LossError)); err == nil {
		t.Error("an unknown field is no error")
	}
}
