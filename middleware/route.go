package middleware

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/cowmap"
	"github.com/sligo-go/sligo/sli"
)

const (
	unmatchedRoute = "unmatched" // no pattern matched
	overflowRoute  = "overflow"  // more than maxRoutes patterns
)

// maxRoutes bounds the routes of each method and scheme. A program registers
// some dozens of routes; only one that passes URLs to SetRoute comes near the
// maximum.
const maxRoutes = 1000

// route is one route of one method and scheme: its labels, the indicators that
// count its events, and its series.
type route struct {
	methodScheme methodScheme
	label        string
	operation    string
	events       sli.Operation
	series       cowmap.Map[seriesKey, *series]
	first        atomic.Pointer[series] // the first one, which most requests need
}

// routes are the routes of one method and scheme by pattern. Several patterns
// may share a route.
type routes struct {
	methodScheme methodScheme
	recorder     *sli.Recorder
	known        cowmap.Map[string, *route]
	composed     cowmap.Map[composition, *route]
}

// find returns the route of a pattern, which it adds if the pattern is new.
func (rs *routes) find(pattern string) *route {
	known := rs.known.Load()
	if found := known[pattern]; found != nil {
		return found
	}
	if found := known[overflowRoute]; found != nil && len(known) > maxRoutes {
		return found
	}
	return rs.add(pattern)
}

func (rs *routes) add(pattern string) (added *route) {
	rs.known.Edit(func(next map[string]*route) {
		if len(next) >= maxRoutes {
			pattern = overflowRoute
		}
		if added = next[pattern]; added == nil {
			added = rs.labeled(routeLabel(pattern), next)
			next[pattern] = added
		}
	})
	return added
}

// labeled returns the known route of a label, or else a new one. Patterns for
// several hosts, or with and without a method, have the same label.
func (rs *routes) labeled(label string, known map[string]*route) *route {
	for _, same := range known {
		if same.label == label {
			return same
		}
	}
	operation := rs.methodScheme.method() + " " + label
	return &route{methodScheme: rs.methodScheme, label: label, operation: operation, events: rs.recorder.Operation(operation)}
}

// all returns each route once.
func (rs *routes) all() map[*route]bool {
	all := make(map[*route]bool)
	for _, rt := range rs.known.Load() {
		all[rt] = true
	}
	return all
}

// findBelow returns the route of a pattern of a mux that serves a part of the
// paths. The prefix is the route of the part in front.
func (rs *routes) findBelow(prefix, pattern string) *route {
	if prefix == "" {
		return rs.find(pattern)
	}
	key := composition{prefix, pattern}
	known := rs.composed.Load()
	if found := known[key]; found != nil {
		return found
	}
	found := rs.find(prefix + routeLabel(pattern))
	if len(known) < maxRoutes {
		rs.composed.TryEdit(func(next map[composition]*route) { next[key] = found })
	}
	return found
}

// composition is a pattern behind a prefix.
type composition struct{ prefix, pattern string }

// routeLabel returns the path of a pattern of [http.ServeMux]. Methods have a
// label of their own, and a host never becomes a label.
func routeLabel(pattern string) string {
	if pattern == "" {
		return unmatchedRoute
	}
	if slash := strings.IndexByte(pattern, '/'); slash > 0 {
		pattern = pattern[slash:]
	}
	return strings.ToValidUTF8(pattern, "\uFFFD")
}

// trusted returns a pattern that [http.ServeMux] found for a method, or "" if
// the pattern may be the client's path. The mux returns the path instead of a
// pattern when it redirects CONNECT from /tree to /tree/. For CONNECT, only a
// pattern that names the method is therefore certain.
func trusted(method, pattern string) string {
	if method == http.MethodConnect && !strings.HasPrefix(pattern, http.MethodConnect) {
		return ""
	}
	return pattern
}

// SetRoute sets the route of the request that is answered on w. It is for
// routers that do not set [http.Request.Pattern], and for handlers that pass
// on a copy of the request. The pattern must come from the program, never
// from the URL: beyond 1000 patterns of a method, the route is "overflow".
// The last call wins, and an empty pattern cancels the calls before.
//
// Call SetRoute as soon as the route is known, so that a request whose handler
// hangs counts for its route, and before the handler returns. SetRoute finds
// the instrument's writer below w through Unwrap methods. It reports whether
// it found one. If it reports false, a middleware has replaced the writer by
// one without an Unwrap method, and the call has no effect.
//
// Wrap the whole router in [Instrument.Handler], and call SetRoute in a
// middleware that the router runs when it has found the route. docs/routers.md
// has the lines for chi, gorilla/mux, echo, gin, httprouter, connect-go, gRPC
// and HTTP/3:
// https://github.com/sligo-go/sligo/blob/main/docs/routers.md.
//
// echo answers the error of a handler after its middlewares have returned. Do
// not use echo.WrapMiddleware(in.Handler) alone: the instrument would count a
// success, and could only log a warning to [Options.Logger].
func SetRoute(w http.ResponseWriter, pattern string) bool {
	return each(w, func(e *exchange) {
		if pattern == "" {
			e.routed.Store(nil)
			return
		}
		e.routed.Store(e.in.routes[e.methodScheme].find(pattern))
	})
}
