package middleware

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
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
	if _, ok := e.ResponseWriter.(http.Hijacker); !ok && hijacksBelow(e.ResponseWriter) {
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

// hijacksBelow reports whether a writer below w can hijack the connection.
func hijacksBelow(w http.ResponseWriter) bool {
	for {
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = wrapper.Unwrap()
		if _, ok := w.(http.Hijacker); ok {
			return true
		}
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
	err := http.NewResponseController(e.ResponseWriter).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return err
	}
	e.noteStatus(http.StatusOK)
	if err == nil {
		e.noteFlushed()
	}
	e.noteFailure(err)
	return err
}

// readFrom calls the server's ReadFrom, which may use sendfile, and counts
// the bytes. A src without any bytes leaves the status undecided.
func (e *exchange) readFrom(src io.Reader) (int64, error) {
	e.copying.Store(true) // remains true if src panics
	n, err := e.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
	e.copying.Store(false)
	if n > 0 {
		e.noteStatus(http.StatusOK)
	}
	e.noteWritten(n)
	if e.canceled() || e.writeDeadlinePassed(e.in.now()) {
		e.noteFailure(err) // else src may have failed
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
