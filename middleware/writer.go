package middleware

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
)

// These methods make an exchange a ResponseWriter. They call the server's
// writer and note the status and the bytes. Methods in lower case implement
// the optional interfaces in optional.go.

// writer returns the exchange as a writer with the same optional interfaces
// as the server's writer.
func (e *exchange) writer() http.ResponseWriter {
	e.offers = optionalOf(e.ResponseWriter)
	return writers[e.offers](e)
}

// Unwrap returns the server's writer, for [http.ResponseController]. If only
// a writer below the server's can hijack the connection, Unwrap returns one
// that notes it.
func (e *exchange) Unwrap() http.ResponseWriter {
	if _, ok := e.ResponseWriter.(http.Hijacker); !ok && offered[http.Hijacker](e.ResponseWriter) {
		return unwrapped{e}
	}
	return e.ResponseWriter
}

// unwrapped is an exchange's writer with the Hijack of a writer below the
// server's.
type unwrapped struct{ *exchange }

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
func (e *exchange) WriteHeader(status int) {
	e.ResponseWriter.WriteHeader(status)
	if status >= 200 || status == http.StatusSwitchingProtocols {
		e.noteStatus(status)
	}
}

// Write writes to the response's body and counts the bytes.
func (e *exchange) Write(p []byte) (int, error) {
	e.noteStatus(http.StatusOK)
	n, err := e.ResponseWriter.Write(p)
	e.noteWritten(int64(n))
	e.noteFailure(err)
	return n, err
}

// WriteString writes to the response's body and counts the bytes.
func (e *exchange) WriteString(s string) (int, error) {
	e.noteStatus(http.StatusOK)
	n, err := io.WriteString(e.ResponseWriter, s)
	e.noteWritten(int64(n))
	e.noteFailure(err)
	return n, err
}

// FlushError flushes if the server's writer, or one below it, can. The method
// does not make the writer an [http.Flusher]; [http.ResponseController] calls
// it.
func (e *exchange) FlushError() error {
	// Over HTTP/2, a flush without bytes sends the header, and may then report
	// that the client has closed the stream.
	header := !e.http1 && (e.isHead() || e.waiting() == 0) && !e.canceled()
	if offered[http.Flusher](e.ResponseWriter) {
		e.noteStatus(http.StatusOK) // before the client sees it and leaves
	}
	err := http.NewResponseController(e.ResponseWriter).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return err
	}
	e.noteStatus(http.StatusOK)
	if err == nil || header && !errors.Is(err, os.ErrDeadlineExceeded) {
		e.noteFlushed()
	} else {
		e.noteFailure(err)
	}
	return err
}

// readFrom calls the server's ReadFrom, which may use sendfile, and counts
// the bytes. It copies the first ones itself, because the response begins with
// them: a src that is slow is not yet a response, and a src without any bytes
// leaves the status undecided.
func (e *exchange) readFrom(src io.Reader) (int64, error) {
	e.noted.add(copying) // remains true if src panics
	first, err := e.copyFirst(src)
	var rest int64
	if err == nil {
		rest, err = e.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
		e.noteWritten(rest)
		if e.canceled() || e.writeDeadlinePassed(e.in.now()) {
			e.noteFailure(err) // else src may have failed
		}
	}
	e.noted.remove(copying)
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
func (e *exchange) hijack(do func() (net.Conn, *bufio.ReadWriter, error)) (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := do()
	if err == nil { // the connection has left HTTP
		e.noteStatus(http.StatusSwitchingProtocols)
		e.noted.add(streams | reached)
	}
	return conn, buf, err
}

func (e *exchange) push(target string, opts *http.PushOptions) error {
	return e.ResponseWriter.(http.Pusher).Push(target, opts)
}

func (e *exchange) closeNotify() <-chan bool {
	return e.ResponseWriter.(closeNotifier).CloseNotify()
}

// find returns the exchange whose writer is w or below w, or nil.
func find(w http.ResponseWriter) *exchange {
	for w != nil {
		if ours, ok := w.(interface{ self() *exchange }); ok {
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

func (e *exchange) self() *exchange { return e }

// each calls set for the exchange of each instrument whose writer is w or below
// w, and reports whether there is one.
func each(w http.ResponseWriter, set func(*exchange)) bool {
	e := find(w)
	if e == nil {
		return false
	}
	for ; e != nil; e = find(e.ResponseWriter) {
		set(e)
	}
	return true
}
