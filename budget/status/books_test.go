package status_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/snapshot"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

var availability = slo.Objective{
	Indicator: sli.Indicator{
		Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}", "GET /health"},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}, Valid: sli.Condition{Canceled: sli.PresenceExclude},
	},
	Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("30d"),
}

// service is a recorder with books about it.
type service struct {
	*status.Books
	recorder *sli.Recorder
}

// open opens the books of a service. The caller closes them.
func open(t *testing.T, options *status.Options, objectives ...slo.Objective) service {
	t.Helper()
	recorder, err := sli.NewRecorder(slo.Indicators(objectives)...)
	if err != nil {
		t.Fatal(err)
	}
	books, err := status.Open(recorder, objectives, options)
	if err != nil {
		t.Fatal(err)
	}
	return service{books, recorder}
}

// answer records answers with a status.
func (s service) answer(code int, n uint64) {
	s.recorder.RecordN(sli.Event{Operation: "GET /users/{userid}", Status: code}, n)
}

func TestBooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, availability)
		defer s.Close()
		start := time.Now()
		r := s.Reading()
		o := r.Objectives[0]
		if r.Kind != status.KindProcess || !r.At.Equal(start) || o.State != status.StateNoData || o.HasData() {
			t.Errorf("at the start: %+v", r)
		}

		s.answer(200, 995)
		s.answer(503, 5)
		time.Sleep(2 * time.Hour)
		s.answer(200, 100)
		o = s.Reading().Objectives[0]
		if got, want := o.Budget.Counts(), (sli.Counts{Good: 1095, Valid: 1100}); got != want {
			t.Errorf("window: got %v, want %v", got, want)
		}
		want := []status.Span{
			{Length: time.Hour, Known: time.Hour, Counts: sli.Counts{Good: 100, Valid: 100}},
			{Length: 6 * time.Hour, Known: 2 * time.Hour, Counts: sli.Counts{Good: 1095, Valid: 1100}},
		}
		if diff := cmp.Diff(want, o.Spans[:2]); diff != "" {
			t.Errorf("spans (-want +got):\n%s", diff)
		}
		if _, ok := o.Burn(6 * time.Hour); ok {
			t.Error("a span that is known in part has a burn rate")
		}
		if diff := cmp.Diff([]string{"GET /health"}, o.Unseen); diff != "" {
			t.Errorf("unseen (-want +got):\n%s", diff)
		}
	})
}

func TestClientsLeaving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, availability)
		defer s.Close()
		s.answer(200, 10)
		time.Sleep(time.Minute)
		start := time.Now()
		s.recorder.RecordN(sli.Event{Operation: "GET /users/{userid}", Canceled: true}, 11)
		o := s.Reading().Objectives[0]
		if o.State != status.StateClientsLeaving || !o.Since.Equal(start) || o.Ignored[sli.ReasonClientLeft] != 11 {
			t.Errorf("got %s since %v, ignored %v", o, o.Since, o.Ignored)
		}
		time.Sleep(2 * time.Hour)
		if o := s.Reading().Objectives[0]; o.State == status.StateClientsLeaving {
			t.Errorf("two hours later: got %s", o)
		}
	})
}

// TestHysteresis checks that a step lasts until its Until, and that Since is
// the time of the change.
func TestHysteresis(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hour := availability
		hour.Window = slo.MustParseWindow("1h")
		s := open(t, nil, hour)
		defer s.Close()
		time.Sleep(time.Hour)
		s.answer(200, 9_900)
		s.answer(503, 80) // of about 100
		changed := time.Now()
		if o := s.Reading().Objectives[0]; o.State != "caution" || !o.Since.Equal(changed) {
			t.Errorf("80 bad events: got %s since %v", o, o.Since)
		}
		time.Sleep(time.Minute)
		s.answer(200, 1_500) // 80 of 115 is less than 75 %, and more than 65 %
		if o := s.Reading().Objectives[0]; o.State != "caution" || !o.Since.Equal(changed) {
			t.Errorf("70 %% spent: got %s since %v", o, o.Since)
		}
		s.answer(200, 3_000)
		if o := s.Reading().Objectives[0]; o.State != "healthy" || !o.Since.Equal(time.Now()) {
			t.Errorf("55 %% spent: got %s since %v", o, o.Since)
		}
	})
}

// TestAlarms checks that an alert waits until three quarters of its windows are
// known.
func TestAlarms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, availability)
		defer s.Close()
		firing := func() (n int) {
			for _, a := range s.Reading().Objectives[0].Alarms {
				if a.Firing {
					n++
				}
			}
			return n
		}
		for minute := range 70 {
			s.answer(503, 10)
			if got, want := firing() > 0, minute >= 45; got != want {
				t.Fatalf("minute %d: firing %v", minute, got)
			}
			time.Sleep(time.Minute)
		}
		measured := availability
		measured.Stage = slo.StageMeasure
		m := open(t, nil, measured)
		defer m.Close()
		if alarms := m.Reading().Objectives[0].Alarms; len(alarms) != 0 {
			t.Errorf("stage measure: got %v", alarms)
		}
	})
}

// TestAlarmsOfAYear checks that an objective over a calendar window has the
// alerts of 30 days, the same as its rules.
func TestAlarmsOfAYear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		yearly := availability
		yearly.Window = slo.MustParseWindow("year")
		s := open(t, nil, yearly)
		defer s.Close()
		for range 60 {
			s.answer(503, 20) // 20 % of the events, 20 times the budget of 1 %
			s.answer(200, 80)
			s.Reading()
			time.Sleep(time.Minute)
		}
		for _, a := range s.Reading().Objectives[0].Alarms {
			if hourly := a.Alert.Long == time.Hour; hourly && (!a.Firing || a.Factor.String() != "14.4") {
				t.Errorf("got %v", a)
			} else if !hourly && a.Firing {
				t.Errorf("got %v before three quarters of its window are known", a)
			}
		}
	})
}

// TestAlarmsAfterARestart checks that the seconds of a restart silence no
// alert, whose long window would otherwise have to be known again.
func TestAlarmsAfterARestart(t *testing.T) {
	options := &status.Options{Snapshot: filepath.Join(t.TempDir(), "slo.snapshot")}
	daily := availability
	daily.Window = slo.MustParseWindow("1d")
	// The alert fires at twice the rate that the budget allows.
	daily.Alerts.Rules = []slo.Alert{{
		Severity: slo.SeverityTicket, Budget: slo.MustParseShare("25%"), Long: 3 * time.Hour, Short: 15 * time.Minute,
	}}
	firing := func(s service) (severities []slo.Severity) {
		for _, a := range s.Reading().Objectives[0].Alarms {
			if a.Firing {
				severities = append(severities, a.Alert.Severity)
			}
		}
		return severities
	}
	synctest.Test(t, func(t *testing.T) {
		s := open(t, options, daily)
		burn := func() {
			s.answer(200, 97)
			s.answer(503, 3)
			time.Sleep(time.Minute)
		}
		for range 4 * 60 {
			burn()
		}
		want := []slo.Severity{slo.SeverityTicket}
		if got := firing(s); !slices.Equal(got, want) {
			t.Fatalf("before the restart: got %v, want %v", got, want)
		}
		for restart := range 3 {
			s.Close()
			time.Sleep(40 * time.Second)
			s = open(t, options, daily)
			for minute := range 5 {
				if got := firing(s); !slices.Equal(got, want) {
					t.Errorf("restart %d, minute %d: got %v, want %v", restart, minute, got, want)
				}
				burn()
			}
		}
		s.Close()
	})
}

// TestSlices checks that an objective that judges slices counts those that are
// over.
func TestSlices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sliced := availability
		sliced.Slices = slo.Slices{Length: time.Minute, Bound: slo.MustParseShare("90%")}
		s := open(t, nil, sliced)
		defer s.Close()
		time.Sleep(time.Second) // into the first slice
		for minute := range 10 {
			s.answer(200, 10)
			if minute == 3 {
				s.answer(503, 10)
			}
			time.Sleep(time.Minute)
		}
		synctest.Wait()
		if got, want := s.Reading().Objectives[0].Budget.Counts(), (sli.Counts{Good: 9, Valid: 10}); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestLatency(t *testing.T) {
	want := status.Latency{P50: time.Millisecond, P95: 2 * time.Millisecond, P99: time.Second}
	s := open(t, &status.Options{Latency: func(o slo.Objective) (status.Latency, bool) { return want, o.ID() == "users/availability" }}, availability)
	defer s.Close()
	if got := s.Reading().Objectives[0].Latency; got == nil || *got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestForeignMemory checks that a memory of another form is reported. The
// counts beside it continue. A file without a memory is no mistake.
func TestForeignMemory(t *testing.T) {
	for _, test := range []struct {
		memory string
		warns  bool
	}{{"", false}, {`{"window":"1h"}`, false}, {`["another form"]`, true}, {`{"window":"1h","periods":7}`, true}} {
		synctest.Test(t, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "slo.snapshot")
			var log strings.Builder
			options := &status.Options{Snapshot: path, Logger: slog.New(slog.NewTextHandler(&log, nil))}
			availability := availability
			availability.Window = slo.MustParseWindow("1h")
			part := snapshot.Part{Objective: availability, Memory: json.RawMessage(test.memory)}
			for _, window := range []time.Duration{2 * time.Hour, time.Hour} {
				tracker, err := budget.NewTracker(window)
				if err != nil {
					t.Fatal(err)
				}
				tracker.Add(sli.Counts{Good: 3, Valid: 3})
				part.Trackers = append(part.Trackers, tracker)
			}
			if err := snapshot.Save(path, []snapshot.Part{part}); err != nil {
				t.Fatal(err)
			}
			s := open(t, options, availability)
			defer s.Close()
			if got := s.Reading().Objectives[0].Budget.Counts().Valid; got != 3 {
				t.Errorf("%s: got %d events, want 3, log %s", test.memory, got, &log)
			}
			if got := strings.Contains(log.String(), "objective=users/availability"); got != test.warns {
				t.Errorf("%s: warns %t, log %s", test.memory, got, &log)
			}
		})
	}
}

// TestSnapshot checks that budgets, steps and the times of their changes
// survive a restart, and that a damaged file ends nothing.
func TestSnapshot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	var log strings.Builder
	options := &status.Options{Snapshot: path, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	availability := availability
	availability.Window = slo.MustParseWindow("1h")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, options, availability)
		time.Sleep(time.Hour)
		s.answer(200, 9_900)
		s.Reading()
		s.answer(503, 100)
		changed := time.Now()
		if o := s.Reading().Objectives[0]; o.State != "frozen" {
			t.Errorf("got %s", o)
		}
		time.Sleep(25 * time.Second)
		s.answer(200, 11) // after the last reading
		s.Close()

		again := open(t, options, availability)
		o := again.Reading().Objectives[0]
		if got, want := o.Budget.Counts(), (sli.Counts{Good: 9_911, Valid: 10_011}); got != want || o.State != "frozen" || !o.Since.Equal(changed) {
			t.Errorf("after a restart: got %v, %s since %v", got, o.State, o.Since)
		}
		if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
			t.Fatal(err)
		}
		damaged := open(t, options, availability)
		if o := damaged.Reading().Objectives[0]; o.HasData() {
			t.Errorf("from a damaged file: got %s", o)
		}
		again.Close()
		damaged.Close()
	})
	if _, err := os.Stat(path + ".bad"); err != nil || !strings.Contains(log.String(), "cannot read the snapshot") {
		t.Errorf("a damaged file: error %v, log %s", err, &log)
	}
	synctest.Test(t, func(t *testing.T) {
		options.Snapshot = filepath.Join(path, "no", "folder")
		log.Reset()
		s := open(t, options, availability)
		time.Sleep(5 * time.Minute)
		s.Close()
	})
	if got := strings.Count(log.String(), "cannot write the snapshot"); got != 1 {
		t.Errorf("%d warnings about a folder that does not exist: %s", got, &log)
	}
}

// TestTooEarly checks that a window that is barely known frees no release, and
// that a budget that is spent still freezes them.
func TestTooEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		daily := availability
		daily.Window = slo.MustParseWindow("1d")
		s := open(t, nil, daily)
		defer s.Close()
		s.answer(200, 1000)
		time.Sleep(3 * time.Hour)
		o := s.Reading().Objectives[0]
		if o.State != status.StateTooEarly || o.Decision.Release != budget.ReleaseReviewed {
			t.Errorf("after 3 h of a day: got %s, releases are %v", o, o.Decision.Release)
		}
		if left := time.Until(o.OpensAt); left.Round(time.Minute) != 6*time.Hour-3*time.Hour {
			t.Errorf("opens in %v, want a quarter of a day less 3 h", left)
		}
		time.Sleep(time.Until(o.OpensAt) - time.Minute)
		if o := s.Reading().Objectives[0]; o.State != status.StateTooEarly {
			t.Errorf("a minute before it opens: got %s", o)
		}
		time.Sleep(time.Minute)
		if o := s.Reading().Objectives[0]; o.State != "healthy" || !o.OpensAt.IsZero() {
			t.Errorf("after 6 h of a day: got %s, opens at %v", o, o.OpensAt)
		}
	})
}

// TestHistory checks that the history ends with the present budget, and that
// its counts add up.
// TestTooEarlyAfterARestart checks that a state that is not a step survives a
// restart together with its beginning: a window that is barely known is it
// since the first process began to count.
func TestTooEarlyAfterARestart(t *testing.T) {
	options := &status.Options{Snapshot: filepath.Join(t.TempDir(), "slo.snapshot")}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := open(t, options, availability)
		time.Sleep(10 * time.Minute)
		s.answer(200, 1000)
		time.Sleep(2 * time.Hour)
		for restart := range 3 {
			if o := s.Reading().Objectives[0]; o.State != status.StateTooEarly || !o.Since.Equal(began) {
				t.Errorf("restart %d: got %s since %v, want since %v", restart, o, o.Since, began)
			}
			s.Close()
			time.Sleep(time.Minute)
			s = open(t, options, availability)
		}
		time.Sleep(time.Minute)
		s.recorder.RecordN(sli.Event{Operation: "GET /users/{userid}", Canceled: true}, 2000)
		left := time.Now()
		s.Reading()
		time.Sleep(time.Minute)
		s.Close()
		s = open(t, options, availability)
		defer s.Close()
		if o := s.Reading().Objectives[0]; o.State != status.StateClientsLeaving || !o.Since.Equal(left) {
			t.Errorf("clients leave: got %s since %v, want since %v", o, o.Since, left)
		}
	})
}

func TestHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		daily := availability
		daily.Window = slo.MustParseWindow("1d")
		s := open(t, nil, daily)
		defer s.Close()
		for range 32 {
			s.answer(200, 99)
			s.answer(503, 1)
			time.Sleep(time.Hour)
			synctest.Wait()
		}
		o := s.Reading().Objectives[0]
		if n := len(o.History); n < 90 || n > 100 { // a quarter of an hour each
			t.Fatalf("%d points", n)
		}
		begin := time.Now().Add(-24 * time.Hour)
		var sum sli.Counts
		for i, p := range o.History {
			sum = sum.Add(p.Counts)
			if p.At.Before(begin) || i > 0 && !p.At.After(o.History[i-1].At) {
				t.Errorf("point %d is at %v", i, p.At)
			}
		}
		last := o.History[len(o.History)-1]
		if last.Budget.Counts() != o.Budget.Counts() || sum.Valid < 2_300 || sum.Valid > 2_400 {
			t.Errorf("the last point has %v, the budget %v, and the points have %v", last.Budget.Counts(), o.Budget.Counts(), sum)
		}
	})
}

func TestOpenMistakes(t *testing.T) {
	recorder, err := sli.NewRecorder(availability.Indicator)
	if err != nil {
		t.Fatal(err)
	}
	other := availability
	other.Indicator.Name, other.Target = "errors", slo.Target{}
	books, err := status.Open(recorder, []slo.Objective{availability, other}, &status.Options{Policy: budget.Policy{NoData: 9}})
	if books != nil {
		t.Error("books with mistakes")
	}
	for _, want := range []string{"objectives[1].Target: ", "Options.Policy.NoData: invalid release 9", `objectives[1].Indicator: unknown indicator "users/errors"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q: %v", want, err)
		}
	}
	var field *sli.FieldError
	if _, err := status.Open(nil, nil, nil); !errors.As(err, &field) || field.Path != "recorder" {
		t.Errorf("without a recorder: got %v", err)
	}
}
