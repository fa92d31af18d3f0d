package logissue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
	"github.com/sligo-go/sligo/sli"
)

func newTracker(t testing.TB, opts *logissue.Options) *logissue.Tracker {
	t.Helper()
	tracker, err := logissue.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return tracker
}

func TestHistory(t *testing.T) {
	tracker := newTracker(t, nil)
	start := time.Date(2024, 11, 16, 12, 0, 0, 0, time.UTC)
	for i := range 5 {
		tracker.Add(fmt.Errorf("order %d: password=hunter2 for bob@example.com", i), "charge", start.Add(time.Duration(i)*time.Minute))
	}
	tracker.Add(io.EOF, "read", start)
	s := tracker.Summary()
	if len(s.Issues) != 2 || s.Total != 6 {
		t.Fatalf("got %+v, want two issues with 6 errors", s)
	}
	got := s.Issues[1]
	if got.Count != 5 || !got.FirstSeen.Equal(start) || !got.LastSeen.Equal(start.Add(4*time.Minute)) || got.Latest.Message != "charge" {
		t.Errorf("got %+v, want 5 occurrences over 4 minutes", got)
	}
	if text := fmt.Sprintf("%+v", s); strings.Contains(text, "hunter2") || strings.Contains(text, "bob@") {
		t.Errorf("the summary contains a secret: %s", text)
	}
}

func TestObserve(t *testing.T) {
	tracker := newTracker(t, nil)
	h, err := logging.New("my-app", io.Discard, &logging.Options{
		Observers: []logging.Observer{tracker},
		Exclude:   []logging.Exclusion{{Name: "all", Errors: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	l := slog.New(h)
	ctx := logging.WithRequest(context.Background(), "abc-123")
	l.WarnContext(ctx, "not an error", "err", io.EOF)
	l.ErrorContext(ctx, "read", "err", io.EOF)
	l.With("error_message", io.EOF).Error("read")
	l.Error("order 1 failed")
	l.Error("order 2 failed")
	l.ErrorContext(ctx, "text", "error_message", "disk full")
	l.Error("a", "error_issue", "billing", "err", io.EOF)
	l.Error("b", "error_issue", "billing", "err", io.ErrUnexpectedEOF)
	s := tracker.Summary()
	counts := map[string]uint64{} // by title, without the named issue
	var billing logissue.Issue
	var id string
	for _, issue := range s.Issues {
		if issue.Fingerprint == "~billing" {
			billing = issue
			continue
		}
		counts[issue.Title] = issue.Count
		if issue.Title == "disk full" {
			id = issue.Latest.RequestID
		}
	}
	want := map[string]uint64{"EOF": 2, "order <v> failed": 2, "disk full": 1}
	if !maps.Equal(counts, want) || s.Total != 7 {
		t.Errorf("got %v, %d in total, want %v, 7 in total", counts, s.Total, want)
	}
	if billing.Count != 2 {
		t.Errorf("the named issue is %+v, want 2 errors", billing)
	}
	if id != "abc-123" {
		t.Errorf("the request ID is %q, want abc-123", id)
	}
}

func TestCountsAreExactWithinBounds(t *testing.T) {
	tracker := newTracker(t, &logissue.Options{MaxIssues: 50})
	const workers, each = 4, 5000
	var wg sync.WaitGroup
	now := time.Now()
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				err := errors.New("error of kind " + word(i*workers+w))
				tracker.Add(err, "", now)
				tracker.Add(err, "", now) // so that replaced issues count two errors
			}
		})
	}
	wg.Wait()
	s := tracker.Summary()
	sum := s.Other
	for _, issue := range s.Issues {
		sum += issue.Count
	}
	if len(s.Issues) != 50 || s.Total != 2*workers*each || sum != s.Total {
		t.Errorf("got %d issues, and %d errors in issues and Other, but %d in Total", len(s.Issues), sum, s.Total)
	}
}

// word returns a word of letters, a different one for each number.
func word(n int) string {
	w := "k"
	for ; n > 0; n /= 20 {
		w += string(rune('g' + n%20))
	}
	return w
}

func TestMemoryIsBounded(t *testing.T) {
	tracker := newTracker(t, &logissue.Options{MaxIssues: 1000})
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	now := time.Now()
	fill := func(from, to int) {
		for i := from; i < to; i++ {
			tracker.Add(errors.New(word(i)+strings.Repeat(" pad", 100)), "", now)
		}
	}
	fill(0, 2000)
	before := heap()
	fill(2000, 60_000)
	if after := heap(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if s := tracker.Summary(); s.Total != 60_000 || s.Other != 59_000 {
		t.Errorf("Total is %d and Other is %d, want 60000 and 59000", s.Total, s.Other)
	}
}

func TestOnChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []string
		tracker := newTracker(t, &logissue.Options{QuietFor: time.Hour, OnChange: func(c logissue.Change) {
			calls = append(calls, fmt.Sprintf("%s %v %d", c.Issue.Title, c.Regressed, c.Issue.Count))
			if c.Issue.Title == "panic" {
				panic("hook")
			}
		}})
		now := time.Now()
		tracker.Add(errors.New("panic"), "", now)
		tracker.Add(io.EOF, "", now)
		tracker.Add(io.EOF, "", now.Add(time.Minute))
		tracker.Add(io.EOF, "", now.Add(3*time.Hour)) // quiet for longer than an hour
		id := tracker.Summary().Issues[0].Fingerprint
		if !tracker.Resolve(id) || tracker.Resolve("nonsense") {
			t.Error("Resolve does not report whether the issue exists")
		}
		tracker.Add(io.EOF, "", now.Add(3*time.Hour+time.Second)) // resolved
		tracker.Close()
		tracker.Close()
		tracker.Add(io.EOF, "", now.Add(9*time.Hour)) // counted without a call
		want := []string{"panic false 1", "EOF false 1", "EOF true 3", "EOF true 4"}
		if !slices.Equal(calls, want) {
			t.Errorf("got calls %q, want %q", calls, want)
		}
		if s := tracker.Summary(); s.New != 2 || s.Regressed != 3 {
			t.Errorf("got %d new issues and %d regressions, want 2 and 3", s.New, s.Regressed)
		}
	})
}

// TestQuietFor checks the moment from which an issue counts as quiet, and that
// an error with an earlier time does not move it.
func TestQuietFor(t *testing.T) {
	var regressed []bool
	tracker := newTracker(t, &logissue.Options{QuietFor: time.Hour, OnChange: func(c logissue.Change) {
		regressed = append(regressed, c.Regressed)
	}})
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tracker.Add(io.EOF, "", start)
	tracker.Add(io.EOF, "", start.Add(time.Hour)) // not longer than QuietFor
	tracker.Add(io.EOF, "", start.Add(time.Minute))
	if got, want := tracker.Summary().Issues[0].LastSeen, start.Add(time.Hour); !got.Equal(want) {
		t.Errorf("last seen %v after an error with an earlier time, want %v", got, want)
	}
	tracker.Add(io.EOF, "", start.Add(2*time.Hour))
	tracker.Add(io.EOF, "", start.Add(3*time.Hour+1))
	tracker.Close()
	if want := []bool{false, true}; !slices.Equal(regressed, want) {
		t.Errorf("got changes with regressed %v, want %v", regressed, want)
	}
}

func TestSlowHookDoesNotDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker := newTracker(t, &logissue.Options{OnChange: func(logissue.Change) { time.Sleep(time.Minute) }})
		start := time.Now()
		for i := range 200 {
			tracker.Add(errors.New(word(i)), "", start)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("Add took %v, want no wait", took)
		}
		s := tracker.Summary()
		if s.Missed < 100 || s.Total != 200 {
			t.Errorf("missed %d changes for %d errors, want at least 100 for 200", s.Missed, s.Total)
		}
		tracker.Close()
	})
}

func TestErrorsThatPanic(t *testing.T) {
	tracker := newTracker(t, nil)
	var nilError *located
	tracker.Add(nilError, "m", time.Now())
	tracker.Add(badFingerprint{}, "m", time.Now())
	if s := tracker.Summary(); s.Total != 2 {
		t.Errorf("got %+v, want 2 errors", s)
	}
}

type badFingerprint struct{}

func (badFingerprint) Error() string         { panic("text") }
func (badFingerprint) Fingerprint() []string { panic("fingerprint") }

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := logissue.New(&logissue.Options{MaxIssues: -1, QuietFor: -1})
	const want = "MaxIssues: invalid limit -1: want zero or more\nQuietFor: invalid duration -1ns: want zero or more"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	var field *sli.FieldError
	if !errors.As(err, &field) || field.Path != "MaxIssues" {
		t.Errorf("got %#v, want an *sli.FieldError", err)
	}
}

func TestOccurrenceOfARequest(t *testing.T) {
	tracker := newTracker(t, nil)
	h, err := logging.New("my-app", io.Discard, &logging.Options{
		Observers: []logging.Observer{tracker},
		Trace:     func(context.Context) ([16]byte, [8]byte, bool) { return [16]byte{0xab}, [8]byte{1}, true },
	})
	if err != nil {
		t.Fatal(err)
	}
	l := slog.New(h)
	l.Error("request", "err", io.EOF, "response_code", 503)
	l.Error("load", "err", fs.ErrNotExist)
	issues := tracker.Summary().Issues
	if got := issues[1].Latest; got.TraceID != "ab000000000000000000000000000000" || got.Status != "503" {
		t.Errorf("got %+v", got)
	}
	if got := issues[0].Latest; got.TraceID == "" || got.Status != "" {
		t.Errorf("a line without a status: got %+v", got)
	}
}
