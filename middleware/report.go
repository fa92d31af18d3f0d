package middleware

import (
	"net/http"
	"strings"
)

// place says which part of a request's path a mux serves. [http.StripPrefix]
// takes the part in front away.
type place struct {
	mux     *http.ServeMux // nil if it is unknown
	prefix  string         // the route of the part in front
	skipped int            // the length of the part in front
}

// ReportRoute returns a handler that reports the pattern of each request as
// its route, as [SetRoute] does, when next returns. Wrap a [http.ServeMux]
// directly in it if another middleware between the mux and the instrument
// copies the request, as [http.Request.WithContext] does, because the
// instrument cannot see the pattern of a copy. Wrap a mux behind
// [http.StripPrefix] too: its route is then the stripped part of the outer
// mux's pattern followed by its own pattern, "/v1" and "/users/{id}". The
// stripped part itself never becomes a label, because a client may have chosen
// it. Without an outer mux the route therefore lacks it.
//
// If several handlers report, the innermost one that knows the route wins.
func ReportRoute(next http.Handler) http.Handler {
	mux, _ := next.(*http.ServeMux)
	reporter := &reporter{next, mux}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reporter.serve(find(w), w, r) })
}

// reporter is the handler of ReportRoute.
type reporter struct {
	next http.Handler
	mux  *http.ServeMux // next, or nil if it is another handler
}

// serve serves a request and reports the route to e and to the exchanges below
// it, which belong to outer instruments.
func (p *reporter) serve(e *exchange, w http.ResponseWriter, r *http.Request) {
	if e == nil {
		p.next.ServeHTTP(w, r)
		return
	}
	routed, outer, pattern := e.routed.Load(), e.place, r.Pattern
	inner := outer.below(e, r)
	inner.mux = p.mux
	e.move(inner)
	defer func() {
		e.move(outer)
		switch {
		case e.routed.Load() != routed: // a handler inside reported
		case p.mux == nil && r.Pattern == pattern: // not set by next
			e.report(outer.prefix, r)
		default:
			e.report(inner.prefix, r)
		}
	}()
	p.serve(find(e.ResponseWriter), w, r)
}

// move notes which part of the path the current mux serves. Only the handler's
// goroutine calls move, so it may read the place without a lock.
func (e *exchange) move(to place) {
	e.mu.Lock()
	e.place = to
	e.mu.Unlock()
}

// report notes the pattern of a request behind a prefix as the route.
func (e *exchange) report(prefix string, r *http.Request) {
	if pattern := trusted(r.Method, r.Pattern); pattern != "" {
		e.routed.Store(e.in.routes[e.protocol].findBelow(prefix, pattern))
	}
}

// below returns the place of a mux that gets r, a request within the place p.
// A path that does not end the original path was rewritten, so nothing is
// known of the part in front.
func (p place) below(e *exchange, r *http.Request) place {
	skipped := len(e.target.path) - len(r.URL.Path)
	if skipped <= p.skipped || e.target.path[skipped:] != r.URL.Path {
		return p
	}
	missing := strings.Count(strings.TrimSuffix(e.target.path[p.skipped:skipped], "/"), "/")
	prefix, found := leading(r.Pattern, missing)
	if found < missing && p.skipped == 0 && e.r.Pattern != r.Pattern {
		// A mux between the outer mux and this one does not report.
		outer, _ := leading(e.r.Pattern, missing-found)
		prefix = outer + prefix
	}
	return place{prefix: p.prefix + prefix, skipped: skipped}
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
