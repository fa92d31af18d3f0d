package logging

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/sligo-go/sligo/redact"
)

// Options configures a [Handler]. The zero value is the default.
type Options struct {
	// Level is the lowest level that is logged; nil means INFO. A *slog.LevelVar
	// can be changed while the service runs.
	Level slog.Leveler

	// Redactor replaces the default policy of package redact.
	Redactor *redact.Redactor

	// Sinks are destinations besides the writer given to New.
	Sinks []Sink

	// Next gets each line that is not excluded as a redacted record, with the
	// application and the identity as attributes: for handlers of other packages.
	// Package logroute puts several behind it, each with a queue.
	Next slog.Handler

	// Exclude are rules for lines that are not to be written.
	Exclude []Exclusion

	// Observers see every line.
	Observers []Observer

	// Trace returns the trace and the span in a context; nil writes none. For
	// OpenTelemetry it is, sc being trace.SpanContextFromContext(ctx):
	//
	//	return sc.TraceID(), sc.SpanID(), sc.IsValid()
	Trace func(ctx context.Context) (traceID [16]byte, spanID [8]byte, ok bool)

	// NoStackTrace leaves the stack of the call off lines of level ERROR.
	NoStackTrace bool

	// OnError hears of errors of writers that are not delivery's, from the
	// goroutine that logs. It must not log. nil reports them on standard error, at
	// most one every ten seconds.
	OnError func(error)
}

func (o *Options) validate(application string, w io.Writer) error {
	var errs []error
	if strings.TrimSpace(application) == "" {
		errs = append(errs, fmt.Errorf("logging: application is %q; want the name of the service", application))
	}
	if w == nil && o.Next == nil && len(o.Sinks) == 0 && len(o.Observers) == 0 {
		errs = append(errs, errors.New("logging: writer is nil, and there is no sink, no next handler and no observer"))
	}
	names := map[string]bool{"main": w != nil}
	for i := range o.Sinks {
		errs = append(errs, named(fmt.Sprintf("Sinks[%d]", i), o.Sinks[i].Name, names, o.Sinks[i].validate()))
	}
	names = map[string]bool{}
	for i := range o.Exclude {
		errs = append(errs, named(fmt.Sprintf("Exclude[%d]", i), o.Exclude[i].Name, names, o.Exclude[i].validate()))
	}
	for i, ob := range o.Observers {
		if ob == nil {
			errs = append(errs, fmt.Errorf("logging: Observers[%d] is nil", i))
		}
	}
	return errors.Join(errs...)
}

// named adds the place to an error, and an error for a name used before.
func named(place, name string, used map[string]bool, err error) error {
	if name != "" && used[name] {
		err = errors.Join(err, fmt.Errorf("logging: Name %q is used twice", name))
	}
	used[name] = true
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", place, err)
}
