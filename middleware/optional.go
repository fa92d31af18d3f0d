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
// of them hold only the exchange, so that a conversion does not allocate.

// closeNotifier is http.CloseNotifier, which is deprecated but still in use.
type closeNotifier interface{ CloseNotify() <-chan bool }

type (
	withF     struct{ *exchange }
	withH     struct{ *exchange }
	withFH    struct{ withF }
	withR     struct{ *exchange }
	withFR    struct{ withF }
	withHR    struct{ withH }
	withFHR   struct{ withFH }
	withP     struct{ *exchange }
	withFP    struct{ withF }
	withHP    struct{ withH }
	withFHP   struct{ withFH }
	withRP    struct{ withR }
	withFRP   struct{ withFR }
	withHRP   struct{ withHR }
	withFHRP  struct{ withFHR }
	withN     struct{ *exchange }
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

// writers makes the writer of an exchange for each set.
var writers = [...]func(*exchange) http.ResponseWriter{
	0:                                        func(e *exchange) http.ResponseWriter { return e },
	flushes:                                  func(e *exchange) http.ResponseWriter { return withF{e} },
	hijacks:                                  func(e *exchange) http.ResponseWriter { return withH{e} },
	flushes | hijacks:                        func(e *exchange) http.ResponseWriter { return withFH{withF{e}} },
	readsFrom:                                func(e *exchange) http.ResponseWriter { return withR{e} },
	flushes | readsFrom:                      func(e *exchange) http.ResponseWriter { return withFR{withF{e}} },
	hijacks | readsFrom:                      func(e *exchange) http.ResponseWriter { return withHR{withH{e}} },
	flushes | hijacks | readsFrom:            func(e *exchange) http.ResponseWriter { return withFHR{withFH{withF{e}}} },
	pushes:                                   func(e *exchange) http.ResponseWriter { return withP{e} },
	flushes | pushes:                         func(e *exchange) http.ResponseWriter { return withFP{withF{e}} },
	hijacks | pushes:                         func(e *exchange) http.ResponseWriter { return withHP{withH{e}} },
	flushes | hijacks | pushes:               func(e *exchange) http.ResponseWriter { return withFHP{withFH{withF{e}}} },
	readsFrom | pushes:                       func(e *exchange) http.ResponseWriter { return withRP{withR{e}} },
	flushes | readsFrom | pushes:             func(e *exchange) http.ResponseWriter { return withFRP{withFR{withF{e}}} },
	hijacks | readsFrom | pushes:             func(e *exchange) http.ResponseWriter { return withHRP{withHR{withH{e}}} },
	flushes | hijacks | readsFrom | pushes:   func(e *exchange) http.ResponseWriter { return withFHRP{withFHR{withFH{withF{e}}}} },
	notifies:                                 func(e *exchange) http.ResponseWriter { return withN{e} },
	flushes | notifies:                       func(e *exchange) http.ResponseWriter { return withFN{withF{e}} },
	hijacks | notifies:                       func(e *exchange) http.ResponseWriter { return withHN{withH{e}} },
	flushes | hijacks | notifies:             func(e *exchange) http.ResponseWriter { return withFHN{withFH{withF{e}}} },
	readsFrom | notifies:                     func(e *exchange) http.ResponseWriter { return withRN{withR{e}} },
	flushes | readsFrom | notifies:           func(e *exchange) http.ResponseWriter { return withFRN{withFR{withF{e}}} },
	hijacks | readsFrom | notifies:           func(e *exchange) http.ResponseWriter { return withHRN{withHR{withH{e}}} },
	flushes | hijacks | readsFrom | notifies: func(e *exchange) http.ResponseWriter { return withFHRN{withFHR{withFH{withF{e}}}} },
	pushes | notifies:                        func(e *exchange) http.ResponseWriter { return withPN{withP{e}} },
	flushes | pushes | notifies:              func(e *exchange) http.ResponseWriter { return withFPN{withFP{withF{e}}} },
	hijacks | pushes | notifies:              func(e *exchange) http.ResponseWriter { return withHPN{withHP{withH{e}}} },
	flushes | hijacks | pushes | notifies:    func(e *exchange) http.ResponseWriter { return withFHPN{withFHP{withFH{withF{e}}}} },
	readsFrom | pushes | notifies:            func(e *exchange) http.ResponseWriter { return withRPN{withRP{withR{e}}} },
	flushes | readsFrom | pushes | notifies:  func(e *exchange) http.ResponseWriter { return withFRPN{withFRP{withFR{withF{e}}}} },
	hijacks | readsFrom | pushes | notifies:  func(e *exchange) http.ResponseWriter { return withHRPN{withHRP{withHR{withH{e}}}} },
	flushes | hijacks | readsFrom | pushes | notifies: func(e *exchange) http.ResponseWriter { return withFHRPN{withFHRP{withFHR{withFH{withF{e}}}}} },
}
