package sli

import (
	"fmt"
	"strings"
)

// codeNames are the gRPC status codes in the order of their numbers, in the spelling of
// google.golang.org/grpc/codes.
var codeNames = [...]string{
	"OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists",
	"PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange",
	"Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated",
}

// codeBits finds the bit of a code by either spelling.
var codeBits = func() map[string]codeSet {
	byName := make(map[string]codeSet, 2*len(codeNames)+1)
	for i, name := range codeNames {
		byName[name] = 1 << i
		byName[screamingSnake(name)] = 1 << i
	}
	byName["CANCELLED"] = byName["Canceled"] // the protocol's own spelling has two l
	return byName
}()

// otherCode stands for every code that gRPC does not define.
const otherCode codeSet = 1 << len(codeNames)

// codeSet is a set of gRPC status codes, a bit each.
type codeSet uint32

func (s *codeSet) has(code string) bool {
	bit, ok := codeBits[code]
	if !ok {
		bit = otherCode
	}
	return *s&bit != 0
}

// parseCodes returns the set that a list like {"OK", "NotFound"} or {"!Canceled"} describes, nil for an
// empty list.
func parseCodes(names []string, errs *FieldErrors) *codeSet {
	if len(names) == 0 {
		return nil
	}
	var in, out codeSet
	wrong := false
	if onlyNegated(names) {
		in = otherCode<<1 - 1
	}
	for i, name := range names {
		rest, not := strings.CutPrefix(name, "!")
		bit, ok := codeBits[rest]
		switch {
		case !ok:
			wrong = true
			errs.Addf(fmt.Sprintf("Code[%d]", i), `%q is not a gRPC status code: want a name like "NotFound" or "NOT_FOUND", with "!" before it to leave it out`, name)
		case not:
			out |= bit
		default:
			in |= bit
		}
	}
	in &^= out
	if in == 0 && !wrong {
		errs.Addf("Code", "%q leaves no code", names)
	}
	return &in
}

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
