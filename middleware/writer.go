package middleware

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// The writer that a handler gets has the optional interfaces that the server's writer has, no more
// and no fewer, because handlers ask for them: an SSE handler answers 500 without http.Flusher, and
// one that finds http.Hijacker where it does not work fails. One type cannot be all of that, so
// there are three for the writers of net/http (HTTP/1, HTTP/2, and one that only flushes, such as
// httptest's), and combinations for the rest. All of them count what is written, and all have
// Unwrap, for http.ResponseController, and WriteString.

// closeNotifier is http.CloseNotifier, which is deprecated and still asked for.
type closeNotifier interface{ CloseNotify() <-chan bool }

type (
	http1Writer    struct{ exchange }
	http2Writer    struct{ exchange }
	flushingWriter struct{ exchange }
)

func (w *http1Writer) Flush()                                       { _ = w.flush() }
func (w *http1Writer) FlushError() error                            { return w.flush() }
func (w *http1Writer) ReadFrom(src io.Reader) (int64, error)        { return w.readFrom(src) }
func (w *http1Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.hijack() }
func (w *http1Writer) CloseNotify() <-chan bool {
	return w.ResponseWriter.(closeNotifier).CloseNotify()
}

func (w *http2Writer) Flush()            { _ = w.flush() }
func (w *http2Writer) FlushError() error { return w.flush() }
func (w *http2Writer) Push(target string, opts *http.PushOptions) error {
	return w.push(target, opts)
}
func (w *http2Writer) CloseNotify() <-chan bool {
	return w.ResponseWriter.(closeNotifier).CloseNotify()
}

func (w *flushingWriter) Flush()            { _ = w.flush() }
func (w *flushingWriter) FlushError() error { return w.flush() }

func (e *exchange) hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := e.ResponseWriter.(http.Hijacker).Hijack()
	if err == nil {
		e.noteHijacked()
	}
	return conn, buf, err
}

func (e *exchange) push(target string, opts *http.PushOptions) error {
	return e.ResponseWriter.(http.Pusher).Push(target, opts)
}

// wrap returns a writer with the optional interfaces of w, and the exchange in it.
func wrap(w http.ResponseWriter) (http.ResponseWriter, *exchange) {
	switch has := optionalOf(w); {
	case has == flushes|hijacks|readsFrom|notifies:
		t := &http1Writer{exchange{ResponseWriter: w}}
		return t, &t.exchange
	case has == flushes|pushes|notifies:
		t := &http2Writer{exchange{ResponseWriter: w}}
		return t, &t.exchange
	case has&^notifies == flushes:
		t := &flushingWriter{exchange{ResponseWriter: w}}
		return t, &t.exchange
	default:
		e := &exchange{ResponseWriter: w}
		return combine(e, has), e
	}
}

// find returns the exchange of the instrument's writer that is w or below it, nil if there is none.
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
