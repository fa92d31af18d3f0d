package logging

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/logging/internal/loop"
	"github.com/sligo-go/sligo/redact"
	"github.com/sligo-go/sligo/sli"
)

// Options configures a [Handler]. The zero value means the defaults.
type Options struct {
	// Level is the minimum level of lines that are logged; nil means INFO. A
	// *slog.LevelVar can change it while the service runs.
	Level slog.Leveler

	// Schema names the fields on the lines of the writer and the sinks; the zero
	// value is SchemaDefault. Attributes, matches, observers and Next keep the
	// default names.
	Schema Schema

	// Redactor redacts every line; nil means redact.Default().
	Redactor *redact.Redactor

	// Sinks are destinations in addition to the writer given to New.
	Sinks []Sink

	// Next receives each line that is not excluded, as a redacted record with
	// the application and the identity as attributes. It is meant for handlers
	// of other packages; package logroute puts several of them behind it, each
	// with a queue. New refuses slog.Default().Handler() before slog.SetDefault:
	// the new default handler would feed itself (golang/go#62424). A line that
	// Next logs with the context of its call goes to the sinks only.
	Next slog.Handler

	// Exclude keeps lines from the sinks and from Next.
	Exclude []Exclusion

	// Observers receive every line, the excluded ones too.
	Observers []Observer

	// Trace returns the trace and the span in a context, and whether there are
	// any. If it is nil or panics, lines have no trace. For OpenTelemetry, with
	// sc being trace.SpanContextFromContext(ctx), it is:
	//
	//	return sc.TraceID(), sc.SpanID(), sc.IsValid()
	Trace func(ctx context.Context) (traceID [16]byte, spanID [8]byte, ok bool)

	// NoStackTrace omits the call's stack from lines of level ERROR and above.
	NoStackTrace bool

	// OnError receives the errors of writers that are not from package delivery,
	// on the goroutine that logs. It must not log. If it is nil, they are reported
	// on standard error, at most one every ten seconds.
	OnError func(error)
}

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Level == nil {
		d.Level = slog.LevelInfo
	}
	if d.Redactor == nil {
		d.Redactor = redact.Default()
	}
	return d
}

// validate returns every mistake in the arguments of New.
func (o *Options) validate(application string, w io.Writer) error {
	var errs sli.FieldErrors
	if strings.TrimSpace(application) == "" {
		errs.Addf("application", "invalid name %q: want the name of the service", application)
	}
	if o.Schema != SchemaDefault && o.Schema.layout() == nil {
		errs.Addf("Schema", "invalid schema %d: want SchemaDefault, SchemaECS or SchemaOTel", o.Schema)
	}
	if w == nil && o.Next == nil && len(o.Sinks)+len(o.Observers) == 0 {
		errs.Addf("w", "writer is nil, and there is no sink, observer or next handler")
	}
	refuseNil(&errs, "w", w)
	refuseNil(&errs, "Next", o.Next)
	errs.Add("Next", loop.Check(o.Next))
	taken := map[string]bool{mainSink: w != nil}
	for i := range o.Sinks {
		path := fmt.Sprintf("Sinks[%d]", i)
		errs.Add(path, o.Sinks[i].validate())
		checkUnique(&errs, path, o.Sinks[i].Name, taken)
	}
	taken = map[string]bool{}
	for i := range o.Exclude {
		path := fmt.Sprintf("Exclude[%d]", i)
		errs.Add(path, o.Exclude[i].validate())
		checkUnique(&errs, path, o.Exclude[i].Name, taken)
	}
	for i, ob := range o.Observers {
		if ob == nil {
			errs.Addf(fmt.Sprintf("Observers[%d]", i), "observer is nil")
		}
		refuseNil(&errs, fmt.Sprintf("Observers[%d]", i), ob)
	}
	return errs.Err()
}

// refuseNil adds a mistake if v is a nil pointer, such as a *os.File whose
// opening failed.
func refuseNil(errs *sli.FieldErrors, path string, v any) {
	if guard.NilPointer(v) {
		errs.Addf(path, "value is a nil %T", v)
	}
}

// checkUnique adds a mistake if a name is taken or cannot be a label value, and
// takes it.
func checkUnique(errs *sli.FieldErrors, path, name string, taken map[string]bool) {
	if name != "" && taken[name] {
		errs.Addf(path+".Name", "duplicate name %q", name)
	}
	if !utf8.ValidString(name) {
		errs.Addf(path+".Name", "invalid name %q: want UTF-8", name)
	}
	taken[name] = true
}
