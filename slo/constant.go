package slo

import (
	"errors"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/internal/grpccode"
	"github.com/sligo-go/sligo/sli"
)

var (
	errNeverGood = errors.New("no valid event can be good, so the SLI is always 0%: compare Good with Valid")
	errNeverBad  = errors.New("no valid event can be bad, so the SLI is always 100%: compare Good with Valid")
)

// checkConstant reports a valid indicator whose definition contradicts itself
// or repeats itself, so that its SLI never changes. It asks for the verdict on
// an event of every kind. A Func can decide in any way.
func checkConstant(ind sli.Indicator) error {
	if ind.Good.Func != nil || ind.Valid.Func != nil {
		return nil
	}
	every := events(ind)
	ind.Requests = nil // the events belong to no operation
	judge, err := ind.Compile()
	if err != nil {
		return nil // Indicator.Validate reports it
	}
	good, bad := false, false
	for e := range every {
		switch judge(e) {
		case sli.VerdictGood:
			good = true
		case sli.VerdictBad:
			bad = true
		}
		if good && bad {
			return nil
		}
	}
	switch {
	case !good:
		return &sli.FieldError{Path: "Good", Err: errNeverGood}
	default:
		return &sli.FieldError{Path: "Good", Err: errNeverBad}
	}
}

// canHang reports whether an event may have no answer, which is never good.
// Only this process sees such events, and only of requests.
func canHang(ind sli.Indicator) bool {
	ownProcess := ind.Collection.How == "" || ind.Collection.How == sli.SourceProcess
	isRequest := func(entry string) bool { return strings.Contains(entry, "/") }
	return ownProcess && (len(ind.Requests) == 0 || slices.ContainsFunc(ind.Requests, isRequest))
}

// events returns an event for each combination of what an indicator can ask:
// the status and the code, whether it failed or was canceled, and the best and
// the worst duration and rate. The usual ones come first.
func events(ind sli.Indicator) iter.Seq[sli.Event] {
	return func(yield func(sli.Event) bool) {
		for _, usual := range []sli.Event{{Status: 200}, {}, {Status: 500}, {Err: errNeverGood}} {
			if !yield(usual) {
				return
			}
		}
		for e := range answers(ind) {
			for i := range 8 {
				e.Canceled, e.Err, e.Duration, e.Items = i&1 != 0, nil, 1, math.MaxUint64
				if i&2 != 0 {
					e.Err = errNeverGood
				}
				if i&4 != 0 {
					e.Duration, e.Items = math.MaxInt64, 0
				}
				if !yield(e) {
					return
				}
			}
		}
		if canHang(ind) {
			yield(sli.Event{Canceled: true, Unanswered: true})
		}
	}
}

// answers returns an event of a job, and of each status and each code that the
// indicator distinguishes. A gRPC call over net/http has both.
func answers(ind sli.Indicator) iter.Seq[sli.Event] {
	statuses, codes := []int{0, 200}, []string{""}
	if len(ind.Good.Status)+len(ind.Valid.Status) > 0 {
		for status := 100; status <= 599; status++ {
			statuses = append(statuses, status)
		}
	}
	if len(ind.Good.Code)+len(ind.Valid.Code) > 0 {
		for number := range int64(grpccode.Count) {
			code, _ := grpccode.Name(number)
			codes = append(codes, code)
		}
	}
	return func(yield func(sli.Event) bool) {
		for _, code := range codes {
			for _, status := range statuses {
				if !yield(sli.Event{Status: status, Code: code}) {
					return
				}
			}
		}
	}
}
