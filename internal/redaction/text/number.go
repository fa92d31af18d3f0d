package text

import "unicode/utf8"

// walkNumbers offers each run of digits that does not continue a word, with the
// groups that follow it, to the matchers until one returns its end.
func walkNumbers(sc *scan, matchers []matcher) {
	s := sc.s
	for i := 0; i < len(s); i++ {
		if !startsNumber(s, i) {
			continue
		}
		if c := sc.covered(i); c > i {
			i = c - 1
			continue
		}
		sc.number.read(s, i)
		if sc.number.total < shortestNumber {
			continue
		}
		for m := range matchers {
			if end := matchers[m].number(&sc.number); end > 0 {
				sc.add(i, end)
				i = end - 1
				break
			}
		}
	}
}

func startsNumber(s string, i int) bool {
	return (digits[s[i]] || s[i] == '+') && (i == 0 || !alnum[s[i-1]])
}

// shortestNumber is the number of digits of the shortest number that a
// matcher looks for, a telephone number. No matcher looks for more groups or
// digits than maxGroups and maxDigits.
const shortestNumber, maxGroups, maxDigits = 9, 6, 24

// groups are runs of digits with a separator between them: 010-9876-5432.
type groups struct {
	all    [maxDigits]byte // the digits of all groups
	total  int             // the number of these digits
	size   [maxGroups]int  // of each group
	end    [maxGroups]int  // where each group ends in the text
	count  int             // of groups
	plus   bool            // a '+' precedes the first
	joined bool            // a word or number precedes the first: "2010-1234"
	odd    bool            // a separator is not used in telephone numbers
	dashed bool            // single dashes separate the groups
	signed bool            // a sign is in a separator
	more   byte            // the byte after the last group
}

// read reads the groups that start at i. It does not clear the rest of an
// earlier number, beyond count and total.
func (g *groups) read(s string, i int) {
	g.total, g.count, g.odd, g.more = 0, 0, false, 0
	g.dashed, g.signed = true, false
	g.plus, g.joined = s[i] == '+', isJoined(s, i)
	if g.plus {
		i++
	}
	for g.count < maxGroups {
		end := digits.skip(s, i)
		if end == i {
			return
		}
		if g.total+end-i > maxDigits {
			g.more = '0'
			return
		}
		g.add(s[i:end], end)
		gap, odd := separator(s[end:])
		i = end + gap
		g.more = 0
		if end < len(s) {
			g.more = s[end]
		}
		if gap == 0 {
			return
		}
		if i < len(s) && digits[s[i]] {
			g.odd = g.odd || odd
			g.dashed = g.dashed && s[end:i] == "-"
			g.signed = g.signed || space.skip(s, end) < i
		}
	}
}

func isJoined(s string, i int) bool {
	return i > 1 && (s[i-1] == '-' || s[i-1] == '.') && alnum[s[i-2]]
}

func (g *groups) add(digits string, end int) {
	g.total += copy(g.all[g.total:], digits)
	g.end[g.count], g.size[g.count] = end, len(digits)
	g.count++
}

// maxSeparator is the number of bytes of " – ".
const maxSeparator = 5

// separator returns the length of the separator at the start of s: one or two
// signs with blanks around them. If odd, the signs are used on cards and in
// documents rather than in telephone numbers.
func separator(s string) (n int, odd bool) {
	signs := 0
	for n < len(s) && n < maxSeparator {
		c, size := utf8.DecodeRuneInString(s[n:])
		switch c {
		case '-', '.', '(', ')', '\u2010', '\u2011', '\u2012', '\u2013', '\u2212', '－':
			signs++
		case '_', '/':
			signs, odd = signs+1, true
		case ' ', '\u00a0', '\u2009', '\u202f':
		default:
			return n, odd
		}
		if signs > 2 {
			return n, odd
		}
		n += size
	}
	return n, odd
}

// bound reports whether the number can end after its n-th group: neither a
// letter nor a further digit follows.
func (g *groups) bound(n int) bool {
	return n < g.count || !alnum[g.more] && g.more != '_'
}

// has reports whether the groups from the first one on have these sizes.
func (g *groups) has(first int, sizes ...int) bool {
	for i, size := range sizes {
		if g.size[first+i] != size {
			return false
		}
	}
	return true
}

// upTo returns the digits of the first n groups.
func (g *groups) upTo(n int) []byte {
	sum := 0
	for _, k := range g.size[:n] {
		sum += k
	}
	return g.all[:sum]
}

// standsAlone reports whether nothing is joined to the number and no '+'
// precedes it.
func (g *groups) standsAlone() bool { return !g.plus && !g.joined }

// residentNumber matches a Korean resident or alien registration number: a
// date of birth, and a digit for century and sex. The last digit is random
// in numbers issued since October 2020, so it is not checked.
func residentNumber(g *groups) int {
	if !g.standsAlone() || g.count < 2 || !g.bound(2) {
		return 0
	}
	if g.size[0] != 6 || g.size[1] != 7 || !isDate(g.all[2:6]) {
		return 0
	}
	return g.end[1]
}

// isDate reports whether d is a month and a day, MMDD.
func isDate(d []byte) bool {
	month, day := decimal(d[:2]), decimal(d[2:4])
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	return day <= days[month-1]
}

func decimal(digits []byte) (v int) {
	for _, c := range digits {
		v = v*10 + int(c-'0')
	}
	return v
}
