package sli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/sli"
)

// grpcCodes are the status codes of gRPC's specification, in Go's spelling and
// in the protocol's.
var grpcCodes = [][]string{
	{"OK"},
	{"Canceled", "CANCELLED", "CANCELED"},
	{"Unknown", "UNKNOWN"},
	{"InvalidArgument", "INVALID_ARGUMENT"},
	{"DeadlineExceeded", "DEADLINE_EXCEEDED"},
	{"NotFound", "NOT_FOUND"},
	{"AlreadyExists", "ALREADY_EXISTS"},
	{"PermissionDenied", "PERMISSION_DENIED"},
	{"ResourceExhausted", "RESOURCE_EXHAUSTED"},
	{"FailedPrecondition", "FAILED_PRECONDITION"},
	{"Aborted", "ABORTED"},
	{"OutOfRange", "OUT_OF_RANGE"},
	{"Unimplemented", "UNIMPLEMENTED"},
	{"Internal", "INTERNAL"},
	{"Unavailable", "UNAVAILABLE"},
	{"DataLoss", "DATA_LOSS"},
	{"Unauthenticated", "UNAUTHENTICATED"},
}

func TestCodeIsKnownInBothSpellings(t *testing.T) {
	for i, spellings := range grpcCodes {
		for _, listed := range spellings {
			only := sli.Condition{Code: []string{listed}}
			allBut := sli.Condition{Code: []string{"!" + listed}}
			for j, others := range grpcCodes {
				for _, code := range others {
					checkMet(t, only, sli.Event{Code: code}, i == j)
					checkMet(t, allBut, sli.Event{Code: code}, i != j)
				}
			}
		}
	}
}

func TestCodeThatGRPCDoesNotDefine(t *testing.T) {
	for _, code := range []string{"Code(17)", "ok", "not_found", " OK"} {
		e := sli.Event{Code: code}
		checkMet(t, sli.Condition{Code: []string{"!NotFound"}}, e, true)
		checkMet(t, sli.Condition{Code: []string{"OK", "NotFound"}}, e, false)
	}
}

func TestMisspelledCode(t *testing.T) {
	for _, code := range []string{"", "!", "ok", "Ok", "Cancelled", "NOTFOUND", "Not_Found", "!!OK", "404", " OK", "OK,NotFound"} {
		err := sli.Indicator{Name: "n", Service: "s", Valid: sli.Condition{Code: []string{"OK", code}}}.Validate()
		want := `Valid.Code[1]: invalid gRPC code "` + code + `": want a name such as`
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s…", code, err, want)
		}
	}
}

func TestCodeListThatLeavesNoCode(t *testing.T) {
	for _, list := range [][]string{{"OK", "!OK"}, {"!NOT_FOUND", "NotFound"}} {
		err := sli.Indicator{Name: "n", Service: "s", Good: sli.Condition{Code: list}}.Validate()
		if want := fmt.Sprintf("Good.Code: %q leaves no code", list); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", list, err, want)
		}
	}
}

// checkMet checks whether an event meets a condition as the Good of an
// indicator.
func checkMet(t *testing.T, c sli.Condition, e sli.Event, want bool) {
	t.Helper()
	got, err := sli.Indicator{Name: "n", Service: "s", Good: c}.Judge(e)
	if err != nil {
		t.Fatal(err)
	}
	if (got == sli.VerdictGood) != want {
		t.Errorf("%+v and %+v: got %v, want it met: %t", c, e, got, want)
	}
}
