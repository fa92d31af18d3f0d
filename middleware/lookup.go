package middleware

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/sligo-go/sligo/sli"
)

// target holds the parts of a request by which a mux finds its pattern, as the
// request had them when it arrived. Handlers may change the request.
type target struct{ method, host, path, rawPath string }

// noteTarget stores the target of a request that has just arrived.
func (e *exchange) noteTarget(r *http.Request) {
	e.host, e.path = r.Host, r.URL.Path
	if r.URL.RawPath != "" || r.Method != e.methodScheme.method() {
		rare := e.makeRare()
		rare.method, rare.rawPath = cmp.Or(r.Method, http.MethodGet), r.URL.RawPath
	}
}

func (e *exchange) target() target {
	if r := e.rarely(); r.method != "" {
		return target{r.method, e.host, e.path, r.rawPath}
	}
	return target{method: e.methodScheme.method(), host: e.host, path: e.path}
}

// within returns the target as a mux gets it behind the first n bytes of the
// path.
func (t target) within(n int) target {
	t.rawPath = strings.TrimPrefix(t.rawPath, t.path[:n])
	t.path = t.path[n:]
	return t
}

// pattern returns the pattern by which a mux would serve the target, and "" if
// no pattern matches or the mux is nil.
func (t target) pattern(mux *http.ServeMux) string {
	if mux == nil {
		return ""
	}
	r := http.Request{Method: t.method, Host: t.host, URL: &url.URL{Path: t.path, RawPath: t.rawPath}}
	_, pattern := mux.Handler(&r)
	return trusted(t.method, pattern)
}

// muxOf returns the mux that next is, or else the mux of the options.
func (in *Instrument) muxOf(next http.Handler) *http.ServeMux {
	if in.opts.Mux != nil {
		return in.opts.Mux
	}
	mux, _ := next.(*http.ServeMux)
	return mux
}

// routeInFlight returns the route of a request whose handler runs, and nil if
// it is not known yet. It may be called by any goroutine, so it does not read
// the request, which belongs to the handler.
func (e *exchange) routeInFlight() *route {
	if routed := e.routed.Load(); routed != nil {
		return routed
	}
	at := e.place()
	if pattern := e.target().within(at.skipped).pattern(at.mux); pattern != "" {
		return e.in.routes[e.methodScheme].findBelow(at.prefix, pattern)
	}
	return nil
}

// routeAtReturn returns the route of a request whose handler has returned: the
// one that a handler reported, or else by the pattern that the mux set. If both
// are missing, the mux of the options is asked, since a middleware may have
// passed on a copy of the request.
func (e *exchange) routeAtReturn() *route {
	if routed := e.routed.Load(); routed != nil {
		return routed
	}
	pattern := trusted(e.r.Method, e.r.Pattern)
	if e.r.Pattern == "" {
		pattern = e.lostPattern()
		if pattern == "" && e.lost() {
			e.in.recorder.NoteUnrouted()
		}
	}
	return e.in.routes[e.methodScheme].find(pattern)
}

// lostPattern asks the mux for the pattern of a request that came back without
// one. The wrapped mux itself is asked only about an answer that it does not
// give to requests without a match.
func (e *exchange) lostPattern() string {
	unmatched := e.unmatched()
	if unmatched && e.in.opts.Mux == nil {
		return ""
	}
	return e.target().pattern(e.place().mux)
}

// lost reports whether a request without a pattern should have had one. A
// filter in front of the router may answer preflights, and the target of
// OPTIONS * has no path.
func (e *exchange) lost() bool {
	return !e.unmatched() && !e.preflight && e.r.RequestURI != "*"
}

// ignore returns why no indicator judges the request, if that is known before
// its answer.
func (e *exchange) ignore() sli.Reason {
	if e.preflight {
		return sli.ReasonPreflight
	}
	return e.in.tooShort(e.allowed())
}

// unmatched reports whether the answer is one that a router gives to requests
// that match no pattern.
func (e *exchange) unmatched() bool {
	status := e.status.Load()
	return status == http.StatusNotFound || status == http.StatusMethodNotAllowed
}
