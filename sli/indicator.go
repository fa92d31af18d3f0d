package sli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Indicator is an SLI on the standard template: which requests, what is good, what is valid, where
// and how it is collected, and over what it is aggregated. It is a value that is written once and
// read by everything else. Service, Name and one of Good's fields make a useful one.
//
// PresenceOnly Name and Service identify it: two indicators of one service have different names.
type Indicator struct {
	// Name is what the indicator is called within its service, like "availability"; the label sli.
	// It is required: at most 63 letters a-z and A-Z, digits, and between them '-', '_' and '.'.
	Name string
	// Service is the service that it measures, like "users"; the label service. It is required,
	// and spelled like a Name.
	Service string
	// Journey is the user journey that it belongs to, like "browse", spelled like a Name; empty
	// for none. The counts of one journey's indicators can be aggregated into one by [Sum].
	Journey string
	// Kind is what sort of SLI it is; empty where it is not said.
	Kind Kind
	// Workload is what sort of service it measures; empty where it is not said.
	Workload Workload

	// Requests lists the operations that it counts: "GET /users/{userid}", without the method for
	// all methods, "/shop.Orders/List" for gRPC, or a job's name; "/shop.Orders/*" for all that
	// begin so. "HEAD /users/{userid}" is another operation than "GET /users/{userid}", though
	// [net/http.ServeMux] has one pattern serve both. An event that several entries ask for counts once. None means all operations.
	Requests []string
	// VerdictGood is the success criterion. The zero Condition is met by all that did not fail with an error.
	Good Condition
	// Valid says which events count at all. The zero Condition is met by all whose caller stayed
	// for the answer, but for connections that switched protocols (status 101): what happens on
	// those nobody judges, unless the Status of Valid or Good asks for 101.
	Valid Condition

	// Collection says where and how the events are collected.
	Collection Collection
	// Aggregation says over what the indicator is shown.
	Aggregation Aggregation
}

// Collection is the part of the template that says where and how events are collected.
type Collection struct {
	// Where is the place, in words: "client", "load balancer", "mesh", "server", "the Korean
	// cluster". Empty means the server.
	Where string
	// How is how the data is acquired. Empty means by this process, as [SourceProcess].
	How Source
	// Field names what is read at the source, in words, like "the response-time field".
	Field string
	// Every is how often it is collected, like 10 seconds. Zero means as often as Prometheus
	// scrapes.
	Every time.Duration
}

// Source is how the data of an indicator is acquired.
type Source string

const (
	// SourceProcess is a [Recorder] in the service: middleware, or events recorded by hand. The
	// empty Source means the same.
	SourceProcess Source = "process"
	// SourceLog is lines of the server's log, fed to a Recorder.
	SourceLog Source = "log"
	// SourceMesh is the metrics of a service mesh's proxies.
	SourceMesh Source = "mesh"
	// SourceOpenTelemetry is the metrics that OpenTelemetry's instrumentation reports.
	SourceOpenTelemetry Source = "opentelemetry"
	// SourceQuery is a query that the user writes.
	SourceQuery Source = "query"
)

// elsewhere says whether what is acquired so is counted by others than a Recorder.
func (s Source) elsewhere() bool {
	return s == SourceMesh || s == SourceOpenTelemetry || s == SourceQuery
}

// Aggregation is the part of the template that says over what an indicator is shown: the mean over a
// minute, the 95th percentile over five. An objective does not depend on it, since it counts events.
type Aggregation struct {
	// Over is the aggregation period. Zero means one minute.
	Over time.Duration
	// By is the function: "ratio", "mean", "median", "min", "max", "sum", "count", "rate", or a
	// percentile like "p95" or "p99.9". Empty means "ratio", the share of good among valid events.
	By string
}

// Validate reports every mistake in the indicator at once, as joined [*FieldError] values.
func (ind Indicator) Validate() error {
	_, err := ind.compile()
	return err
}

// Judge returns what the indicator makes of one event, and Validate's error if the indicator is
// wrong. It compiles the indicator at each call: it is for tests and tools. [Indicator.Compile] is for
// judging many events, and a [Recorder] for counting them.
func (ind Indicator) Judge(e Event) (Verdict, error) {
	judge, err := ind.Compile()
	if err != nil {
		return VerdictIgnored, err
	}
	return judge(e), nil
}

// Compile returns what judges events as the indicator says, without allocating and safe for concurrent
// use, and Validate's error if the indicator is wrong.
func (ind Indicator) Compile() (func(Event) Verdict, error) {
	j, err := ind.compile()
	if err != nil {
		return nil, err
	}
	return func(e Event) Verdict { return j.judge(&e) }, nil
}

func (ind Indicator) compile() (*judge, error) {
	var errs FieldErrors
	errs.Add("Name", checkName(ind.Name))
	errs.Add("Service", checkName(ind.Service))
	if ind.Journey != "" {
		errs.Add("Journey", checkName(ind.Journey))
	}
	if ind.Kind != "" && !slices.Contains(kinds, ind.Kind) {
		errs.Addf("Kind", "%q is none of %s", ind.Kind, quoteAll(kinds))
	}
	if ind.Workload != "" && !slices.Contains(Workloads(), ind.Workload) {
		errs.Addf("Workload", "%q is none of %s", ind.Workload, quoteAll(Workloads()))
	}
	for i, r := range ind.Requests {
		errs.Add(fmt.Sprintf("Requests[%d]", i), checkRequest(r))
	}
	j := &judge{requests: slices.Clone(ind.Requests)}
	var err error
	j.good, err = ind.Good.compile(PresenceInclude, PresenceExclude)
	errs.Add("Good", err)
	j.valid, err = ind.Valid.compile(PresenceExclude, PresenceInclude)
	errs.Add("Valid", err)
	j.upgrades = j.valid.statuses != nil || j.good.statuses != nil && j.good.statuses.has(switchingProtocols)
	ind.checkKind(&errs)
	errs.Add("Collection", ind.Collection.validate())
	errs.Add("Aggregation", ind.Aggregation.validate())
	return j, errs.Err()
}

// checkKind reports a kind whose criterion is missing.
func (ind Indicator) checkKind(errs *FieldErrors) {
	if ind.Good.Func != nil {
		return
	}
	switch ind.Kind {
	case KindLatency, KindEndToEndLatency, KindTrainingTime:
		if ind.Good.Within == 0 {
			errs.Addf("Good.Within", "an indicator of kind %q needs a bound", ind.Kind)
		}
	case KindThroughput:
		if ind.Good.Rate == (Rate{}) {
			errs.Addf("Good.Rate", "an indicator of kind %q needs a rate", ind.Kind)
		}
	}
}

func (c Collection) validate() error {
	var errs FieldErrors
	switch c.How {
	case "", SourceProcess, SourceLog, SourceMesh, SourceOpenTelemetry, SourceQuery:
	default:
		errs.Addf("How", "%q is none of %s", c.How, quoteAll([]Source{SourceProcess, SourceLog, SourceMesh, SourceOpenTelemetry, SourceQuery}))
	}
	if c.Every < 0 {
		errs.Addf("Every", "%v is negative", c.Every)
	}
	return errs.Err()
}

func (a Aggregation) validate() error {
	var errs FieldErrors
	if a.Over < 0 {
		errs.Addf("Over", "%v is negative", a.Over)
	}
	switch a.By {
	case "", "ratio", "mean", "median", "min", "max", "sum", "count", "rate":
	default:
		if !isPercentile(a.By) {
			errs.Addf("By", `%q is none of "ratio", "mean", "median", "min", "max", "sum", "count", "rate", nor a percentile like "p95"`, a.By)
		}
	}
	return errs.Err()
}

// isPercentile accepts "p1" to "p99.999".
func isPercentile(text string) bool {
	digits, ok := strings.CutPrefix(text, "p")
	whole, fraction, dot := strings.Cut(digits, ".")
	return ok && isDigits(whole, 2) && whole[0] != '0' && (!dot || isDigits(fraction, 3))
}

func isDigits(text string, most int) bool {
	return text != "" && len(text) <= most && strings.Trim(text, "0123456789") == ""
}

// maxName is the longest name, that of a Kubernetes label's value, since names become such.
const maxName = 63

var errNoName = errors.New("is required")

// checkName accepts what can be a part of a rule's name, a label and a file name alike.
func checkName(name string) error {
	if name == "" {
		return errNoName
	}
	for i := range len(name) {
		c := name[i] | 0x20 // lower case
		inner := i > 0 && i < len(name)-1 && (name[i] == '-' || name[i] == '_' || name[i] == '.')
		if !inner && (c < 'a' || c > 'z') && (name[i] < '0' || name[i] > '9') || len(name) > maxName {
			return fmt.Errorf("%q is not a name: want at most %d of the letters a-z and A-Z, digits, and between them '-', '_' and '.'", name, maxName)
		}
	}
	return nil
}

func quoteAll[T ~string](values []T) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = fmt.Sprintf("%q", v)
	}
	return strings.Join(quoted, ", ")
}
