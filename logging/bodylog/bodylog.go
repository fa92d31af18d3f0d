// Package bodylog writes the bodies of HTTP requests to debug logs, redacted.
//
//	handler = bodylog.New(handler, logger, nil)
//
// A body is looked at only while the logger's level is DEBUG, and only as the
// service's own handler reads it: what the handler does not read is not read, and
// what is read is kept up to a limit. After the handler has returned, one line of
// level DEBUG has in additional_info
//
//	"request_body"            the redacted text, or "[1532 bytes image/png]"
//	"request_body_bytes"      how much the handler read
//	"request_body_truncated"  true when the text is only the start of it
//
// Shown are JSON, forms and what else is plain text of a known type; a body that
// is not what its type says is replaced by its size and type, as is one of any
// other type. Names and values in it are redacted as everywhere.
package bodylog

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"
)

// Options configures [New]. The zero value is the default.
type Options struct {
	// Limit is how many bytes of a body are kept; 0 means 4 KiB.
	Limit int

	// Message is the message of the line; "" means "request body".
	Message string
}

const defaultLimit = 4 << 10

// New returns a handler that calls next and then logs the body that next has read.
// It is safe for concurrent use.
func New(next http.Handler, logger *slog.Logger, opts *Options) http.Handler {
	o := Options{Limit: defaultLimit, Message: "request body"}
	if opts != nil && opts.Limit > 0 {
		o.Limit = opts.Limit
	}
	if opts != nil && opts.Message != "" {
		o.Message = opts.Message
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody || !logger.Enabled(r.Context(), slog.LevelDebug) {
			next.ServeHTTP(w, r)
			return
		}
		t := &tee{body: r.Body, limit: o.Limit, contentType: r.Header.Get("Content-Type")}
		// The request is copied: the one given belongs to the server.
		inner := new(http.Request)
		*inner = *r
		inner.Body = t
		defer t.log(r.Context(), logger, o.Message) // also when next panics
		next.ServeHTTP(w, inner)
	})
}

// A tee passes a body on and keeps its start.
type tee struct {
	body        io.ReadCloser
	limit       int
	contentType string

	mu   sync.Mutex // a handler may leave a goroutine reading
	kept []byte
	size int64
	done bool // read to its end
}

// Read reads from the body.
func (t *tee) Read(p []byte) (int, error) {
	n, err := t.body.Read(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	if n > 0 && n <= len(p) {
		t.kept = append(t.kept, p[:min(n, t.limit-len(t.kept))]...)
		t.size += int64(n)
	}
	t.done = t.done || err == io.EOF //nolint:errorlint // readers return io.EOF itself
	return n, err
}

// Close closes the body.
func (t *tee) Close() error { return t.body.Close() }

func (t *tee) log(ctx context.Context, logger *slog.Logger, message string) {
	t.mu.Lock()
	attrs := []slog.Attr{slog.String("request_body", t.text()), slog.Int64("request_body_bytes", t.size)}
	if t.truncated() {
		attrs = append(attrs, slog.Bool("request_body_truncated", true))
	}
	t.mu.Unlock()
	logger.LogAttrs(ctx, slog.LevelDebug, message, attrs...)
}

// truncated reports whether the text is not the whole body, as far as the handler
// has read it.
func (t *tee) truncated() bool { return t.size > int64(len(t.kept)) }

// text returns the body as text, or its size and type. The handler of package
// logging redacts it.
func (t *tee) text() string {
	media, _, err := mime.ParseMediaType(t.contentType)
	if err != nil || !t.readable(media) {
		return t.replacement(media)
	}
	return string(t.kept)
}

func (t *tee) replacement(media string) string {
	if media == "" {
		media = "unknown type"
	}
	return fmt.Sprintf("[%d bytes %s]", t.size, media)
}

// readable reports whether the body is of a known type, and is what the type says.
func (t *tee) readable(media string) bool {
	switch {
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		return t.isJSON()
	case media == "application/x-www-form-urlencoded":
		_, err := url.ParseQuery(string(t.kept))
		return err == nil && !t.truncated()
	}
	return false
}

// isJSON reports whole JSON. The start of a longer body cannot be parsed, so it
// cannot be shown.
func (t *tee) isJSON() bool {
	return !t.truncated() && utf8.Valid(t.kept) && json.Valid(t.kept)
}
