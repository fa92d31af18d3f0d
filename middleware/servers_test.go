package middleware_test

import (
	"errors"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

// TestSeveralServers serves by two servers of one process, whose parts register
// the same instrument. They count together.
func TestSeveralServers(t *testing.T) {
	w := newWatch(t, "logging", middleware.Options{}, availability)
	reg := prometheus.NewPedanticRegistry()
	for i := range 2 {
		err := reg.Register(w.in)
		var registered prometheus.AlreadyRegisteredError
		if again := errors.As(err, &registered); again != (i > 0) || again && registered.ExistingCollector != w.in {
			t.Errorf("registration %d: %v", i, err)
		}
		server := newServer(t, http1, w.wrap(handle(describe)))
		fetch(t, server, "GET", "/", nil)
		server.Close()
	}
	reg.MustRegister(sliprom.NewCollector(w.rec))
	if _, err := reg.Gather(); err != nil {
		t.Error(err)
	}
	if got, _ := w.rec.Counts("availability"); got != (sli.Counts{Good: 2, Valid: 2}) {
		t.Errorf("got %v, want 2 good events", got)
	}
	if n := onlyHistogram(t, w.in, "http_server_request_duration_seconds").GetSampleCount(); n != 2 {
		t.Errorf("got %d observations, want 2", n)
	}
	if lines := w.lines(t); len(lines) != 2 || lines[0]["request_id"] == lines[1]["request_id"] {
		t.Errorf("got lines %v, want two requests", lines)
	}
}
