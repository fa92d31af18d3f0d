package sligrpc_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// messageBound is the bound of a message. A busy machine needs less for a quick
// one.
const messageBound = time.Second

// messageIndicators are the first messages and all messages within a bound,
// and all streams.
func messageIndicators() []sli.Indicator {
	within := sli.Condition{Code: []string{"OK"}, Within: messageBound}
	return []sli.Indicator{
		{Service: "shop", Name: "first", Requests: []string{"first-message:*"}, Good: within},
		{Service: "shop", Name: "each", Requests: []string{"message:*"}, Good: within},
		{Service: "shop", Name: "streams", Requests: []string{"/*", "//*"}, Good: sli.Condition{Code: []string{"OK"}}},
	}
}

func checkMessages(t *testing.T, side string, s *side, want map[string]sli.Counts) {
	t.Helper()
	for indicator, got := range s.rec.All() {
		if got != want[indicator.Name] {
			t.Errorf("%s, %s: got %v, want %v", side, indicator.Name, got, want[indicator.Name])
		}
	}
}

func TestMessages(t *testing.T) {
	send := func(pauses ...time.Duration) func(grpc.ServerStream) error {
		return func(s grpc.ServerStream) error {
			for _, pause := range pauses {
				time.Sleep(pause)
				if err := s.SendMsg(wrapperspb.String("Lora")); err != nil {
					return err
				}
			}
			return nil
		}
	}
	const slow = 4 * messageBound
	for _, c := range []struct {
		name           string
		open           func(grpc.ServerStream) error
		make           func(*testing.T, *shopServer) error
		code           codes.Code
		server, client map[string]sli.Counts
	}{
		{
			name: "three messages", open: send(0, 0, 0), make: openAll(watch, 1),
			server: map[string]sli.Counts{"first": good, "each": {Good: 3, Valid: 3}, "streams": good},
			client: map[string]sli.Counts{"first": good, "each": {Good: 3, Valid: 3}, "streams": good},
		},
		{
			name: "a slow first message", open: send(slow, 0), make: openAll(watch, 1),
			server: map[string]sli.Counts{"first": bad, "each": {Good: 1, Valid: 2}, "streams": good},
			client: map[string]sli.Counts{"first": bad, "each": {Good: 1, Valid: 2}, "streams": good},
		},
		{
			name: "a slow second message", open: send(0, slow), make: openAll(watch, 1),
			server: map[string]sli.Counts{"first": good, "each": {Good: 1, Valid: 2}, "streams": good},
			client: map[string]sli.Counts{"first": good, "each": {Good: 1, Valid: 2}, "streams": good},
		},
		{
			name: "no message", open: send(), make: openAll(watch, 1),
			server: map[string]sli.Counts{"first": good, "streams": good},
			client: map[string]sli.Counts{"first": good, "streams": good},
		},
		{
			name: "failed before a message", open: func(grpc.ServerStream) error { return status.Error(codes.Unavailable, "") }, make: openAll(watch, 1), code: codes.Unavailable,
			server: map[string]sli.Counts{"first": bad, "streams": bad},
			client: map[string]sli.Counts{"first": bad, "streams": bad},
		},
		{
			name: "a message that cannot be sent", open: func(s grpc.ServerStream) error { return s.SendMsg(wrapperspb.String("\xff")) }, make: openAll(watch, 1), code: codes.Internal,
			server: map[string]sli.Counts{"first": bad, "each": bad, "streams": bad},
			client: map[string]sli.Counts{"first": bad, "streams": bad},
		},
		{
			name: "both stream", open: echo, make: openAll(chat, 3),
			server: map[string]sli.Counts{"first": good, "each": {Good: 3, Valid: 3}, "streams": good},
			client: map[string]sli.Counts{"first": good, "each": {Good: 3, Valid: 3}, "streams": good},
		},
		{
			name: "hangs beyond the deadline", open: func(s grpc.ServerStream) error { gone(s.Context()); return nil }, make: openFor(watch, slow), code: codes.DeadlineExceeded,
			server: map[string]sli.Counts{"first": bad, "streams": bad},
			client: map[string]sli.Counts{"first": bad, "streams": bad},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			bothModes(t, func(t *testing.T, opts sligrpc.Options) {
				t.Parallel()
				opts.FirstMessage, opts.EachMessage = true, true
				s := start(t, config{
					service: &shop{open: c.open}, opts: &opts, clientOpts: &opts, indicators: messageIndicators(),
				})
				if err := c.make(t, s); status.Code(err) != c.code {
					t.Errorf("the client got %v, want %v", err, c.code)
				}
				s.server.wait(t, 2) // the stream and its first message
				s.client.wait(t, 2)
				checkMessages(t, "server", s.server, c.server)
				checkMessages(t, "client", s.client, c.client)
				if got := len(s.server.spans.Ended()) + len(s.client.spans.Ended()); got != 2 {
					t.Errorf("got %d spans, want one for each side", got)
				}
			})
		})
	}
}

// TestFirstMessageHangs reads the counters while a stream has no message and
// its client has left.
func TestFirstMessageHangs(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	s := start(t, config{
		service: &shop{open: func(grpc.ServerStream) error { close(entered); <-release; return nil }},
		opts:    &sligrpc.Options{FirstMessage: true}, indicators: messageIndicators(),
	})
	ctx, cancel := context.WithCancel(t.Context())
	stream := s.open(ctx, t, watch)
	<-entered
	defer time.AfterFunc(messageBound+100*time.Millisecond, cancel).Stop()
	if _, err := drain(stream); status.Code(err) != codes.Canceled {
		t.Errorf("the client got %v", err)
	}
	for end := time.Now().Add(5 * time.Second); s.server.counts() != bad && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	checkMessages(t, "server", s.server, map[string]sli.Counts{"first": bad})
}
