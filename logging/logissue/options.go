package logissue

import (
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/sligo-go/sligo/redact"
	"github.com/sligo-go/sligo/sli"
)

// Options configures a [Tracker]. The zero value means the defaults.
type Options struct {
	// MaxIssues is the maximum number of issues. 0 means 1000.
	MaxIssues int

	// MinLevel is the minimum level of lines that count as errors. Nil means
	// ERROR.
	MinLevel slog.Leveler

	// Module is the import path of the service, which tells its stack frames
	// from the frames of libraries. Empty means the main module of the binary.
	Module string

	// QuietFor is the time without an error after which the next error of an
	// issue is a regression. 0 means 7 days.
	QuietFor time.Duration

	// Redactor redacts the texts of occurrences. Nil means the default policy.
	Redactor *redact.Redactor

	// OnChange is called with each new issue and each regression, one call at a
	// time, from its own goroutine. It may block, for example to open a ticket.
	// Changes that arrive while too many others wait are counted in
	// [Summary].Missed.
	OnChange func(Change)
}

func (o *Options) validate() error {
	var errs sli.FieldErrors
	if o.MaxIssues < 0 {
		errs.Addf("MaxIssues", "invalid limit %d: want zero or more", o.MaxIssues)
	}
	if o.QuietFor < 0 {
		errs.Addf("QuietFor", "invalid duration %v: want zero or more", o.QuietFor)
	}
	return errs.Err()
}

func (o *Options) withDefaults() Options {
	d := *o
	if d.MaxIssues == 0 {
		d.MaxIssues = 1000
	}
	if d.MinLevel == nil {
		d.MinLevel = slog.LevelError
	}
	if d.QuietFor == 0 {
		d.QuietFor = 7 * 24 * time.Hour
	}
	if d.Redactor == nil {
		d.Redactor = redact.Default()
	}
	if info, ok := debug.ReadBuildInfo(); ok && d.Module == "" {
		d.Module = info.Main.Path
	}
	return d
}
