package middleware

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// Values of error_type for requests that the service sends.
const (
	errorRefused     = "connection_refused"
	errorReset       = "connection_reset"
	errorClosed      = "connection_closed"
	errorUnreachable = "unreachable"
	errorName        = "name_resolution"
	errorTLS         = "tls"
)

// failure returns the result of an attempt that failed, before its answer or
// in the answer's body. The kind of the error decides before the context,
// because an error of the other service may come when the caller leaves. The
// error's methods may panic.
func (a *attempt) failure(err error) (r Result) {
	if err == nil {
		err = errNoResponse
	}
	_ = guard.Call(func() { r = a.judgeError(err) })
	r.Err = err
	return r
}

func (a *attempt) judgeError(err error) Result {
	if isTimeout(err) {
		return Result{TimedOut: true}
	}
	if kind := errorKind(err); kind != "" {
		return Result{ErrorType: kind}
	}
	if r := canceledBy(a.ctx); r.TimedOut || r.Canceled {
		return r
	}
	//nolint:staticcheck // still in use
	return Result{Canceled: errors.Is(err, context.Canceled) || isClosed(a.request.Cancel)}
}

// canceledBy returns the result of a call whose context is done, and the zero
// Result before. A deadline of the program's own is a time-out, also if it is
// the cause of a cancellation. A cancellation with any other cause is the
// program's decision. The clock decides about the deadline, because http.Client
// cancels a request at its Timeout before the context may know it.
func canceledBy(ctx context.Context) Result {
	err := ctx.Err()
	if err == nil {
		deadline, limited := ctx.Deadline()
		return Result{TimedOut: limited && !time.Now().Before(deadline)}
	}
	cause := context.Cause(ctx)
	timedOut := errors.Is(err, context.DeadlineExceeded)
	if !timedOut {
		_ = guard.Call(func() { timedOut = isTimeout(cause) })
	}
	switch {
	case timedOut:
		return Result{TimedOut: true}
	case cause == context.Canceled: //nolint:errorlint // a program may wrap it
		return Result{Canceled: true}
	}
	return Result{Canceled: true, Ignore: sli.ReasonClientLeft}
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &timeout) && timeout.Timeout()
}

// errorKind returns the value of error_type for an error of the network or of
// the other service, and "" for any other.
func errorKind(err error) string {
	var name *net.DNSError
	if errors.As(err, &name) {
		return errorName // also if the connection to the name server failed
	}
	for _, known := range [...]struct {
		err  error
		kind string
	}{
		{syscall.ECONNREFUSED, errorRefused},
		{syscall.ECONNRESET, errorReset},
		{syscall.EPIPE, errorReset},
		{syscall.EHOSTUNREACH, errorUnreachable},
		{syscall.ENETUNREACH, errorUnreachable},
		{http.ErrSchemeMismatch, errorTLS},
		{io.ErrUnexpectedEOF, errorClosed},
		{io.EOF, errorClosed},
	} {
		if errors.Is(err, known.err) {
			return known.kind
		}
	}
	if isTLS(err) {
		return errorTLS
	}
	return ""
}

// isTLS reports whether a TLS handshake failed.
func isTLS(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		invalid     x509.CertificateInvalidError
	)
	for _, target := range [...]any{&certificate, &record, &alert, &authority, &hostname, &invalid} {
		if errors.As(err, target) {
			return true
		}
	}
	return false
}

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}
