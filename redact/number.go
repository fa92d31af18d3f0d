package redact

import (
	"strings"
	"unicode/utf8"
)

// numbers looks for payment cards, resident registration numbers and telephone
// numbers at each digit or '+' that does not continue a word.
func (sc *scanner) numbers() {
	s := sc.s
	for i := 0; i < len(s); i++ {
		if traitsOf[s[i]]&digit == 0 && s[i] != '+' || i > 0 && alnum(s[i-1]) {
			continue
		}
		if c := sc.covered(i); c > i {
			i = c - 1
			continue
		}
		if end := numberAt(s, i); end > i {
			sc.add(i, end)
			i = end - 1
		}
	}
}

func numberAt(s string, i int) int {
	var g groups
	g.read(s, i)
	if g.total < 9 {
		return i
	}
	for _, end := range [...]int{card(&g), residentNumber(&g), koreanPhone(&g), internationalPhone(&g)} {
		if end > 0 {
			return end
		}
	}
	return i
}

// groups are runs of digits with one separator between two of them.
type groups struct {
	all    [maxDigits]byte // the digits of all groups
	total  int             // how many these are
	size   [maxGroups]int  // of each group
	end    [maxGroups]int  // where each ends in the text
	count  int             // of groups
	plus   bool
	joined bool // the group before was joined by a separator that binds: "2010-1234"
	odd    bool // a separator is one that telephone numbers do not have
	more   byte // what follows the last group
}

// More digits or groups than these are in no number that is looked for.
const maxGroups, maxDigits = 6, 24

func (g *groups) read(s string, i int) {
	*g = groups{plus: s[i] == '+', joined: i > 1 && (s[i-1] == '-' || s[i-1] == '.') && alnum(s[i-2])}
	if g.plus {
		i++
	}
	for g.count < maxGroups {
		j := i
		for j < len(s) && traitsOf[s[j]]&digit != 0 {
			j++
		}
		if j == i {
			break
		}
		if g.total+j-i > maxDigits {
			g.more = '0'
			break
		}
		g.total += copy(g.all[g.total:], s[i:j])
		g.end[g.count], g.size[g.count] = j, j-i
		g.count++
		gap, odd := separator(s[j:])
		i = j + gap
		g.more = 0
		if j < len(s) {
			g.more = s[j]
		}
		if i == j {
			break
		}
		if i < len(s) && traitsOf[s[i]]&digit != 0 {
			g.odd = g.odd || odd
		}
	}
}

// separator returns the length of what stands between two groups at the start of
// s: one or two signs, with blanks around them. odd reports signs that are on
// cards and in documents rather than in telephone numbers.
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
			size = 0
		}
		if size == 0 || signs > 2 {
			break
		}
		n += size
	}
	return n, odd
}

// maxSeparator is the length of " – ".
const maxSeparator = 5

// bound reports whether the number can end after its n-th group: no letter, and
// no further digit, follows.
func (g *groups) bound(n int) bool {
	if n < g.count {
		return true
	}
	return traitsOf[g.more]&(letter|digit) == 0 && g.more != '_'
}

func (g *groups) upTo(n int) []byte {
	sum := 0
	for _, k := range g.size[:n] {
		sum += k
	}
	return g.all[:sum]
}

// card matches a payment card: a length and a first digits of an issuer, and
// Luhn's check digit; written in one, or in the groups that are on cards.
func card(g *groups) int {
	if g.plus || g.joined {
		return 0
	}
	for n := 1; n <= min(g.count, 5); n++ {
		if cardGrouping(g.size[:n]) && g.bound(n) && isCard(g.upTo(n)) {
			if n == 1 && g.count > 1 && g.size[1] > 4 {
				return 0 // one part of a longer number
			}
			return g.end[n-1]
		}
	}
	return 0
}

func cardGrouping(size []int) bool {
	switch len(size) {
	case 1:
		return true
	case 2:
		return size[0] == 8 && size[1] == 8
	case 3:
		return size[0] == 4 && size[1] == 6 && (size[2] == 5 || size[2] == 4)
	case 4, 5:
		for _, k := range size[:len(size)-1] {
			if k != 4 {
				return false
			}
		}
		return size[len(size)-1] <= 4
	}
	return false
}

func isCard(d []byte) bool { return issued(d) && luhn(d) }

// issued reports whether an issuer has numbers that start and end like this.
func issued(d []byte) bool {
	n := len(d)
	if n < 13 || n > 19 {
		return false
	}
	first := func(k int) (v int) {
		for _, c := range d[:k] {
			v = v*10 + int(c-'0')
		}
		return v
	}
	two, four := first(2), first(4)
	switch {
	case d[0] == '4':
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720:
		return n == 16
	case two == 34, two == 37:
		return n == 15
	case two == 36, two == 38, two == 39, four >= 3000 && four <= 3059:
		return n >= 14
	case two == 35, two == 62, two == 65, two == 60, two == 64, two == 81:
		return n >= 16
	case two == 50, four == 6304, two >= 56 && two <= 58, two == 67:
		return n == 16
	case two == 94, two == 92:
		return n == 16 // domestic cards of Korea
	}
	return false
}

func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// residentNumber matches a Korean resident or alien registration number: a date
// of birth, and a digit for century and sex. The last digit is random for those
// issued since 2020-10, so it is not checked.
func residentNumber(g *groups) int {
	if g.plus || g.joined || g.count < 2 || g.size[0] != 6 || g.size[1] != 7 || !g.bound(2) {
		return 0
	}
	if !isResident(g.all[:13]) {
		return 0
	}
	return g.end[1]
}

func isResident(d []byte) bool {
	month, day := int(d[2]-'0')*10+int(d[3]-'0'), int(d[4]-'0')*10+int(d[5]-'0')
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	return day <= days[month-1]
}

// koreanPhone matches mobile numbers in any writing, and others with separators.
func koreanPhone(g *groups) int {
	if g.plus || g.joined || g.odd {
		return 0
	}
	d, mobile := g.all[:], g.all[0] == '0' && g.all[1] == '1' && strings.IndexByte("016789", g.all[2]) >= 0
	for n := 1; n <= min(g.count, 4); n++ {
		if !g.bound(n) || n < g.count && g.size[n] > 2 {
			continue
		}
		total := len(g.upTo(n))
		switch {
		case n == 1 && mobile && d[2] == '0' && total == 11:
		case n == 2 && mobile && g.size[0] == 3 && (total == 10 || total == 11):
		case n == 4 && total >= 11 && (string(d[:g.size[0]]) == "82" || string(d[:g.size[0]]) == "0082") && g.size[1] <= 2 && g.size[3] == 4:
		case n == 3 && d[0] == '0' && g.size[0] >= 2 && g.size[0] <= 4 && g.size[1] >= 3 && g.size[1] <= 4 && g.size[2] == 4 && (mobile || landline(d)):
		default:
			continue
		}
		return g.end[n-1]
	}
	return 0
}

// landline reports area codes 02 and 03x to 06x, and the services 050, 070, 080.
func landline(d []byte) bool {
	return d[1] >= '2' && d[1] <= '8'
}

// internationalPhone matches E.164 numbers: a plus and 9 to 15 digits.
func internationalPhone(g *groups) int {
	if !g.plus || g.joined || g.odd {
		return 0
	}
	n := g.count
	if total := g.total; total < 9 || total > 15 || !g.bound(n) || g.all[0] == '0' {
		return 0
	}
	return g.end[n-1]
}
