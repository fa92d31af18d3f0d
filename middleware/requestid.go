package middleware

import (
	"maps"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/sli"
)

// IDOptions configures the request IDs. The zero value means the defaults.
//
// A request keeps the ID that its context or its header has. The header's ID
// must have 1 to 128 of the characters A-Z a-z 0-9 . _ ~ + / = and -, because
// it is written to headers and logs; otherwise the request gets a new one,
// which also replaces the header of the handler's request. The ID is in the
// header of the response, in the context for package logging, on the span as
// request_id, and in the header of requests that [Instrument.Transport] sends
// with the context.
type IDOptions struct {
	// Header is the name of the header. Empty means X-Request-Id.
	Header string

	// New returns a new ID. Nil means random UUIDs of version 4, the form that
	// Envoy expects. If New panics or returns an invalid ID, the default is used.
	New func() string

	// Public says that the callers are strangers, whose IDs are not used. Nil
	// means that no caller is.
	Public func(*http.Request) bool
}

// requestIDHeader is the default header in canonical form.
const (
	requestIDHeader = "X-Request-Id"
	requestIDKey    = "x-request-id"
)

func (o *IDOptions) check(errs *sli.FieldErrors) {
	if o != nil && o.Header != "" && !call.ValidHeaderName(o.Header) {
		errs.Addf("RequestID.Header", "invalid header name %q", o.Header)
	}
}

// requestIDs gives requests their IDs. Without options it is nil.
type requestIDs struct {
	IDOptions
	header string // in canonical form
	key    string // in lower case
}

func newRequestIDs(o *IDOptions) *requestIDs {
	if o == nil {
		return nil
	}
	ids := &requestIDs{IDOptions: *o, header: requestIDHeader}
	if o.Header != "" {
		ids.header = http.CanonicalHeaderKey(o.Header)
	}
	ids.key = strings.ToLower(ids.header)
	return ids
}

// of returns the ID of a request that has just arrived, whose context has a
// scope or none. Without options it returns the one of the scope, or "".
func (ids *requestIDs) of(r *http.Request, outer *scope.Scope) string {
	if id := idOf(outer); id != "" || ids == nil {
		return id
	}
	if sent := r.Header[ids.header]; len(sent) == 1 && call.ValidRequestID(sent[0]) && !ids.isPublic(r) {
		return sent[0]
	}
	return ids.make()
}

// ofWork returns the ID of a call that this process begins.
func (ids *requestIDs) ofWork(outer *scope.Scope) string {
	if id := idOf(outer); id != "" || ids == nil {
		return id
	}
	return ids.make()
}

// ofCarrier returns the ID of a call that another process began, and whether it
// is a new one, which the caller does not know.
func (ids *requestIDs) ofCarrier(outer *scope.Scope, carrier propagation.TextMapCarrier) (id string, made bool) {
	if id := idOf(outer); id != "" || ids == nil {
		return id, false
	}
	if sent := ids.sentBy(carrier); sent != "" {
		return sent, false
	}
	return ids.make(), true
}

// ofOutgoing returns the ID of a call that this process makes: the one that the
// program put into the headers, or else the one of the context.
func (ids *requestIDs) ofOutgoing(outer *scope.Scope, carrier propagation.TextMapCarrier) string {
	if ids != nil {
		if own := ids.sentBy(carrier); own != "" {
			return own
		}
	}
	return ids.ofWork(outer)
}

// sentBy returns the only ID in the headers of a call if it is valid, and else
// "".
func (ids *requestIDs) sentBy(carrier propagation.TextMapCarrier) (sent string) {
	_ = guard.Call(func() {
		if all, ok := carrier.(propagation.ValuesGetter); !ok {
			sent = carrier.Get(ids.key)
		} else if values := all.Values(ids.key); len(values) == 1 {
			sent = values[0]
		}
	})
	if !call.ValidRequestID(sent) {
		return ""
	}
	return sent
}

// ofSent returns the ID of a request that this process sends: its own, or else
// the one of the context.
func (ids *requestIDs) ofSent(outer *scope.Scope, r *http.Request) string {
	if ids != nil {
		if own := r.Header[ids.header]; len(own) == 1 && call.ValidRequestID(own[0]) {
			return own[0]
		}
	}
	return ids.ofWork(outer)
}

// forward puts the ID into the header of a request, unless it has one.
func (ids *requestIDs) forward(h http.Header, o *outgoing) {
	name := requestIDHeader
	if ids != nil {
		name = ids.header
	}
	if o.RequestID() != "" && len(h[name]) == 0 {
		o.id[0] = o.RequestID()
		h[name] = o.id[:]
	}
}

// send writes the ID to the headers of an outgoing call, unless they have one.
func (ids *requestIDs) send(carrier propagation.TextMapCarrier, id string) {
	header := requestIDKey
	if ids != nil {
		header = ids.key
	}
	if id == "" {
		return
	}
	_ = guard.Call(func() {
		if carrier.Get(header) == "" {
			carrier.Set(header, id)
		}
	})
}

// idOf returns the ID of a scope, or "".
func idOf(outer *scope.Scope) string {
	if outer == nil {
		return ""
	}
	return outer.RequestID
}

// isPublic reports whether a stranger sent the request, which it also assumes
// if the function of the options panics.
func (ids *requestIDs) isPublic(r *http.Request) bool { return asks(ids.Public, r) }

// asks calls an optional function of the options. A panic counts as true.
func asks(f func(*http.Request) bool, r *http.Request) bool {
	if f == nil {
		return false
	}
	yes := true
	_ = guard.Call(func() { yes = f(r) })
	return yes
}

func (ids *requestIDs) make() (id string) {
	if ids.New != nil {
		_ = guard.Call(func() { id = ids.New() })
	}
	if !call.ValidRequestID(id) {
		return call.NewRequestID()
	}
	return id
}

// replace returns a request's headers with its ID in place of one that was not
// used, so that a handler that passes the request on, such as
// httputil.ReverseProxy, passes the ID on.
func (ids *requestIDs) replace(h http.Header, s *signals) http.Header {
	if ids == nil {
		return h
	}
	sent := h[ids.header]
	if len(sent) == 0 || len(sent) == 1 && sent[0] == s.RequestID() {
		return h
	}
	h = maps.Clone(h)
	h[ids.header] = []string{s.RequestID()}
	return h
}

// answer puts the ID into the response's header.
func (ids *requestIDs) answer(w http.ResponseWriter, o *observed) {
	if ids != nil {
		o.id[0] = o.own.RequestID()
		w.Header()[ids.header] = o.id[:]
	}
}
