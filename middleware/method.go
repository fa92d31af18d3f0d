package middleware

import "net/http"

// otherMethod labels every method that net/http does not name, so that a
// client cannot create series. The name is OpenTelemetry's.
const otherMethod = "_OTHER"

// methods are the values of the method label.
var methods = [...]string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace, otherMethod,
}

// A methodScheme is a pair of a method and a scheme, which the labels show. It
// is twice the index of the method, plus one for https.
type methodScheme uint8

// methodSchemes is the number of pairs.
const methodSchemes = 2 * len(methods)

func methodSchemeOf(r *http.Request) methodScheme {
	ms := methodScheme(2 * methodOf(r.Method))
	if r.TLS != nil {
		ms++
	}
	return ms
}

func (ms methodScheme) method() string { return methods[ms/2] }

func (ms methodScheme) scheme() string {
	if ms%2 == 1 {
		return "https"
	}
	return "http"
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

// isPreflight reports whether a request is a browser's question whether it may
// send another one, by the Fetch standard's CORS protocol.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions &&
		len(r.Header["Origin"]) > 0 && len(r.Header["Access-Control-Request-Method"]) > 0
}
