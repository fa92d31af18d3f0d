package sli_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

const ms = time.Millisecond

// hung are indicators that differ in the verdict on a request that hangs.
var hung = []sli.Indicator{
	{Name: "availability", Service: "s", Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}},
	{Name: "patient", Service: "s", Patience: 5 * time.Second, Good: sli.Condition{Status: []string{"2xx"}}},
	{Name: "no-patience", Service: "s", Patience: -1, Good: sli.Condition{Status: []string{"2xx"}}},
	{Name: "latency", Service: "s", Patience: 5 * time.Second, Good: sli.Condition{Within: 100 * ms}, Valid: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}},
	{Name: "latency-and-lists", Service: "s", Good: sli.Condition{Within: 100 * ms, Status: []string{"2xx"}, Code: []string{"OK"}}, Valid: sli.Condition{Status: []string{"!400"}}},
	{Name: "canceled-counts", Service: "s", Valid: sli.Condition{Canceled: sli.PresenceInclude}, Good: sli.Condition{Status: []string{"2xx"}}},
	{Name: "rejects-hangs", Service: "s", Valid: sli.Condition{Func: func(e sli.Event) bool { return !e.Unanswered }}},
}

// tallies returns "good/valid", the ignored events by their reason, and the
// overdue ones of each indicator.
func tallies(rec *sli.Recorder) map[string]string {
	all := make(map[string]string)
	for _, t := range rec.Report().Indicators {
		text := fmt.Sprintf("%d/%d", t.Counts.Good, t.Counts.Valid)
		if len(t.Ignored) != 5 {
			panic(fmt.Sprint("want every reason: ", t.Ignored))
		}
		for _, reason := range slices.Sorted(maps.Keys(t.Ignored)) {
			if n := t.Ignored[reason]; n > 0 {
				text += fmt.Sprintf(" %s %d", reason, n)
			}
		}
		if t.Overdue > 0 {
			text += fmt.Sprintf(" overdue %d", t.Overdue)
		}
		all[t.Name] = text
	}
	return all
}

// inFlight is a reporter of one event.
type inFlight struct {
	op        sli.Operation
	pending   sli.Pending
	event     sli.Event
	waited    time.Duration
	undecided int
}

func (f *inFlight) walk(time.Time) { f.undecided = f.op.Check(&f.pending, f.event, f.waited) }

func TestHangingRequest(t *testing.T) {
	deadline := sli.Event{Err: errFailed}
	left := sli.Event{Canceled: true}
	tests := []struct {
		name      string
		event     sli.Event // in flight
		waited    time.Duration
		patience  time.Duration // of the event
		want      map[string]string
		undecided int
	}{
		{
			name: "within every bound", event: left, waited: 100 * ms, undecided: 7,
			want: map[string]string{
				"availability": "0/0", "patient": "0/0", "no-patience": "0/0", "latency": "0/0", "latency-and-lists": "0/0",
				"canceled-counts": "0/0", "rejects-hangs": "0/0",
			},
		},
		{
			name: "the client left beyond the bound of a latency", event: left, waited: 100*ms + 1, undecided: 5,
			want: map[string]string{
				"availability": "0/0", "patient": "0/0", "no-patience": "0/0", "latency": "0/1", "latency-and-lists": "0/1",
				"canceled-counts": "0/0", "rejects-hangs": "0/0",
			},
		},
		{
			name: "the client left beyond the default", event: left, waited: time.Second + 1, undecided: 3,
			want: map[string]string{
				"availability": "0/1", "patient": "0/0", "no-patience": "0/0", "latency": "0/1", "latency-and-lists": "0/1",
				"canceled-counts": "0/0 overdue 1", "rejects-hangs": "0/0 not_valid 1",
			},
		},
		{
			name: "the client waits", event: sli.Event{}, waited: time.Minute, undecided: 7,
			want: map[string]string{
				"availability": "0/0 overdue 1", "patient": "0/0 overdue 1", "no-patience": "0/0", "latency": "0/0 overdue 1", "latency-and-lists": "0/0 overdue 1",
				"canceled-counts": "0/0 overdue 1", "rejects-hangs": "0/0 overdue 1",
			},
		},
		{
			name: "a deadline passed", event: deadline, waited: 0, undecided: 0,
			want: map[string]string{
				"availability": "0/1", "patient": "0/1", "no-patience": "0/1", "latency": "0/1", "latency-and-lists": "0/1",
				"canceled-counts": "0/1", "rejects-hangs": "0/0 not_valid 1",
			},
		},
		{
			name: "the client of a proxy with a time-out", event: left, waited: 20*ms + 1, patience: 20 * ms, undecided: 4,
			want: map[string]string{
				"availability": "0/1", "patient": "0/1", "no-patience": "0/0", "latency": "0/0", "latency-and-lists": "0/0",
				"canceled-counts": "0/0 overdue 1", "rejects-hangs": "0/0 not_valid 1",
			},
		},
		{
			name: "a long time-out changes nothing", event: left, waited: time.Second + 1, patience: time.Hour, undecided: 3,
			want: map[string]string{
				"availability": "0/1", "patient": "0/0", "no-patience": "0/0", "latency": "0/1", "latency-and-lists": "0/1",
				"canceled-counts": "0/0 overdue 1", "rejects-hangs": "0/0 not_valid 1",
			},
		},
		{
			name: "a deadline passed that was shorter than a latency's bound", event: sli.Event{Err: errFailed, Allowed: 50 * ms}, waited: 50 * ms, undecided: 0,
			want: map[string]string{
				"availability": "0/1", "patient": "0/1", "no-patience": "0/1", "latency": "0/0 not_valid 1", "latency-and-lists": "0/0 not_valid 1",
				"canceled-counts": "0/1", "rejects-hangs": "0/0 not_valid 1",
			},
		},
		{
			name: "ignored by its reporter", event: sli.Event{Ignore: sli.ReasonUnjudged}, waited: time.Minute, undecided: 0,
			want: map[string]string{
				"availability": "0/0 unjudged 1", "patient": "0/0 unjudged 1", "no-patience": "0/0 unjudged 1", "latency": "0/0 unjudged 1",
				"latency-and-lists": "0/0 unjudged 1", "canceled-counts": "0/0 unjudged 1", "rejects-hangs": "0/0 unjudged 1",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rec := newRecorder(t, hung...)
			f := &inFlight{op: rec.Operation("GET /"), event: test.event, waited: test.waited}
			f.pending.Patience = test.patience
			rec.OnRead(f.walk)
			if diff := cmp.Diff(test.want, tallies(rec)); diff != "" {
				t.Error(diff)
			}
			if f.undecided != test.undecided {
				t.Errorf("got %d undecided indicators, want %d", f.undecided, test.undecided)
			}
			f.op.Check(&f.pending, test.event, test.waited)
			if diff := cmp.Diff(test.want, tallies(rec)); diff != "" {
				t.Errorf("after a second check: %s", diff)
			}
			// Each indicator counts the event once, in flight or at its end.
			f.op.Finish(&f.pending, sli.Event{Status: 200}, test.waited)
			f.op.Finish(&f.pending, sli.Event{Status: 500}, test.waited)
			for _, tally := range rec.Report().Indicators {
				n := tally.Counts.Valid
				for _, ignored := range tally.Ignored {
					n += ignored
				}
				if n != 1 {
					t.Errorf("%s counted %d events, want 1: %v", tally.Name, n, tally)
				}
			}
		})
	}
}

func TestClientThatLeftAtTheReturn(t *testing.T) {
	left := sli.Event{Status: 499, Canceled: true}
	tests := []struct {
		waited   time.Duration
		patience time.Duration
		want     map[string]string
	}{
		{100 * ms, 0, map[string]string{
			"availability": "0/0 client_left 1", "patient": "0/0 client_left 1", "no-patience": "0/0 client_left 1", "latency": "0/0 client_left 1",
			"latency-and-lists": "0/0 client_left 1", "canceled-counts": "0/1", "rejects-hangs": "0/0 client_left 1",
		}},
		{time.Second, 0, map[string]string{
			"availability": "0/0 client_left 1", "patient": "0/0 client_left 1", "no-patience": "0/0 client_left 1", "latency": "0/1",
			"latency-and-lists": "0/1", "canceled-counts": "0/1", "rejects-hangs": "0/0 client_left 1",
		}},
		{time.Second, 999 * ms, map[string]string{
			"availability": "0/1", "patient": "0/1", "no-patience": "0/0 client_left 1", "latency": "0/1",
			"latency-and-lists": "0/1", "canceled-counts": "0/1", "rejects-hangs": "0/0 not_valid 1",
		}},
	}
	for _, test := range tests {
		rec := newRecorder(t, hung...)
		rec.Operation("GET /").Finish(&sli.Pending{Patience: test.patience}, left, test.waited)
		if diff := cmp.Diff(test.want, tallies(rec)); diff != "" {
			t.Errorf("after %v: %s", test.waited, diff)
		}
	}
}

// TestFunctionsOfOnRead checks when they run, that several add up, and that the
// numbers of a walk replace the earlier ones.
func TestFunctionsOfOnRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := newRecorder(t, hung[0])
		first := &inFlight{op: rec.Operation("GET /"), waited: time.Minute}
		second := &inFlight{op: rec.Operation("GET /b"), waited: time.Minute}
		var walks []time.Time
		rec.OnRead(nil)
		rec.OnRead(first.walk)
		rec.OnRead(func(now time.Time) {
			walks = append(walks, now)
			rec.Counts("availability") // a reporter may read
			second.walk(now)
		})
		start := time.Now()
		overdue := func(want uint64) {
			t.Helper()
			if got := rec.Report().Indicators[0].Overdue; got != want {
				t.Errorf("after %v: got %d overdue events, want %d", time.Since(start), got, want)
			}
		}
		overdue(2)
		first.waited, second.event = 0, sli.Event{Canceled: true}
		time.Sleep(100*ms - 1)
		overdue(2) // the walk before was less than 100 ms ago
		checkCounts(t, rec, "availability", sli.Counts{})
		time.Sleep(time.Nanosecond)
		checkCounts(t, rec, "availability", sli.Counts{Valid: 1})
		overdue(0)
		for range rec.All() {
		}
		if diff := cmp.Diff([]time.Time{start, start.Add(100 * ms)}, walks); diff != "" {
			t.Error(diff)
		}
	})
}

// TestEachIndicatorCountsOnce checks and finishes events concurrently, with
// fewer and more than 64 indicators.
func TestEachIndicatorCountsOnce(t *testing.T) {
	for _, n := range []int{1, 2, 63, 64, 65, 130} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			indicators := make([]sli.Indicator, n)
			for i := range indicators {
				indicators[i] = sli.Indicator{Name: fmt.Sprint("i", i), Service: "s", Patience: time.Duration(i+1) * ms}
			}
			rec := newRecorder(t, indicators...)
			op := rec.Operation("GET /")
			const events = 300
			for range events {
				var p sli.Pending
				var wg sync.WaitGroup
				for range 2 {
					wg.Go(func() {
						for range 3 {
							op.Check(&p, sli.Event{Canceled: true}, time.Duration(rand.IntN(n+2))*ms)
						}
					})
				}
				wg.Go(func() { op.Finish(&p, sli.Event{Status: 200}, time.Second) })
				wg.Wait()
				if left := op.Check(&p, sli.Event{Canceled: true}, time.Hour); left != 0 {
					t.Fatalf("%d indicators are undecided after Finish", left)
				}
			}
			for ind, c := range rec.All() {
				if c.Valid != events {
					t.Errorf("%s: got %v, want %d valid events", ind.Name, c, events)
				}
			}
		})
	}
}

func TestZeroOperationIgnoresPending(t *testing.T) {
	var p sli.Pending
	for _, op := range []sli.Operation{{}, (*sli.Recorder)(nil).Operation("GET /"), new(sli.Recorder).Operation("GET /")} {
		op.Record(sli.Event{})
		op.Finish(&p, sli.Event{}, 0)
		if left := op.Check(&p, sli.Event{Err: errFailed}, time.Hour); left != 0 {
			t.Errorf("got %d undecided indicators, want 0", left)
		}
	}
}
