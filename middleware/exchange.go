package middleware

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/sli"
)

// exchange is the state of one request. Unless the request has a body or
// signals, which a handler may leak as well as its response, the exchange
// serves another request afterwards. See [response].
//
// The handler's goroutine owns the plain fields. The others are atomic,
// because some handlers have goroutines that still write while the handler
// returns, and because the list of requests in flight reads them while the
// handler runs. It reads no field of the request, which belongs to the handler.
type exchange struct {
	*response

	in      *Instrument
	r       *http.Request   // as the handler gets it
	arrived *http.Request   // the server's, nil without signals
	ctx     context.Context // the request's when it came
	body    *body           // nil if the request has none
	host    string          // of the request when it came
	path    string          // of the request when it came
	start   time.Duration   // since the instrument was made
	node    call.Node
	pending sli.Pending

	methodScheme methodScheme
	preflight    bool
	omit         Signal   // from Options.Omit
	offers       optional // interfaces of the server's writer
	http1        bool     // the request came over HTTP/1
	returned     bool     // the handler returned and did not panic
	grpc         bool     // the request is one of gRPC or gRPC-Web
	reusable     bool     // another request may have it afterwards

	noted    notes                 // of the connection
	status   atomic.Int32          // the final status, or 0
	routed   atomic.Pointer[route] // from SetRoute, ReportRoute
	top      *place                // of the instrument's mux
	below    atomic.Pointer[place] // of the mux that has the request, nil for top
	group    atomic.Pointer[group] // from Options.Group or SetGroup
	began    atomic.Int64          // ns from start to the status, or 0
	declared atomic.Int64          // 1 + the declared length, or 0
	written  atomic.Int64          // bytes of the response's body
	flushed  atomic.Int64          // 1 + written at the last flush, or 0
	observed *observed             // nil without spans, request IDs and lines
	signals  *signals              // nil, or own
	own      signals
	rare     atomic.Pointer[rare] // nil for most requests
}

// notes are facts about a connection, and the code from SetCode. Only the fact
// copying is ever taken back.
type notes struct{ atomic.Uint32 }

const (
	leftFirst     = 1 << iota // the client left before the response began
	reached                   // a byte was sent before the context's deadline
	streams                   // the client decides when the response ends
	writeFailed               // the connection did not take the response
	writeTimedOut             // because of its write deadline
	closedHere                // because the server had closed it
	readTimedOut              // the read deadline passed in the request's body
	bodyBroken                // the connection ended in the request's body
	bodyEnded                 // the request's body was read to its end
	copying                   // an io.Reader is copied to the response
)

func (n *notes) add(fact uint32) { n.Or(fact) }

func (n *notes) remove(fact uint32) { n.And(^fact) }

func (n *notes) has(any uint32) bool { return n.Load()&any != 0 }

// codeShift is the place of the code, above the facts and below the media.
const codeShift = 16

func (n *notes) code() code { return code(n.Load() >> codeShift) }

func (n *notes) setCode(c code) {
	for before := n.Load(); !n.CompareAndSwap(before, before&^(0xff<<codeShift)|uint32(c)<<codeShift); {
		before = n.Load()
	}
}

// begin makes the state of a request that has just arrived. It calls no
// function of the options, which could end the goroutine.
func (in *Instrument) begin(w http.ResponseWriter, r *http.Request, top *place) *exchange {
	e := in.newExchange(w, r)
	e.in = in
	e.ctx = r.Context()
	e.methodScheme = methodSchemeOf(r)
	e.http1 = r.ProtoMajor == 1
	e.noteTarget(r)
	e.top = top
	e.preflight = isPreflight(r)
	if e.grpc = isGRPC(r); e.grpc {
		if allowed := grpcTimeout(r.Header); allowed > 0 {
			e.makeRare().allowed = allowed
		}
	}
	if in.opts.TrustEnvoyTimeout {
		e.pending.Patience = envoyTimeout(r.Header)
	}
	if e.signals == nil { // else it has begun
		e.start = in.now()
	}
	return e
}

// newExchange returns the state of a request.
func (in *Instrument) newExchange(w http.ResponseWriter, r *http.Request) *exchange {
	switch {
	case in.observes():
		return in.newObserved(w, r)
	case hasBody(r):
		return newUpload(w, r)
	}
	e := exchanges.Get().(*exchange)
	e.response = &response{ResponseWriter: w, of: e}
	e.r, e.reusable = r, true
	return e
}

// exchanges are empty exchanges. Their nodes keep their shards.
var exchanges = sync.Pool{New: func() any { return new(exchange) }}

// release gives the exchange of a request that has ended to another request,
// unless somebody may still use it: a method of the response, a walk of the
// requests in flight, or noteLate.
func (e *exchange) release() {
	answered := e.status.Load() > 0 || !e.in.awaitsLate()
	if e.reusable && answered && !e.node.Walked() && e.retire() {
		node := e.node
		*e = exchange{}
		e.node = node
		exchanges.Put(e)
	}
}

// prepare asks the options about the request and counts its start.
func (e *exchange) prepare() {
	in := e.in
	e.omit = in.omit(e.r)
	if in.opts.Group != nil {
		e.setGroup(in.groupOf(e.r))
	}
	if e.signals != nil {
		e.observe()
	}
	in.inFlight.Enter(&e.node, inFlight{e}, int(e.methodScheme))
}

// now returns the time since the instrument was made. It reads one clock;
// time.Now reads two.
func (in *Instrument) now() time.Duration { return time.Since(in.created) }

// at returns the instrument's time of a time that a caller read, or of now if
// it read none.
func (in *Instrument) at(t time.Time) time.Duration {
	if t.IsZero() {
		return in.now()
	}
	return t.Sub(in.created)
}

// envoyTimeout returns how long an Envoy in front waits for the response, or
// 0 if it does not tell.
func envoyTimeout(h http.Header) time.Duration {
	const header = "X-Envoy-Expected-Rq-Timeout-Ms"
	if values := h[header]; len(values) > 0 {
		if ms, err := strconv.ParseInt(values[0], 10, 32); err == nil && ms > 0 {
			return time.Duration(ms) * time.Millisecond
		}
	}
	return 0
}

// waited returns how long the client waited until the response began, or
// until now, without the time in which the handler waited for the client: for
// the request's body.
func (e *exchange) waited(now time.Duration) time.Duration {
	if began := time.Duration(e.began.Load()); began != 0 {
		return began - e.body.blockedFirst()
	}
	return now - e.start - e.body.blocked(now)
}

// noteStatus records the final status, when the response began and which
// length it declares. Only the first call has an effect.
func (e *exchange) noteStatus(status int) {
	if before := e.status.Load(); before != 0 || !e.status.CompareAndSwap(0, int32(status)) {
		if before == ended {
			e.in.noteLate(status)
		}
		return
	}
	now := e.in.now()
	e.began.Store(int64(max(1, now-e.start)))
	e.body.noteResponse(now)
	header := e.Header()
	if declared := header["Content-Length"]; len(declared) > 0 {
		if n, err := strconv.ParseInt(declared[0], 10, 64); err == nil && n >= 0 {
			e.declared.Store(n + 1)
		}
	}
	kind := mediaOf(header)
	if kind != mediaPlain {
		e.noted.add(uint32(kind))
	}
	if e.clientLeft(now) {
		e.noted.add(leftFirst)
		return // there is no stream without a client
	}
	if kind == mediaStream {
		e.noted.add(streams)
	}
}

// buffer is the least number of bytes that net/http's writers buffer.
const buffer = 2048

// noteWritten records n bytes that the server's writer took. A writer that
// cannot flush, such as [http.TimeoutHandler]'s, may hold them all back.
func (e *exchange) noteWritten(n int64) {
	if e.written.Add(n) >= buffer && e.offers&flushes != 0 {
		e.noteReached()
	}
}

func (e *exchange) noteFlushed() {
	e.flushed.Store(1 + e.written.Load())
	e.noteReached()
	if e.noted.has(uint32(mediaLines)) && e.declared.Load() == 0 && !e.noted.has(leftFirst) {
		e.noted.add(streams)
	}
}

// noteReached records that a byte of the response left net/http, unless the
// context's deadline passed before.
func (e *exchange) noteReached() {
	if !e.noted.has(reached) && e.ctx.Err() != context.DeadlineExceeded {
		e.noted.add(reached)
	}
}

// waiting returns the number of bytes of the body that were not flushed.
func (e *exchange) waiting() int64 { return e.written.Load() - max(e.flushed.Load()-1, 0) }

// allSent reports whether nothing of the response waits for a flush.
func (e *exchange) allSent() bool {
	waiting := e.waiting()
	return waiting >= buffer || waiting == 0 && e.flushed.Load() != 0
}

// completed reports whether the client has had a whole response, after which
// it may disconnect before the handler returns.
func (e *exchange) completed() bool {
	return e.whole() && e.allSent() && !e.noted.has(leftFirst|writeFailed)
}

// whole reports whether the response needs no further byte: its declared
// length is written, or its status or HEAD permits no body.
func (e *exchange) whole() bool {
	declared := e.declared.Load()
	return declared != 0 && declared == e.written.Load()+1 || e.status.Load() != 0 && !e.permitsBody()
}

// misdeclared reports whether the length of the response is not the declared
// one, so that the client sees it break off. Over HTTP/1, net/http sends no
// more than the declared length.
func (e *exchange) misdeclared() bool {
	declared, written := e.declared.Load()-1, e.written.Load()
	if declared < 0 || !e.permitsBody() {
		return false
	}
	return written < declared || written > declared && !e.http1
}

// permitsBody reports whether the response may have a body.
func (e *exchange) permitsBody() bool {
	switch status := e.status.Load(); {
	case status < 200, status == http.StatusNoContent, status == http.StatusNotModified:
		return false
	}
	return !e.isHead()
}

func (e *exchange) isHead() bool { return e.methodScheme.method() == http.MethodHead }

// requestBytes returns the declared size of the request's body, or the number
// of bytes that the handler read.
func (e *exchange) requestBytes() int64 {
	if e.body != nil {
		return e.body.size()
	}
	return max(0, e.r.ContentLength)
}

// responseBytes returns the size of the body that was sent. A response to
// HEAD has no body.
func (e *exchange) responseBytes() int64 {
	if e.isHead() {
		return 0
	}
	return e.written.Load()
}
