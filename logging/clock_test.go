package logging_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestTimestamp(t *testing.T) {
	seoul := time.FixedZone("KST", 9*60*60)
	tests := []struct {
		time time.Time
		want string
	}{
		{time.Date(2024, 11, 16, 12, 34, 56, 789e6, time.UTC), "2024-11-16T12:34:56.789Z"},
		{time.Date(2024, 11, 16, 21, 34, 56, 120e6, seoul), "2024-11-16T12:34:56.120Z"},
		{time.Date(2024, 11, 16, 12, 34, 56, 999_999_999, time.UTC), "2024-11-16T12:34:56.999Z"},
		{time.Date(1969, 12, 31, 23, 59, 59, 5e6, time.UTC), "1969-12-31T23:59:59.005Z"},
		{time.Date(123456, 1, 1, 0, 0, 0, 0, time.UTC), "0000-01-01T00:00:00.000Z"},
	}
	for _, tt := range tests {
		h, buf := newHandler(t, nil)
		if err := h.Handle(context.Background(), slog.NewRecord(tt.time, slog.LevelInfo, "m", 0)); err != nil {
			t.Fatal(err)
		}
		if want := `{"timestamp":"` + tt.want + `",`; !strings.HasPrefix(buf.String(), want) {
			t.Errorf("%v: got %s, want %s", tt.time, buf, want)
		}
	}
}
