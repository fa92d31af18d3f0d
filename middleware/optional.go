package middleware

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// A handler's writer has exactly the optional interfaces of the server's
// writer, because handlers test for them: without http.Flusher a handler of
// events answers 500, and a handler that finds an http.Hijacker that does
// not work fails. A Go type either has a method or not, so each combination
// is a type, named after its interfaces: Flusher, Hijacker, io.ReaderFrom,
// Pusher, CloseNotifier. Each type adds one interface to another type. All
// of them hold only the response, so that a conversion does not allocate.

// closeNotifier is http.CloseNotifier, which is deprecated but still in use.
type closeNotifier interface{ CloseNotify() <-chan bool }

type (
	withF     struct{ *response }
	withH     struct{ *response }
	withFH    struct{ withF }
	withR     struct{ *response }
	withFR    struct{ withF }
	withHR    struct{ withH }
	withFHR   struct{ withFH }
	withP     struct{ *response }
	withFP    struct{ withF }
	withHP    struct{ withH }
	withFHP   struct{ withFH }
	withRP    struct{ withR }
	withFRP   struct{ withFR }
	withHRP   struct{ withHR }
	withFHRP  struct{ withFHR }
	withN     struct{ *response }
	withFN    struct{ withF }
	withHN    struct{ withH }
	withFHN   struct{ withFH }
	withRN    struct{ withR }
	withFRN   struct{ withFR }
	withHRN   struct{ withHR }
	withFHRN  struct{ withFHR }
	withPN    struct{ withP }
	withFPN   struct{ withFP }
	withHPN   struct{ withHP }
	withFHPN  struct{ withFHP }
	withRPN   struct{ withRP }
	withFRPN  struct{ withFRP }
	withHRPN  struct{ withHRP }
	withFHRPN struct{ withFHRP }
)

func (w withF) Flush() { _ = w.FlushError() }

func (w withH) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.hijack(w.ResponseWriter.(http.Hijacker).Hijack)
}

func (w withFH) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.hijack(w.ResponseWriter.(http.Hijacker).Hijack)
}

func (w withR) ReadFrom(src io.Reader) (int64, error)   { return w.readFrom(src) }
func (w withFR) ReadFrom(src io.Reader) (int64, error)  { return w.readFrom(src) }
func (w withHR) ReadFrom(src io.Reader) (int64, error)  { return w.readFrom(src) }
func (w withFHR) ReadFrom(src io.Reader) (int64, error) { return w.readFrom(src) }

func (w withP) Push(target string, o *http.PushOptions) error    { return w.push(target, o) }
func (w withFP) Push(target string, o *http.PushOptions) error   { return w.push(target, o) }
func (w withHP) Push(target string, o *http.PushOptions) error   { return w.push(target, o) }
func (w withFHP) Push(target string, o *http.PushOptions) error  { return w.push(target, o) }
func (w withRP) Push(target string, o *http.PushOptions) error   { return w.push(target, o) }
func (w withFRP) Push(target string, o *http.PushOptions) error  { return w.push(target, o) }
func (w withHRP) Push(target string, o *http.PushOptions) error  { return w.push(target, o) }
func (w withFHRP) Push(target string, o *http.PushOptions) error { return w.push(target, o) }

func (w withN) CloseNotify() <-chan bool     { return w.closeNotify() }
func (w withFN) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w withHN) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w withFHN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w withRN) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w withFRN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w withHRN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w withFHRN) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w withPN) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w withFPN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w withHPN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w withFHPN) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w withRPN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w withFRPN) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w withHRPN) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w withFHRPN) CloseNotify() <-chan bool { return w.closeNotify() }

// optional is a set of optional interfaces of a ResponseWriter.
type optional uint8

const (
	flushes optional = 1 << iota
	hijacks
	readsFrom
	pushes
	notifies
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

// writers makes the writer of a response for each set.
var writers = [...]func(*response) http.ResponseWriter{
	0:                                        func(w *response) http.ResponseWriter { return w },
	flushes:                                  func(w *response) http.ResponseWriter { return withF{w} },
	hijacks:                                  func(w *response) http.ResponseWriter { return withH{w} },
	flushes | hijacks:                        func(w *response) http.ResponseWriter { return withFH{withF{w}} },
	readsFrom:                                func(w *response) http.ResponseWriter { return withR{w} },
	flushes | readsFrom:                      func(w *response) http.ResponseWriter { return withFR{withF{w}} },
	hijacks | readsFrom:                      func(w *response) http.ResponseWriter { return withHR{withH{w}} },
	flushes | hijacks | readsFrom:            func(w *response) http.ResponseWriter { return withFHR{withFH{withF{w}}} },
	pushes:                                   func(w *response) http.ResponseWriter { return withP{w} },
	flushes | pushes:                         func(w *response) http.ResponseWriter { return withFP{withF{w}} },
	hijacks | pushes:                         func(w *response) http.ResponseWriter { return withHP{withH{w}} },
	flushes | hijacks | pushes:               func(w *response) http.ResponseWriter { return withFHP{withFH{withF{w}}} },
	readsFrom | pushes:                       func(w *response) http.ResponseWriter { return withRP{withR{w}} },
	flushes | readsFrom | pushes:             func(w *response) http.ResponseWriter { return withFRP{withFR{withF{w}}} },
	hijacks | readsFrom | pushes:             func(w *response) http.ResponseWriter { return withHRP{withHR{withH{w}}} },
	flushes | hijacks | readsFrom | pushes:   func(w *response) http.ResponseWriter { return withFHRP{withFHR{withFH{withF{w}}}} },
	notifies:                                 func(w *response) http.ResponseWriter { return withN{w} },
	flushes | notifies:                       func(w *response) http.ResponseWriter { return withFN{withF{w}} },
	hijacks | notifies:                       func(w *response) http.ResponseWriter { return withHN{withH{w}} },
	flushes | hijacks | notifies:             func(w *response) http.ResponseWriter { return withFHN{withFH{withF{w}}} },
	readsFrom | notifies:                     func(w *response) http.ResponseWriter { return withRN{withR{w}} },
	flushes | readsFrom | notifies:           func(w *response) http.ResponseWriter { return withFRN{withFR{withF{w}}} },
	hijacks | readsFrom | notifies:           func(w *response) http.ResponseWriter { return withHRN{withHR{withH{w}}} },
	flushes | hijacks | readsFrom | notifies: func(w *response) http.ResponseWriter { return withFHRN{withFHR{withFH{withF{w}}}} },
	pushes | notifies:                        func(w *response) http.ResponseWriter { return withPN{withP{w}} },
	flushes | pushes | notifies:              func(w *response) http.ResponseWriter { return withFPN{withFP{withF{w}}} },
	hijacks | pushes | notifies:              func(w *response) http.ResponseWriter { return withHPN{withHP{withH{w}}} },
	flushes | hijacks | pushes | notifies:    func(w *response) http.ResponseWriter { return withFHPN{withFHP{withFH{withF{w}}}} },
	readsFrom | pushes | notifies:            func(w *response) http.ResponseWriter { return withRPN{withRP{withR{w}}} },
	flushes | readsFrom | pushes | notifies:  func(w *response) http.ResponseWriter { return withFRPN{withFRP{withFR{withF{w}}}} },
	hijacks | readsFrom | pushes | notifies:  func(w *response) http.ResponseWriter { return withHRPN{withHRP{withHR{withH{w}}}} },
	flushes | hijacks | readsFrom | pushes | notifies: func(w *response) http.ResponseWriter { return withFHRPN{withFHRP{withFHR{withFH{withF{w}}}}} },
}
