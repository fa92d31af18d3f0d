package sli

import "slices"

// judge is an Indicator compiled to judge events without allocating.
type judge struct {
	requests    []string
	good, valid matcher
	upgrades    bool // counts connections that switched protocols
}

// switchingProtocols is the HTTP status of a connection that continues with
// another protocol. It is repeated here so that a job that counts events does
// not link net/http.
const switchingProtocols = 101

// lists reports whether the indicator counts an operation.
func (j *judge) lists(operation string) bool {
	return len(j.requests) == 0 || slices.ContainsFunc(j.requests, func(request string) bool {
		return requestMatches(request, operation)
	})
}

func (j *judge) judge(e *Event) Verdict {
	if !j.lists(e.Operation) {
		return VerdictIgnored
	}
	return j.judgeListed(e)
}

// judgeListed judges an event of an operation that the indicator lists.
func (j *judge) judgeListed(e *Event) Verdict {
	if j.valid.fn != nil || j.good.fn != nil {
		return j.judgeGuarded(e)
	}
	return j.verdict(e)
}

// judgeGuarded judges an event as bad if a Func panics. It recovers itself,
// since package guard allocates for the panic's value, and recording must not.
func (j *judge) judgeGuarded(e *Event) (v Verdict) {
	defer func() {
		if recover() != nil {
			v = VerdictBad
		}
	}()
	return j.verdict(e)
}

func (j *judge) verdict(e *Event) Verdict {
	switch {
	case e.Status == switchingProtocols && !j.upgrades, !j.valid.met(e):
		return VerdictIgnored
	case !j.good.met(e):
		return VerdictBad
	}
	return VerdictGood
}
