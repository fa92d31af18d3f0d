package text

import (
	"strings"
)

// Values in SQL and in texts about files that are not the secret itself: marks
// of parameters, calls of functions, sizes.

// maxStatement is the number of bytes before a pair that are searched for the
// statement which it is a part of.
const maxStatement = 512

// isParameterMark reports whether v is the mark of a parameter in a prepared
// statement: ?, $1, :name, @p1, and PostgreSQL's $1::text.
func (p pair) isParameterMark(v string) bool {
	if mark, cast, ok := strings.Cut(v, "::"); ok && mark != "" && wordBytes.all(cast) {
		v = mark
	}
	if v == "?" {
		return true
	}
	if len(v) < 2 || !strings.Contains("$:@?", v[:1]) || !wordBytes.all(v[1:]) {
		return false
	}
	mark := v[1:]
	stem := strings.TrimRight(mark, "0123456789")
	switch {
	case len(stem) <= 2 && v[0] == ':', len(stem) <= 1, strings.EqualFold(mark, p.name()):
		return len(mark)-len(stem) <= 3
	case hasDigit(stem) || v[0] == '$':
		return false
	}
	return p.apart() && p.s[p.sign] == '=' || p.isInStatement()
}

// isInStatement reports whether a statement of SQL precedes the pair.
func (p pair) isInStatement() bool {
	before := strings.ToLower(p.s[max(0, p.nameStart-maxStatement):p.nameStart])
	for _, word := range [...]string{"where ", "set ", "values", "select ", "and "} {
		if strings.Contains(before, word) {
			return true
		}
	}
	return false
}

// callEnd returns the end of a function's call at i, as in password =
// crypt('x', gen_salt('bf')), or 0. The call must have a literal or a mark of
// a parameter, because a password may have brackets.
func callEnd(s string, i int) int {
	open := wordBytes.skip(s, i)
	if open == i || open >= len(s) || s[open] != '(' || !letters[s[i]] {
		return 0
	}
	end := bracketEnd(s, open)
	first := s[min(end, blanks.skip(s, open+1)):end]
	if first == "" || !strings.Contains("'\"?$:@%)", first[:1]) && !strings.Contains(first, "('") {
		return 0
	}
	return end
}

// literals adds the quoted texts of the call s[i:end].
func literals(sc *scan, i, end int) {
	for ; i < end; i++ {
		if !isQuote(sc.s[i]) {
			continue
		}
		stop := min(end, quoteEnd(sc.s, i))
		if !isHidden(strings.Trim(sc.s[i:stop], "\"'`")) {
			sc.addValue(i, stop)
		}
		i = stop - 1
	}
}

var units = set(`b byte bytes kb kib mb mib gb gib char chars character characters bit bits digit digits octets items
	entries keys records rows words lines loaded`)

// isSize reports whether s starts with a number and a unit: 1704 bytes.
func isSize(s string) bool {
	n := sizeBytes.skip(s, 0)
	if !hasDigit(s[:n]) || strings.Count(s[:n], ".") > 1 {
		return false
	}
	unit := space.skip(s, n)
	end := letters.skip(s, unit)
	return units[strings.ToLower(s[unit:end])] && (end == len(s) || endsUnit[s[end]])
}

var endsUnit = chars("\x00- ,.;)]}\"'")

var sizeBytes = chars("0-9.")
