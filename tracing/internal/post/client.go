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

// Client posts to one URL. Its fields are set before its first use; its methods are safe for
// concurrent use.
type Client struct {
	// URL is where to post to.
	URL string
	// ContentType is that of the bodies.
	ContentType string
	// Headers are sent with each request.
	Headers map[string]string
	// Timeout is that of one try.
	Timeout time.Duration
	// MaxBytes bounds a body, before compression.
	MaxBytes int
	// Gzip compresses the bodies.
	Gzip bool
	// Explain returns what an answer that is no success says, or "". Nil takes it as text.
	Explain func(body []byte) string
	// Transport is NewTransport's, unless the user has given another.
	Transport http.RoundTripper

	writers sync.Pool // of *gzip.Writer
}

// NewTransport returns a transport of our own. The default transport may be one that makes a span of
// each request, and so of each export.
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

// mostAnswer bounds what is read of an answer.
const mostAnswer = 64 << 10

// Send posts a body and returns the body of the answer. Its error is a [*tracing.ExportError].
func (c *Client) Send(ctx context.Context, body []byte) ([]byte, error) {
	if len(body) > c.MaxBytes {
		return nil, &tracing.ExportError{
			Err:      fmt.Errorf("%d bytes are more than the %d that are sent at once", len(body), c.MaxBytes),
			TooLarge: true,
		}
	}
	try, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("no answer within %v", c.Timeout))
	defer cancel()
	request, err := c.request(try, body)
	if err != nil {
		return nil, &tracing.ExportError{Err: err}
	}
	response, err := c.Transport.RoundTrip(request)
	if err != nil {
		return nil, c.unanswered(try, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	switch {
	case response.StatusCode/100 != 2:
		return nil, c.refused(response, answer)
	case err != nil: // the spans have been taken, as the status says
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
	_, _ = w.Write(body) // a buffer takes everything
	_ = w.Close()
	c.writers.Put(w)
	return buffer.Bytes()
}

// unanswered returns the error for a request without an answer: the port is closed, the name is not
// known yet, the receiver hangs. All of these may be over soon.
func (c *Client) unanswered(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = cause
	}
	return &tracing.ExportError{Err: fmt.Errorf("post %s: %w", c.safeURL(), err), Retry: true}
}

// refused returns the error for an answer that is no success. Those of OTLP's specification are
// tried again, and so are they for Zipkin.
func (c *Client) refused(response *http.Response, answer []byte) error {
	text := string(answer)
	if c.Explain != nil {
		text = c.Explain(answer)
	}
	if text = strings.ToValidUTF8(strings.TrimSpace(text), ""); len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "") + "…"
	}
	if text != "" {
		text = ": " + text
	}
	e := &tracing.ExportError{Err: fmt.Errorf("post %s: %s%s", c.safeURL(), response.Status, text)}
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		e.Retry = true
		e.After = retryAfter(response.Header.Get("Retry-After"), time.Now())
	case http.StatusRequestEntityTooLarge:
		e.TooLarge = true
	}
	return e
}

// safeURL returns the URL without a password.
func (c *Client) safeURL() string {
	u, err := Endpoint(c.URL)
	if err != nil {
		return "?"
	}
	return u.Redacted()
}

// retryAfter returns the pause that a header asks for, in seconds or by a date, 0 if it asks for none.
func retryAfter(header string, now time.Time) time.Duration {
	const most = time.Hour // what is more is a mistake, and might overflow
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, most)
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), most)
}

// Close closes the connections that are kept for the next batch.
func (c *Client) Close() {
	if t, ok := c.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
