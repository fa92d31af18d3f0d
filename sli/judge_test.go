package sli_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

func TestRequests(t *testing.T) {
	tests := []struct {
		name     string
		requests []string
		counts   []string
		ignores  []string
	}{
		{
			name:    "empty: all operations",
			counts:  []string{"GET /users/{userid}", "/shop.Orders/List", "nightly-import", "GET unmatched", ""},
			ignores: nil,
		},
		{
			name:     "a method and a path",
			requests: []string{"GET /users/{userid}"},
			counts:   []string{"GET /users/{userid}"},
			ignores: []string{
				"POST /users/{userid}", "/users/{userid}", "GET /users/", "GET /users/{userid}/", "GET /users/{id}",
				"GET  /users/{userid}", "get /users/{userid}", "",
			},
		},
		{
			name:     "a path: any method, or no method",
			requests: []string{"/users/{userid}"},
			counts:   []string{"GET /users/{userid}", "DELETE /users/{userid}", "_OTHER /users/{userid}", "/users/{userid}"},
			ignores:  []string{"GET /users", "GET /v1/users/{userid}", "users/{userid}", "GET unmatched", ""},
		},
		{
			name:     "all paths below a path",
			requests: []string{"GET /users/*"},
			counts:   []string{"GET /users/{userid}", "GET /users/", "GET /users/{userid}/orders", "GET /users/*"},
			ignores:  []string{"GET /users", "POST /users/{userid}", "/users/{userid}", "GET /orders/users/{userid}"},
		},
		{
			name:     "every path and gRPC method",
			requests: []string{"/*"},
			counts:   []string{"GET /", "GET /users/{userid}", "/", "/shop.Orders/List"},
			ignores:  []string{"nightly-import", "GET unmatched", ""},
		},
		{
			name:     "a gRPC method",
			requests: []string{"/shop.Orders/List"},
			counts:   []string{"/shop.Orders/List"},
			ignores:  []string{"/shop.Orders/Get", "/shop.Orders/ListAll", "shop.Orders/List"},
		},
		{
			name:     "all methods of a gRPC service",
			requests: []string{"/shop.Orders/*"},
			counts:   []string{"/shop.Orders/List", "/shop.Orders/Get"},
			ignores:  []string{"/shop.OrdersAdmin/List", "/shop.Users/Get", "/shop.Orders", "/v2/shop.Orders/List"},
		},
		{
			name:     "a job, and all jobs with a prefix",
			requests: []string{"nightly-import", "report-*"},
			counts:   []string{"nightly-import", "report-sales", "report-"},
			ignores:  []string{"nightly-import-2", "nightly", "GET nightly-import", "report", "Report-sales", ""},
		},
		{
			name:     "all except one",
			requests: []string{"GET /*", "!GET /healthz"},
			counts:   []string{"GET /", "GET /users/{userid}", "GET /healthz/live"},
			ignores:  []string{"GET /healthz", "POST /healthz", "POST /"},
		},
		{
			name:     "negated entries only, in any order",
			requests: []string{"!/healthz", "!/debug/*", "!POST getUser"},
			counts:   []string{"GET /", "POST /users/{userid}", "nightly-import", "", "GET getUser", "GET unmatched"},
			ignores:  []string{"GET /healthz", "HEAD /healthz", "GET /debug/", "GET /debug/pprof/{name}", "POST getUser"},
		},
		{
			name:     "negation first",
			requests: []string{"!DELETE /*", "/users/*"},
			counts:   []string{"GET /users/{userid}"},
			ignores:  []string{"DELETE /users/{userid}", "GET /orders"},
		},
		{
			name:     "the same entry twice",
			requests: []string{"GET /users/{userid}", "GET /users/{userid}"},
			counts:   []string{"GET /users/{userid}"},
		},
		{
			name:     "a method that net/http does not name",
			requests: []string{"PROPFIND /dav/{path...}", "MKCOL /dav/*", "!REPORT /dav/cal/{id}"},
			counts:   []string{"PROPFIND /dav/{path...}", "_OTHER /dav/{path...}", "_OTHER /dav/x", "MKCOL /dav/x"},
			ignores:  []string{"GET /dav/{path...}", "PROPFIND /dav/x", "_OTHER /dav", "_OTHER /dav/cal/{id}", "REPORT /dav/cal/{id}"},
		},
		{
			name:     "every other method",
			requests: []string{"_OTHER /dav/{path...}"},
			counts:   []string{"_OTHER /dav/{path...}"},
			ignores:  []string{"PROPFIND /dav/{path...}"},
		},
		{
			name: "patterns of other routers",
			requests: []string{
				"GET /files/{path:.*}", "GET /id/{id:[a-z]{2} ?}", "GET /gin/*path", "GET /src/*filepath", "GET /a/*/b", "POST getUser", "PUT get user",
				"/chi/*/x/{id}", "GET /:id<int>/+", "DELETE /a b",
			},
			counts: []string{
				"GET /files/{path:.*}", "GET /id/{id:[a-z]{2} ?}", "GET /gin/*path", "GET /src/*filepath", "GET /a/*/b", "POST getUser", "PUT get user",
				"PATCH /chi/*/x/{id}", "GET /:id<int>/+", "DELETE /a b",
			},
			ignores: []string{"GET /gin/x", "GET /a/x/b", "GET getUser", "POST getUsers", "getUser"},
		},
		{
			name:     "a prefix of a name, and of every path of a method",
			requests: []string{"POST get*", "PUT *"},
			counts:   []string{"POST getUser", "PUT /", "PUT setUser", "PUT unmatched"},
			ignores:  []string{"POST /get", "PUTS /"},
		},
		{
			name:     "a path with a space, of any method or none",
			requests: []string{"/a b"},
			counts:   []string{"GET /a b", "/a b"},
			ignores:  []string{"GET b", "b"},
		},
		{
			name:     "every operation, even without a name",
			requests: []string{"*"},
			counts:   []string{"GET /", "nightly-import", ""},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ind := sli.Indicator{Name: "n", Service: "s", Requests: test.requests}
			rec := newRecorder(t, ind)
			for _, operation := range test.counts {
				checkJudge(t, ind, sli.Event{Operation: operation}, sli.VerdictGood)
				rec.Operation(operation).Record(sli.Event{})
			}
			for _, operation := range test.ignores {
				checkJudge(t, ind, sli.Event{Operation: operation}, sli.VerdictIgnored)
				rec.Operation(operation).Record(sli.Event{})
			}
			n := uint64(len(test.counts))
			checkCounts(t, rec, "n", sli.Counts{Good: n, Valid: n})
		})
	}
}

// TestPreflights checks that preflights count only for an entry that names
// OPTIONS and selects their operation.
func TestPreflights(t *testing.T) {
	tests := []struct {
		requests []string
		want     sli.Verdict
	}{
		{nil, sli.VerdictIgnored},
		{[]string{"*"}, sli.VerdictIgnored},
		{[]string{"/users/{id}"}, sli.VerdictIgnored},
		{[]string{"/users/{id}", "OPTIONS /orders"}, sli.VerdictIgnored},
		{[]string{"!OPTIONS /orders"}, sli.VerdictIgnored},
		{[]string{"OPTIONS *", "!/users/*"}, sli.VerdictIgnored},
		{[]string{"OPTIONS /users/{id}"}, sli.VerdictGood},
		{[]string{"/users/{id}", "OPTIONS /users/*"}, sli.VerdictGood},
		{[]string{"OPTIONS *"}, sli.VerdictGood},
	}
	for _, test := range tests {
		ind := sli.Indicator{Name: "n", Service: "s", Requests: test.requests}
		e := sli.Event{Operation: "OPTIONS /users/{id}", Status: 204, Ignore: sli.ReasonPreflight}
		checkJudge(t, ind, e, test.want)
		e.Ignore = sli.ReasonUnjudged
		checkJudge(t, ind, e, sli.VerdictIgnored)
	}
}

func TestRequestsThatNeverMatch(t *testing.T) {
	tests := []struct {
		requests []string
		want     []string
	}{
		{[]string{"GET /*", "GET /healthz", "!GET /healthz"}, []string{`Requests[1]: request "GET /healthz" never matches: "!GET /healthz" excludes it`}},
		{[]string{"POST /a", "GET /a", "!/*"}, []string{
			`Requests[0]: request "POST /a" never matches: "!/*" excludes it`,
			`Requests[1]: request "GET /a" never matches: "!/*" excludes it`,
		}},
		{[]string{"import", "!*"}, []string{`Requests[0]: request "import" never matches: "!*" excludes it`}},
		{[]string{"!*"}, []string{`Requests: ["!*"] leaves no operation`}},
		{[]string{"!", "!get /x"}, []string{
			`Requests[0]: invalid request "!": want a route, a gRPC method or a job's name`,
			`Requests[1]: invalid request "!get /x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
		}},
		{[]string{"GET\t/x", "GET /\xff", "GET shop.example/x", "GET "}, []string{
			`Requests[0]: invalid request "GET\t/x": want printable characters, and spaces only between them`,
			`Requests[1]: invalid request "GET /\xff": want printable characters, and spaces only between them`,
			`Requests[2]: invalid request "GET shop.example/x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
			`Requests[3]: invalid request "GET ": want printable characters, and spaces only between them`,
		}},
		{[]string{"!!GET /x", "GET,HEAD /x", "* /x", "ÄTT /x"}, []string{
			`Requests[0]: invalid request "!!GET /x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
			`Requests[1]: invalid request "GET,HEAD /x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
			`Requests[2]: invalid request "* /x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
			`Requests[3]: invalid request "ÄTT /x": want a method in capitals and a path without a host, such as "GET /users/{userid}"`,
		}},
		{[]string{"GET /a", "VERSION-CONTROL /a", "!GET /b", "!/a/*b", "!POST /a"}, nil},
	}
	for _, test := range tests {
		ind := sli.Indicator{Name: "n", Service: "s", Requests: test.requests}
		if diff := cmp.Diff(test.want, mistakes(t, ind.Validate())); diff != "" {
			t.Errorf("%q: %s", test.requests, diff)
		}
	}
}

// TestExcludedRequestsAreRefused compares Validate with the definition, on
// random entries and all operations of a small alphabet: an entry is refused
// if and only if a negated entry excludes every operation that it selects.
func TestExcludedRequestsAreRefused(t *testing.T) {
	methods := []string{"", "GET ", "OPTIONS ", "PROPFIND ", "MKCOL ", "_OTHER "}
	routes := []string{"", "/", "/a", "/a/", "/a/b", "/ab", "name"}
	var operations []string
	for _, method := range methods {
		for _, route := range append(routes, "/zz", "/a/zz", "/a/b/zz", "/abzz", "zz", "namezz") {
			operations = append(operations, method+route)
		}
	}
	operations = append(operations, "QUERY /a", "QUERY /zz", "GETzz", "namezz /a")
	random := rand.New(rand.NewPCG(3, 4))
	entry := func() string {
		return methods[random.IntN(len(methods))] + routes[random.IntN(len(routes))] + []string{"", "*"}[random.IntN(2)]
	}
	refused := 0
	for range 20_000 {
		plain, negated := entry(), entry()
		list := func(requests ...string) sli.Indicator {
			return sli.Indicator{Name: "n", Service: "s", Requests: requests}
		}
		selects, err1 := list(plain).Compile()
		excludes, err2 := list(negated).Compile()
		if err1 != nil || err2 != nil {
			continue
		}
		left := slices.ContainsFunc(operations, func(o string) bool {
			e := sli.Event{Operation: o}
			return selects(e) == sli.VerdictGood && excludes(e) != sli.VerdictGood
		})
		err := list(plain, "!"+negated).Validate()
		if (err == nil) != left {
			t.Fatalf("%q without %q: got %v, though operations are left: %t", plain, negated, err, left)
		}
		if err != nil {
			refused++
		}
	}
	if refused == 0 {
		t.Error("no list was refused")
	}
}

// FuzzRequests checks that an entry which Validate accepts selects the
// operation of that name, or, with a "*" at the end, those that it begins. It
// also asks for the cause if another operation was recorded.
func FuzzRequests(f *testing.F) {
	for _, entry := range []string{
		"GET /users/{userid}", "/files/{path:.*}", "PROPFIND /dav/*", "POST getUser", "*", "!GET /x", "/a b", "GET *", "nightly import", "/shop.Orders/*",
	} {
		f.Add(entry, "GET /")
	}
	f.Fuzz(func(t *testing.T, entry, other string) {
		ind := sli.Indicator{Name: "n", Service: "s", Requests: []string{entry}}
		if ind.Validate() != nil {
			return
		}
		text, negated := strings.CutPrefix(entry, "!")
		want := map[bool]sli.Verdict{true: sli.VerdictIgnored, false: sli.VerdictGood}[negated]
		checkJudge(t, ind, sli.Event{Operation: text}, want)
		checkJudge(t, ind, sli.Event{Operation: strings.TrimSuffix(text, "*")}, want)
		rec := newRecorder(t, ind)
		rec.Record(sli.Event{Operation: other})
		seen := rec.Report().Indicators[0].Seen[entry]
		if warnings := rec.Warnings(rec.Created().Add(24 * time.Hour)); !seen && len(warnings) == 0 {
			t.Errorf("no warning about %q, which %q does not match", entry, other)
		}
	})
}

// TestSwitchingProtocols checks that connections that switched protocols count
// only for indicators that list status 101.
func TestSwitchingProtocols(t *testing.T) {
	status := func(list ...string) sli.Condition { return sli.Condition{Status: list} }
	tests := []struct {
		name        string
		valid, good sli.Condition
		want        sli.Verdict
	}{
		{"default", sli.Condition{}, sli.Condition{}, sli.VerdictIgnored},
		{"Good does not list it", sli.Condition{}, status("2xx", "3xx", "4xx"), sli.VerdictIgnored},
		{"Valid is a list of negated entries", status("!400"), sli.Condition{}, sli.VerdictIgnored},
		{"Valid lists it", status("101"), status("2xx"), sli.VerdictBad},
		{"Valid and Good list it", status("1xx"), status("101"), sli.VerdictGood},
		{"Good lists it", sli.Condition{}, status("101"), sli.VerdictGood},
		{"Good lists gRPC codes", sli.Condition{}, sli.Condition{Code: []string{"OK"}}, sli.VerdictIgnored},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ind := sli.Indicator{Name: "n", Service: "s", Valid: test.valid, Good: test.good}
			checkJudge(t, ind, sli.Event{Status: 101}, test.want)
		})
	}
}
