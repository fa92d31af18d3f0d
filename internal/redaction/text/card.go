package text

// IsCard reports whether d is the number of a payment card: a length and first
// digits that an issuer uses, and Luhn's check digit.
func IsCard(d string) bool { return len(d) >= minCard && IsNumber(d) && isCard([]byte(d)) }

// minCard and maxCard are the numbers of digits that payment cards have.
const minCard, maxCard = 13, 19

func isCard(d []byte) bool { return issued(d) && luhn(d) }

// card matches a payment card, written without separators or in the groups that
// are printed on cards.
func card(g *groups) int {
	if !g.standsAlone() {
		return 0
	}
	for n := 1; n <= min(g.count, 5); n++ {
		if cardGroups(g.size[:n]) && g.bound(n) && isCard(g.upTo(n)) {
			if n == 1 && g.count > 1 && g.size[1] > 4 {
				return 0 // a part of a longer number
			}
			return g.end[n-1]
		}
	}
	return 0
}

// cardGroups reports whether cards are printed in groups of these sizes.
func cardGroups(size []int) bool {
	last := size[len(size)-1]
	switch len(size) {
	case 1:
		return true
	case 2:
		return size[0] == 8 && last == 8
	case 3:
		return size[0] == 4 && size[1] == 6 && (last == 5 || last == 4)
	}
	for _, k := range size[:len(size)-1] {
		if k != 4 {
			return false
		}
	}
	return last <= 4
}

// An issuer has the numbers whose first two digits are from low to high, or
// the first four if low has four.
type issuer struct{ low, high, minLen, maxLen int }

// issuers are the ranges of ISO/IEC 7812 that are in use. A number is judged by
// the first range that it is in.
var issuers = []issuer{
	{51, 55, 16, 16},     // Mastercard
	{2221, 2720, 16, 16}, // Mastercard
	{34, 34, 15, 15},     // American Express
	{37, 37, 15, 15},
	{36, 36, 14, 19}, // Diners Club
	{38, 39, 14, 19},
	{3000, 3059, 14, 19},
	{35, 35, 16, 19}, // JCB
	{60, 60, 16, 19}, // Discover, RuPay
	{62, 62, 16, 19}, // UnionPay
	{64, 65, 16, 19}, // Discover
	{81, 81, 16, 19}, // RuPay, UnionPay
	{50, 50, 16, 16}, // Maestro
	{56, 58, 16, 16},
	{6304, 6304, 16, 16},
	{67, 67, 16, 16},
	{92, 92, 16, 16}, // domestic cards of Korea
	{94, 94, 16, 16},
}

// issued reports whether an issuer has numbers of this length and with these
// first digits.
func issued(d []byte) bool {
	n := len(d)
	if n < minCard || n > maxCard {
		return false
	}
	if d[0] == '4' { // Visa
		return n == 13 || n == 16 || n == 19
	}
	two, four := decimal(d[:2]), decimal(d[:4])
	for _, r := range issuers {
		first := two
		if r.low > 99 {
			first = four
		}
		if first >= r.low && first <= r.high {
			return n >= r.minLen && n <= r.maxLen
		}
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
