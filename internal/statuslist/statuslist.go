// Package statuslist reads lists of HTTP statuses such as {"2xx", "404",
// "500-504", "!400"}, the one grammar for definitions, filters and rules.
package statuslist

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Set is a set of HTTP statuses. Bit 0 represents every status outside 100 to
// 599. The zero Set is empty.
type Set [600/64 + 1]uint64

// Has reports whether the set contains a status.
func (s *Set) Has(status int) bool {
	if status < 100 || status > 599 {
		status = 0
	}
	return s[status/64]&(1<<(status%64)) != 0
}

func (s *Set) add(from, to int) {
	for i := from / 64; i <= to/64; i++ {
		first, last := max(from-64*i, 0), min(to-64*i, 63)
		s[i] |= math.MaxUint64 << first & (math.MaxUint64 >> (63 - last))
	}
}

func (s *Set) remove(out *Set) {
	for i := range s {
		s[i] &^= out[i]
	}
}

// whole is the index that Parse reports for a mistake of the list as a whole.
const whole = -1

// Parse returns the set that a list describes: the union of its entries
// without the negated ones. If all entries are negated, the list starts from
// all statuses except 1xx, including those outside 100 to 599.
//
// Parse calls mistake for each invalid entry with its index. If the list
// leaves no status, it calls mistake with the index -1. An empty list is not a
// mistake, and its set is empty.
func Parse(list []string, mistake func(index int, err error)) Set {
	var in, out Set
	if len(list) == 0 {
		return in
	}
	if onlyNegated(list) {
		in.add(200, 599)
		in.add(0, 0)
	}
	valid := true
	for i, entry := range list {
		if err := addEntry(entry, &in, &out); err != nil {
			valid = false
			mistake(i, err)
		}
	}
	in.remove(&out)
	if valid && in == (Set{}) {
		mistake(whole, fmt.Errorf("%q leaves no status", list))
	}
	return in
}

var errEntry = errors.New(`want a code from 100 to 599 such as "404", a class such as "5xx" or a range such as "500-504", with "!" in front to exclude it`)

// addEntry adds the statuses of an entry to in, or to out if it is negated.
func addEntry(entry string, in, out *Set) error {
	rest, negated := strings.CutPrefix(entry, "!")
	from, to, ok := parseEntry(rest)
	if !ok {
		return fmt.Errorf("invalid status %q: %w", entry, errEntry)
	}
	if negated {
		in = out
	}
	in.add(from, to)
	return nil
}

// parseEntry returns the first and the last status of an entry without its "!".
func parseEntry(text string) (from, to int, ok bool) {
	if class, isClass := strings.CutSuffix(text, "xx"); isClass && len(class) == 1 && class[0] >= '1' && class[0] <= '5' {
		from = int(class[0]-'0') * 100
		return from, from + 99, true
	}
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	from, okFrom := parseStatus(first)
	to, okTo := parseStatus(last)
	return from, to, okFrom && okTo && from <= to
}

func parseStatus(text string) (int, bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return int(n), err == nil && len(text) == 3 && n >= 100 && n <= 599
}

func onlyNegated(list []string) bool {
	for _, entry := range list {
		if !strings.HasPrefix(entry, "!") {
			return false
		}
	}
	return true
}
