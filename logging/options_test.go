package logging_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging"
)

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := logging.New(" ", nil, &logging.Options{
		Sinks:   []logging.Sink{{}, {Name: "a", Writer: io.Discard, Match: logging.Match{Status: []string{"2x"}}}, {Name: "a", Writer: io.Discard}},
		Exclude: []logging.Exclusion{{Keep: 1.5, First: -1}, {Name: "x", Match: logging.Match{MinLevel: slog.LevelError, MaxLevel: slog.LevelInfo}}},
	})
	for _, want := range []string{`application is " "`, "Sinks[0]", "Name is empty", "Writer of sink", `"2x"`, "Sinks[2]", "used twice",
		"Exclude[0]", "Keep is 1.5", "First is -1", "Exclude[1]", "MinLevel ERROR is above MaxLevel INFO"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	if _, err := logging.New("a", nil, nil); err == nil {
		t.Error("New takes a handler that does nothing")
	}
}
