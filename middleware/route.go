package middleware

import (
	"net/http"
	"strings"

	"github.com/sligo-go/sligo/internal/cowmap"
	"github.com/sligo-go/sligo/sli"
)

const (
	unmatchedRoute = "unmatched" // no pattern matched
	overflowRoute  = "overflow"  // more than maxRoutes patterns
)

// maxRoutes bounds the series of each protocol. A program registers some
// dozens of routes; only one that passes URLs to SetRoute comes near the
// maximum.
const maxRoutes = 1000

// route is one route of one protocol: its labels, the indicators that count
// its events, and its series.
type route struct {
	protocol  int
	label     string
	operation string
	events    sli.Operation
	series    cowmap.Map[seriesKey, *series]
}

// routes are the routes of one protocol by pattern. Several patterns may
// share a route.
type routes struct {
	protocol int
	recorder *sli.Recorder
	known    cowmap.Map[string, *route]
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
	operation := methodLabel(rs.protocol) + " " + label
	return &route{protocol: rs.protocol, label: label, operation: operation, events: rs.recorder.Operation(operation)}
}

// all returns each route once.
func (rs *routes) all() map[*route]bool {
	all := make(map[*route]bool)
	for _, rt := range rs.known.Load() {
		all[rt] = true
	}
	return all
}

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

// SetRoute sets the route of the request that is answered on w. It is for
// routers that do not set [http.Request.Pattern], and for handlers that pass
// on a copy of the request. The pattern must come from the program, never
// from the URL: beyond 1000 patterns of a method, the route is "overflow".
//
// SetRoute finds the instrument's writer below w through Unwrap methods. If
// there is no such writer, it does nothing. Call it before the handler
// returns.
func SetRoute(w http.ResponseWriter, pattern string) {
	for e := find(w); e != nil; e = find(e.ResponseWriter) {
		e.pattern = pattern
	}
}

// ReportRoute returns a handler that passes the pattern of each request to
// [SetRoute] when next returns. Wrap a [http.ServeMux] directly in it if
// another middleware between the mux and the instrument copies the request,
// as [http.Request.WithContext] does, because the instrument cannot see the
// pattern of a copy. Behind [http.StripPrefix] the pattern, and therefore
// the route, lacks the prefix.
func ReportRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { SetRoute(w, r.Pattern) }()
		next.ServeHTTP(w, r)
	})
}
