package sligrpc_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/sli"
)

// TestStatusList checks that an indicator without codes judges a call by the
// status that corresponds to its code, so that it can name routes and methods.
func TestStatusList(t *testing.T) {
	indicator := sli.Indicator{
		Service: "shop", Name: "availability", Requests: []string{"GET /orders/{id}", get},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
	for _, c := range []struct {
		code   codes.Code
		status int
		want   sli.Verdict
	}{
		{codes.OK, 200, sli.VerdictGood},
		{codes.NotFound, 404, sli.VerdictGood},
		{codes.Internal, 500, sli.VerdictBad},
		{codes.Unavailable, 503, sli.VerdictBad},
	} {
		t.Run(c.code.String(), func(t *testing.T) {
			s := start(t, config{indicators: []sli.Indicator{indicator}, service: &shop{
				get: func(context.Context, *message) (*message, error) { return &message{}, status.Error(c.code, "") },
			}})
			_ = oneGet(t, s)
			event := s.server.wait(t, 1)[0].Event
			if event.Status != c.status {
				t.Errorf("status: got %d, want %d", event.Status, c.status)
			}
			if want := map[sli.Verdict]sli.Counts{sli.VerdictGood: good, sli.VerdictBad: bad}[c.want]; s.server.counts() != want {
				t.Errorf("counts: got %v, want %v", s.server.counts(), want)
			}
			// The event that a test of the team passes to Judge.
			event = sli.Event{Operation: get, Status: c.status, Code: c.code.String(), Duration: time.Millisecond}
			if got, err := indicator.Judge(event); err != nil || got != c.want {
				t.Errorf("judged: got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}
