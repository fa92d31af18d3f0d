package redact

import "strings"

// inserts redacts the values of secret columns in SQL's
// INSERT INTO users (name, password) VALUES ('bob', '…'), where a value is known by
// its place only.
func (sc *scanner) inserts() {
	s := sc.s
	for i := 0; i < len(s); {
		k := indexFold(s[i:], "values")
		if k < 0 {
			return
		}
		secrets := sc.secretColumns(strings.TrimRight(s[:i+k], " \t\r\n"))
		i += k + len("values")
		if secrets == 0 {
			continue
		}
		for i < len(s) && strings.IndexByte(" \t\r\n,", s[i]) >= 0 {
			i++
		}
		for i < len(s) && s[i] == '(' {
			i = sc.row(i+1, secrets)
			for i < len(s) && strings.IndexByte(" \t\r\n,", s[i]) >= 0 {
				i++
			}
		}
	}
}

// indexFold is strings.Index for a word in lower case or in capitals.
func indexFold(s, word string) int {
	if k := strings.Index(s, strings.ToUpper(word)); k >= 0 {
		return k
	}
	return strings.Index(s, word)
}

// secretColumns returns the columns with secret names in the list that ends s, as
// a set of the first 64.
func (sc *scanner) secretColumns(s string) (set uint64) {
	open := strings.LastIndexByte(s, '(')
	if open < 0 || s[len(s)-1] != ')' || len(s)-open > 2048 {
		return 0
	}
	column := 0
	for name := range strings.SplitSeq(s[open+1:len(s)-1], ",") {
		if column < 64 && sc.r.judge(strings.TrimSpace(name)) != plain {
			set |= 1 << column
		}
		column++
	}
	return set
}

// row redacts the values in the set of a row that starts at i, and returns where it
// ends.
func (sc *scanner) row(i int, set uint64) int {
	s := sc.s
	for column := 0; i < len(s); column++ {
		for i < len(s) && s[i] == ' ' {
			i++
		}
		start := i
		for i < len(s) && s[i] != ',' && s[i] != ')' {
			switch {
			case isQuote(s[i]):
				i = quoteEnd(s, i)
			case s[i] == '(':
				i = bracketEnd(s, i)
			default:
				i++
			}
		}
		if column < 64 && set&(1<<column) != 0 && start < i && !isConstant(s[start:i]) && !isPlaceholder(s[start:i]) {
			sc.addValue(start, i)
		}
		if i < len(s) && s[i] == ')' {
			return i + 1
		}
		i++
	}
	return len(s)
}

// isPlaceholder reports the parameters of prepared statements: ?, $1, :name, @p1.
func isPlaceholder(v string) bool {
	return v == "?" || strings.IndexByte("$:@", v[0]) >= 0 && onlyBytes(v[1:], wordByte)
}
