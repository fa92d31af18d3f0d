package middleware

import (
	"net/http"

	"github.com/sligo-go/sligo/internal/guard"
)

// otherMethod labels every method that net/http does not name, so that a
// client cannot create series. The name is OpenTelemetry's.
const otherMethod = "_OTHER"

// methods are the values of the method label.
var methods = [...]string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace, otherMethod,
}

// protocols is the number of pairs of a method and a scheme. A protocol is
// the number of such a pair, from 0 to protocols-1.
const protocols = 2 * len(methods)

func protocolOf(r *http.Request) int {
	p := 2 * methodOf(r.Method)
	if r.TLS != nil {
		p++
	}
	return p
}

// methodOf returns the index of a method in methods.
func methodOf(method string) int {
	switch method {
	case http.MethodGet, "": // the zero Request is a GET
		return 0
	case http.MethodHead:
		return 1
	case http.MethodPost:
		return 2
	case http.MethodPut:
		return 3
	case http.MethodPatch:
		return 4
	case http.MethodDelete:
		return 5
	case http.MethodConnect:
		return 6
	case http.MethodOptions:
		return 7
	case http.MethodTrace:
		return 8
	}
	return len(methods) - 1
}

// omit returns the signals that the options omit for a request.
func (in *Instrument) omit(r *http.Request) (omit Signal) {
	if in.opts.Omit != nil {
		_ = guard.Call(func() { omit = in.opts.Omit(r) })
	}
	return omit
}

// isPreflight reports whether a request is a browser's question whether it may
// send another one, by the Fetch standard's CORS protocol.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions &&
		len(r.Header["Origin"]) > 0 && len(r.Header["Access-Control-Request-Method"]) > 0
}

func methodLabel(protocol int) string { return methods[protocol/2] }

func schemeLabel(protocol int) string {
	if protocol%2 == 1 {
		return "https"
	}
	return "http"
}
