package sli

import (
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/internal/grpccode"
)

// codeSet is a set of gRPC status codes, one bit for each.
type codeSet uint32

// otherCode is the bit for all codes that gRPC does not define.
const otherCode codeSet = 1 << grpccode.Count

func (s *codeSet) has(code string) bool {
	bit := otherCode
	if n, ok := grpccode.Number(code); ok {
		bit = 1 << n
	}
	return *s&bit != 0
}

// parseCodes returns the set of a list such as {"OK", "NotFound"} or
// {"!Canceled"}, and nil for an empty list.
func parseCodes(list []string, errs *FieldErrors) *codeSet {
	if len(list) == 0 {
		return nil
	}
	var in, out codeSet
	valid := true
	for i, entry := range list {
		name, negated := strings.CutPrefix(entry, "!")
		n, ok := grpccode.Number(name)
		switch {
		case !ok:
			valid = false
			errs.Addf(fmt.Sprintf("Code[%d]", i),
				`invalid gRPC code %q: want a name such as "NotFound" or "NOT_FOUND", with "!" in front to exclude it`, entry)
		case negated:
			out |= 1 << n
		default:
			in |= 1 << n
		}
	}
	if in == 0 { // all entries are negated
		in = otherCode<<1 - 1
	}
	in &^= out
	if in == 0 && valid {
		errs.Addf("Code", "%q leaves no code", list)
	}
	return &in
}
