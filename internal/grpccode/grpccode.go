// Package grpccode is the table of gRPC's status codes, for packages that must
// not link gRPC.
package grpccode

import "strings"

// names holds the codes in the order of their numbers, in the spelling of
// google.golang.org/grpc/codes.
var names = [...]string{
	"OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound",
	"AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
	"Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss",
	"Unauthenticated",
}

// Count is the number of codes that gRPC defines. Their numbers are 0 to
// Count-1.
const Count = len(names)

// Unknown is the number of the code Unknown.
const Unknown = 2

// Name returns the name of a code as google.golang.org/grpc/codes spells it,
// "DeadlineExceeded", and false for a number that gRPC does not define.
func Name(number int64) (string, bool) {
	if number < 0 || number >= int64(Count) {
		return "", false
	}
	return names[number], true
}

// Number returns the number of a code by its name. It knows the spelling of
// Go, "DeadlineExceeded", and the protocol's, "DEADLINE_EXCEEDED", with both
// "CANCELLED" and "CANCELED". It reports false for any other text.
func Number(name string) (int, bool) {
	if name == names[0] { // as most calls end
		return 0, true
	}
	n, ok := numbers[name]
	return n, ok
}

var numbers = func() map[string]int {
	byName := map[string]int{"CANCELLED": 1} // the protocol's own spelling
	for i, name := range names {
		byName[name] = i
		byName[screamingSnake(name)] = i
	}
	return byName
}()

func screamingSnake(camel string) string {
	if camel == "OK" {
		return camel
	}
	var b strings.Builder
	for i := range len(camel) {
		if c := camel[i]; c >= 'A' && c <= 'Z' && i > 0 {
			b.WriteByte('_')
		}
		b.WriteByte(camel[i])
	}
	return strings.ToUpper(b.String())
}
