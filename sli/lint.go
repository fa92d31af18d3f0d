package sli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/quotelist"
	"github.com/sligo-go/sligo/internal/strictjson"
)

// Advice is a recommendation of [Lint] on an indicator that is valid but will
// mislead its readers, or a warning of [Recorder.Warnings] about a definition
// that does not fit the events.
type Advice struct {
	// Path names the subject: a field such as "indicators[2].Aggregation.By", a
	// journey such as "journey browse", or a service such as "service users". In a
	// warning, it can also be "indicators", "events" or "requests".
	Path string `json:"path,omitempty"`
	// Text says how to improve it, and why.
	Text string `json:"text,omitempty"`
}

func advice(path, format string, args ...any) Advice {
	return Advice{Path: path, Text: fmt.Sprintf(format, args...)}
}

// String returns the path and the text.
func (a Advice) String() string { return a.Path + ": " + a.Text }

// UnmarshalJSON reads an object with the keys "path" and "text", and refuses
// unknown fields.
func (a *Advice) UnmarshalJSON(text []byte) error {
	type plain Advice // without methods
	return strictjson.Unmarshal(text, (*plain)(a))
}

// Lint returns advice on indicators that belong together, such as all
// indicators of a service or of a journey. It does not repeat the mistakes
// that Validate reports. For a file, "sligo validate --advice" shows it.
func Lint(indicators []Indicator) []Advice {
	var l linter
	for i, ind := range indicators {
		l.path = fmt.Sprintf("indicators[%d]", i)
		l.latency(ind)
		l.availability(ind)
		l.patience(ind)
		l.portability(ind)
		l.routes(ind)
	}
	l.journeys(indicators)
	l.workloads(indicators)
	return l.advice
}

type linter struct {
	path   string // of the current indicator
	advice []Advice
}

func (l *linter) advise(path, format string, args ...any) {
	l.advice = append(l.advice, advice(path, format, args...))
}

func (l *linter) latency(ind Indicator) {
	if by := ind.Aggregation.By; ind.Good.Within > 0 && (by == "mean" || by == "median") {
		l.advise(l.path+".Aggregation.By", `a %s hides the slow requests that users notice; use "p95" or "p99"`, by)
	}
	if ind.Kind == KindLatency && !listsResults(ind.Valid) && !listsResults(ind.Good) && ind.Valid.Func == nil {
		l.advise(l.path+".Valid", `fast failures count as good; leave them to the availability indicator with status ["2xx", "3xx", "4xx"]`)
	}
}

func (l *linter) availability(ind Indicator) {
	if ind.Kind != KindAvailability && ind.Kind != KindErrorRate {
		return
	}
	var ignored FieldErrors // Validate reports mistakes in the lists
	if s := parseStatuses(ind.Valid.Status, &ignored); s != nil && !s.Has(500) {
		l.advise(l.path+".Valid.Status", "the server's own failures (5xx) are not valid, so they cannot spend the error budget")
	}
	if hasStatus(parseStatuses(ind.Good.Status, &ignored), 500) {
		l.advise(l.path+".Good.Status", "the server's own failures (5xx) are good")
	}
	if slices.ContainsFunc(ind.Requests, isHTTP) && !listsResults(ind.Good) && ind.Good.Func == nil {
		l.advise(l.path+".Good", `only panics are bad, because no status is listed; use status ["2xx", "3xx", "4xx"]`)
	}
}

// patience advises on an indicator of requests whose bound is the default.
func (l *linter) patience(ind Indicator) {
	requests := len(ind.Requests) == 0 || slices.ContainsFunc(ind.Requests, isRequest)
	ownProcess := ind.Collection.How == "" || ind.Collection.How == SourceProcess
	if ind.Good.Within == 0 && ind.Patience == 0 && requests && ownProcess {
		l.advise(l.path+".Patience", "a client that leaves within %v is ignored, and counts as bad later; set Patience to the shortest time-out of the clients", strictjson.Duration(defaultPatience))
	}
}

// LintPatience returns advice on the indicators that list the operation and
// whose Patience is below the 99th percentile of the time until its answers
// begin. Clients that leave such a slow answer early count as bad, although the
// service works as usual.
func (o Operation) LintPatience(p99 time.Duration) []Advice {
	if o.operation == nil {
		return nil
	}
	var all []Advice
	for _, l := range o.listed {
		if j := l.judge; j.within == 0 && j.exceeds(p99, 0) {
			all = append(all, advice(fmt.Sprintf("indicators[%d].Patience", l.index),
				"indicator %q: the Patience of %v is below %v, the 99th percentile of %q; set it to the shortest time-out of the clients",
				o.recorder.indicators[l.index].Name, strictjson.Duration(j.patience), strictjson.Duration(p99), o.name))
		}
	}
	return all
}

// portability advises against functions, which only this process can evaluate.
func (l *linter) portability(ind Indicator) {
	const text = "no document, rule or other program can evaluate a func; use the other fields if they can express it"
	if ind.Good.Func != nil {
		l.advise(l.path+".Good.Func", text)
	}
	if ind.Valid.Func != nil {
		l.advise(l.path+".Valid.Func", text)
	}
}

// routes advises against routes with a brace that has no counterpart, which no
// router has. Names of jobs are free text.
func (l *linter) routes(ind Indicator) {
	for i, entry := range ind.Requests {
		p := newPattern(entry)
		if strings.Contains(p.text, "/") && !p.prefix && strings.Count(p.text, "{") != strings.Count(p.text, "}") {
			l.advise(fmt.Sprintf("%s.Requests[%d]", l.path, i), "%q has a brace without its counterpart, so no route may match it", entry)
		}
	}
}

// Three to five indicators show whether a user story works. Fewer miss
// failures, and nobody looks at more.
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
			l.advise("journey "+journey, "use %d to %d indicators to show whether a user story works; it has %d", fewestPerJourney, mostPerJourney, n)
		}
	}
}

// workloads advises on kinds that a service lacks for the workload of its
// indicators.
func (l *linter) workloads(indicators []Indicator) {
	type served struct {
		service  string
		workload Workload
	}
	var all []served
	has := make(map[served][]Kind)
	for _, ind := range indicators {
		key := served{ind.Service, ind.Workload}
		if _, seen := has[key]; !seen {
			all = append(all, key)
		}
		has[key] = append(has[key], ind.Kind)
	}
	for _, s := range all {
		missing := slices.DeleteFunc(s.workload.Kinds(), func(k Kind) bool { return slices.Contains(has[s], k) })
		if len(missing) > 0 {
			l.advise("service "+s.service, "a %s workload should also have indicators of kind %s", s.workload, quotelist.Of(missing))
		}
	}
}

// listsResults reports whether a condition selects by status or code.
func listsResults(c Condition) bool { return len(c.Status) > 0 || len(c.Code) > 0 }

// isRequest reports whether an entry of Requests selects HTTP or gRPC requests.
func isRequest(request string) bool {
	p := newPattern(request)
	if p.path || p.text == "" {
		return true
	}
	method, _, two := strings.Cut(p.text, " ")
	return two && isMethod(method)
}

// isHTTP distinguishes "GET /users/{userid}" and "/users/{userid}" from
// "/shop.Orders/List" as far as names allow.
func isHTTP(request string) bool {
	path, slash := strings.CutPrefix(request, "/")
	service, _, _ := strings.Cut(path, "/")
	return strings.Contains(request, " /") || slash && !strings.Contains(service, ".")
}
