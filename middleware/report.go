package middleware

import (
	"net/http"
	"strings"

	"github.com/sligo-go/sligo/internal/cowmap"
)

// place says which part of a request's path a mux serves. [http.StripPrefix]
// takes the part in front away. A place does not change.
type place struct {
	mux     *http.ServeMux // nil if it is unknown
	prefix  string         // the route of the part in front
	skipped int            // the length of the part in front
}

// ReportRoute returns a handler that reports the pattern of each request as its
// route when next returns, as [SetRoute] does. Two kinds of [http.ServeMux]
// need it, directly around them:
//
//   - A mux whose requests are copied by a middleware between the mux and the
//     instrument, as by [http.Request.WithContext]. The instrument cannot see
//     the pattern of a copy.
//   - A mux behind [http.StripPrefix]. Its route is the stripped part of the
//     outer pattern, such as "/v1", followed by its own pattern, such as
//     "/users/{id}". The outer pattern is the outer mux's, or the route that
//     another router has set.
//
// The stripped part of the path itself never becomes a label, because a client
// may have chosen it: without an outer pattern, the route lacks that part.
//
// If several handlers report, the innermost one that knows the route wins.
func ReportRoute(next http.Handler) http.Handler {
	mux, _ := next.(*http.ServeMux)
	p := &reporter{next: next, top: place{mux: mux}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(find(w), w, r) })
}

// reporter is the handler of ReportRoute.
type reporter struct {
	next   http.Handler
	top    place // of next, if it is a mux and serves the whole path
	places cowmap.Map[way, *place]
}

// place returns the place of the mux that has the request.
func (e *exchange) place() *place {
	if below := e.below.Load(); below != nil {
		return below
	}
	return e.top
}

// way leads from a place to the place of a mux below. A program has few
// ways, but a part of the path in front may have many lengths.
type way struct {
	outer            *place
	pattern, first   string // of the outer router, and of the first mux
	segments, length int    // of the part of the path in front
}

// serve serves a request and reports the route to the exchange of found and to
// the exchanges below it, which belong to outer instruments.
func (p *reporter) serve(found *response, w http.ResponseWriter, r *http.Request) {
	if found == nil {
		p.next.ServeHTTP(w, r)
		return
	}
	e := found.use()
	if e == nil {
		p.serve(find(found.ResponseWriter), w, r)
		return
	}
	outer, routed, pattern := e.place(), e.routed.Load(), r.Pattern
	inner := p.below(outer, e, r)
	e.below.Store(inner)
	before := routed
	if inner.mux != nil {
		before = nil // a mux knows better, also in flight
		e.routed.Store(nil)
	}
	defer func() {
		defer found.done()
		e.below.Store(outer)
		switch {
		case e.routed.Load() != before: // a handler inside reported
		case inner.mux == nil && r.Pattern == pattern: // not set by next
			e.report(outer.prefix, r, routed)
		default:
			e.report(inner.prefix, r, routed)
		}
	}()
	p.serve(find(found.ResponseWriter), w, r)
}

// report notes the pattern of a request behind a prefix as the route, or else
// the route that was known before.
func (e *exchange) report(prefix string, r *http.Request, before *route) {
	if pattern := trusted(r.Method, r.Pattern); pattern != "" {
		before = e.in.routes[e.methodScheme].findBelow(prefix, pattern)
	}
	e.routed.Store(before)
}

// below returns the place of next, which gets the request r of an exchange.
// Only maxRoutes places are remembered.
func (p *reporter) below(outer *place, e *exchange, r *http.Request) *place {
	to := wayTo(outer, e, r)
	if to == (way{outer: outer}) && outer.skipped == 0 {
		return &p.top
	}
	known := p.places.Load()
	if found := known[to]; found != nil {
		return found
	}
	added := &place{p.top.mux, outer.prefix + to.prefix(), outer.skipped + to.length}
	if len(known) < maxRoutes {
		p.places.TryEdit(func(next map[way]*place) { next[to] = added })
	}
	return added
}

// wayTo returns the way to the handler that gets r. Nothing is known of a
// path that does not end the original path, because it was rewritten.
func wayTo(outer *place, e *exchange, r *http.Request) way {
	length := len(e.path) - len(r.URL.Path) - outer.skipped
	if length <= 0 || e.path[outer.skipped+length:] != r.URL.Path {
		return way{outer: outer}
	}
	front := e.path[outer.skipped : outer.skipped+length]
	to := way{outer: outer, pattern: r.Pattern, segments: strings.Count(strings.TrimSuffix(front, "/"), "/"), length: length}
	if outer.skipped == 0 {
		to.first = e.r.Pattern
		if routed := e.routed.Load(); r.Pattern == "" && routed != nil {
			to.pattern = routed.label // of a router that calls SetRoute
		}
	}
	return to
}

// prefix returns the route of the part of the path that was stripped.
func (w way) prefix() string {
	segments, found := leading(w.pattern, w.segments)
	if found < w.segments && w.first != w.pattern {
		// A mux between the first mux and this one does not report.
		outer, _ := leading(w.first, w.segments-found)
		return outer + segments
	}
	return segments
}

// leading returns the first n segments of a pattern's path, without a slash at
// the end, and their number, which is less if the pattern has fewer.
func leading(pattern string, n int) (segments string, found int) {
	slash := strings.IndexByte(pattern, '/')
	if slash < 0 {
		return "", 0
	}
	path, end := pattern[slash:], 0
	for ; found < n; found++ {
		rest := path[end:]
		if rest == "" || rest == "/" || rest == "/{$}" {
			break
		}
		if next := strings.IndexByte(rest[1:], '/'); next >= 0 {
			end += 1 + next
		} else {
			end = len(path)
		}
	}
	if strings.HasSuffix(path[:end], "...}") {
		found = n // it matches any number of segments
	}
	return path[:end], found
}
