package middleware

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

// What an exchange does as a ResponseWriter: it passes on to the server's writer and notes what the
// client is told. The methods in lower case are those of the optional interfaces.

// Unwrap returns the server's writer, for [http.ResponseController].
func (e *exchange) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// WriteHeader passes on and notes the final status.
func (e *exchange) WriteHeader(status int) {
	e.ResponseWriter.WriteHeader(status)
	if status >= 200 || status == http.StatusSwitchingProtocols {
		e.noteStatus(status)
	}
}

// Write passes on and counts.
func (e *exchange) Write(p []byte) (int, error) {
	e.noteStatus(http.StatusOK)
	n, err := e.ResponseWriter.Write(p)
	e.noteWritten(int64(n), err)
	return n, err
}

// WriteString passes on and counts.
func (e *exchange) WriteString(s string) (int, error) {
	e.noteStatus(http.StatusOK)
	n, err := io.WriteString(e.ResponseWriter, s)
	e.noteWritten(int64(n), err)
	return n, err
}

// FlushError flushes as far as the server's writer, or one below it, can. It does not make the writer
// an [http.Flusher]; [http.ResponseController] asks for it.
func (e *exchange) FlushError() error {
	err := http.NewResponseController(e.ResponseWriter).Flush()
	if !errors.Is(err, http.ErrNotSupported) {
		e.noteStatus(http.StatusOK)
	}
	e.noteFailure(err)
	return err
}

// readFrom passes on to the server's ReadFrom, which may use sendfile, and counts. What reads nothing
// decides no status.
func (e *exchange) readFrom(src io.Reader) (int64, error) {
	e.copying.Store(true) // until src has not panicked
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

// find returns the exchange whose writer is w or below it, nil if there is none.
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
