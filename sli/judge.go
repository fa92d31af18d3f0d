package sli

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// judge is an Indicator compiled for judging events without allocating.
type judge struct {
	requests    []string
	good, valid matcher
	upgrades    bool // whether it counts connections that switched protocols
}

// switchingProtocols is the HTTP status of a connection that goes on as another protocol. It stands here so that a
// job that counts events does not link net/http.
const switchingProtocols = 101

// asksFor reports whether the indicator counts an operation.
func (j *judge) asksFor(operation string) bool {
	return len(j.requests) == 0 || slices.ContainsFunc(j.requests, func(request string) bool {
		return requestMatches(request, operation)
	})
}

func (j *judge) judge(e *Event) Verdict {
	if !j.asksFor(e.Operation) {
		return VerdictIgnored
	}
	return j.judgeAskedFor(e)
}

// judgeAskedFor judges an event of an operation that the indicator counts.
func (j *judge) judgeAskedFor(e *Event) (v Verdict) {
	if j.valid.fn != nil || j.good.fn != nil {
		defer func() {
			if recover() != nil {
				v = VerdictBad
			}
		}()
	}
	switch {
	case e.Status == switchingProtocols && !j.upgrades, !j.valid.met(e):
		return VerdictIgnored
	case !j.good.met(e):
		return VerdictBad
	}
	return VerdictGood
}

// requestMatches reports whether an entry of Indicator.Requests asks for an operation.
func requestMatches(request, operation string) bool {
	if request[0] == '/' { // of any method
		if _, path, ok := strings.Cut(operation, " "); ok {
			operation = path
		}
	}
	if prefix, ok := strings.CutSuffix(request, "*"); ok {
		return strings.HasPrefix(operation, prefix)
	}
	return request == operation
}

// checkRequest accepts "GET /users/{userid}", "/users/{userid}", "/shop.Orders/*" and "nightly-import".
func checkRequest(request string) error {
	first, second, two := strings.Cut(request, " ")
	switch {
	case request == "":
		return fmt.Errorf("%q is no operation", request)
	case strings.ContainsFunc(first+second, isSpaceOrControl):
		return fmt.Errorf("%q has spaces other than one between the method and the path, or control characters", request)
	case two && (first == "" || strings.ToUpper(first) != first || !strings.HasPrefix(second, "/")):
		return fmt.Errorf("%q is not a method in capitals and a path, without a host", request)
	case strings.Contains(strings.TrimSuffix(request, "*"), "*"):
		return fmt.Errorf("%q has a '*' that is not at its end", request)
	}
	return nil
}

func isSpaceOrControl(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }
