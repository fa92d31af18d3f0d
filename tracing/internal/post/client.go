package post

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
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
	// Explain returns the message in the body of an unsuccessful response, or
	// "". Nil means that the body is the message.
	Explain func(body []byte) string
	// Transport sends the requests.
	Transport http.RoundTripper

	writers sync.Pool // of *gzip.Writer
	buffers sync.Pool // of *[]byte
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

// maxResponse bounds the bytes read from a response. OTLP's specification
// suggests this number.
const maxResponse = 4 << 20

// Answer is a receiver's response with a status of success.
type Answer struct {
	// ContentType is the media type in lower case, without parameters.
	ContentType string
	// Body may be cut if it is longer than 4 MiB or if reading it failed. The
	// status says that the spans were accepted.
	Body []byte
}

// Send posts the body that encode appends to a buffer. The buffer is reused
// after the call, also if encode returns it with an error. The error of Send is
// encode's or a [*tracing.ExportError].
func (c *Client) Send(ctx context.Context, encode func(buffer []byte) ([]byte, error)) (Answer, error) {
	body, err := encode(c.buffer()[:0])
	if err == nil && len(body) > c.MaxBytes {
		err = c.TooLarge()
	}
	if err != nil {
		if body != nil {
			c.buffers.Put(&body)
		}
		return Answer{}, err
	}
	out := &outgoing{data: body}
	if c.Gzip {
		out.data = c.compress(body)
	}
	answer, err := c.post(ctx, out)
	if c.Gzip || out.released() {
		c.buffers.Put(&body)
	}
	return answer, err
}

// buffer returns a buffer that is not in use.
func (c *Client) buffer() []byte {
	if b, ok := c.buffers.Get().(*[]byte); ok {
		return *b
	}
	return nil
}

// TooLarge returns the error for a batch whose body exceeds the limit.
func (c *Client) TooLarge() error {
	return &tracing.ExportError{
		Err:      fmt.Errorf("the batch exceeds the limit of %d bytes", c.MaxBytes),
		TooLarge: true,
	}
}

// post posts a body once.
func (c *Client) post(ctx context.Context, body *outgoing) (Answer, error) {
	try, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("no response within %v", c.Timeout))
	defer cancel()
	response, err := c.roundTrip(try, body)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	answer := newAnswer(response)
	switch {
	case response.StatusCode/100 != 2:
		return Answer{}, c.unsuccessful(response, answer.Body)
	case answer.isPage():
		return Answer{}, c.page(response, answer.Body)
	}
	return answer, nil
}

// roundTrip posts a body, and again if the receiver redirects the request to
// itself.
func (c *Client) roundTrip(ctx context.Context, body *outgoing) (*http.Response, error) {
	request, err := c.request(ctx, body)
	if err != nil {
		return nil, &tracing.ExportError{Err: err}
	}
	for hops := 0; ; hops++ {
		response, err := c.Transport.RoundTrip(request)
		if err != nil {
			return nil, c.noResponse(ctx, err)
		}
		target, ok := redirection(request, response)
		if !ok || hops == maxRedirects {
			return response, nil
		}
		// Read the body, so that the connection is reused.
		_, _ = io.CopyN(io.Discard, response.Body, maxResponse)
		_ = response.Body.Close()
		request = redirected(request, target, body)
	}
}

func (c *Client) request(ctx context.Context, body *outgoing) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, nil)
	if err != nil {
		return nil, err
	}
	body.attach(request)
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

// Close closes the idle connections.
func (c *Client) Close() {
	if t, ok := c.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
