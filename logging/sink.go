package logging

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
)

// A Sink is a destination of encoded lines.
type Sink struct {
	// Name names the sink in counters. It is required, and unique; the writer given
	// to [New] is the sink "main".
	Name string

	// Writer gets the lines, one Write for each. A *delivery.Buffer takes them at
	// once and writes them from its goroutine. Required.
	Writer io.Writer

	// Match selects the lines; the zero value selects all.
	Match Match
}

// A lineWriter is a writer that accounts for lines.
type lineWriter interface {
	WriteLine(level slog.Level, line []byte) error
	Counts() telemetry.Counts
}

// An outlet is a Sink at work.
type outlet struct {
	name  string
	w     lineWriter
	match *Match // nil: all
}

func newOutlet(s Sink, onError func(error)) outlet {
	o := outlet{name: s.Name}
	if w, ok := s.Writer.(lineWriter); ok {
		o.w = w
	} else {
		o.w = delivery.NewDirect(s.Writer, onError)
	}
	m := s.Match
	if m.MinLevel != nil || m.MaxLevel != nil || m.Func != nil || len(m.Messages)+len(m.Routes)+len(m.Status)+len(m.Fields) > 0 {
		o.match = &m
	}
	return o
}

func (s *Sink) validate() error {
	var errs []error
	if s.Name == "" {
		errs = append(errs, errors.New("logging: Name is empty"))
	}
	if s.Writer == nil {
		errs = append(errs, fmt.Errorf("logging: Writer of sink %q is nil", s.Name))
	}
	return errors.Join(append(errs, s.Match.Validate())...)
}
