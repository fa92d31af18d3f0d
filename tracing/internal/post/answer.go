package post

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/tracing"
)

func newAnswer(response *http.Response) Answer {
	var a Answer
	// The status counts even if reading fails.
	a.Body, _ = io.ReadAll(io.LimitReader(response.Body, maxResponse))
	a.ContentType, _, _ = mime.ParseMediaType(response.Header.Get("Content-Type"))
	return a
}

// isPage reports whether the answer is a page for a browser. A proxy sends one
// with the status 200 if it wants a login, and so does a web server at a wrong
// address. No receiver's response begins with "<".
func (a *Answer) isPage() bool {
	text := bytes.TrimPrefix(a.Body, []byte("\uFEFF"))
	text = bytes.TrimLeft(text, " \t\r\n")
	switch a.ContentType {
	case "text/html", "application/xhtml+xml":
		// It is also the default of some frameworks, for an empty body or "OK".
		return bytes.ContainsRune(text, '<')
	}
	return bytes.HasPrefix(text, []byte("<"))
}

// page returns the error for a page, which says that nothing was exported.
func (c *Client) page(response *http.Response, body []byte) error {
	return &tracing.ExportError{Err: fmt.Errorf("post %s: %s with a page for browsers, which no receiver sends: %s",
		c.safeURL(), response.Status, Excerpt(string(body)))}
}

// noResponse returns the error for a request without a response: the port is
// closed, the name does not resolve yet, or the receiver hangs. All of these
// may end soon, so the batch is retried.
func (c *Client) noResponse(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = cause
	}
	return &tracing.ExportError{Err: fmt.Errorf("post %s: %w", c.safeURL(), err), Retry: true}
}

// unsuccessful returns the error for a response whose status is not 2xx. OTLP's
// specification lists the statuses to retry; they hold for Zipkin too.
func (c *Client) unsuccessful(response *http.Response, body []byte) error {
	e := &tracing.ExportError{
		Err: fmt.Errorf("post %s: %s%s%s", c.safeURL(), response.Status, c.message(body), redirectNote(response)),
	}
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		e.Retry = true
		e.After = retryAfter(response.Header.Get("Retry-After"), time.Now())
	case http.StatusRequestEntityTooLarge:
		e.TooLarge = true
	}
	return e
}

// message returns the message in the body of an unsuccessful response, cut to
// 200 bytes and with ": " in front, or "".
func (c *Client) message(body []byte) string {
	text := string(body)
	if c.Explain != nil {
		text = c.Explain(body)
	}
	if text = Excerpt(text); text == "" {
		return ""
	}
	return ": " + text
}

// Excerpt returns the beginning of a receiver's message, at most 200 bytes of
// valid UTF-8.
func Excerpt(message string) string {
	const most = 200
	text := strings.ToValidUTF8(strings.TrimSpace(message[:min(len(message), 2*most)]), "")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// safeURL returns the URL with its password replaced.
func (c *Client) safeURL() string {
	u, err := Endpoint(c.URL)
	if err != nil {
		return "?"
	}
	return u.Redacted()
}

// String returns the URL without a user, a password and a query, which can be
// secret.
func (c *Client) String() string {
	u, err := Endpoint(c.URL)
	if err != nil {
		return "?"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// retryAfter returns the pause that a header requests in seconds or by a
// date. It returns 0 if the header requests no pause, and an hour at most.
func retryAfter(header string, now time.Time) time.Duration {
	const longest = time.Hour
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, longest)
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), longest)
}
