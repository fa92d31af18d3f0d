package sli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// requests is Indicator.Requests compiled to match operations without
// allocating.
type requests struct {
	entries []*request // without duplicates
	plain   bool       // has an entry without "!"
	unseen  atomic.Int32
}

// request is an entry of Indicator.Requests.
type request struct {
	pattern
	entry string // as in Requests
	of    *requests
	seen  atomic.Bool
}

// note marks an entry that an event has matched.
func (r *request) note(recorder *Recorder) {
	if !r.seen.Swap(true) {
		r.of.unseen.Add(-1)
		recorder.unseen.Add(-1)
	}
}

// pattern selects operations.
type pattern struct {
	text    string // without "!" and a "*" at the end
	other   string // text with _OTHER as the method, or empty
	negated bool
	path    bool // selects every method
	prefix  bool
	options bool // names the method OPTIONS
}

// listing says how an indicator counts an operation.
type listing struct{ counted, preflights bool }

// methods are the methods that package middleware reports by name.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", otherMethod}

// otherMethod is the name of all other methods.
const otherMethod = "_OTHER"

// newPattern parses an entry that checkRequest accepts.
func newPattern(entry string) pattern {
	var p pattern
	p.text, p.negated = strings.CutPrefix(entry, "!")
	p.text, p.prefix = strings.CutSuffix(p.text, "*")
	p.path = strings.HasPrefix(p.text, "/")
	method, rest, two := strings.Cut(p.text, " ")
	p.options = method == "OPTIONS" && (two || p.prefix)
	if two && isMethod(method) && !slices.Contains(methods, method) {
		p.other = otherMethod + " " + rest
	}
	return p
}

// source returns the entry that newPattern parsed.
func (p *pattern) source() string {
	entry := p.text
	if p.negated {
		entry = "!" + entry
	}
	if p.prefix {
		entry += "*"
	}
	return entry
}

func (p *pattern) matches(operation string) bool {
	if p.path && !strings.HasPrefix(operation, "/") {
		if _, path, ok := strings.Cut(operation, " "); ok {
			operation = path
		}
	}
	if p.prefix {
		return strings.HasPrefix(operation, p.text) || p.other != "" && strings.HasPrefix(operation, p.other)
	}
	return operation == p.text || p.other != "" && operation == p.other
}

// covers reports whether p matches every operation that q matches.
func (p *pattern) covers(q *pattern) bool {
	if q.path && !p.path {
		return p.prefix && p.text == ""
	}
	if p.path && !q.path {
		_, path, _ := strings.Cut(q.text, " ")
		return covers(p.text, p.prefix, path, q.prefix)
	}
	return p.coversText(q.text, q.prefix) && (q.other == "" || p.coversText(q.other, q.prefix))
}

func (p *pattern) coversText(text string, prefix bool) bool {
	return covers(p.text, p.prefix, text, prefix) || p.other != "" && covers(p.other, p.prefix, text, prefix)
}

func covers(p string, pPrefix bool, q string, qPrefix bool) bool {
	if pPrefix {
		return strings.HasPrefix(q, p)
	}
	return !qPrefix && p == q
}

func (rs *requests) compile(entries []string) {
	known := make(map[string]bool, len(entries))
	for _, entry := range entries {
		if known[entry] {
			continue
		}
		known[entry] = true
		r := &request{pattern: newPattern(entry), entry: entry, of: rs}
		rs.entries = append(rs.entries, r)
		rs.plain = rs.plain || !r.negated
	}
	rs.unseen.Store(int32(len(rs.entries)))
}

// list returns how the indicator counts an operation.
func (rs *requests) list(operation string) listing {
	l := listing{counted: !rs.plain}
	for _, r := range rs.entries {
		if l.counted && !r.negated && !r.options {
			continue
		}
		if operation != r.text && !r.matches(operation) { // equal texts match
			continue
		}
		if r.negated {
			return listing{}
		}
		l.counted = true
		l.preflights = l.preflights || r.options
	}
	return l
}

// names reports whether an entry selects an outgoing operation by a part of its
// name. "GET /*" selects the paths of this service, and no "//host/path".
func (rs *requests) names(operation string) bool {
	return slices.ContainsFunc(rs.entries, func(r *request) bool {
		return !r.negated && r.text != "" && hasHost(r.text) == hasHost(operation) && r.matches(operation)
	})
}

// hasHost reports whether an operation, or a part of it, is a path on another
// host.
func hasHost(operation string) bool {
	if _, path, two := strings.Cut(operation, " "); two {
		operation = path
	}
	return strings.HasPrefix(operation, "//")
}

// checkRequests reports invalid entries, and entries that a negated one always
// excludes.
func checkRequests(entries []string, errs *FieldErrors) {
	var negated []pattern
	for _, entry := range entries {
		if text, ok := strings.CutPrefix(entry, "!"); ok && checkRequest(text) == nil {
			negated = append(negated, newPattern(entry))
		}
	}
	excluded := false
	for i, entry := range entries {
		path := fmt.Sprintf("Requests[%d]", i)
		if err := checkRequest(strings.TrimPrefix(entry, "!")); err != nil {
			errs.Addf(path, "invalid request %q: %w", entry, err)
		} else if by := excludedBy(entry, negated); by != "" {
			errs.Addf(path, "request %q never matches: %q excludes it", entry, by)
			excluded = true
		}
	}
	if !excluded && slices.Contains(entries, "!*") {
		errs.Addf("Requests", "%q leaves no operation", entries)
	}
}

// excludedBy returns the negated entry that excludes every operation of an
// entry, and "" without one.
func excludedBy(entry string, negated []pattern) string {
	if len(negated) == 0 || entry[0] == '!' {
		return ""
	}
	p := newPattern(entry)
	for i := range negated {
		if q := &negated[i]; q.covers(&p) {
			return q.source()
		}
	}
	return ""
}

var (
	errNoRequest  = errors.New("want a route, a gRPC method or a job's name")
	errPrintable  = errors.New("want printable characters, and spaces only between them")
	errMethodPath = errors.New(`want a method in capitals and a path without a host, such as "GET /users/{userid}"`)
)

// checkRequest accepts "GET /users/{userid}", "/users/{userid}", routes as
// other routers spell them ("GET /files/*path"), routes with a name ("POST
// getUser"), "/shop.Orders/*" and "nightly-import".
func checkRequest(entry string) error {
	method, rest, two := strings.Cut(entry, " ")
	switch {
	case entry == "":
		return errNoRequest
	case !utf8.ValidString(entry), strings.ContainsFunc(entry, isUnprintable), strings.HasSuffix(entry, " "):
		return errPrintable
	case two && !strings.HasPrefix(entry, "/") && !isMethodAndRoute(method, rest):
		return errMethodPath
	}
	return nil
}

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

// isMethodAndRoute accepts a method with a path or with a name. A name holds
// no slash, because a name with a slash is a path with a host in front.
func isMethodAndRoute(method, route string) bool {
	if strings.HasPrefix(route, "/") {
		return isMethod(method)
	}
	return method != "" && !strings.HasPrefix(route, " ") && !strings.Contains(route, "/")
}

// isMethod reports whether a text is a method as standards name them,
// "VERSION-CONTROL". HTTP permits further characters, but here they are a
// mistake: "GET,HEAD", "!GET" or "*" would select "_OTHER".
func isMethod(text string) bool { return text != "" && strings.Trim(text, methodCharacters) == "" }

const methodCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
