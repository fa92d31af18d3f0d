package logging

import (
	"io"
	"log/slog"

	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/telemetry"
)

// A Sink is a destination of encoded lines.
type Sink struct {
	// Name names the sink in counters. It is required and unique; "main" is the
	// name of the writer given to [New].
	Name string

	// Writer receives the lines, each by one Write before the call returns. A
	// *delivery.Buffer writes from its own goroutine instead. The call then
	// waits only as delivery.Options says: for room, or for a line of level
	// ERROR. Required.
	Writer io.Writer

	// Match selects the lines; the zero value selects all.
	Match Match
}

const mainSink = "main"

func (s *Sink) validate() error {
	var errs sli.FieldErrors
	if s.Name == "" {
		errs.Addf("Name", "name is empty")
	}
	if s.Writer == nil {
		errs.Addf("Writer", "writer is nil")
	}
	refuseNil(&errs, "Writer", s.Writer)
	errs.Add("Match", s.Match.Validate())
	return errs.Err()
}

// A lineWriter is a writer that accounts for lines, such as a *delivery.Buffer.
type lineWriter interface {
	WriteLine(level slog.Level, line []byte) error
	Counts() telemetry.Counts
}

// An outlet is a Sink in operation.
type outlet struct {
	name  string
	w     lineWriter
	match matcher
}

func newOutlet(s Sink, onError func(error)) outlet {
	w, ok := s.Writer.(lineWriter)
	if !ok {
		w = delivery.NewDirect(s.Writer, onError)
	}
	return outlet{name: s.Name, w: w, match: newMatcher(&s.Match)}
}
