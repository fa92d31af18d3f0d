package middleware

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sligo-go/sligo/sli"
)

// Label values that stand for whatever a client may send, so that no client makes series.
const (
	otherMethod    = "_OTHER"    // OpenTelemetry's name for a method outside the known ones
	unmatchedRoute = "unmatched" // no pattern matched
	overflowRoute  = "overflow"  // more patterns than maxRoutes
)

// maxRoutes bounds the series of each method. Routes are what the program registers, some dozens; only a
// program that passes URLs to SetRoute comes near it.
const maxRoutes = 1000

// methods are the values of the method label.
var methods = [...]string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace, otherMethod,
}

// protocols is how many pairs of a method and a scheme there are. A protocol is the number of one.
const protocols = 2 * len(methods)

func protocolOf(r *http.Request) int {
	p := 2 * methodOf(r.Method)
	if r.TLS != nil {
		p++
	}
	return p
}

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

func methodLabel(protocol int) string { return methods[protocol/2] }

func schemeLabel(protocol int) string {
	if protocol%2 == 1 {
		return "https"
	}
	return "http"
}

// route is what is known of one route and protocol: its labels, which indicators ask for it, and its
// series.
type route struct {
	label     string
	operation string
	events    sli.Operation
	series    atomic.Pointer[map[seriesKey]*series] // copied on write
}

// routes are the routes of one protocol, found by pattern. Reads take no lock: the map is copied on
// write, and writes end when the program's patterns have all been seen.
type routes struct {
	known atomic.Pointer[map[string]*route] // by pattern; several patterns may share a route
	mu    sync.Mutex                        // held to change known, and any route's series
}

func (in *Instrument) route(protocol int, pattern string) *route {
	rs := &in.routes[protocol]
	known := load(&rs.known)
	if found := known[pattern]; found != nil {
		return found
	}
	if found := known[overflowRoute]; found != nil && len(known) > maxRoutes {
		return found
	}
	return in.addRoute(protocol, pattern)
}

func (in *Instrument) addRoute(protocol int, pattern string) *route {
	rs := &in.routes[protocol]
	rs.mu.Lock()
	defer rs.mu.Unlock()
	known := load(&rs.known)
	if len(known) >= maxRoutes {
		pattern = overflowRoute
	}
	if found := known[pattern]; found != nil {
		return found
	}
	label := routeLabel(pattern)
	for _, same := range known { // the same path for another host, or with and without a method
		if same.label == label {
			store(&rs.known, known, pattern, same)
			return same
		}
	}
	operation := methodLabel(protocol) + " " + label
	added := &route{label: label, operation: operation, events: in.recorder.Operation(operation)}
	store(&rs.known, known, pattern, added)
	return added
}

// all returns the set of routes.
func (rs *routes) all() map[*route]bool {
	all := make(map[*route]bool)
	for _, rt := range load(&rs.known) {
		all[rt] = true
	}
	return all
}

// route returns the pattern that names the request's route, empty if none matched. A CONNECT request's
// Pattern counts only when it names the method: to redirect /tree to /tree/, http.ServeMux sets it
// to the path that the client asked for.
func (e *exchange) route() string {
	if e.pattern != "" {
		return e.pattern
	}
	if e.r.Method == http.MethodConnect && !strings.HasPrefix(e.r.Pattern, http.MethodConnect) {
		return ""
	}
	return e.r.Pattern
}

// routeLabel returns the path of a pattern of [http.ServeMux], without its method and host: a closed
// set of methods has a label of its own, and a host is never one.
func routeLabel(pattern string) string {
	if pattern == "" {
		return unmatchedRoute
	}
	if slash := strings.IndexByte(pattern, '/'); slash > 0 {
		pattern = pattern[slash:]
	}
	return strings.ToValidUTF8(pattern, "\uFFFD")
}

// SetRoute names the route of the request that is answered on w, where [http.Request.Pattern] cannot:
// for routers that do not set it, and for handlers that pass on a copy of the request. The pattern
// must come from the program, never from the URL. It finds the instrument's writer through Unwrap
// methods, and does nothing where there is none. It must be called before the handler returns.
func SetRoute(w http.ResponseWriter, pattern string) {
	for e := find(w); e != nil; e = find(e.ResponseWriter) {
		e.pattern = pattern
	}
}

// ReportRoute returns a handler that names the route as [SetRoute] does, by the pattern that next
// finds. It belongs directly around a [http.ServeMux] when something between it and the instrument
// passes on a copy of the request, as http.Request.WithContext makes, whose pattern the instrument
// cannot see. Behind [http.StripPrefix] the pattern, and so the route, is without the prefix.
func ReportRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { SetRoute(w, r.Pattern) }()
		next.ServeHTTP(w, r)
	})
}

// SetError says that the request that is answered on w failed, whatever status the answer has, as an
// answer 200 of GraphQL can. Its event is then Bad unless the indicator says otherwise. A nil err
// takes an earlier one back. It finds the instrument, and must be called, as [SetRoute].
func SetError(w http.ResponseWriter, err error) {
	for e := find(w); e != nil; e = find(e.ResponseWriter) {
		e.err = err
	}
}

// load returns the map of a copy-on-write pointer, nil before the first store.
func load[K comparable, V any](p *atomic.Pointer[map[K]V]) map[K]V {
	if m := p.Load(); m != nil {
		return *m
	}
	return nil
}

// store adds an entry to a copy of m and publishes it. The caller holds the writers' lock.
func store[K comparable, V any](p *atomic.Pointer[map[K]V], m map[K]V, key K, value V) {
	grown := make(map[K]V, len(m)+1)
	maps.Copy(grown, m)
	grown[key] = value
	p.Store(&grown)
}
