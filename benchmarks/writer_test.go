package benchmarks

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"
)

// http1Stub has the methods of net/http's HTTP/1.1 writer and does not
// allocate.
type http1Stub struct {
	header http.Header
	status int
}

func (w *http1Stub) Header() http.Header                          { return w.header }
func (w *http1Stub) WriteHeader(status int)                       { w.status = status }
func (w *http1Stub) Write(p []byte) (int, error)                  { return len(p), nil }
func (w *http1Stub) WriteString(s string) (int, error)            { return len(s), nil }
func (w *http1Stub) ReadFrom(src io.Reader) (int64, error)        { return io.Copy(io.Discard, src) }
func (w *http1Stub) Flush()                                       {}
func (w *http1Stub) FlushError() error                            { return nil }
func (w *http1Stub) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, nil }
func (w *http1Stub) CloseNotify() <-chan bool                     { return nil }
func (w *http1Stub) SetReadDeadline(time.Time) error              { return nil }
func (w *http1Stub) SetWriteDeadline(time.Time) error             { return nil }
func (w *http1Stub) EnableFullDuplex() error                      { return nil }
