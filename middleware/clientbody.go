package middleware

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"sync/atomic"

	"github.com/sligo-go/sligo/sli"
)

// clientBody is the body of a response, whose end is the attempt's.
type clientBody struct {
	io.ReadCloser
	attempt  *attempt
	response *http.Response
	declared int64 // the length that was declared, or -1
	closed   atomic.Bool
}

// watch ends the attempt when its response ends: with its body, or at once if
// it has none. The body of an upgraded connection stays as it is.
func (a *attempt) watch(resp *http.Response) {
	_, upgraded := resp.Body.(io.Writer)
	if resp.Body == nil || resp.Body == http.NoBody || upgraded {
		a.end(a.answer(resp, true))
		return
	}
	if from, ok := resp.Body.(io.WriterTo); ok {
		b := &writingBody{from: from}
		b.of(a, resp)
		resp.Body = b
		runtime.AddCleanup(b, (*attempt).abandon, a)
		return
	}
	b := new(clientBody)
	b.of(a, resp)
	resp.Body = b
	runtime.AddCleanup(b, (*attempt).abandon, a)
}

// of makes b the body of an attempt's response.
func (b *clientBody) of(a *attempt, resp *http.Response) {
	b.ReadCloser, b.attempt, b.response, b.declared = resp.Body, a, resp, -1
	if resp.ContentLength > 0 && !resp.Uncompressed && a.media != mediaGRPC {
		b.declared = resp.ContentLength
	}
}

// Read reads from the body. Its end or failure ends the attempt.
func (b *clientBody) Read(p []byte) (n int, err error) {
	n, err = b.ReadCloser.Read(p)
	total := b.attempt.read.Add(int64(n))
	switch {
	case err == io.EOF, err == nil && total == b.declared:
		b.attempt.end(b.attempt.answer(b.response, true))
	case err != nil && !b.closed.Load():
		b.attempt.end(b.attempt.failure(err))
	}
	return n, err
}

// Close closes the body. A caller that closes it early has all that it wanted.
func (b *clientBody) Close() error {
	b.closed.Store(true)
	err := b.ReadCloser.Close()
	b.attempt.end(b.attempt.answer(b.response, false))
	return err
}

// writingBody is a clientBody whose transport's body writes itself, so that
// io.Copy needs no buffer.
type writingBody struct {
	clientBody
	from io.WriterTo
	to   notedWriter // of WriteTo
}

// WriteTo writes the body. Its end or failure ends the attempt; a failure of w
// does not.
func (b *writingBody) WriteTo(w io.Writer) (n int64, err error) {
	b.to = notedWriter{Writer: w}
	n, err = b.from.WriteTo(&b.to)
	b.attempt.read.Add(n)
	switch {
	case b.to.failed:
	case err == nil:
		b.attempt.end(b.attempt.answer(b.response, true))
	case !b.closed.Load():
		b.attempt.end(b.attempt.failure(err))
	}
	return n, err
}

// notedWriter remembers that a Write failed.
type notedWriter struct {
	io.Writer
	failed bool
}

func (w *notedWriter) Write(p []byte) (n int, err error) {
	n, err = w.Writer.Write(p)
	w.failed = w.failed || err != nil || n < len(p)
	return n, err
}

// abandon ends an attempt whose body is garbage, as if it had been closed.
func (a *attempt) abandon() { a.end(a.answer(nil, false)) }

// answer returns the result of an attempt that was answered. The response is
// nil if its body is garbage.
func (a *attempt) answer(resp *http.Response, whole bool) Result {
	var r Result
	switch a.media {
	case mediaUnparsed:
		r.Ignore = sli.ReasonUnjudged
	case mediaGRPC:
		a.decideCode(resp, whole, &r)
	}
	if a.status >= http.StatusBadRequest && r.ErrorType == "" {
		r.ErrorType = statusLabel(a.status)
	}
	return r
}

// errNoResponse is the error of a transport that returns nothing.
var errNoResponse = errors.New("the transport returned no response")

// decideCode finds the gRPC code of an answer. It is in the trailer after the
// body. Nobody can judge an answer whose trailer was not read.
func (a *attempt) decideCode(resp *http.Response, whole bool, r *Result) {
	c := code(0)
	if resp != nil {
		if c = sentCode(resp.Header); c == 0 && whole {
			c = sentCode(resp.Trailer)
		}
	}
	switch {
	case c == 0 && !whole:
		r.Ignore = sli.ReasonUnjudged
		return
	case c == 0:
		c = codeOfStatus(a.status)
	}
	r.Code, r.ErrorType = c.name(), c.errorType()
}
