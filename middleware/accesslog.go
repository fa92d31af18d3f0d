package middleware

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/redact"
	"github.com/sligo-go/sligo/sli"
)

// LogOptions configures the access log. Logger is required.
//
// Each request is one record when its handler has returned. docs/logs.md lists
// its attributes. The query, the headers (except User-Agent) and the bodies are
// not on it. Package redact's default policy replaces secrets in the texts of
// errors.
type LogOptions struct {
	// Logger writes the records. If its handler is package logging's, the request
	// ID, the user and the trace are in the fields of its schema; for any other
	// handler they are attributes.
	Logger *slog.Logger

	// Level returns the level of a record. Nil means ERROR for failures of the
	// service, WARN for the statuses 4xx and for clients that disconnected, and
	// INFO for all others.
	Level func(Record) slog.Level

	// BodyLimit is the maximum size, in bytes, of a request's body that a line of
	// its own shows if the logger's level is DEBUG. The line shows JSON and forms,
	// redacted, as far as the handler read them. It shows only the size and the
	// type of a body beyond the limit, of another type, or that does not match its
	// type. Zero means no such lines.
	BodyLimit int

	// Rate returns the share of records like this one that are written: 0 writes
	// none of them, 0.01 one of a hundred at random, and 1 all. Nil means 1. If it
	// panics, the record is written.
	Rate func(Record) float64
}

func (o *LogOptions) check(errs *sli.FieldErrors) {
	if o == nil {
		return
	}
	if o.Logger == nil {
		errs.Addf("AccessLog.Logger", "logger is nil")
	} else if h := o.Logger.Handler(); h == nil || guard.NilPointer(h) {
		errs.Addf("AccessLog.Logger", "logger has no handler")
	}
	if o.BodyLimit < 0 {
		errs.Addf("AccessLog.BodyLimit", "invalid limit %d: want zero or more bytes", o.BodyLimit)
	}
}

// lineMessages are the messages of an access log by the outcome of a call.
type lineMessages struct{ served, failed, canceled string }

var (
	requestMessages   = lineMessages{"Request served", "Request failed", "Request canceled"}
	operationMessages = lineMessages{"Operation completed", "Operation failed", "Operation canceled"}
)

// Keys of an access log that package field does not define.
const (
	keyRoute         = "route"
	keyOperation     = "operation"
	keyCode          = "code"
	keyErrorType     = "error_type"
	keyRequestBytes  = scope.KeyRequestBytes
	keyResponseBytes = scope.KeyResponseBytes
	keyClient        = scope.KeyClient
	keyUserAgent     = scope.KeyUserAgent
)

// lines writes the access log.
type lines struct {
	LogOptions
	handler  slog.Handler
	redactor *redact.Redactor

	// The handler writes these parts of the identity itself, with redaction.
	request, trace bool
}

func newLines(o *LogOptions) *lines {
	if o == nil {
		return nil
	}
	l := &lines{LogOptions: *o, handler: o.Logger.Handler(), redactor: redact.Default()}
	if own, ok := l.handler.(scope.Identifier); ok {
		l.request, l.trace = own.Identifies()
	}
	return l
}

// boundHandler is the handler for lines of one series: the attributes that are
// the same on all of them are bound once.
type boundHandler struct {
	slog.Handler
	served scope.ServedHandler // nil if it always needs a record
}

// bind returns the series' handler. A request without metrics has no cache.
func (l *lines) bind(cache *atomic.Pointer[boundHandler], rec *Record) *boundHandler {
	if cache != nil {
		if bound := cache.Load(); bound != nil {
			return bound
		}
	}
	var attrs []slog.Attr
	if rec.served() {
		attrs = append(attrs, field.Method(rec.Method), slog.String(keyRoute, rec.Route))
	} else {
		attrs = append(attrs, slog.String(keyOperation, rec.Event.Operation))
	}
	if rec.Status != 0 {
		attrs = append(attrs, field.ResponseCode(rec.Status))
	}
	if rec.Event.Code != "" {
		attrs = append(attrs, slog.String(keyCode, rec.Event.Code))
	}
	if rec.ErrorType != "" {
		attrs = append(attrs, slog.String(keyErrorType, rec.ErrorType))
	}
	bound := &boundHandler{Handler: l.handler.WithAttrs(attrs)}
	if source, ok := bound.Handler.(scope.ServedSource); ok {
		bound.served = source.Served(bound.Handler)
	}
	if cache != nil {
		cache.Store(bound)
	}
	return bound
}

// write writes the line of a request that has ended, with the default level if
// Level panics or ends the goroutine.
func (l *lines) write(ctx context.Context, cache *atomic.Pointer[boundHandler], in *Instrument, rec *Record) {
	level, sampled := defaultLevel(rec), true
	defer func() {
		if sampled {
			l.put(ctx, cache, in, rec, level)
		}
	}()
	if l.Rate != nil {
		sampled = l.sampled(rec)
	}
	if l.Level != nil && sampled {
		_ = guard.Call(func() { level = l.Level(*rec) })
	}
}

// put writes the line of a request at a level.
func (l *lines) put(ctx context.Context, cache *atomic.Pointer[boundHandler], in *Instrument, rec *Record, level slog.Level) {
	handler := l.bind(cache, rec)
	if !handler.Enabled(ctx, level) {
		return
	}
	if handler.served == nil || !l.servedPlainly(rec) || !l.putServed(ctx, handler.served, in, rec, level) {
		l.putRecord(ctx, handler, in, rec, level)
	}
}

// putRecord writes the line from a record of slog. It is not inlined into put,
// whose stack would grow for the record although most lines need none.
//
//go:noinline
func (l *lines) putRecord(ctx context.Context, handler *boundHandler, in *Instrument, rec *Record, level slog.Level) {
	line := slog.Record{Time: rec.End, Level: level, Message: message(rec)}
	l.add(&line, in, rec)
	_ = handler.Handle(ctx, line) // the handler reports its errors
}

// servedPlainly reports whether putServed writes all the attributes that
// [lines.add] adds, if the handler writes the request ID and the user.
func (l *lines) servedPlainly(rec *Record) bool {
	if rec.shownError() != nil || rec.Span.IsValid() && !l.trace {
		return false
	}
	return rec.served() || rec.Request == nil && rec.Caller != ""
}

// putServed writes the line of a call that was served without an error. It
// reports false if the handler needs a record.
//
//go:noinline
func (l *lines) putServed(ctx context.Context, handler scope.ServedHandler, in *Instrument, rec *Record, level slog.Level) bool {
	line := scope.Served{
		Time: rec.End, Level: level, Message: message(rec),
		Duration: rec.Event.Duration,
		Client:   rec.Caller,
	}
	if r := rec.Request; r != nil {
		line.Sized, line.RequestBytes, line.ResponseBytes = true, rec.RequestBytes, rec.ResponseBytes
		line.Client, line.UserAgent = in.clientAddress(r), l.userAgent(r)
	}
	return handler.HandleServed(ctx, line)
}

// add adds the attributes that vary. A record holds five without an allocation.
func (l *lines) add(line *slog.Record, in *Instrument, rec *Record) {
	var buf [9]slog.Attr
	attrs := append(buf[:0], l.executionTime(rec.Event.Duration))
	if !l.request {
		attrs = l.addIdentity(attrs, rec)
	}
	if !l.trace && rec.Span.IsValid() {
		attrs = addTrace(attrs, rec.Span)
	}
	if rec.Request != nil {
		attrs = append(attrs,
			slog.Int64(keyRequestBytes, rec.RequestBytes), slog.Int64(keyResponseBytes, rec.ResponseBytes))
	}
	if rec.served() {
		r := rec.Request
		attrs = append(attrs, slog.String(keyClient, in.clientAddress(r)))
		if agent := l.userAgent(r); agent != "" {
			attrs = append(attrs, slog.String(keyUserAgent, l.text(agent)))
		}
	}
	if rec.Caller != "" {
		attrs = append(attrs, slog.String(keyClient, rec.Caller))
	}
	if err := rec.shownError(); err != nil {
		attrs = l.addError(attrs, err)
	}
	line.AddAttrs(attrs...)
}

// executionTime returns the duration in milliseconds. A handler of slog would
// write a time.Duration as nanoseconds, or with a unit.
func (l *lines) executionTime(d time.Duration) slog.Attr {
	if l.request {
		return field.ExecutionTime(d)
	}
	return slog.Float64(field.KeyExecutionTime, float64(d)/float64(time.Millisecond))
}

func (l *lines) addIdentity(attrs []slog.Attr, rec *Record) []slog.Attr {
	if rec.RequestID != "" {
		attrs = append(attrs, field.RequestID(rec.RequestID))
	}
	if rec.UserID != "" {
		attrs = append(attrs, field.UserID(l.redactor.Text(rec.UserID)))
	}
	return attrs
}

// userAgent returns the user agent. A long one is cut, and redacted before.
func (l *lines) userAgent(r *http.Request) string {
	agent := userAgent(r)
	if len(agent) > maxHeader {
		agent = shown(l.redactor, agent, maxHeader)
	}
	return agent
}

// text redacts a text, unless the handler does.
func (l *lines) text(text string) string {
	if l.request {
		return text
	}
	return l.redactor.Text(text)
}

func (l *lines) addError(attrs []slog.Attr, err error) []slog.Attr {
	if l.request {
		attrs = append(attrs, field.Error(err))
	} else {
		attrs = append(attrs, slog.String(field.KeyError, l.redactor.Text(guard.ErrorText(err))))
	}
	//nolint:errorlint // it is never wrapped
	if panicked, ok := err.(*PanicError); ok && panicked.Stack != "" {
		attrs = append(attrs, field.StackTrace(l.text(panicked.Stack)))
	}
	return attrs
}

// sampled reports whether a record is written, by its rate.
func (l *lines) sampled(rec *Record) bool {
	rate := 1.0
	_ = guard.Call(func() { rate = l.Rate(*rec) })
	return rate >= 1 || rand.Float64() < rate
}

func defaultLevel(rec *Record) slog.Level {
	status := rec.Status
	if status == 0 {
		status = rec.Event.Status // of a gRPC code
	}
	switch {
	case rec.Kind == trace.SpanKindClient && status/100 == 4:
		return slog.LevelWarn // the other service did not fail
	case rec.failed():
		return slog.LevelError
	case status >= http.StatusBadRequest:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

func message(rec *Record) string {
	all := &operationMessages
	if rec.Kind == trace.SpanKindServer {
		all = &requestMessages
	}
	switch {
	case rec.failed():
		return all.failed
	case rec.ErrorType != "":
		return all.canceled
	}
	return all.served
}
