package logging_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/logging"
)

// knownFailures lists the cases of the table that fail today, one per line: the
// level, the ID and the section.
const knownFailures = "testdata/table_failures.txt"

// atLeast are the percentages of the cases that must pass, by level.
var atLeast = map[canary.Level]float64{
	canary.Promised: 100, canary.Attempted: 90, canary.Outside: 100, canary.Ordinary: 97,
}

// TestTable logs each case of the table in every way. The cases that fail must
// be those in the list of failures, so that a better rule shortens the list and
// a worse one is noticed.
func TestTable(t *testing.T) {
	var failures []failure
	for _, level := range canary.Levels {
		cases, before := canary.Table(level), len(failures)
		for _, c := range cases {
			if err := logEverywhere(t, c); err != nil {
				failures = append(failures, failure{fmt.Sprintf("%s %s %s\n", level, c.ID, c.Section), err})
			}
		}
		passed := len(cases) - (len(failures) - before)
		share := 100 * float64(passed) / float64(len(cases))
		t.Logf("%s: %d of %d cases pass (%.1f %%)", level, passed, len(cases), share)
		if share < atLeast[level] {
			t.Errorf("%s: %.1f %% of the cases pass, want %v %%", level, share, atLeast[level])
		}
	}
	compareFailures(t, failures)
}

// A failure is a case that fails: its line in the list, and the reasons.
type failure struct {
	line string
	err  error
}

// compareFailures compares the failures with the list, and rewrites the list if
// the tests run with -update.
func compareFailures(t *testing.T, failures []failure) {
	t.Helper()
	var got strings.Builder
	for _, f := range failures {
		got.WriteString(f.line)
	}
	if *update {
		if err := os.WriteFile(knownFailures, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(knownFailures)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range failures {
		if !strings.Contains(string(want), f.line) {
			t.Errorf("fails: %s%v", f.line, f.err)
		}
	}
	for line := range strings.Lines(string(want)) {
		if !strings.Contains(got.String(), line) {
			t.Errorf("passes, so remove it from %s: %s", knownFailures, line)
		}
	}
}

// logEverywhere logs the case in every way and returns an error that names the
// ways in which it fails.
func logEverywhere(t *testing.T, c canary.Case) error {
	t.Helper()
	var errs []error
	for name, way := range ways {
		logger, line := way(t)
		c.Log(logger)
		if err := c.Check(line()); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	text, ok := textOf(c)
	if !ok {
		return errors.Join(errs...)
	}
	for name, log := range textWays {
		h, b := newHandler(t, &logging.Options{NoStackTrace: true})
		log(slog.New(h), text)
		if err := checkText(c, text, b.Bytes()); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// textWays are further ways to log a text.
var textWays = map[string]func(l *slog.Logger, text string){
	"message":      func(l *slog.Logger, text string) { l.Info(text) },
	"error":        func(l *slog.Logger, text string) { l.Error("m", "err", errors.New(text)) },
	"bound error":  func(l *slog.Logger, text string) { l.With("error", errors.New(text)).Warn("m") },
	"error within": func(l *slog.Logger, text string) { l.Info("m", "all", []error{errors.New(text)}) },
	"list":         func(l *slog.Logger, text string) { l.Info("m", "all", []string{"a", text}) },
	"map":          func(l *slog.Logger, text string) { l.Info("m", "v", map[string]any{"reply": text}) },
	"struct":       func(l *slog.Logger, text string) { l.Info("m", "v", struct{ Reply string }{text}) },
	"group":        func(l *slog.Logger, text string) { l.WithGroup("g").Info("m", slog.Group("h", "reply", text)) },
}

// checkText returns an error if the line shows a secret of the case, or if it
// does not contain the text of a case that must keep it.
func checkText(c canary.Case, text string, line []byte) error {
	if c.Kind == canary.KindKeep {
		_, literal, _ := strings.Cut(c.Keep[0], ":")
		if !strings.Contains(string(line), literal) {
			return fmt.Errorf("%s: the line does not contain %q: %.500s", c.ID, text, line)
		}
		return nil
	}
	return c.Check(line)
}
