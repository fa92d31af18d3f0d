package post

import (
	"io"
	"net/http"
	"sync"
)

// outgoing is the body of a request. A transport may read it after the response
// has arrived, so it counts its readers.
type outgoing struct {
	data []byte

	mu      sync.Mutex
	readers int // that are not closed
}

// attach sets the body of a request.
func (o *outgoing) attach(r *http.Request) {
	r.Body = o.open()
	r.GetBody = func() (io.ReadCloser, error) { return o.open(), nil }
	r.ContentLength = int64(len(o.data))
	if len(o.data) == 0 {
		r.Body, r.GetBody = http.NoBody, nil
	}
}

func (o *outgoing) open() io.ReadCloser {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.readers++
	return &outgoingReader{of: o, rest: o.data}
}

// released reports whether nobody reads the data anymore.
func (o *outgoing) released() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.readers == 0
}

// outgoingReader reads the data until it is closed, even in the middle of a
// call of Read.
type outgoingReader struct {
	of     *outgoing
	rest   []byte
	closed bool
}

func (r *outgoingReader) Read(p []byte) (int, error) {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	switch {
	case r.closed:
		return 0, http.ErrBodyReadAfterClose
	case len(r.rest) == 0:
		return 0, io.EOF
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *outgoingReader) Close() error {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	if !r.closed {
		r.closed = true
		r.of.readers--
	}
	return nil
}
