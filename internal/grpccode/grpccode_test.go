package grpccode_test

import (
	"testing"

	"github.com/sligo-go/sligo/internal/grpccode"
)

// spellings are the codes of gRPC's specification in the order of their
// numbers: the spelling of Go's package first, then the protocol's.
var spellings = [][]string{
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

func TestNumberKnowsEachSpelling(t *testing.T) {
	if grpccode.Count != len(spellings) {
		t.Errorf("got %d codes, want %d", grpccode.Count, len(spellings))
	}
	for want, names := range spellings {
		for _, name := range names {
			if got, ok := grpccode.Number(name); !ok || got != want {
				t.Errorf("%q: got %d, %t, want %d, true", name, got, ok, want)
			}
		}
		if got, ok := grpccode.Name(int64(want)); !ok || got != names[0] {
			t.Errorf("%d: got %q, %t, want %q, true", want, got, ok, names[0])
		}
	}
	if got, _ := grpccode.Name(grpccode.Unknown); got != "Unknown" {
		t.Errorf("the code Unknown is called %q", got)
	}
}

func TestUndefinedCodes(t *testing.T) {
	for _, name := range []string{"", "ok", "Ok", "Cancelled", "Code(17)", "NOTFOUND", " OK", "0"} {
		if n, ok := grpccode.Number(name); ok {
			t.Errorf("%q: got %d, want no code", name, n)
		}
	}
	for _, number := range []int64{-1, 17, 1 << 40} {
		if name, ok := grpccode.Name(number); ok {
			t.Errorf("%d: got %q, want no code", number, name)
		}
	}
}
