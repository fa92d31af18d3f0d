// Package sliconnect tells package middleware the procedures and codes of
// connect-go.
//
// The mux knows only the service of a call, and the bodies of gRPC-Web and of
// Connect's streams have the code. An interceptor of connect-go knows both, but
// gets no ResponseWriter. [Handler] hands it over:
//
//	path, handler := pingv1connect.NewPingServiceHandler(server,
//		connect.WithInterceptors(sliconnect.NewInterceptor()))
//	mux.Handle(path, sliconnect.Handler(handler))
//	http.ListenAndServe(addr, in.Handler(mux))
//
// The route is the procedure, such as "/ping.v1.PingService/Ping". A path of
// the service that is not a procedure keeps the pattern of the mux.
package sliconnect

import (
	"context"
	"net/http"

	"connectrpc.com/connect"

	"github.com/sligo-go/sligo/middleware"
)

// writerKey is the context key of a request's ResponseWriter.
type writerKey struct{}

// Handler wraps a handler of connect-go, so that the [Interceptor] finds the
// instrument.
func Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), writerKey{}, w)))
	})
}

// Interceptor sets the route and the code of each call that a server answers.
// It changes no call of a client. Without [Handler] it has no effect.
type Interceptor struct{}

var _ connect.Interceptor = (*Interceptor)(nil)

// NewInterceptor returns an interceptor. It may be anywhere among the
// interceptors: it counts the error that it passes on.
func NewInterceptor() *Interceptor { return &Interceptor{} }

// WrapUnary implements [connect.Interceptor].
func (*Interceptor) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (res connect.AnyResponse, err error) {
		w, ok := ctx.Value(writerKey{}).(http.ResponseWriter)
		if !ok || req.Spec().IsClient {
			return next(ctx, req)
		}
		middleware.SetRoute(w, req.Spec().Procedure)
		code := codePanicked
		defer func() { middleware.SetCode(w, code) }()
		res, err = next(ctx, req)
		code = codeOf(err)
		return res, err
	}
}

// WrapStreamingHandler implements [connect.Interceptor].
func (*Interceptor) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) (err error) {
		w, ok := ctx.Value(writerKey{}).(http.ResponseWriter)
		if !ok {
			return next(ctx, conn)
		}
		middleware.SetRoute(w, conn.Spec().Procedure)
		middleware.SetStream(w)
		code := codePanicked
		defer func() { middleware.SetCode(w, code) }()
		err = next(ctx, conn)
		code = codeOf(err)
		return err
	}
}

// WrapStreamingClient implements [connect.Interceptor].
func (*Interceptor) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

// codePanicked is the code of a call whose handler does not return. The client
// sees it, or no code, if another interceptor recovers.
const codePanicked = "internal"

func codeOf(err error) string {
	if err == nil {
		return "OK"
	}
	return connect.CodeOf(err).String()
}
