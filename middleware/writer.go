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
func (e *exchange) writer() http.ResponseWriter { return writers[optionalOf(e.ResponseWriter)](e) }

// Unwrap returns the server's writer, for [http.ResponseController].
func (e *exchange) Unwrap() http.ResponseWriter { return e.ResponseWriter }

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
	e.noteWritten(int64(n), err)
	return n, err
}

// WriteString writes to the response's body and counts the bytes.
func (e *exchange) WriteString(s string) (int, error) {
	e.noteStatus(http.StatusOK)
	n, err := io.WriteString(e.ResponseWriter, s)
	e.noteWritten(int64(n), err)
	return n, err
}

// FlushError flushes if the server's writer, or one below it, can. The method
// does not make the writer an [http.Flusher]; [http.ResponseController] calls
// it.
func (e *exchange) FlushError() error {
	err := http.NewResponseController(e.ResponseWriter).Flush()
	if !errors.Is(err, http.ErrNotSupported) {
		e.noteStatus(http.StatusOK)
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
	e.noteWritten(n, err)
	return n, err
}

func (e *exchange) hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := e.ResponseWriter.(http.Hijacker).Hijack()
	if err == nil { // the connection has left HTTP
		e.noteStatus(http.StatusSwitchingProtocols)
		e.noteStream()
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
