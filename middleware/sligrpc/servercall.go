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
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/middleware"
)

// serverCall is a call that a server serves. It is the context of the call, in
// one allocation with its state.
//
// The goroutine of the call uses the fields without a lock: gRPC calls the
// stats handler and the interceptors in it.
type serverCall struct {
	context.Context // of gRPC
	server          *server
	name            string // the full method that the client asked for
	caller          string
	allowed         time.Duration  // by the client
	managed         *ManagedServer // that accepted the connection, or nil
	header          metadata.MD

	begun   bool
	unnamed bool             // the server may not have the method
	call    *middleware.Call // nil if nothing is measured
	inner   context.Context  // of the call, nil before it begins

	stream        bool
	serverStreams bool
	returned      bool  // the handler returned
	failed        bool  // with an error
	responded     bool  // the message of a unary call was sent
	left          error // the context's error when the handler returned
	aborted       bool  // the handler ended its goroutine
	panicked      *middleware.PanicError

	transport grpc.ServerTransportStream // for the headers of the answer
	messages  serverStream
	single    *messages             // events of messages, or nil
	sizes     *sizes                // or nil
	sent      atomic.Bool           // a message of a stream
	trailed   atomic.Bool           // the answer is complete
	broken    atomic.Pointer[error] // of a message, unless the client left
}

// Value returns the call, or a value of the call's context.
func (c *serverCall) Value(key any) any {
	switch key := key.(type) {
	case groupKey:
		return c
	case callKey:
		if key.server == c.server {
			return c
		}
	}
	if c.inner != nil {
		return c.inner.Value(key)
	}
	return c.Context.Value(key)
}

// groupKey is the key of the innermost call in its context.
type groupKey struct{}

// SetGroup sets the group of the call that a handler's context belongs to, for
// indicators with groups. It must come from the program, because the group
// becomes a label. The last call wins, also over [Options.Group]. SetGroup
// reports whether it found the call.
func SetGroup(ctx context.Context, group string) bool {
	c, _ := ctx.Value(groupKey{}).(*serverCall)
	if c == nil || c.call == nil {
		return false
	}
	c.call.SetGroup(group)
	return true
}

// opens begins the measurement of a call whose method the server has, except
// perhaps if both sides stream: grpc.UnknownServiceHandler looks like that.
func (c *serverCall) opens(clientStreams, serverStreams bool, carrier propagation.TextMapCarrier) {
	c.stream, c.serverStreams = clientStreams || serverStreams, serverStreams
	c.begin(carrier, !clientStreams || !serverStreams || c.server.find(c.name) != nil)
}

// begin begins the measurement of a call. has says that the server has its
// method.
func (c *serverCall) begin(carrier propagation.TextMapCarrier, has bool) {
	c.begun, c.allowed = true, allowed(c.Context)
	asked := false
	info := middleware.CallInfo{
		Operation: c.server.unknown.operation, Labels: c.server.unknown.labels,
		Kind: middleware.CallServer, Family: c.server.family, Carrier: carrier, Caller: c.caller,
		Public: true, Allowed: c.allowed, Stream: c.stream,
	}
	defer func() {
		if !asked { // a function of the options ended the goroutine
			c.unnamed, c.aborted = true, true
			c.start(&info)
			c.end(nil)
		}
	}()
	m := c.method(has)
	info.Operation, info.Labels, info.Omit = m.operation, m.labels, m.omit
	if m.omit != middleware.SignalAll {
		info.Public, info.Group = c.server.opts.public(c.Context), c.server.opts.group(c.Context, c.name)
	}
	asked = true
	c.start(&info)
}

// method returns the method of a call. One that the server may not have is
// unknown.
func (c *serverCall) method(has bool) *method {
	if !has {
		c.unnamed = true
		return &method{c.server.unknown.operation, c.server.unknown.labels, c.server.opts.omit(c.name)}
	}
	if m := c.server.find(c.name); m != nil {
		return m
	}
	return c.server.add(c.name)
}

func (c *serverCall) start(info *middleware.CallInfo) {
	if info.Omit == middleware.SignalAll {
		return
	}
	c.call = c.server.in.Begin(c.Context, *info)
	c.inner = c.call.Context()
	if c.stream {
		c.single = newMessages(c.inner, c.server.in, &c.server.opts, c.server.single, *info)
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
	if c.unnamed {
		c.unnamed = false
		if m := c.server.add(c.name); c.call != nil {
			c.call.SetOperation(m.operation, m.labels...)
		}
	}
}

// refuse counts a call whose method the server does not have.
func (c *serverCall) refuse() {
	if c.begin(headers(c.header), false); c.call != nil {
		c.finish(answered(codes.Unimplemented, nil, false))
	}
}

// handled notes the return of the handler. The answer begins now, because
// grpc-go cancels the context when it has sent it. The message of a unary call
// comes first, and can wait for a client that does not read.
func (c *serverCall) handled(err error) {
	c.returned, c.failed, c.left = true, err != nil, c.Err()
	if c.failed || c.stream || c.server.opts.OmitStatsHandler {
		c.answers()
	}
}

// responds notes that the message of a unary call was sent.
func (c *serverCall) responds() {
	if !c.stream {
		c.responded, c.left = true, c.Err()
		c.answers()
	}
}

// answers notes that the answer begins, unless the client left before.
func (c *serverCall) answers() {
	if c.left == nil && c.call != nil {
		c.call.Answered()
	}
}

// answer writes to the headers of a call's answer.
type answer serverCall

// Get returns "": nothing was written.
func (a *answer) Get(string) string { return "" }

// Set adds a header. grpc-go copies the metadata, so that calls share them.
func (a *answer) Set(key, value string) {
	if a.transport == nil {
		return
	}
	md, ok := a.server.headers.Get().(metadata.MD)
	if !ok {
		md = make(metadata.MD, 1)
	}
	if values := md[key]; len(values) == 1 {
		values[0] = value
	} else {
		md[key] = []string{value}
	}
	_ = a.transport.SetHeader(md)
	a.server.headers.Put(md)
}

// Keys returns nil.
func (a *answer) Keys() []string { return nil }

// prepare prepares the answer of a call whose handler is about to run.
func (c *serverCall) prepare(ctx context.Context) {
	if c.call != nil {
		c.transport = grpc.ServerTransportStreamFromContext(ctx)
		c.call.WriteRequestID((*answer)(c))
	}
}

// end counts a call with the error that the client gets.
func (c *serverCall) end(err error) {
	if c.call != nil {
		c.finish(c.result(err))
	}
}

// result decides how the call ended. The cases have the order of package
// middleware's table.
func (c *serverCall) result(err error) middleware.Result {
	code := codeOf(err)
	switch {
	case c.panicked != nil:
		return middleware.Result{Code: failedAs(err), Err: c.panicked, ErrorType: "panic"}
	case c.aborted, c.silent(err):
		return middleware.Result{Code: failedAs(err), Err: errGoexit, ErrorType: "aborted"}
	case c.broken.Load() != nil:
		err := *c.broken.Load()
		return answered(codeOf(err), err, false)
	case c.left != nil:
		return c.resultLeft()
	case c.unread(err):
		return answered(codes.Unknown, errUnread, false)
	case c.returned && (c.failed || !isGone(err)):
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
func (c *serverCall) gaveUp() bool { return c.managed != nil && c.managed.stopping.Load() }

// silent reports whether the call ended without an answer, while the client was
// there: an interceptor around ended the goroutine.
func (c *serverCall) silent(err error) bool {
	return err == nil && !c.server.opts.OmitStatsHandler && !c.trailed.Load() && c.Err() == nil
}

// errUnread is the error of a call whose request broke off.
var errUnread = status.Error(codes.Unknown, "the request broke off")

// unread reports whether the request of a unary call broke off. gRPC then tells
// its stats handlers no error, or Internal, and its client Unknown.
func (c *serverCall) unread(err error) bool {
	if c.stream || c.unnamed || c.server.opts.OmitStatsHandler {
		return false
	}
	if c.returned || c.responded {
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
	case errors.Is(c.left, context.DeadlineExceeded), c.nearDeadline():
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
	deadline, ok := c.Deadline()
	return ok && time.Until(deadline) <= min(c.allowed/10, maxEarly)
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
	if isRecording(c.inner) {
		r.Attributes = c.attributes()
	}
	r.Sizes = c.sizes.values()
	defer c.single.end(r) // also if a function of the program ends the goroutine
	c.call.End(r)
}

// isRecording reports whether the span of a context is recorded.
func isRecording(ctx context.Context) (yes bool) {
	guard(func() { yes = trace.SpanFromContext(ctx).IsRecording() })
	return yes
}

// attributes returns the attributes of a server span by the semantic
// conventions.
func (c *serverCall) attributes() []attribute.KeyValue {
	if c.unnamed {
		return []attribute.KeyValue{
			attribute.String("rpc.method", otherMethod),
			attribute.String("rpc.method_original", cut(logicalName(c.name))),
		}
	}
	return []attribute.KeyValue{attribute.String("rpc.method", logicalName(c.name))}
}

// cut bounds a text of a client.
func cut(text string) string {
	const longest = 256
	if len(text) > longest {
		text = text[:longest]
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
