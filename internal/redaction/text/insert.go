package text

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

const (
	maxColumns    = 64   // of a table; the bits of columns
	maxColumnList = 2048 // bytes
)

// columns is a set of the columns of a table.
type columns uint64

func (c columns) has(i int) bool { return i < maxColumns && c&(1<<i) != 0 }

var rowGaps = chars(" \t\r\n,")

// inserts finds the values of secret columns in SQL's INSERT INTO users
// (name, password) VALUES ('bob', '…'), in which only the place of a value
// tells its name.
func inserts(sc *scan) {
	s := sc.s
	for i := 0; i < len(s); {
		k := indexFold(s[i:], "values")
		if k < 0 {
			return
		}
		secret := secretColumns(sc.judge, strings.TrimRight(s[:i+k], " \t\r\n"))
		i += k + len("values")
		if secret == 0 {
			continue
		}
		for i = rowGaps.skip(s, i); i < len(s) && s[i] == '('; i = rowGaps.skip(s, i) {
			i = insertedRow(sc, i+1, secret)
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

// secretColumns returns the columns with secret names in the list that ends s.
func secretColumns(judge *name.Judge, s string) (secret columns) {
	open := strings.LastIndexByte(s, '(')
	if open < 0 || s[len(s)-1] != ')' || len(s)-open > maxColumnList {
		return 0
	}
	i := 0
	for column := range strings.SplitSeq(s[open+1:len(s)-1], ",") {
		if i < maxColumns && judge.Verdict(strings.TrimSpace(column)) != name.VerdictPlain {
			secret |= 1 << i
		}
		i++
	}
	return secret
}

// insertedRow adds the values of secret columns of the row that starts at i,
// and returns where the row ends.
func insertedRow(sc *scan, i int, secret columns) int {
	s := sc.s
	for column := 0; i < len(s); column++ {
		start := space.skip(s, i)
		i = sqlValueEnd(s, start)
		switch end := callEnd(s, start); {
		case !secret.has(column), isSQLConstant(s[start:i]):
		case end > 0:
			literals(sc, start, end)
		default:
			sc.addValue(start, i)
		}
		i++
		if i <= len(s) && s[i-1] == ')' {
			return i
		}
	}
	return len(s)
}

func sqlValueEnd(s string, i int) int {
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
	return i
}

// isSQLConstant reports whether v reveals nothing: it is a constant, or a
// parameter of a prepared statement such as ?, $1, :name, @p1.
func isSQLConstant(v string) bool {
	if isConstant(v) || v == "?" {
		return true
	}
	return strings.IndexByte("$:@", v[0]) >= 0 && wordBytes.all(v[1:])
}
