package middleware_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// inTurn is a transport whose answers have the statuses in turn; a status of 0
// is an error.
type inTurn struct {
	statuses []int
	took     time.Duration
}

func (n *inTurn) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-time.After(n.took):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	status := n.statuses[0]
	n.statuses = n.statuses[1:]
	if status == 0 {
		return nil, errChangedMind
	}
	body := io.NopCloser(strings.NewReader("ok"))
	return &http.Response{StatusCode: status, Body: body, ContentLength: 2, Header: http.Header{}, Request: r}, nil
}

// slowCalls counts calls that take longer than 10 seconds as bad.
var slowCalls = sli.Indicator{
	Service: "shop", Name: "slow", Kind: sli.KindLatency, Requests: []string{"//*"}, Good: sli.Condition{Within: 10 * time.Second},
}

func newGet(ctx context.Context) *http.Request {
	r, err := http.NewRequestWithContext(ctx, "GET", "http://payments/", nil)
	if err != nil {
		panic(err)
	}
	return r
}

// TestRetriesWithoutWithCall are a call each, unless they are below the
// transport.
func TestRetriesWithoutWithCall(t *testing.T) {
	retrying := func(rt http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (resp *http.Response, err error) {
			for range 3 {
				if resp, err = rt.RoundTrip(r); err == nil && resp.StatusCode < 500 {
					break
				}
			}
			return resp, err
		})
	}
	for name, c := range map[string]struct {
		wrap func(*middleware.Instrument, http.RoundTripper) http.RoundTripper
		want sli.Counts
	}{
		"above": {func(in *middleware.Instrument, next http.RoundTripper) http.RoundTripper {
			return in.Transport(retrying(next))
		}, sli.Counts{Good: 1, Valid: 1}},
		"below": {func(in *middleware.Instrument, next http.RoundTripper) http.RoundTripper {
			return retrying(in.Transport(next))
		}, sli.Counts{Good: 1, Valid: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			in, rec := newInstrument(t, nil, dependencies)
			roundTrip(t, c.wrap(in, &inTurn{statuses: []int{0, 503, 200}}), newGet(t.Context()))
			runtime.GC() // ends the 503, whose body the retrying transport loses
			eventually(t, "not counted", func() bool { got, _ := rec.Counts("dependencies"); return got == c.want })
		})
	}
}

// TestWithCallHasTheTimeOfAllAttempts has attempts of 4 seconds, and 2 seconds
// between them.
func TestWithCallHasTheTimeOfAllAttempts(t *testing.T) {
	for name, c := range map[string]struct {
		statuses []int
		want     string
	}{
		"one":   {[]int{200}, "good"},
		"two":   {[]int{503, 200}, "good"},
		"three": {[]int{503, 0, 200}, "bad"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in, rec := newInstrument(t, nil, slowCalls)
				rt := in.Transport(&inTurn{statuses: c.statuses, took: 4 * time.Second})
				ctx, end := middleware.WithCall(t.Context())
				for i := range c.statuses {
					if i > 0 {
						time.Sleep(2 * time.Second)
					}
					roundTrip(t, rt, newGet(ctx))
				}
				time.Sleep(time.Hour) // the call was over with its last attempt
				end()
				end()
				if got := onlyVerdict(rec); got != c.want {
					t.Errorf("got %s, want %s", got, c.want)
				}
			})
		})
	}
}

// TestWithCallIsOverWithItsContext never calls end.
func TestWithCallIsOverWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, rec := newInstrument(t, nil, dependencies)
		ctx, cancel := context.WithCancel(t.Context())
		scoped, end := middleware.WithCall(ctx)
		roundTrip(t, in.Transport(&inTurn{statuses: []int{503}}), newGet(scoped))
		time.Sleep(time.Minute)
		checkCounts(t, rec, "dependencies", sli.Counts{})
		cancel()
		checkCounts(t, rec, "dependencies", sli.Counts{})
		time.Sleep(2 * time.Second)
		checkCounts(t, rec, "dependencies", sli.Counts{Valid: 1})
		end()
		checkCounts(t, rec, "dependencies", sli.Counts{Valid: 1})
	})
}

// TestWithCallIsOverWhenGarbage loses the context and never calls end.
func TestWithCallIsOverWhenGarbage(t *testing.T) {
	in, rec := newInstrument(t, nil, dependencies)
	func() {
		ctx, _ := middleware.WithCall(t.Context())
		roundTrip(t, in.Transport(&inTurn{statuses: []int{503}}), newGet(ctx))
	}()
	eventually(t, "not counted", func() bool {
		runtime.GC()
		got, _ := rec.Counts("dependencies")
		return got == sli.Counts{Valid: 1}
	})
}

// TestWithCallEndsBeforeTheBody counts the call when its body was read.
func TestWithCallEndsBeforeTheBody(t *testing.T) {
	in, rec := newInstrument(t, nil, dependencies)
	rt := in.Transport(&inTurn{statuses: []int{200, 503, 503}})
	ctx, end := middleware.WithCall(t.Context())
	resp, err := rt.RoundTrip(newGet(ctx))
	if err != nil {
		t.Fatal(err)
	}
	end()
	checkCounts(t, rec, "dependencies", sli.Counts{})
	_ = resp.Body.Close()
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 1})
	roundTrip(t, rt, newGet(ctx)) // a call of its own
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 2})
	inner, endInner := middleware.WithCall(ctx)
	roundTrip(t, rt, newGet(inner))
	endInner()
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 3})
}

// TestWithCallOfTwoInstruments is a call for each of them.
func TestWithCallOfTwoInstruments(t *testing.T) {
	outer, outerRec := newInstrument(t, nil, dependencies)
	inner, innerRec := newInstrument(t, nil, dependencies)
	ctx, end := middleware.WithCall(t.Context())
	rt := outer.Transport(inner.Transport(&inTurn{statuses: []int{503, 200}}))
	for range 2 {
		roundTrip(t, rt, newGet(ctx))
	}
	end()
	checkCounts(t, outerRec, "dependencies", sli.Counts{Good: 1, Valid: 1})
	checkCounts(t, innerRec, "dependencies", sli.Counts{Good: 1, Valid: 1})
}

// TestRedirectsOfTwoInstruments are one call for each of them, also if
// http.Client wraps the bodies because it has a Timeout.
func TestRedirectsOfTwoInstruments(t *testing.T) {
	for _, timeout := range []time.Duration{0, time.Minute} {
		outer, outerRec := newInstrument(t, nil, dependencies)
		inner, innerRec := newInstrument(t, nil, dependencies)
		server := newServer(t, http1, redirects(3, answerWhole))
		client := &http.Client{Transport: outer.Transport(inner.Transport(nil)), Timeout: timeout}
		gets(t, client, server.URL)
		checkCounts(t, outerRec, "dependencies", sli.Counts{Good: 1, Valid: 1})
		checkCounts(t, innerRec, "dependencies", sli.Counts{Good: 1, Valid: 1})
	}
}

// TestRedirectInWithCall is followed by a retry.
func TestRedirectInWithCall(t *testing.T) {
	in, rec := newInstrument(t, nil, dependencies)
	failing := true
	server := newServer(t, http1, redirects(1, func(w http.ResponseWriter, _ *http.Request) {
		if failing {
			w.WriteHeader(503)
		}
		failing = false
	}))
	ctx, end := middleware.WithCall(t.Context())
	client := &http.Client{Transport: in.Transport(nil)}
	getsWith(ctx, client, server.URL)
	getsWith(ctx, client, server.URL)
	end()
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 1})
	if got := histogramCountOf(t, in, "http_client_request_duration_seconds"); got != 4 {
		t.Errorf("got %d attempts, want 4", got)
	}
}

// hangsUntil is a transport that ignores contexts.
func hangsUntil(release <-chan struct{}) http.RoundTripper {
	return roundTripper(func(*http.Request) (*http.Response, error) {
		<-release
		return nil, errChangedMind
	})
}

// TestHangingCallIsJudged reads the counters while the other service hangs and
// the transport does not return.
func TestHangingCallIsJudged(t *testing.T) {
	for name, c := range map[string]struct {
		scope    bool // the deadline is the WithCall's
		deadline time.Duration
		cancel   time.Duration
		cause    error
		want     sli.Counts
		overdue  int64
	}{
		"waits":                  {want: sli.Counts{}, overdue: 1},
		"deadline":               {deadline: time.Minute, want: sli.Counts{Valid: 1}},
		"left after the bound":   {cancel: 2 * time.Minute, want: sli.Counts{Valid: 1}},
		"canceled as a deadline": {cancel: time.Minute, cause: context.DeadlineExceeded, want: sli.Counts{Valid: 1}},
		"canceled with a cause":  {cancel: time.Minute, cause: errChangedMind, overdue: 1},
		"WithCall's deadline":    {scope: true, deadline: time.Minute, want: sli.Counts{Valid: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in, rec := newInstrument(t, nil, dependencies)
				release := make(chan struct{})
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if c.deadline > 0 {
					var stop context.CancelFunc
					ctx, stop = context.WithTimeout(ctx, c.deadline)
					defer stop()
				}
				if c.scope {
					var end func()
					ctx, end = middleware.WithCall(ctx)
					defer end()
				}
				if c.cancel > 0 {
					time.AfterFunc(c.cancel, func() { cancel(c.cause) })
				}
				go roundTrip(t, in.Transport(hangsUntil(release)), newGet(ctx))
				time.Sleep(30 * time.Second)
				checkCounts(t, rec, "dependencies", sli.Counts{})
				time.Sleep(2 * time.Minute)
				checkCounts(t, rec, "dependencies", c.want)
				if got := rec.Report().Indicators[0].Overdue; int64(got) != c.overdue {
					t.Errorf("got %d overdue calls, want %d", got, c.overdue)
				}
				close(release)
				synctest.Wait()
			})
		})
	}
}

// lateContext does not know yet that its deadline has passed.
type lateContext struct{ context.Context }

func (lateContext) Deadline() (time.Time, bool) { return time.Now(), true }

// TestDeadlineBeforeTheContextKnows fails as http.Client's Timeout does, which
// cancels a request by another channel than its context.
func TestDeadlineBeforeTheContextKnows(t *testing.T) {
	var record middleware.Record
	in, rec := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { record = r }}, dependencies)
	rt := in.Transport(roundTripper(func(*http.Request) (*http.Response, error) { return nil, errChangedMind }))
	r := newGet(lateContext{t.Context()})
	canceled := make(chan struct{})
	close(canceled)
	r.Cancel = canceled //nolint:staticcheck // http.Client sets it
	roundTrip(t, rt, r)
	checkCounts(t, rec, "dependencies", sli.Counts{Valid: 1})
	if record.ErrorType != "timeout" {
		t.Errorf("got error type %q, want timeout", record.ErrorType)
	}
}

// TestDeadlineOfAnAttempt within a WithCall is no deadline of the call.
func TestDeadlineOfAnAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, rec := newInstrument(t, nil, dependencies)
		next := &inTurn{statuses: []int{200}, took: 10 * time.Second}
		rt := in.Transport(next)
		ctx, end := middleware.WithCall(t.Context())
		first, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		go roundTrip(t, rt, newGet(first))
		time.Sleep(999 * time.Millisecond)
		checkCounts(t, rec, "dependencies", sli.Counts{})
		time.Sleep(500 * time.Millisecond)
		checkCounts(t, rec, "dependencies", sli.Counts{})
		roundTrip(t, rt, newGet(ctx))
		end()
		checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 1})
	})
}

// TestRedirectHasTheContextOfItsOwnHop follows a slow redirect by a client with
// a Timeout, which cancels the context of each hop that is over.
func TestRedirectHasTheContextOfItsOwnHop(t *testing.T) {
	patient := dependencies
	patient.Patience = brief
	in, rec := newInstrument(t, nil, patient)
	server := newServer(t, http1, redirects(1, func(http.ResponseWriter, *http.Request) {
		time.Sleep(beyond)
		middleware.WalkCalls(in)
		middleware.WalkCalls(in)
	}))
	gets(t, &http.Client{Transport: in.Transport(nil), Timeout: time.Minute}, server.URL)
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 1})
}

// TestRestingRedirectsAreBounded leaves redirects without a reader of the
// counters.
func TestRestingRedirectsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, _ := newInstrument(t, nil, dependencies)
		rt := in.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"/x"}}, Body: http.NoBody}, nil
		}))
		for range 10_000 {
			time.Sleep(10 * time.Millisecond)
			roundTrip(t, rt, newGet(t.Context()))
		}
		if got := middleware.CallsInFlight(in); got > 1200 {
			t.Errorf("%d calls rest, want at most 1200", got)
		}
	})
}
