package sli

import (
	"fmt"
	"strconv"
	"strings"
)

// statusSet is a set of HTTP statuses. Bit 0 stands for all that are not from 100 to 599.
type statusSet [600/64 + 1]uint64

func (s *statusSet) has(status int) bool {
	if status < 100 || status > 599 {
		status = 0
	}
	return s[status/64]&(1<<(status%64)) != 0
}

func (s *statusSet) add(from, to int) {
	for status := from; status <= to; status++ {
		s[status/64] |= 1 << (status % 64)
	}
}

func (s *statusSet) remove(out *statusSet) {
	for i := range s {
		s[i] &^= out[i]
	}
}

// parseStatuses returns the set that a list like {"2xx", "404", "500-504", "!400"} describes, nil for
// an empty list.
func parseStatuses(patterns []string, errs *FieldErrors) *statusSet {
	if len(patterns) == 0 {
		return nil
	}
	var in, out statusSet
	wrong := false
	if onlyNegated(patterns) {
		in.add(200, 599)
		in.add(0, 0)
	}
	for i, pattern := range patterns {
		rest, not := strings.CutPrefix(pattern, "!")
		from, to, ok := parseStatus(rest)
		switch {
		case !ok:
			wrong = true
			errs.Addf(fmt.Sprintf("Status[%d]", i), `%q is not a status: want one like "404", a class like "2xx" or a range like "500-504", from 100 to 599, with "!" before it to leave it out`, pattern)
		case not:
			out.add(from, to)
		default:
			in.add(from, to)
		}
	}
	in.remove(&out)
	if in == (statusSet{}) && !wrong {
		errs.Addf("Status", "%q leaves no status", patterns)
	}
	return &in
}

func parseStatus(text string) (from, to int, ok bool) {
	if class, isClass := strings.CutSuffix(text, "xx"); isClass && len(class) == 1 && class[0] >= '1' && class[0] <= '5' {
		from = int(class[0]-'0') * 100
		return from, from + 99, true
	}
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	from, okFrom := parseOneStatus(first)
	to, okTo := parseOneStatus(last)
	return from, to, okFrom && okTo && from <= to
}

func parseOneStatus(text string) (int, bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return int(n), err == nil && len(text) == 3 && n >= 100 && n <= 599
}

func onlyNegated(patterns []string) bool {
	for _, p := range patterns {
		if !strings.HasPrefix(p, "!") {
			return false
		}
	}
	return true
}
