package text

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// Pairs of a name and a value, in the notations in which programs print them:
// URLs and forms, JSON and YAML, Go's %+v, headers, SQL, logfmt, XML.

// maxPairName is the number of bytes that the name of a pair may have.
const maxPairName = 64

// A pair is a name and a value in a text with a sign between them.
type pair struct {
	s                string
	nameStart, named int // where the name starts and ends
	sign             int // the last byte of the sign
	value            int // where the value starts
}

// pairs looks for a pair around each '=', ':' and "->".
func pairs(sc *scan) {
	s := sc.s
	query := false // in the query of a URL
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ':
			query = false
		case c == '?' || c == '#':
			query = true
		case traitsOf[c]&pairing != 0 && isSign(s, i):
			if end := sc.covered(i); end > i {
				i = end - 1
				continue
			}
			i = max(i, judgePair(sc, i, query && c == '=')-1)
		}
	}
}

// isSign reports whether the sign of a pair is at i. The colon of "://" is
// not a sign.
func isSign(s string, i int) bool {
	switch s[i] {
	case '=':
		return true
	case ':':
		return !strings.HasPrefix(s[i:], "://")
	case '>':
		return i > 0 && s[i-1] == '-'
	}
	return strings.HasPrefix(s[i:], "：") || strings.HasPrefix(s[i:], "＝")
}

// judgePair adds the value of the pair whose sign is at i if it is secret, and
// returns where to continue.
func judgePair(sc *scan, i int, inQuery bool) int {
	p, ok := pairAt(sc.s, i)
	if !ok {
		return p.sign
	}
	if inQuery && p.isParameter() {
		parameter(sc, p)
		return p.value
	}
	if p.isPosition() {
		return p.sign
	}
	v := sc.judge.Verdict(p.name())
	if v == name.VerdictPlain && p.spelled(sc.judge) {
		v = name.VerdictSecret
	}
	if v == name.VerdictPlain {
		if end := p.namedKey(); end > 0 {
			sc.addValue(p.value, end)
			return end
		}
		if isNameName(p.name()) {
			namedValue(sc, p)
		}
		return p.sign
	}
	if end := referenceEnd(sc.s, p.value); end > 0 {
		return changed(sc, end)
	}
	if lit, end, ok := literalAt(sc.s, p.value); ok {
		if value := sc.s[lit.start:lit.end]; !isConstant(value) && (v == name.VerdictSecret || !IsNumber(value)) {
			sc.addValue(lit.start, lit.end)
		}
		return changed(sc, end)
	}
	if end := callEnd(sc.s, p.value); end > 0 {
		literals(sc, p.value, end)
		return end
	}
	end := p.end(sc.finder.notations)
	if isAddress(strings.Trim(sc.s[p.value:end], "\"'")) {
		return end
	}
	if p.isHarmless(v, end) {
		return max(p.sign, changed(sc, valueEnd(sc.s, p.value)))
	}
	sc.addValue(p.value, end)
	return max(changed(sc, end), p.sign)
}

// pairAt returns the pair whose sign is at i; ok is false if a name or a
// value is missing, or the value is replaced already.
func pairAt(s string, i int) (p pair, ok bool) {
	sign := i
	switch s[i] {
	case '>':
		sign-- // ->
	case 0xEF:
		i += len("：") - 1
	}
	p = pair{s: s, sign: i}
	p.nameStart, p.named = nameBefore(s, sign)
	if p.nameStart == p.named {
		return p, false
	}
	p.value = valueStart(s, i)
	return p, p.value < len(s) && !strings.HasPrefix(s[p.value:], Replacement)
}

// maxQuotes is the number of bytes of quoting between a name and its sign.
// JSON in a string in JSON, nested four times, takes 15.
const maxQuotes = 18

// maxAlignment is the number of blanks between a name and its sign, with which
// assignments in several lines are aligned.
const maxAlignment = 48

var quoteBytes = chars("\"'`\\")

// nameBefore returns where the name before the sign at i starts and ends.
func nameBefore(s string, i int) (start, end int) {
	end = blanks.back(s, i, maxAlignment)
	if end > 0 && end == i && s[end-1] == ')' { // Key (token)=(…)
		low := max(0, end-maxPairName)
		if open := strings.LastIndexByte(s[low:end], '('); open >= 0 {
			return low + open + 1, end - 1
		}
	}
	if end > 1 && s[end-1] == ']' && isQuote(s[end-2]) { // config["token"] = …
		end--
	}
	end = quoteBytes.back(s, end, maxQuotes)
	return nameBytes.back(s, end, maxPairName), end
}

// valueStart returns where the value after the sign at i starts.
func valueStart(s string, i int) int {
	i++
	if i < len(s) && (s[i] == '>' || s[i] == '=') { // =>, :=, ==
		i++
	}
	return blanks.skip(s, i)
}

func (p pair) name() string { return p.s[p.nameStart:p.named] }

// colon reports whether the sign is a colon.
func (p pair) colon() bool { return p.s[p.sign] == ':' }

// apart reports whether blanks separate the value from the sign.
func (p pair) apart() bool { return p.value > p.sign+1 }

// spelled reports whether the name and the one or two words before it are
// together the name of a secret: private key, verification code, mot de passe.
func (p pair) spelled(judge *name.Judge) bool {
	if !p.colon() || !spelledNames[strings.ToLower(p.name())] {
		return false
	}
	start := p.nameStart
	for range 2 {
		end := space.back(p.s, start, 1)
		first := letters.back(p.s, end, maxPairName)
		if end == start || first == end {
			return false
		}
		if start = first; judge.Verdict(p.s[start:p.named]) == name.VerdictSecret {
			return true
		}
	}
	return false
}

// spelledNames are last words of names that are written as several words.
var spelledNames = set(`key code number passe no phrase word id`)

// isParameter reports whether the pair is a parameter of a query.
func (p pair) isParameter() bool {
	return p.nameStart > 0 && strings.IndexByte("?&#;", p.s[p.nameStart-1]) >= 0
}

var sourceFiles = set(`go java kt scala py rb js mjs jsx ts tsx php c cc cpp h hpp rs cs swift m lua sh pl ex proto sql`)

// isPosition reports whether the pair is a source file and a line: token.go:45.
func (p pair) isPosition() bool {
	if !p.colon() || !digits[p.s[p.value]] {
		return false
	}
	file := p.name()
	return sourceFiles[file[strings.LastIndexByte(file, '.')+1:]]
}

// counts reports whether a value under a name with verdict v is a number that
// counts secrets.
func counts(v name.Verdict, value string) bool {
	if v == name.VerdictMeasured {
		value = strings.Trim(value, "\"'")
	}
	return IsNumber(value)
}

// isHarmless reports whether the value of a name with verdict v reveals
// nothing: it is a constant, a number that counts, or a remark about the
// secret.
func (p pair) isHarmless(v name.Verdict, end int) bool {
	text, word := p.s[p.value:end], p.s[p.value:valueEnd(p.s, p.value)]
	switch {
	case isConstant(text), p.isParameterMark(word), isSize(p.s[p.value:]):
		return true
	case v == name.VerdictCounted, v == name.VerdictMeasured:
		if counts(v, word) || IsCounts(text) {
			return true
		}
	case v == name.VerdictListed:
		if IsNumber(word) {
			return true
		}
	case v == name.VerdictScalar:
		if !startsWithScheme(text) && !shaped(word) {
			return true
		}
	}
	return p.colon() && p.apart() && isRemark(p.s[p.value:min(len(p.s), p.value+maxRemark)])
}
