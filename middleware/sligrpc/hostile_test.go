package sligrpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// exact are the events of a side.
type exact struct{ good, bad, ignored uint64 }

// reply is all that a client sees of its calls.
type reply struct {
	messages []string
	header   metadata.MD
	trailer  metadata.MD
	err      error
}

// seen describes a reply. If the connection broke or the deadline passed, the
// rest is chance.
func (r reply) seen() string {
	st := status.Convert(r.err)
	if st.Code() == codes.DeadlineExceeded || st.Code() == codes.Unavailable {
		return st.Code().String()
	}
	delete(r.header, "x-request-id")
	return fmt.Sprintf("%v %q header %v trailer %v messages %v", st.Code(), st.Message(), r.header, r.trailer, r.messages)
}

// scenario is the state of one run of a hostile case.
type scenario struct {
	shop
	patience time.Duration
	serve    []grpc.ServerOption
	dial     []grpc.DialOption // in front of the measurement
	behind   []grpc.DialOption
	pass     func(*wire, frame) bool // of a proxy
	client   func(*testing.T, *shopServer) reply
}

// hostileCase is a case with the exact signals of both sides.
type hostileCase struct {
	name    string
	make    func() *scenario
	code    codes.Code // that the client sees
	server  []string   // summaries of the records, sorted
	caller  []string
	served  exact
	called  exact
	crashes bool // without us
	stats   bool // only a stats handler sees it
	chance  bool // decides whether the server sees the call
}

// shortly is a deadline that a call on an open connection reaches the handler
// before, also on a machine that is busy.
const shortly = time.Second

// connect opens the connection of a client, which its calls would wait for.
func (s *shopServer) connect(t *testing.T) {
	t.Helper()
	s.conn.Connect()
	for state := s.conn.GetState(); state != connectivity.Ready; state = s.conn.GetState() {
		if !s.conn.WaitForStateChange(t.Context(), state) {
			t.Fatalf("the connection stays %v", state)
		}
	}
}

// one makes a unary call.
func one(ctx context.Context, s *shopServer, text string, opts ...grpc.CallOption) (r reply) {
	var got string
	got, r.err = s.get(ctx, text, append(opts, grpc.Header(&r.header), grpc.Trailer(&r.trailer))...)
	if r.err == nil {
		r.messages = []string{got}
	}
	return r
}

// all reads a stream to its end.
func all(stream grpc.ClientStream) (r reply) {
	for {
		m := new(message)
		if r.err = stream.RecvMsg(m); r.err != nil {
			break
		}
		r.messages = append(r.messages, m.GetValue())
	}
	if errors.Is(r.err, io.EOF) {
		r.err = nil
	}
	r.header, _ = stream.Header()
	r.trailer = stream.Trailer()
	return r
}

// run makes the calls of a scenario and returns the client's view.
func (c *hostileCase) run(t *testing.T, opts *sligrpc.Options) (*shopServer, reply) {
	t.Helper()
	sc := c.make()
	indicator := availability
	indicator.Patience = time.Hour
	if sc.patience != 0 {
		indicator.Patience = sc.patience
	}
	config := config{
		service: &sc.shop, opts: opts, plain: opts == nil, serverOptions: sc.serve, dialOptions: sc.dial, dialBehind: sc.behind,
		indicators: []sli.Indicator{indicator},
	}
	if sc.pass != nil {
		config.via = func(addr string) string { return proxy(t, addr, sc.pass) }
	}
	s := start(t, config)
	return s, sc.client(t, s)
}

// TestHostile makes each case with a plain server and client first: what the
// client sees must be the same.
func TestHostile(t *testing.T) {
	for _, c := range hostileCases() {
		for _, omit := range []bool{false, true} {
			if omit && c.stats {
				continue
			}
			t.Run(fmt.Sprintf("%s/OmitStatsHandler=%t", c.name, omit), func(t *testing.T) {
				t.Parallel()
				s, got := c.run(t, &sligrpc.Options{OmitStatsHandler: omit})
				if status.Code(got.err) != c.code {
					t.Errorf("the client got %v, want %v", got.err, c.code)
				}
				if !c.crashes {
					if _, plain := c.run(t, nil); plain.seen() != got.seen() {
						t.Errorf("the client sees\n%s, without us\n%s", got.seen(), plain.seen())
					}
				}
				if !c.chance {
					s.server.verify(t, "rpc_server", c.server, c.served)
				}
				s.client.verify(t, "rpc_client", c.caller, c.called)
			})
		}
	}
}

// verify compares all signals of a side with the calls that it made.
func (s *side) verify(t *testing.T, prefix string, want []string, events exact) {
	t.Helper()
	s.wait(t, len(want))
	s.idle(t, prefix)
	var got []string
	for _, r := range s.wait(t, len(want)) {
		got = append(got, strings.Replace(summary(r), "//127.0.0.1", "", 1))
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s calls (-want +got):\n%s", prefix, diff)
	}
	tally(t, s, prefix+"_call_duration_seconds")
	if started, ended := len(s.spans.Started()), len(s.spans.Ended()); started != len(want) || ended != len(want) {
		t.Errorf("%s: %d spans have begun and %d have ended, want %d", prefix, started, ended, len(want))
	}
	report := s.rec.Report()
	counted := exact{good: report.Indicators[0].Counts.Good, bad: report.Indicators[0].Counts.Bad()}
	for _, n := range report.Indicators[0].Ignored {
		counted.ignored += n
	}
	if counted != events || report.Indicators[0].Overdue != 0 || report.Unmatched != 0 {
		t.Errorf("%s: got %+v, want %+v: %v", prefix, counted, events, report)
	}
}

// idle waits until no stream is in flight. The gauge falls just after the
// record of a call is made.
func (s *side) idle(t *testing.T, prefix string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		var open uint64
		for _, n := range s.histogram(t, prefix+"_active_streams") {
			open += n
		}
		if open == 0 {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%s: %d streams are in flight", prefix, open)
			return
		}
	}
}

// text returns a message.
func text(s string) *message { return wrapperspb.String(s) }
