package middleware

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
)

// response is the ResponseWriter of one request. It is all that a handler
// gets of the instrument, and a handler may leak it. Its methods therefore use
// the exchange only while the exchange belongs to the request: each method
// calls use and, at its end, done. The exchange of a request that has ended
// serves another request if no method is using it.
//
// The methods call the server's writer, and note the status and the bytes.
// Methods in lower case implement the optional interfaces in optional.go.
type response struct {
	http.ResponseWriter // the server's

	of   *exchange
	uses atomic.Int32 // methods that use the exchange, or retired and more
}

// retired are the uses of a response whose exchange serves another request.
const retired = math.MinInt32

// use returns the exchange, which the caller may use until it calls done. It
// returns nil, and the caller must not call done, if the exchange serves
// another request.
func (w *response) use() *exchange {
	if w.uses.Load() < 0 || w.uses.Add(1) < 0 {
		return nil
	}
	return w.of
}

func (w *response) done() { w.uses.Add(-1) }

// retire reports whether no method uses the exchange, which then never will.
func (w *response) retire() bool { return w.uses.CompareAndSwap(0, retired) }

// writer returns the response as a writer with the same optional interfaces
// as the server's writer.
func (e *exchange) writer() http.ResponseWriter {
	e.offers = optionalOf(e.ResponseWriter)
	return writers[e.offers](e.response)
}

// Unwrap returns the server's writer, for [http.ResponseController]. If only
// a writer below the server's can hijack the connection, Unwrap returns one
// that notes it.
func (w *response) Unwrap() http.ResponseWriter {
	if _, ok := w.ResponseWriter.(http.Hijacker); !ok && offered[http.Hijacker](w.ResponseWriter) {
		return unwrapped{w}
	}
	return w.ResponseWriter
}

// unwrapped is a response with the Hijack of a writer below the server's.
type unwrapped struct{ *response }

func (w unwrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w unwrapped) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.hijack(http.NewResponseController(w.ResponseWriter).Hijack)
}

// offered reports whether w, or a writer below it, implements T.
func offered[T any](w http.ResponseWriter) bool {
	for {
		if _, ok := w.(T); ok {
			return true
		}
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = wrapper.Unwrap()
	}
}

// WriteHeader sends the status and notes it if it is final.
func (w *response) WriteHeader(status int) {
	w.ResponseWriter.WriteHeader(status)
	if status < 200 && status != http.StatusSwitchingProtocols {
		return
	}
	if e := w.use(); e != nil {
		e.noteStatus(status)
		w.done()
	}
}

// Write writes to the response's body and counts the bytes.
func (w *response) Write(p []byte) (int, error) {
	e := w.use()
	if e == nil {
		return w.ResponseWriter.Write(p)
	}
	e.noteStatus(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	e.noteWritten(int64(n))
	e.noteFailure(err)
	w.done()
	return n, err
}

// WriteString writes to the response's body and counts the bytes.
func (w *response) WriteString(s string) (int, error) {
	e := w.use()
	if e == nil {
		return io.WriteString(w.ResponseWriter, s)
	}
	e.noteStatus(http.StatusOK)
	n, err := io.WriteString(w.ResponseWriter, s)
	e.noteWritten(int64(n))
	e.noteFailure(err)
	w.done()
	return n, err
}

// FlushError flushes if the server's writer, or one below it, can. The method
// does not make the writer an [http.Flusher]; [http.ResponseController] calls
// it.
func (w *response) FlushError() error {
	e := w.use()
	if e == nil {
		return http.NewResponseController(w.ResponseWriter).Flush()
	}
	defer w.done()
	sends, bytes := e.sendsAtOnce(), !e.isHead() && e.waiting() > 0
	if offered[http.Flusher](w.ResponseWriter) {
		e.noteStatus(http.StatusOK) // before the client sees it and leaves
	}
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return err
	}
	e.noteStatus(http.StatusOK)
	left := sends && err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
	if err == nil || left {
		e.noteFlushed()
	}
	if !left || bytes && !e.whole() {
		e.noteFailure(err)
	}
	return err
}

// window is the number of bytes of a response that a client of HTTP/2 takes by
// default before the server has to wait for it.
const window = 65_535

// sendsAtOnce reports whether a flush over HTTP/2 does not wait for the client.
// Such a flush may report that the client has left, although the client had
// received what was sent.
func (e *exchange) sendsAtOnce() bool {
	return !e.http1 && (e.isHead() || e.waiting() == 0 || e.written.Load() <= window) && !e.canceled()
}

// readFrom calls the server's ReadFrom, which may use sendfile, and counts
// the bytes. It copies the first ones itself, because the response begins with
// them: a src that is slow is not yet a response, and a src without any bytes
// leaves the status undecided.
func (w *response) readFrom(src io.Reader) (int64, error) {
	e := w.use()
	if e == nil {
		return w.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
	}
	e.noted.add(copying) // remains true if src panics
	first, err := e.copyFirst(src)
	var rest int64
	if err == nil {
		rest, err = w.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
		e.noteWritten(rest)
		if e.canceled() || e.writeDeadlinePassed(e.in.now()) {
			e.noteFailure(err) // else src may have failed
		}
	}
	e.noted.remove(copying)
	w.done()           // never if src panics
	if err == io.EOF { //nolint:errorlint // of copyFirst, never wrapped
		err = nil
	}
	return int64(first) + rest, err
}

// firsts are buffers for copyFirst. Their size is the number of bytes by which
// net/http guesses a Content-Type.
var firsts = sync.Pool{New: func() any { return new([512]byte) }}

// copyFirst copies the first bytes from src to a response that has not begun.
func (e *exchange) copyFirst(src io.Reader) (n int, err error) {
	buf := firsts.Get().(*[512]byte)
	defer firsts.Put(buf)
	for e.status.Load() == 0 && err == nil {
		var read int
		if read, err = src.Read(buf[:]); read > 0 {
			written, failed := e.Write(buf[:read])
			n, err = written, cmp.Or(failed, err)
		}
	}
	return n, err
}

// hijack hijacks the connection with a function of the server's writer.
func (w *response) hijack(do func() (net.Conn, *bufio.ReadWriter, error)) (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := do()
	if err != nil {
		return conn, buf, err
	}
	if e := w.use(); e != nil { // the connection has left HTTP
		e.noteStatus(http.StatusSwitchingProtocols)
		e.noted.add(streams | reached)
		w.done()
	}
	return conn, buf, nil
}

func (w *response) push(target string, opts *http.PushOptions) error {
	return w.ResponseWriter.(http.Pusher).Push(target, opts)
}

func (w *response) closeNotify() <-chan bool {
	return w.ResponseWriter.(closeNotifier).CloseNotify()
}

// find returns the response whose writer is w or below w, or nil.
func find(w http.ResponseWriter) *response {
	for w != nil {
		if ours, ok := w.(interface{ self() *response }); ok {
			return ours.self()
		}
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil
		}
		w = wrapper.Unwrap()
	}
	return nil
}

func (w *response) self() *response { return w }

// each calls set for the exchange of each instrument whose writer is w or below
// w, and reports whether there is one.
func each(w http.ResponseWriter, set func(*exchange)) bool {
	found := find(w)
	if found == nil {
		return false
	}
	for ; found != nil; found = find(found.ResponseWriter) {
		if e := found.use(); e != nil {
			set(e)
			found.done()
		}
	}
	return true
}
