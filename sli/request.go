package sli

import (
	"fmt"
	"strings"
	"unicode"
)

// requestMatches reports whether an entry of Indicator.Requests selects an
// operation.
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

// checkRequest accepts "GET /users/{userid}", "/users/{userid}",
// "/shop.Orders/*" and "nightly-import".
func checkRequest(request string) error {
	first, second, two := strings.Cut(request, " ")
	want := ""
	switch {
	case request == "":
		want = `a route, a gRPC method or a job's name`
	case strings.ContainsFunc(first+second, isSpaceOrControl):
		want = `at most one space, between the method and the path, and no control characters`
	case two && !isMethodAndPath(first, second):
		want = `a method in capitals and a path without a host, such as "GET /users/{userid}"`
	case strings.Contains(strings.TrimSuffix(request, "*"), "*"):
		want = `"*" at the end only`
	default:
		return nil
	}
	return fmt.Errorf("invalid request %q: want %s", request, want)
}

func isMethodAndPath(method, path string) bool {
	return method != "" && strings.ToUpper(method) == method && strings.HasPrefix(path, "/")
}

func isSpaceOrControl(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }
