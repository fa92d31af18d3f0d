package sli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Indicator is an SLI on the standard template: which requests count, which
// of them are valid and good, where and how they are collected, and how the
// SLI is shown. A team writes it once, and everything else reads it. A useful
// Indicator has Service, Name and a field of Good.
//
// Service and Name identify an indicator. The indicators of one service have
// different names.
type Indicator struct {
	// Name is the indicator's name within its service, such as "availability".
	// It is the value of the label sli. It is required: at most 63 of the
	// letters a-z and A-Z, digits, and between them '-', '_' and '.'.
	Name string `json:"name,omitempty"`
	// Service is the measured service, such as "users", and the value of the
	// label sli_service. It is required and has the syntax of Name.
	Service string `json:"service,omitempty"`
	// Journey is the user journey that the indicator belongs to, such as
	// "browse". It has the syntax of Name. Empty means none. [Sum] aggregates
	// the counts of one journey's indicators.
	Journey string `json:"journey,omitempty"`
	// Kind is the kind of the SLI. It is optional.
	Kind Kind `json:"kind,omitempty"`
	// Workload is the kind of the measured service. It is optional.
	Workload Workload `json:"workload,omitempty"`

	// Requests lists the operations to count: "GET /users/{userid}",
	// "/users/{userid}" for all methods, "/shop.Orders/List" for gRPC, or a job's
	// name. A "*" at the end selects all operations with that prefix. Elsewhere it
	// is a part of the name, as in the patterns of some routers ("GET
	// /files/*path"). A "!" in front excludes operations: {"GET /*", "!GET
	// /healthz"}. An event that several entries select counts once. Empty means
	// all operations, and a list with only negated entries starts from all
	// operations.
	//
	// Package middleware reports every method that net/http does not name as
	// "_OTHER", because a client can choose any text as the method. An entry with
	// such a method, "PROPFIND /dav/{path...}", therefore also selects "_OTHER
	// /dav/{path...}", the operation of all such methods.
	//
	// Operations that the service does not serve, such as calls to other services,
	// count only if an entry names them; see [Recorder.Outgoing].
	//
	// "HEAD /users/{userid}" and "GET /users/{userid}" are different operations,
	// though [net/http.ServeMux] serves both by one pattern.
	Requests []string `json:"requests,omitempty"`
	// Good is the success criterion. The zero Condition matches every event
	// without an Err.
	Good Condition `json:"good,omitzero"`
	// Valid selects the events that count. The zero Condition matches every event
	// except those whose caller left within the bound (see Patience) and protocol
	// upgrades (status 101). To count upgrades, list 101 in the Status of Valid or
	// Good. Preflight requests count only if Requests names the method OPTIONS.
	Valid Condition `json:"valid,omitzero"`

	// Patience is how long callers wait: the shortest of their time-outs. It is
	// the bound of an indicator without Good.Within. A caller that leaves before
	// the answer begins is ignored within the bound, because it may have changed
	// its mind, and counts as bad beyond it, because the service hung. Zero means
	// 1 s. Negative means that a caller that leaves is always ignored.
	Patience time.Duration `json:"-"`
	// Groups is the dimension by which the indicator counts. Optional.
	Groups Groups `json:"groups,omitzero"`

	// Collection says where and how the events are collected.
	Collection Collection `json:"collection,omitzero"`
	// Aggregation says how the indicator is shown.
	Aggregation Aggregation `json:"aggregation,omitzero"`
}

// String returns the indicator's identity, requests and criteria on one line:
// "users/latency of GET /users/{userid}: good if within 100ms".
func (ind Indicator) String() string {
	text := ind.Service + "/" + ind.Name + " of "
	if len(ind.Requests) == 0 {
		text += "all requests"
	}
	text += strings.Join(ind.Requests, ", ") + ": good if " + ind.Good.String()
	if valid := ind.Valid.String(); valid != anyEvent {
		text += "; valid if " + valid
	}
	if ind.Patience != 0 {
		text += fmt.Sprintf("; patience %v", strictjson.Duration(ind.Patience))
	}
	if !ind.Groups.none() {
		text += "; " + ind.Groups.String()
	}
	return text
}

// indicatorJSON is the JSON form of an Indicator.
type indicatorJSON struct {
	plainIndicator
	Patience strictjson.Duration `json:"patience,omitempty"`
}

type plainIndicator Indicator // without methods

// MarshalJSON returns an object with the fields that are not zero.
func (ind Indicator) MarshalJSON() ([]byte, error) {
	return json.Marshal(indicatorJSON{plainIndicator(ind), strictjson.Duration(ind.Patience)})
}

// UnmarshalJSON reads the JSON form of an indicator, and refuses unknown
// fields. It does not validate the indicator.
func (ind *Indicator) UnmarshalJSON(text []byte) error {
	var wire indicatorJSON
	if err := strictjson.Unmarshal(text, &wire); err != nil || isNull(text) {
		return err
	}
	*ind = Indicator(wire.plainIndicator)
	ind.Patience = time.Duration(wire.Patience)
	return nil
}

// Validate reports every mistake in the indicator at once, as joined
// [*FieldError] values.
func (ind Indicator) Validate() error {
	_, err := ind.compile()
	return err
}

// Judge returns the indicator's verdict on one event, or the error of
// Validate. Each call compiles the indicator, so Judge is for tests and
// tools. To judge many events use [Indicator.Compile], and to count them use
// a [Recorder].
func (ind Indicator) Judge(e Event) (Verdict, error) {
	judge, err := ind.Compile()
	if err != nil {
		return VerdictIgnored, err
	}
	return judge(e), nil
}

// Compile returns a function that judges events, or the error of Validate. The
// function does not allocate and is safe for concurrent use.
func (ind Indicator) Compile() (func(Event) Verdict, error) {
	j, err := ind.compile()
	if err != nil {
		return nil, err
	}
	return func(e Event) Verdict { return j.judge(&e).public() }, nil
}

func (ind Indicator) compile() (*judge, error) {
	var errs FieldErrors
	ind.checkIdentity(&errs)
	checkRequests(ind.Requests, &errs)
	j := &judge{within: ind.Good.Within, patience: ind.Patience}
	if j.patience == 0 {
		j.patience = defaultPatience
	}
	j.requests.compile(ind.Requests)
	var err error
	j.good, err = ind.Good.compile(PresenceInclude, PresenceExclude)
	errs.Add("Good", err)
	j.valid, err = ind.Valid.compile(PresenceExclude, PresenceInclude)
	errs.Add("Valid", err)
	j.upgrades = hasStatus(j.valid.statuses, switchingProtocols) || hasStatus(j.good.statuses, switchingProtocols)
	ind.checkCriterion(&errs)
	errs.Add("Groups", ind.Groups.validate())
	errs.Add("Collection", ind.Collection.validate())
	errs.Add("Aggregation", ind.Aggregation.validate())
	return j, errs.Err()
}

func (ind Indicator) checkIdentity(errs *FieldErrors) {
	errs.Add("Name", checkName(ind.Name))
	errs.Add("Service", checkName(ind.Service))
	if ind.Journey != "" {
		errs.Add("Journey", checkName(ind.Journey))
	}
	checkKnown("Kind", "kind", ind.Kind, kinds, errs)
	checkKnown("Workload", "workload", ind.Workload, Workloads(), errs)
}

// checkCriterion reports a kind whose criterion is missing.
func (ind Indicator) checkCriterion(errs *FieldErrors) {
	if ind.Good.Func != nil {
		return
	}
	switch ind.Kind {
	case KindLatency, KindEndToEndLatency, KindTrainingTime, KindFreshness:
		if ind.Good.Within == 0 {
			errs.Addf("Good.Within", "required for an indicator of kind %q", ind.Kind)
		}
	case KindThroughput:
		if ind.Good.Rate == (Rate{}) {
			errs.Addf("Good.Rate", "required for an indicator of kind %q", ind.Kind)
		}
	}
}
