package middleware

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/grpccode"
	"github.com/sligo-go/sligo/sli"
)

// code is a gRPC code plus one. Zero means that a request has no code.
type code uint8

// rpcCode is a row of the table of codes.
type rpcCode struct {
	status    int    // the HTTP status that google.rpc.Code gives for the code
	errorType string // only of codes that OpenTelemetry gives the server
}

// rpcCodes are the gRPC codes in the order of their numbers.
var rpcCodes = [grpccode.Count]rpcCode{
	{200, ""}, {499, ""}, {500, "UNKNOWN"}, {400, ""}, {504, "DEADLINE_EXCEEDED"}, {404, ""},
	{409, ""}, {403, ""}, {429, ""}, {400, ""},
	{409, ""}, {400, ""}, {501, "UNIMPLEMENTED"}, {500, "INTERNAL"}, {503, "UNAVAILABLE"}, {500, "DATA_LOSS"},
	{401, ""},
}

const (
	codeOK               code = 1 + 0
	codeCanceled         code = 1 + 1
	codeUnknown          code = 1 + grpccode.Unknown
	codeDeadlineExceeded code = 1 + 4
	codePermissionDenied code = 1 + 7
	codeUnimplemented    code = 1 + 12
	codeInternal         code = 1 + 13
	codeUnavailable      code = 1 + 14
	codeUnauthenticated  code = 1 + 16
)

// name returns the code as the field Code of an event, or "".
func (c code) name() string {
	name, _ := grpccode.Name(int64(c) - 1)
	return name
}

// failure returns the code if it is an error of the server, and else no code.
func (c code) failure() code {
	if c.errorType() == "" {
		return 0
	}
	return c
}

func (c code) errorType() string {
	if c == 0 {
		return ""
	}
	return rpcCodes[c-1].errorType
}

// status returns the status of an event with the code. gRPC answers 200 with
// any code; an indicator that lists statuses only must see the failure.
func (c code) status(sent int) int {
	if c == 0 || sent != http.StatusOK {
		return sent
	}
	return rpcCodes[c-1].status
}

// statusOfCode returns the HTTP status of an event with a gRPC code, and 0 for
// any other text.
func statusOfCode(name string) int {
	if n, ok := grpccode.Number(name); ok {
		return rpcCodes[n].status
	}
	return 0
}

// parseCode returns the code of a Grpc-Status, which gRPC's clients take for
// Unknown if they do not know it.
func parseCode(number string) code {
	n, err := strconv.ParseUint(number, 10, 8)
	if err != nil || n >= uint64(grpccode.Count) {
		return codeUnknown
	}
	return code(1 + n)
}

// namedCode returns the code of a name in the spellings that package sli knows,
// or in lower case, as Connect spells it.
func namedCode(name string) code {
	if name == "" {
		return 0
	}
	n, ok := grpccode.Number(name)
	if !ok {
		if n, ok = grpccode.Number(strings.ToUpper(name)); !ok {
			return codeUnknown
		}
	}
	return code(1 + n)
}

// codeOfStatus returns the code that gRPC's clients see if an answer has no
// Grpc-Status, by gRPC's "HTTP to gRPC Status Code Mapping".
func codeOfStatus(status int) code {
	switch status {
	case http.StatusBadRequest:
		return codeInternal
	case http.StatusUnauthorized:
		return codeUnauthenticated
	case http.StatusForbidden:
		return codePermissionDenied
	case http.StatusNotFound:
		return codeUnimplemented
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return codeUnavailable
	}
	return codeUnknown
}

// sentCode returns the code in a header or a trailer, or 0. Trailers are
// declared, or have http.TrailerPrefix.
func sentCode(header http.Header) code {
	for _, key := range [...]string{http.TrailerPrefix + "Grpc-Status", "Grpc-Status", http.TrailerPrefix + "grpc-status", "grpc-status"} {
		if values := header[key]; len(values) > 0 {
			return parseCode(values[0])
		}
	}
	return 0
}

// codesOfEndings are the codes of gRPC requests without a whole answer, as
// their clients see them.
var codesOfEndings = [...]code{
	timedOut:   codeDeadlineExceeded,
	panicked:   codeInternal,
	aborted:    codeInternal,
	clientGone: codeCanceled,
}

// decideCode adds the gRPC code to an outcome, or the reason why nobody can
// judge it.
func (e *exchange) decideCode(o *outcome, now time.Duration) {
	if (o.ending == answered || o.ending == clientGone) && e.callExpired(now) {
		*o = outcome{ending: timedOut, status: e.sentStatus(), err: context.DeadlineExceeded}
	}
	kind, set := e.mediaAtReturn(), e.noted.code()
	o.ignore = e.ignore()
	switch {
	case kind == mediaUnparsed && set == 0 && e.rarely().failure.Load() == nil:
		o.ignore = sli.ReasonUnjudged
	case set == 0 && kind != mediaGRPC && !e.grpc:
	case o.ending != answered && o.ending != failed:
		o.code = codesOfEndings[o.ending]
	case e.noted.has(streams) && e.canceled():
		o.code = codeOK // the client had all that it wanted
	case set != 0:
		o.code = set
	case kind == mediaUnparsed: // SetError says enough
	default:
		if o.code = sentCode(e.Header()); o.code == 0 {
			o.code = codeOfStatus(o.status)
		}
	}
}

// isGRPC reports whether a request is one of gRPC or gRPC-Web, which are sent
// by POST.
func isGRPC(r *http.Request) bool {
	if r.Method != http.MethodPost {
		return false
	}
	contentType := r.Header["Content-Type"]
	return len(contentType) > 0 && strings.HasPrefix(contentType[0], "application/grpc")
}

// minDeadline is the default of [Options.MinDeadline].
const minDeadline = 10 * time.Millisecond

// grpcTimeout returns the time that a gRPC client allows for the call, or 0.
func grpcTimeout(header http.Header) time.Duration {
	values := header["Grpc-Timeout"]
	if len(values) == 0 || len(values[0]) < 2 || len(values[0]) > 9 {
		return 0
	}
	last := len(values[0]) - 1
	n, err := strconv.ParseUint(values[0][:last], 10, 32)
	unit := timeoutUnits[values[0][last]]
	if err != nil || unit == 0 || n > uint64(math.MaxInt64/unit) {
		return 0
	}
	return time.Duration(n) * unit
}

// timeoutUnits are the units of a Grpc-Timeout.
var timeoutUnits = map[byte]time.Duration{
	'H': time.Hour, 'M': time.Minute, 'S': time.Second,
	'm': time.Millisecond, 'u': time.Microsecond, 'n': time.Nanosecond,
}

// callExpired reports whether the deadline of a gRPC client passed before the
// response began.
func (e *exchange) callExpired(now time.Duration) bool {
	allowed := e.allowed()
	if allowed == 0 || e.noted.has(streams) {
		return false
	}
	took := now - e.start
	if began := e.began.Load(); began != 0 {
		took = time.Duration(began)
	}
	return expired(took, allowed, func() bool { return e.clientLeft(now) })
}

// SetCode sets the gRPC code of the request that is answered on w. The code is
// a name as package sli knows it, "DeadlineExceeded" or "DEADLINE_EXCEEDED", or
// as Connect spells it, "deadline_exceeded". Any other name means Unknown, and
// an empty code cancels an earlier call.
//
// gRPC answers have their code in a header or a trailer and need no SetCode.
// It is for gRPC-Web and Connect's streams, whose bodies have it: unless
// SetCode or [SetError] is called, indicators ignore them with the reason
// "unjudged". A code that is set after the client disconnected has no effect.
//
// Interceptors of connect-go get no ResponseWriter. The module
// middleware/sliconnect has an interceptor that sets the route and the code of
// each call.
//
// Like [SetRoute], it must be called before the handler returns, and reports
// whether it found the instrument.
func SetCode(w http.ResponseWriter, code string) bool {
	return each(w, func(e *exchange) {
		if c := namedCode(code); c == 0 || !e.canceled() {
			e.noted.setCode(c)
		} else if e.noted.code() == 0 {
			e.noted.setCode(codeCanceled)
		}
	})
}
