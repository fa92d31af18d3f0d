package middleware

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// optional is a set of the optional interfaces of a ResponseWriter.
type optional uint8

const (
	flushes optional = 1 << iota
	hijacks
	readsFrom
	pushes
	notifies // that a client went away, of net/http's own writers only
)

func optionalOf(w http.ResponseWriter) (has optional) {
	if _, ok := w.(http.Flusher); ok {
		has |= flushes
	}
	if _, ok := w.(http.Hijacker); ok {
		has |= hijacks
	}
	if _, ok := w.(io.ReaderFrom); ok {
		has |= readsFrom
	}
	if _, ok := w.(http.Pusher); ok {
		has |= pushes
	}
	if _, ok := w.(closeNotifier); ok {
		has |= notifies
	}
	return has
}

// Each of these adds one optional interface to a combination.
type (
	flusher      struct{ to *exchange }
	hijacker     struct{ to *exchange }
	readerFromer struct{ to *exchange }
	pusher       struct{ to *exchange }
)

func (f flusher) Flush()                                          { _ = f.to.flush() }
func (f flusher) FlushError() error                               { return f.to.flush() }
func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error)   { return h.to.hijack() }
func (r readerFromer) ReadFrom(src io.Reader) (int64, error)      { return r.to.readFrom(src) }
func (p pusher) Push(target string, opts *http.PushOptions) error { return p.to.push(target, opts) }

// combine returns a writer with a combination of optional interfaces that no writer of net/http has,
// as other middleware's wrappers may. It leaves out http.CloseNotifier, which the request's context
// has replaced.
func combine(e *exchange, has optional) http.ResponseWriter {
	f, h, r, p := flusher{e}, hijacker{e}, readerFromer{e}, pusher{e}
	switch has &^ notifies {
	case hijacks:
		return struct {
			*exchange
			hijacker
		}{e, h}
	case flushes | hijacks:
		return struct {
			*exchange
			flusher
			hijacker
		}{e, f, h}
	case readsFrom:
		return struct {
			*exchange
			readerFromer
		}{e, r}
	case flushes | readsFrom:
		return struct {
			*exchange
			flusher
			readerFromer
		}{e, f, r}
	case hijacks | readsFrom:
		return struct {
			*exchange
			hijacker
			readerFromer
		}{e, h, r}
	case flushes | hijacks | readsFrom:
		return struct {
			*exchange
			flusher
			hijacker
			readerFromer
		}{e, f, h, r}
	case pushes:
		return struct {
			*exchange
			pusher
		}{e, p}
	case flushes | pushes:
		return struct {
			*exchange
			flusher
			pusher
		}{e, f, p}
	case hijacks | pushes:
		return struct {
			*exchange
			hijacker
			pusher
		}{e, h, p}
	case flushes | hijacks | pushes:
		return struct {
			*exchange
			flusher
			hijacker
			pusher
		}{e, f, h, p}
	case readsFrom | pushes:
		return struct {
			*exchange
			readerFromer
			pusher
		}{e, r, p}
	case flushes | readsFrom | pushes:
		return struct {
			*exchange
			flusher
			readerFromer
			pusher
		}{e, f, r, p}
	case hijacks | readsFrom | pushes:
		return struct {
			*exchange
			hijacker
			readerFromer
			pusher
		}{e, h, r, p}
	case flushes | hijacks | readsFrom | pushes:
		return struct {
			*exchange
			flusher
			hijacker
			readerFromer
			pusher
		}{e, f, h, r, p}
	}
	return e
}
