package sligrpc

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/middleware"
)

// codeNames are the codes in the order of their numbers, as the protocol and
// OpenTelemetry spell them.
var codeNames = [...]string{
	codes.OK:                 "OK",
	codes.Canceled:           "CANCELLED",
	codes.Unknown:            "UNKNOWN",
	codes.InvalidArgument:    "INVALID_ARGUMENT",
	codes.DeadlineExceeded:   "DEADLINE_EXCEEDED",
	codes.NotFound:           "NOT_FOUND",
	codes.AlreadyExists:      "ALREADY_EXISTS",
	codes.PermissionDenied:   "PERMISSION_DENIED",
	codes.ResourceExhausted:  "RESOURCE_EXHAUSTED",
	codes.FailedPrecondition: "FAILED_PRECONDITION",
	codes.Aborted:            "ABORTED",
	codes.OutOfRange:         "OUT_OF_RANGE",
	codes.Unimplemented:      "UNIMPLEMENTED",
	codes.Internal:           "INTERNAL",
	codes.Unavailable:        "UNAVAILABLE",
	codes.DataLoss:           "DATA_LOSS",
	codes.Unauthenticated:    "UNAUTHENTICATED",
}

// codeOf returns the code that gRPC sends for an error. A number that gRPC does
// not define is Unknown, so that it cannot become a label.
func codeOf(err error) codes.Code {
	if err == nil {
		return codes.OK
	}
	st, ok := status.FromError(err)
	if !ok {
		st = status.FromContextError(err)
	}
	if int(st.Code()) >= len(codeNames) {
		return codes.Unknown
	}
	return st.Code()
}

// failsServer reports whether OpenTelemetry's conventions count a code as an
// error of the server.
func failsServer(code codes.Code) bool {
	switch code {
	case codes.Unknown, codes.DeadlineExceeded, codes.Unimplemented, codes.Internal, codes.Unavailable, codes.DataLoss:
		return true
	}
	return false
}

// answered returns the result of a call that was answered with an error, or
// without one. For a client, every error is one.
func answered(code codes.Code, err error, client bool) middleware.Result {
	r := middleware.Result{Code: codeNames[code]}
	if code == codes.OK {
		return r
	}
	r.Cause = err
	if client || failsServer(code) {
		r.ErrorType = r.Code
	}
	return r
}

// timedOut returns the result of a call whose deadline passed.
func timedOut() middleware.Result {
	return middleware.Result{
		Code: codeNames[codes.DeadlineExceeded], TimedOut: true, Cause: errDeadline,
	}
}

// canceled returns the result of a call whose caller left.
func canceled() middleware.Result {
	return middleware.Result{Code: codeNames[codes.Canceled], Canceled: true}
}

// errDeadline is the cause of calls whose deadline passed.
var errDeadline = status.Error(codes.DeadlineExceeded, "the deadline passed before the answer")
