package post

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sligo-go/sligo/tracing"
)

// Client posts to one URL. Its fields must be set before its first use. Its
// methods are safe for concurrent use.
type Client struct {
	// URL receives the requests.
	URL string
	// ContentType is the content type of the bodies.
	ContentType string
	// Headers are sent with each request.
	Headers map[string]string
	// Timeout bounds one try.
	Timeout time.Duration
	// MaxBytes bounds a body before compression.
	MaxBytes int
	// Gzip compresses the bodies.
	Gzip bool
	// Explain returns the message in the body of an unsuccessful response, or "".
	// Nil means that the body is the message.
	Explain func(body []byte) string
	// Transport sends the requests.
	Transport http.RoundTripper

	writers sync.Pool // of *gzip.Writer
}

// NewTransport returns a transport for one receiver. [http.DefaultTransport]
// may have been replaced by one that makes a span for each request, and thus
// for each export.
func NewTransport(config *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:     config,
		TLSHandshakeTimeout: 5 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        2,
		IdleConnTimeout:     90 * time.Second,
	}
}

// maxResponse bounds the bytes read from a response.
const maxResponse = 64 << 10

// Send posts a body and returns the body of the response. Its error is a
// [*tracing.ExportError].
func (c *Client) Send(ctx context.Context, body []byte) ([]byte, error) {
	if len(body) > c.MaxBytes {
		return nil, &tracing.ExportError{
			Err:      fmt.Errorf("batch of %d bytes exceeds the limit of %d", len(body), c.MaxBytes),
			TooLarge: true,
		}
	}
	try, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("no response within %v", c.Timeout))
	defer cancel()
	request, err := c.request(try, body)
	if err != nil {
		return nil, &tracing.ExportError{Err: err}
	}
	response, err := c.Transport.RoundTrip(request)
	if err != nil {
		return nil, c.noResponse(try, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxResponse))
	switch {
	case response.StatusCode/100 != 2:
		return nil, c.unsuccessful(response, answer)
	case err != nil: // the status says that the spans were accepted
		return nil, nil
	}
	return answer, nil
}

func (c *Client) request(ctx context.Context, body []byte) (*http.Request, error) {
	if c.Gzip {
		body = c.compress(body)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", c.ContentType)
	request.Header.Set("User-Agent", "sligo")
	if c.Gzip {
		request.Header.Set("Content-Encoding", "gzip")
	}
	for name, value := range c.Headers {
		request.Header.Set(name, value)
	}
	if user := request.URL.User; user != nil && request.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		request.SetBasicAuth(user.Username(), password)
	}
	return request, nil
}

func (c *Client) compress(body []byte) []byte {
	var buffer bytes.Buffer
	w, _ := c.writers.Get().(*gzip.Writer)
	if w == nil {
		w = gzip.NewWriter(&buffer)
	} else {
		w.Reset(&buffer)
	}
	_, _ = w.Write(body) // writing to a buffer does not fail
	_ = w.Close()
	c.writers.Put(w)
	return buffer.Bytes()
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
	e := &tracing.ExportError{Err: fmt.Errorf("post %s: %s%s", c.safeURL(), response.Status, c.message(body))}
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
	if text = strings.ToValidUTF8(strings.TrimSpace(text), ""); len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "") + "…"
	}
	if text == "" {
		return ""
	}
	return ": " + text
}

// safeURL returns the URL with its password replaced.
func (c *Client) safeURL() string {
	u, err := Endpoint(c.URL)
	if err != nil {
		return "?"
	}
	return u.Redacted()
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

// Close closes the idle connections.
func (c *Client) Close() {
	if t, ok := c.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
