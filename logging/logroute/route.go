package logroute

import (
	"fmt"
	"io"
	"log/slog"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/internal/loop"
	"github.com/sligo-go/sligo/sli"
)

// A Route is one destination. It has either a Writer or a Handler.
type Route struct {
	// Name identifies the route in counts and errors. It is required and unique
	// among the routes and the sinks in the options.
	Name string

	// Match selects the lines. The zero value selects all.
	Match logging.Match

	// Writer receives lines in the standard schema.
	Writer io.Writer

	// Handler receives redacted records. The application and the identity from the
	// context are attributes of each record. As for Options.Next, it must not be
	// slog.Default().Handler() before slog.SetDefault.
	Handler slog.Handler

	// Queue is the maximum number of records that wait for Handler. 0 means 1024.
	Queue int
}

func (r *Route) validate(used map[string]bool) error {
	var errs sli.FieldErrors
	switch {
	case r.Name == "":
		errs.Addf("Name", "name is empty")
	case used[r.Name]:
		errs.Addf("Name", "duplicate name %q", r.Name)
	}
	if !utf8.ValidString(r.Name) {
		errs.Addf("Name", "invalid name %q: want UTF-8", r.Name)
	}
	used[r.Name] = true
	errs.Add("Match", r.Match.Validate())
	if (r.Writer == nil) == (r.Handler == nil) {
		errs.Addf("", "want either Writer or Handler")
	}
	if guard.NilPointer(r.Writer) {
		errs.Addf("Writer", "value is a nil %T", r.Writer)
	}
	if guard.NilPointer(r.Handler) {
		errs.Addf("Handler", "value is a nil %T", r.Handler)
	}
	errs.Add("Handler", loop.Check(r.Handler))
	if r.Queue < 0 {
		errs.Addf("Queue", "invalid length %d: want zero or more", r.Queue)
	}
	return errs.Err()
}

// validate returns all mistakes in the arguments of [New].
func validate(application string, routes []Route, o logging.Options) error {
	var errs sli.FieldErrors
	if len(routes) == 0 {
		errs.Addf("routes", "want at least one route")
	}
	used := make(map[string]bool)
	for _, s := range o.Sinks {
		used[s.Name] = true
	}
	for i := range routes {
		errs.Add(fmt.Sprintf("routes[%d]", i), routes[i].validate(used))
	}
	if o.Next == nil {
		o.Next = slog.DiscardHandler // in place of the routes
	}
	_, err := logging.New(application, nil, &o)
	errs.Add("", err)
	return errs.Err()
}
