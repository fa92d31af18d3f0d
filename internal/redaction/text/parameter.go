package text

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// parameter judges one parameter of a query.
func parameter(sc *scan, p pair) {
	end := queryBytes.skip(sc.s, p.value)
	if !sc.finder.ShowsParameter(p.name(), sc.s[p.value:end]) {
		sc.add(p.value, end)
	}
}

var queryBytes = except("\x00- &#\"'<>`")

// ShowsParameter reports whether a query parameter shows its value. A listed
// value is still scanned as all text is.
func (f *Finder) ShowsParameter(key, value string) bool {
	if isConstant(value) {
		return true
	}
	switch v, listed := f.judge.Parameter(key); v {
	case name.VerdictPlain:
		return listed || ordinary(value)
	case name.VerdictCounted, name.VerdictMeasured, name.VerdictListed:
		return IsNumber(value)
	}
	return false
}

// maxSpaces bounds the words of a parameter that is shown. Search terms are
// few. A sentence may tell something about a person.
const maxSpaces = 2

// ordinary reports whether no credential has the form of v: it is a word,
// number, date or version, several of these, or a UUID.
func ordinary(v string) bool {
	spaces := strings.Count(v, "+") + strings.Count(v, "%20") + strings.Count(v, " ")
	if len(v) > 128 || spaces > maxSpaces {
		return false
	}
	if isUUID(strings.ToLower(v)) {
		return true
	}
	for part := range strings.FieldsFuncSeq(v, func(c rune) bool { return strings.ContainsRune("-_.,:+/~|*!()", c) }) {
		if strings.IndexByte(part, '%') >= 0 {
			part = urlEncoding.decode(part).text
		}
		if !ordinaryWord(part) {
			return false
		}
	}
	return true
}

// ordinaryWord reports whether w is a word in one case or capitalized, a
// number, or a short mixture of both (12A, v2, p95).
func ordinaryWord(w string) bool {
	if IsNumber(w) {
		return len(w) <= 12
	}
	if len(w) <= 4 {
		return true
	}
	if len(w) > 24 || hasDigit(w) || strings.ContainsAny(w, "@=&?#\\{}") {
		return false
	}
	rest := w[1:]
	return strings.ToLower(rest) == rest || strings.ToUpper(w) == w || len(name.Words(w)) <= 3
}
