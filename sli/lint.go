package sli

import (
	"fmt"
	"slices"
	"strings"
)

// Advice is what experience says against an indicator that is valid as it stands.
type Advice struct {
	// Path is what it is about, like "indicators[2].aggregation.by", or a journey or a service by
	// name, like "journey browse".
	Path string
	// Text says what to do and why.
	Text string
}

// String returns the path and the text.
func (a Advice) String() string { return a.Path + ": " + a.Text }

// Lint advises on indicators that should be read together, such as all those of a service or of a
// journey. It does not repeat what Validate reports.
func Lint(indicators []Indicator) []Advice {
	var l linter
	for i, ind := range indicators {
		l.path = fmt.Sprintf("indicators[%d]", i)
		l.latency(ind)
		l.availability(ind)
		l.portability(ind)
	}
	l.journeys(indicators)
	l.workloads(indicators)
	return l.advice
}

type linter struct {
	path   string // of the indicator at hand
	advice []Advice
}

func (l *linter) advise(path, format string, args ...any) {
	l.advice = append(l.advice, Advice{Path: path, Text: fmt.Sprintf(format, args...)})
}

func (l *linter) latency(ind Indicator) {
	if by := ind.Aggregation.By; ind.Good.Within > 0 && (by == "mean" || by == "median") {
		l.advise(l.path+".Aggregation.By", `a %s hides the slow requests that users complain of; look at "p95" or "p99"`, by)
	}
	if ind.Kind == KindLatency && !asksForResult(ind.Valid) && !asksForResult(ind.Good) && ind.Valid.Func == nil {
		l.advise(l.path+".Valid", `failures that are answered fast count as good; leave them to the availability indicator, as with status ["2xx", "3xx", "4xx"]`)
	}
}

func (l *linter) availability(ind Indicator) {
	if ind.Kind != KindAvailability && ind.Kind != KindErrorRate {
		return
	}
	var ignored FieldErrors // Validate reports what is wrong in the lists
	if s := parseStatuses(ind.Valid.Status, &ignored); s != nil && !s.has(500) {
		l.advise(l.path+".Valid.Status", "the server's own failures (5xx) are not valid, so they cannot spend the error budget")
	}
	if s := parseStatuses(ind.Good.Status, &ignored); s != nil && s.has(500) {
		l.advise(l.path+".Good.Status", "the server's own failures (5xx) are good")
	}
	if slices.ContainsFunc(ind.Requests, isHTTP) && !asksForResult(ind.Good) && ind.Good.Func == nil {
		l.advise(l.path+".Good", `only panics are bad, since no status is asked for; give status ["2xx", "3xx", "4xx"]`)
	}
}

// portability advises on what only this process can evaluate.
func (l *linter) portability(ind Indicator) {
	if ind.Good.Func != nil {
		l.advise(l.path+".Good.Func", "no document, rule or other source can follow a func; use the other fields if they can say it")
	}
	if ind.Valid.Func != nil {
		l.advise(l.path+".Valid.Func", "no document, rule or other source can follow a func; use the other fields if they can say it")
	}
}

// Three to five indicators tell whether a user story works: with fewer something goes unseen, with
// more nobody looks at all of them.
const fewestPerJourney, mostPerJourney = 3, 5

func (l *linter) journeys(indicators []Indicator) {
	var journeys []string
	count := make(map[string]int)
	for _, ind := range indicators {
		if ind.Journey == "" {
			continue
		}
		if count[ind.Journey]++; count[ind.Journey] == 1 {
			journeys = append(journeys, ind.Journey)
		}
	}
	for _, journey := range journeys {
		if n := count[journey]; n < fewestPerJourney || n > mostPerJourney {
			l.advise("journey "+journey, "%d to %d indicators tell whether a user story works; it has %d", fewestPerJourney, mostPerJourney, n)
		}
	}
}

// workloads advises on the kinds that a service lacks for the workload its indicators name.
func (l *linter) workloads(indicators []Indicator) {
	type served struct {
		service  string
		workload Workload
	}
	var all []served
	has := make(map[served][]Kind)
	for _, ind := range indicators {
		key := served{ind.Service, ind.Workload}
		if ind.Workload == "" {
			continue
		}
		if has[key] == nil {
			all = append(all, key)
		}
		has[key] = append(has[key], ind.Kind)
	}
	for _, s := range all {
		missing := s.workload.Kinds()
		missing = slices.DeleteFunc(missing, func(k Kind) bool { return slices.Contains(has[s], k) })
		if len(missing) > 0 {
			l.advise("service "+s.service, "a %s workload should also have indicators of %s", s.workload, quoteAll(missing))
		}
	}
}

func asksForResult(c Condition) bool { return len(c.Status) > 0 || len(c.Code) > 0 }

// isHTTP tells "GET /users/{userid}" and "/users/{userid}" from "/shop.Orders/List" as well as names can.
func isHTTP(request string) bool {
	path, slash := strings.CutPrefix(request, "/")
	service, _, _ := strings.Cut(path, "/")
	return strings.Contains(request, " /") || slash && !strings.Contains(service, ".")
}
