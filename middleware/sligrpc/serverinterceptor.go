package sligrpc

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/grpclog"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/redact"
)

// unary runs the handler of a unary call.
func (s *server) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
	c := s.enter(ctx, info.FullMethod, false, false)
	if c != nil {
		c.prepare(ctx)
		if s.opts.OmitStatsHandler {
			ctx = c.ctx
		}
	}
	returned := false
	defer func() {
		if !returned {
			resp, err = nil, s.broke(c, info.FullMethod, recover())
		}
	}()
	resp, err = handler(ctx, req)
	returned = true
	s.leave(c, err)
	return resp, err
}

// stream runs the handler of a stream. Without srv, the server does not have
// the method, and grpc.UnknownServiceHandler serves it.
func (s *server) stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	c := s.enter(ss.Context(), info.FullMethod, info.IsClientStream, info.IsServerStream)
	if c != nil {
		if srv != nil {
			c.setName()
		}
		c.prepare(ss.Context())
		counted := &serverStream{ss, c}
		if ss = counted; s.opts.OmitStatsHandler {
			ss = &ownStream{counted}
		}
	}
	returned := false
	defer func() {
		if !returned {
			err = s.broke(c, info.FullMethod, recover())
		}
	}()
	err = handler(srv, ss)
	returned = true
	s.leave(c, err)
	return err
}

// enter returns the call of an interceptor's context, which the interceptor may
// use until it calls leave. Without the stats handler, the call begins now. It
// returns nil for a call that is not measured, or that has ended.
func (s *server) enter(ctx context.Context, fullMethod string, clientStreams, serverStreams bool) *serverCall {
	if !s.opts.OmitStatsHandler {
		if c := s.contextOf(ctx); c != nil {
			return c.use()
		}
		return nil
	}
	m := s.find(fullMethod)
	if m.excluded() || s.in.Serves(ctx) {
		return nil
	}
	conn := &connection{}
	if p, ok := peer.FromContext(ctx); ok {
		conn.caller, conn.managed = addressOf(p.Addr), managedBy(p.LocalAddr)
	}
	c := s.newCall(ctx, fullMethod, conn, m)
	c.opens(time.Time{}, clientStreams, serverStreams, incoming{ctx})
	return c.ctx.use()
}

// leave notes the return of a handler. Without the stats handler, the call
// ends now.
func (s *server) leave(c *serverCall, err error) {
	if c == nil {
		return
	}
	c.handled(err)
	if !s.opts.OmitStatsHandler {
		c.ctx.done()
		return
	}
	c.end(err, time.Time{})
	c.ctx.done()
	c.release()
}

// errPanic is the answer to a call whose handler panicked.
var errPanic = status.Error(codes.Internal, "internal error")

// broke notes that a handler panicked with a value, or ended its goroutine
// without one, and returns the answer.
func (s *server) broke(c *serverCall, fullMethod string, value any) error {
	var panicked *middleware.PanicError
	if value != nil {
		panicked = &middleware.PanicError{Value: value, Stack: string(debug.Stack())}
	}
	switch {
	case c == nil:
	case value == nil:
		c.noted.Or(handlerExited)
	default:
		c.panicked.Store(panicked)
	}
	if value != nil && !s.opts.Repanic {
		logPanic(fullMethod, panicked)
	}
	s.leave(c, errPanic)
	if value != nil && s.opts.Repanic {
		panic(value)
	}
	return errPanic
}

var logger = grpclog.Component("sligrpc")

// logPanic logs a panic that the process does not see, where gRPC logs.
func logPanic(fullMethod string, panicked *middleware.PanicError) {
	text := fmt.Sprintf("panic serving %s: %s\n%s", fullMethod, panicked, panicked.Stack)
	logger.Error(redact.Default().Text(text))
}

// serverStream is a stream with the facts that its end needs.
type serverStream struct {
	grpc.ServerStream
	call *serverCall
}

// SendMsg implements [grpc.ServerStream].
func (s *serverStream) SendMsg(m any) error {
	err := s.ServerStream.SendMsg(m)
	if err != nil {
		s.call.breaks(err)
	} else if !s.call.sent.Load() {
		s.call.sent.Store(true)
		if s.call.call != nil {
			s.call.call.Answered()
		}
	}
	if !isGone(err) {
		s.call.messages.counted(err, false)
	}
	return err
}

// RecvMsg implements [grpc.ServerStream].
func (s *serverStream) RecvMsg(m any) error {
	err := s.ServerStream.RecvMsg(m)
	if err == nil {
		s.call.messages.passed()
	} else if err != io.EOF { //nolint:errorlint // it is never wrapped
		s.call.breaks(err)
	}
	return err
}

// breaks notes the error of a message. grpc-go has sent it to the client, so
// that the handler's own error comes too late. An error that says that the
// client left is not an answer.
func (c *serverCall) breaks(err error) {
	if !isGone(err) {
		c.broken.CompareAndSwap(nil, &err)
	}
}

// ownStream has the call's context, which gRPC has if it has the stats handler.
type ownStream struct{ *serverStream }

// Context implements [grpc.ServerStream].
func (s *ownStream) Context() context.Context { return s.call.ctx }
