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

	"github.com/sligo-go/sligo/redact"
)

// Options configures [New]. The zero value means the defaults.
type Options struct {
	// Limit is the maximum number of bytes kept of a body; 0 means 4 KiB.
	Limit int

	// Message is the line's message; "" means "request body".
	Message string

	// Redactor redacts the bodies; nil means redact.Default().
	Redactor *redact.Redactor
}

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Limit <= 0 {
		d.Limit = 4 << 10
	}
	if d.Message == "" {
		d.Message = "request body"
	}
	if d.Redactor == nil {
		d.Redactor = redact.Default()
	}
	return d
}

// New returns a handler that calls next and then logs the body that next has
// read, even if next panics. It is safe for concurrent use.
func New(next http.Handler, logger *slog.Logger, opts *Options) http.Handler {
	o := opts.withDefaults()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody || !logger.Enabled(r.Context(), slog.LevelDebug) {
			next.ServeHTTP(w, r)
			return
		}
		t := &tee{body: r.Body, opts: &o, contentType: r.Header.Get("Content-Type")}
		// A copy, because the request belongs to the server.
		inner := new(http.Request)
		*inner = *r
		inner.Body = t
		defer t.log(r.Context(), logger)
		next.ServeHTTP(w, inner)
	})
}

// A tee passes a body through and keeps its start.
type tee struct {
	body        io.ReadCloser
	opts        *Options
	contentType string

	// mu guards the fields below, because a handler may leave a goroutine that
	// still reads.
	mu   sync.Mutex
	kept []byte
	size int64
}

// Read reads from the body.
func (t *tee) Read(p []byte) (int, error) {
	n, err := t.body.Read(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	if n > 0 && n <= len(p) {
		t.kept = append(t.kept, p[:min(n, t.opts.Limit-len(t.kept))]...)
		t.size += int64(n)
	}
	return n, err
}

// Close closes the body.
func (t *tee) Close() error { return t.body.Close() }

func (t *tee) log(ctx context.Context, logger *slog.Logger) {
	t.mu.Lock()
	body, size := t.value(), t.size
	t.mu.Unlock()
	logger.LogAttrs(ctx, slog.LevelDebug, t.opts.Message,
		t.opts.Redactor.Attr(slog.Any("request_body", body)), slog.Int64("request_body_bytes", size))
}

// value returns the body as a value of its media type, or its size and type.
func (t *tee) value() any {
	media, _, err := mime.ParseMediaType(t.contentType)
	if media == "" {
		media = "unknown type"
	}
	replacement := fmt.Sprintf("[%d bytes %s]", t.size, media)
	if err != nil || t.size > int64(len(t.kept)) || !utf8.Valid(t.kept) {
		return replacement
	}
	switch {
	case media == "application/x-www-form-urlencoded":
		if form, err := url.ParseQuery(string(t.kept)); err == nil {
			return form
		}
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		if json.Valid(t.kept) {
			return json.RawMessage(t.kept)
		}
	}
	return replacement
}
