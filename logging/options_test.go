package logging_test

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/sli"
)

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := logging.New(" ", io.Discard, &logging.Options{
		Sinks: []logging.Sink{
			{},
			{Name: "a", Writer: io.Discard, Match: logging.Match{Status: []string{"5xx", "2x"}}},
			{Name: "a", Writer: io.Discard, Match: logging.Match{Status: []string{"5xx", "!500-599"}}},
			{Name: "main", Writer: io.Discard},
		},
		Exclude: []logging.Exclusion{
			{Keep: 1.5, First: -1, Per: -time.Second},
			{Name: "x", Match: logging.Match{MinLevel: slog.LevelError, MaxLevel: slog.LevelInfo}},
			{Name: "x"},
		},
		Observers: []logging.Observer{nil},
	})
	want := []string{
		`application: invalid name " ": want the name of the service`,
		`Sinks[0].Name: name is empty`,
		`Sinks[0].Writer: writer is nil`,
		`Sinks[1].Match.Status[1]: invalid status "2x"`,
		`Sinks[2].Match.Status: ["5xx" "!500-599"] leaves no status`,
		`Sinks[2].Name: duplicate name "a"`,
		`Sinks[3].Name: duplicate name "main"`,
		`Exclude[0].Name: name is empty`,
		`Exclude[0].Keep: invalid share 1.5: want at least 0 and less than 1`,
		`Exclude[0].First: invalid number -1: want zero or more`,
		`Exclude[0].Per: invalid duration -1s: want zero or more`,
		`Exclude[1].Match.MinLevel: invalid level ERROR: want at most MaxLevel, INFO`,
		`Exclude[2].Name: duplicate name "x"`,
		`Observers[0]: observer is nil`,
	}
	if diff := cmp.Diff(want, mistakes(err)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestNewRefusesAHandlerWithoutDestination(t *testing.T) {
	_, err := logging.New("my-app", nil, nil)
	want := []string{"w: writer is nil, and there is no sink, observer or next handler"}
	if diff := cmp.Diff(want, mistakes(err)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
	for name, opts := range map[string]*logging.Options{
		"sink":     {Sinks: []logging.Sink{{Name: "main", Writer: io.Discard}}},
		"next":     {Next: slog.DiscardHandler},
		"observer": {Observers: []logging.Observer{observer(func(*logging.Line) {})}},
	} {
		if _, err := logging.New("my-app", nil, opts); err != nil {
			t.Errorf("with a %s only: %v", name, err)
		}
	}
}

// mistakes returns the joined errors, each of which must be an *sli.FieldError.
// It shortens the description of the grammar of statuses.
func mistakes(err error) []string {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var all []string
	for _, e := range joined.Unwrap() {
		text, _, _ := strings.Cut(e.Error(), ": want a code from")
		if field := (*sli.FieldError)(nil); !errors.As(e, &field) {
			text = "not an *sli.FieldError: " + text
		}
		all = append(all, text)
	}
	return all
}

type countingObserver struct{ lines int }

func (o *countingObserver) Observe(*logging.Line) { o.lines++ }

func TestNewRefusesNilPointers(t *testing.T) {
	var file *os.File
	_, err := logging.New("my-app", file, &logging.Options{
		Next:      (*slog.JSONHandler)(nil),
		Sinks:     []logging.Sink{{Name: "a", Writer: file}},
		Observers: []logging.Observer{(*countingObserver)(nil)},
	})
	if err == nil {
		t.Fatal("New accepts nil pointers")
	}
	want := []string{
		"w: value is a nil *os.File",
		"Next: value is a nil *slog.JSONHandler",
		"Sinks[0].Writer: value is a nil *os.File",
		"Observers[0]: value is a nil *logging_test.countingObserver",
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}
