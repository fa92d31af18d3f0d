package logging_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging"
)

func TestStatsAsTextAndJSON(t *testing.T) {
	h := mustNew(t, io.Discard, &logging.Options{Exclude: []logging.Exclusion{{Name: "probes", Match: logging.Match{Messages: []string{"probe"}}}}})
	l := slog.New(h)
	l.Info("probe")
	l.Info("m")
	l.With("a", 1).Error("m")
	stats := h.Stats()
	const text = "lines: DEBUG 0, INFO 2, WARN 0, ERROR 1\n" +
		"excluded by probes: 1\n" +
		"sink main: 2 accepted: 2 done, 0 queued, 0 dropped, 0 failed"
	if got := stats.String(); got != text {
		t.Errorf("String():\n%s\nwant\n%s", got, text)
	}
	got, err := json.Marshal(stats)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"lines":{"DEBUG":0,"ERROR":1,"INFO":2,"WARN":0},"excluded":{"probes":1},` +
		`"sinks":{"main":{"accepted":2,"done":2,"queued":0,"dropped":0,"failed":0}}}`
	if string(got) != want {
		t.Errorf("JSON %s, want %s", got, want)
	}
	var back logging.Stats
	if err := json.Unmarshal(got, &back); err != nil || !cmp.Equal(back, stats) {
		t.Errorf("read back %+v, %v; want %+v", back, err, stats)
	}
	if err := json.Unmarshal([]byte(`{"line":{}}`), &back); err == nil {
		t.Error("Stats accepts an unknown field")
	}
}
