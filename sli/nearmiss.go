package sli

import (
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/internal/misspelling"
)

// cause explains why an entry of Requests matched none of the operations that
// were recorded: it names the closest one and the difference.
func (r *request) cause(operations []string) string {
	best := nearMiss{rank: len(resemblances)}
	for _, operation := range operations {
		if miss := r.miss(operation); miss.rank < best.rank || miss.rank == best.rank && miss.distance < best.distance {
			best = miss
		}
	}
	if best.rank == len(resemblances) {
		return "; no recorded operation resembles it"
	}
	return fmt.Sprintf("; %q was recorded, which %s", best.operation, resemblances[best.rank].difference)
}

// nearMiss is an operation that resembles an entry.
type nearMiss struct {
	operation string
	rank      int // index in resemblances, their number without a resemblance
	distance  int
}

// resemblances are the ways in which an operation can resemble an entry, the
// closest first.
var resemblances = []struct {
	difference string
	alike      func(entry, operation string) bool
}{
	{"differs in upper and lower case", strings.EqualFold},
	{"spells a wildcard differently", func(a, b string) bool { return plainWildcards(a) == plainWildcards(b) }},
	{"differs in the slash at the end", func(a, b string) bool { return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/") }},
	{"has another method", func(a, b string) bool { return afterMethod(a) == afterMethod(b) }},
	{"has another prefix", func(a, b string) bool {
		a, b = plainWildcards(afterMethod(a)), plainWildcards(afterMethod(b))
		return hasPathSuffix(a, b) || hasPathSuffix(b, a)
	}},
	{"is spelled almost the same", func(a, b string) bool {
		a, b = plainWildcards(a), plainWildcards(b)
		return misspelling.Distance(a, b) <= misspelling.MostEdits(a)
	}},
}

// miss compares an entry with an operation, or with its beginning if the entry
// selects a prefix.
func (r *request) miss(operation string) nearMiss {
	entry, seen := r.text, operation
	if r.path {
		seen = afterMethod(seen)
	}
	if r.prefix {
		seen = beginning(seen, entry)
	}
	m := nearMiss{operation: operation, distance: misspelling.Distance(entry, seen)}
	for m.rank < len(resemblances) && !resemblances[m.rank].alike(entry, seen) {
		m.rank++
	}
	return m
}

// afterMethod returns an operation without its method.
func afterMethod(operation string) string {
	if _, rest, ok := strings.Cut(operation, " "); ok && !strings.HasPrefix(operation, "/") {
		return rest
	}
	return operation
}

// beginning returns the part of an operation to compare with the text of a
// prefix: whole segments if the text ends with a slash, or else its length.
func beginning(operation, text string) string {
	if !strings.HasSuffix(text, "/") {
		return operation[:min(len(operation), len(text))]
	}
	slashes := strings.Count(text, "/")
	for i := range len(operation) {
		if operation[i] == '/' {
			slashes--
		}
		if slashes == 0 {
			return operation[:i+1]
		}
	}
	return operation
}

// plainWildcards replaces the wildcards of routers, "{id}", "{id:[0-9]+}",
// ":id" and "*path", by "{}".
func plainWildcards(operation string) string {
	segments := strings.Split(operation, "/")
	for i, segment := range segments[1:] {
		if isWildcard(segment) {
			segments[i+1] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

func isWildcard(segment string) bool {
	if segment == "" {
		return false
	}
	return strings.Contains(":*", segment[:1]) || segment[0] == '{' && segment[len(segment)-1] == '}'
}

// hasPathSuffix reports whether a longer path ends with a path that has at
// least one name.
func hasPathSuffix(long, path string) bool {
	return len(long) > len(path) && len(path) > 1 && path[0] == '/' && strings.HasSuffix(long, path)
}
