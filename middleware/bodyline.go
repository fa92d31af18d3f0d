package middleware

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/logging/field"
)

// capture keeps the start of a request's body for a line of level DEBUG.
type capture struct {
	limit       int
	contentType string

	// mu guards the fields below, because a handler may leave a goroutine that
	// still reads.
	mu   sync.Mutex
	kept []byte
	size int64
}

// captures returns a capture of a request's body, or nil if its line would not
// be written.
func (l *lines) captures(ctx context.Context, r *http.Request, omit Signal) *capture {
	if l == nil || l.BodyLimit <= 0 || omit&SignalLine != 0 || !enabled(ctx, l.handler, slog.LevelDebug) {
		return nil
	}
	return &capture{limit: l.BodyLimit, contentType: r.Header.Get("Content-Type")}
}

// add keeps bytes that the handler read.
func (c *capture) add(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, p[:min(len(p), c.limit-len(c.kept))]...)
	c.size += int64(len(p))
}

// writeBody writes the line with the body of a request, redacted whichever
// handler writes it.
func (l *lines) writeBody(ctx context.Context, c *capture, end time.Time) {
	c.mu.Lock()
	body, size := c.value(), c.size
	c.mu.Unlock()
	if size == 0 {
		return // the handler read nothing
	}
	line := slog.NewRecord(end, slog.LevelDebug, messageBody, 0)
	line.AddAttrs(l.redactor.Attr(slog.Any(keyBody, body)), slog.Int64(keyRequestBytes, size))
	if outer := scope.Of(ctx); outer != nil && !l.request {
		line.AddAttrs(field.RequestID(outer.RequestID))
	}
	// The handler reports its errors.
	_ = guard.Do(func() error { return l.handler.Handle(ctx, line) })
}

// enabled reports whether a handler writes records of a level. A handler that
// panics writes none.
func enabled(ctx context.Context, h slog.Handler, level slog.Level) (yes bool) {
	_ = guard.Call(func() { yes = h.Enabled(ctx, level) })
	return yes
}

const (
	messageBody = "Request body"
	keyBody     = "request_body"
)

// value returns the body as a value of its media type. It returns the size and
// the type of a body that is cut, of another type, or does not match its type.
func (c *capture) value() any {
	media, _, err := mime.ParseMediaType(c.contentType)
	if media == "" {
		media = "unknown type"
	}
	replacement := fmt.Sprintf("[%d bytes %s]", c.size, media)
	if err != nil || c.size > int64(len(c.kept)) || !utf8.Valid(c.kept) {
		return replacement
	}
	switch {
	case media == "application/x-www-form-urlencoded":
		if form, err := url.ParseQuery(string(c.kept)); err == nil {
			return form
		}
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		if json.Valid(c.kept) {
			return json.RawMessage(c.kept)
		}
	}
	return replacement
}
