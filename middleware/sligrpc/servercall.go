package sligrpc

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/middleware"
)

// serverCall is the state of a call that a server serves. See [callContext].
//
// The goroutine of the call uses the plain fields without a lock: gRPC calls
// the stats handler in it. The others are atomic, because an interceptor around
// may leave the handler behind in another goroutine, which returns while the
// call ends.
type serverCall struct {
	server *server
	state  middleware.CallState
	answer answer
	callFacts
}

// callFacts are the parts of a serverCall that are empty before a call.
type callFacts struct {
	ctx    *callContext
	name   string // the full method that the client asked for
	conn   *connection
	header metadata.MD

	begun bool
	call  *middleware.Call // of the state, nil if nothing is measured

	stream        bool
	serverStreams bool
	responded     bool // the message of a unary call was sent

	noted    notes
	method   atomic.Pointer[method] // nil if it is not known yet
	panicked atomic.Pointer[middleware.PanicError]

	messages *messages             // events of messages, or nil
	sizes    *sizes                // or nil
	sent     atomic.Bool           // a message of a stream
	trailed  atomic.Bool           // the answer is complete
	broken   atomic.Pointer[error] // of a message, unless the client left
}

// notes are facts about a call. Only methodUnsure is ever taken back.
type notes struct{ atomic.Uint32 }

const (
	methodUnsure    = 1 << iota // the server may not have the method
	handlerReturned             // perhaps with an error
	handlerFailed               // with an error
	handlerExited               // the handler ended its goroutine
	clientLeft                  // the context was done when the handler returned
	clientLate                  // the context was done because of its deadline
)

func (n *notes) has(fact uint32) bool { return n.Load()&fact != 0 }

// opens begins the measurement of a call whose method the server has, except
// perhaps if both sides stream: grpc.UnknownServiceHandler looks like that.
func (c *serverCall) opens(began time.Time, clientStreams, serverStreams bool, carrier propagation.TextMapCarrier) {
	c.stream, c.serverStreams = clientStreams || serverStreams, serverStreams
	c.begin(began, carrier, !clientStreams || !serverStreams || c.method.Load() != nil)
}

// begin begins the measurement of a call. has says that the server has its
// method.
func (c *serverCall) begin(began time.Time, carrier propagation.TextMapCarrier, has bool) {
	c.begun = true
	asked := false
	info := middleware.CallInfo{
		Operation: c.server.unknown.operation, Labels: c.server.unknown.labels,
		Kind: trace.SpanKindServer, Family: c.server.family, Carrier: carrier, Caller: c.conn.caller,
		Public: true, Allowed: allowed(c.ctx), Stream: c.stream, Began: began,
	}
	defer func() {
		if !asked { // a function of the options ended the goroutine
			c.noted.Or(methodUnsure | handlerExited)
			c.method.Store(c.unknown())
			c.start(&info)
			c.end(nil, time.Time{})
		}
	}()
	m := c.find(has)
	info.Operation, info.Labels, info.Omit = m.operation, m.labels, m.omit
	if info.Omit != middleware.SignalAll {
		info.Public, info.Group = c.server.opts.public(c.ctx), c.server.opts.group(c.ctx, c.name)
	}
	asked = true
	c.start(&info)
}

// find finds the method of a call. One that the server may not have is unknown.
func (c *serverCall) find(has bool) *method {
	m := c.method.Load()
	switch {
	case !has:
		m = c.unknown()
		m.omit = c.server.opts.omit(c.name)
		c.noted.Or(methodUnsure)
	case m != nil:
		return m
	default:
		m = c.server.add(c.name)
	}
	c.method.Store(m)
	return m
}

// unknown returns a method that the server may not have.
func (c *serverCall) unknown() *method {
	m := *c.server.unknown
	m.attrs = []attribute.KeyValue{
		attribute.String("rpc.method", otherMethod),
		attribute.String("rpc.method_original", cut(logicalName(c.name))),
	}
	return &m
}

func (c *serverCall) start(info *middleware.CallInfo) {
	if info.Omit == middleware.SignalAll {
		return
	}
	c.call = c.server.in.BeginIn(&c.ctx.CallContext, &c.state, *info)
	if c.stream {
		c.messages = newMessages(c.call.Context(), c.server.in, &c.server.opts, c.server.messages, *info)
	}
}

// allowed returns the time that the client allows.
func allowed(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	return max(1, time.Until(deadline))
}

// setName gives a call its method when the server proves to have it.
func (c *serverCall) setName() {
	if !c.noted.has(methodUnsure) {
		return
	}
	c.noted.And(^uint32(methodUnsure))
	m := c.server.add(c.name)
	c.method.Store(m)
	if c.call != nil {
		c.call.SetOperation(m.operation, m.labels...)
	}
}

// refuse counts a call whose method the server does not have.
func (c *serverCall) refuse() {
	if c.begin(time.Time{}, headers(c.header), false); c.call != nil {
		c.finish(answered(codes.Unimplemented, nil, false))
	}
}

// handled notes the return of the handler. The answer begins now, because
// grpc-go cancels the context when it has sent it. The message of a unary call
// comes first, and can wait for a client that does not read.
func (c *serverCall) handled(err error) {
	facts := handlerReturned | c.leaving()
	if err != nil {
		facts |= handlerFailed
	}
	c.noted.Or(facts)
	if err != nil || c.stream || c.server.opts.OmitStatsHandler {
		c.answers(time.Time{})
	}
}

// leaving returns the facts about a client that has left.
func (c *serverCall) leaving() uint32 {
	switch err := c.ctx.Err(); {
	case err == nil:
		return 0
	case errors.Is(err, context.DeadlineExceeded):
		return clientLeft | clientLate
	}
	return clientLeft
}

// responds notes that the message of a unary call was sent at a time.
func (c *serverCall) responds(at time.Time) {
	if !c.stream {
		c.responded = true
		c.noted.Or(c.leaving())
		c.answers(at)
	}
}

// answers notes that the answer begins at a time, unless the client left
// before. The zero Time means now.
func (c *serverCall) answers(at time.Time) {
	if !c.noted.has(clientLeft) && c.call != nil {
		c.call.AnsweredAt(at)
	}
}

// end counts a call with the error that the client gets, and the time of its
// end. The zero Time means now.
func (c *serverCall) end(err error, ended time.Time) {
	if c.call != nil {
		r := c.result(err)
		r.Ended = ended
		c.finish(r)
	}
}

// result decides how the call ended. The cases have the order of package
// middleware's table.
func (c *serverCall) result(err error) middleware.Result {
	if p := c.panicked.Load(); p != nil {
		return middleware.Result{Code: failedAs(err), Err: p, ErrorType: "panic"}
	}
	code := codeOf(err)
	switch {
	case c.noted.has(handlerExited), c.silent(err):
		return middleware.Result{Code: failedAs(err), Err: errGoexit, ErrorType: "aborted"}
	case c.broken.Load() != nil:
		err := *c.broken.Load()
		return answered(codeOf(err), err, false)
	case c.noted.has(clientLeft):
		return c.resultLeft()
	case c.unread(err):
		return answered(codes.Unknown, errUnread, false)
	case c.noted.has(handlerReturned) && (c.noted.has(handlerFailed) || !isGone(err)):
		return answered(code, err, false)
	case code == codes.DeadlineExceeded, isGone(err) && c.call.Expired():
		return timedOut()
	case isGone(err):
		return c.parted()
	}
	return answered(code, err, false)
}

// parted returns the result of a call whose client left, or whose server gave
// up.
func (c *serverCall) parted() middleware.Result {
	if c.gaveUp() {
		return middleware.Result{Code: codeNames[codes.Unavailable], Err: net.ErrClosed, ErrorType: "aborted"}
	}
	return canceled()
}

// gaveUp reports whether the end of a drain broke off the call.
func (c *serverCall) gaveUp() bool {
	return c.conn.managed != nil && c.conn.managed.stopping.Load()
}

// silent reports whether the call ended without an answer, while the client was
// there: an interceptor around ended the goroutine.
func (c *serverCall) silent(err error) bool {
	return err == nil && !c.server.opts.OmitStatsHandler && !c.trailed.Load() && c.ctx.Err() == nil
}

// errUnread is the error of a call whose request broke off.
var errUnread = status.Error(codes.Unknown, "the request broke off")

// unread reports whether the request of a unary call broke off. gRPC then tells
// its stats handlers no error, or Internal, and its client Unknown.
func (c *serverCall) unread(err error) bool {
	if c.stream || c.noted.has(methodUnsure) || c.server.opts.OmitStatsHandler {
		return false
	}
	if c.noted.has(handlerReturned) || c.responded {
		return false
	}
	st := status.Convert(err)
	return err == nil || st.Code() == codes.Internal && st.Message() == io.ErrUnexpectedEOF.Error()
}

// failedAs returns the code of a call whose handler panicked or ended its
// goroutine. An interceptor around may have changed it.
func failedAs(err error) string {
	if err == nil {
		return codeNames[codes.Internal]
	}
	return codeNames[codeOf(err)]
}

// errGoexit is the error of a call whose handler ended its goroutine.
var errGoexit = errors.New("the handler's goroutine exited")

// resultLeft returns the result of a call that was over for its client when
// the handler returned.
func (c *serverCall) resultLeft() middleware.Result {
	switch {
	case c.noted.has(clientLate), c.nearDeadline():
		return timedOut()
	case c.serverStreams && c.sent.Load() && !c.gaveUp():
		// The client had all that it wanted.
		return answered(codes.OK, nil, false)
	}
	return c.parted()
}

// maxEarly bounds the time before a deadline in which a cancellation counts as
// the deadline, as in package middleware.
const maxEarly = 50 * time.Millisecond

// nearDeadline reports whether the client left because of its deadline. For a
// stream whose answer has begun, the call does not know.
func (c *serverCall) nearDeadline() bool {
	if !c.stream || !c.sent.Load() {
		return c.call.Expired()
	}
	deadline, ok := c.ctx.Deadline()
	rest := time.Until(deadline)
	return ok && rest <= min((c.call.Elapsed()+rest)/10, maxEarly)
}

// isGone reports whether an error says that the client left: gRPC could not
// read the request, or could not write the response.
func isGone(err error) bool {
	st, ok := status.FromError(err)
	if err == nil || !ok {
		return false
	}
	return st.Code() == codes.Canceled || st.Code() == codes.DeadlineExceeded ||
		st.Code() == codes.Unavailable && strings.Contains(st.Message(), "transport is closing")
}

// finish ends the call.
func (c *serverCall) finish(r middleware.Result) {
	r.Attributes, r.Sizes = c.method.Load().attrs, c.sizes.values()
	defer c.messages.end(r) // also if a function of the program ends the goroutine
	c.call.End(r)
}

// cut bounds a text of a client.
func cut(text string) string {
	const longest = 256
	if len(text) > longest {
		text = text[:longest]
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
