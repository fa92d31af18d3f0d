package statuspage

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Source returns the state of the objectives. [status.Books] implements it for
// the process itself.
type Source interface {
	// Read returns the state of all objectives at this moment. If it returns an
	// error, the page shows the last reading and says how old it is. Read must
	// be safe for concurrent use and must respect the context.
	Read(ctx context.Context) (status.Reading, error)
}

// Options configures [New]. The zero Options and nil mean the defaults.
//
// Functions must be safe for concurrent use and fast: the page calls them when
// it is rendered. If one panics, the page does without its result. The page
// escapes, isolates and cuts all text that it gets.
type Options struct {
	// Title is the name in the page's bar, such as "Shop". Empty means "Service
	// levels".
	Title string
	// Lang is the language of readers that choose none by "?lang": "en" or
	// "ko". Empty means the language that their browser prefers, or English.
	Lang string
	// TraceURL is the URL of a trace in the team's tracing system, with
	// "{trace_id}" in it. Empty means that traces are not linked.
	TraceURL string

	// Ledger returns outages, maintenance, deployments and drills, which the
	// page draws and announces. Nil means none.
	Ledger func() ledger.Ledger
	// Routes returns the routes of an objective's requests. Nil means that they
	// are not known.
	Routes func(slo.Objective) []Route
	// Errors returns the latest groups of errors of an objective's service. Nil
	// means that they are not known.
	Errors func(slo.Objective) []ErrorGroup
	// Lost returns the numbers of spans and of log lines that were lost since
	// the start. Nil means that they are not known.
	Lost func() (spans, lines uint64)
	// Telemetry returns further facts about the telemetry, such as its cost.
	// Nil means none.
	Telemetry func() []Fact

	// Allow decides whether a request may see the page. Nil allows every
	// request. The page has no authentication of its own.
	Allow func(*http.Request) bool
	// MaxViewers is the maximum number of streams of live updates. Zero means
	// 256. The pages of further readers say that they are not live, and get the
	// figures every 30 seconds until there is room.
	MaxViewers int
	// Logger receives a warning when the source begins to fail. Nil means none.
	Logger *slog.Logger
}

// Route has the events of one route.
type Route struct {
	// Name is the route: "GET /users/{userid}".
	Name string
	// Counts are its events.
	Counts sli.Counts
	// P99 is the duration within which 99 % of the answers were given. Zero
	// means that it is not known.
	P99 time.Duration
	// TraceID identifies a recent bad event of the route. It is optional.
	TraceID string
}

// ErrorGroup has the errors of one kind.
type ErrorGroup struct {
	// Text is the error.
	Text string
	// Status is the status of the answers, such as "503". It is optional.
	Status string
	// Count is the number of errors.
	Count uint64
	// First and Last are the times of the first and the last error.
	First, Last time.Time
	// TraceID identifies an example. It is optional.
	TraceID string
}

// Fact is a statement about the page or the telemetry.
type Fact struct {
	// Name is the subject of the fact, such as "Lost since the start".
	Name string
	// Text is the fact, such as "0 spans, 0 log lines".
	Text string
}

const (
	defaultViewers = 256
	traceID        = "{trace_id}"
)

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.MaxViewers == 0 {
		d.MaxViewers = defaultViewers
	}
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	return d
}

// validate reports all mistakes at once.
func (o *Options) validate() error {
	var errs sli.FieldErrors
	if o.Lang != "" && languageOf(o.Lang) == nil {
		errs.Addf("Options.Lang", "invalid language %q: want %q or %q", o.Lang, english.code, korean.code)
	}
	if o.MaxViewers < 0 {
		errs.Addf("Options.MaxViewers", "invalid number %d: want 0 or more", o.MaxViewers)
	}
	if u := o.TraceURL; u != "" {
		switch {
		case !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://"):
			errs.Addf("Options.TraceURL", "invalid URL %q: want http or https", u)
		case !strings.Contains(u, traceID):
			errs.Addf("Options.TraceURL", "invalid URL %q: want %s in it", u, traceID)
		}
	}
	return errs.Err()
}
