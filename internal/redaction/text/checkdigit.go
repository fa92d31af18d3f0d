package text

import "strings"

// The check digits of national numbers.

// sum returns the sum of the digits of d times the weights, which are digits,
// too.
func sum(d, weights string) (total int) {
	for i := range min(len(d), len(weights)) {
		total += int(d[i]-'0') * int(weights[i]-'0')
	}
	return total
}

// descending returns the sum of the digits of d times first, first-1 and so on.
func descending(d string, first int) (total int) {
	for i := range len(d) {
		total += int(d[i]-'0') * (first - i)
	}
	return total
}

// digitAt returns the digit at i.
func digitAt(d string, i int) int { return int(d[i] - '0') }

// same reports whether all bytes of d are the same, as in 00000000000.
func same(d string) bool { return strings.Count(d, d[:1]) == len(d) }

// weighted returns a check that the weighted sum is a multiple of a modulus.
func weighted(weights string, modulus int) func(string) bool {
	return func(d string) bool { return IsNumber(d) && !same(d) && sum(d, weights)%modulus == 0 }
}

// pattern returns a check of the kinds of characters: A is a letter, 9 a digit,
// X either.
func pattern(form string) func(string) bool {
	return func(s string) bool {
		for i := range len(form) {
			switch {
			case form[i] == 'A' && !letters[s[i]], form[i] == '9' && !digits[s[i]]:
				return false
			}
		}
		return len(s) == len(form)
	}
}

func isLuhn(d string) bool { return IsNumber(d) && !same(d) && luhn([]byte(d)) }

// lowOrZero is the check digit of a remainder modulo 11: 0 for 0 and 1, else
// the difference to 11.
func lowOrZero(rest int) int {
	if rest < 2 {
		return 0
	}
	return 11 - rest
}

func isCPF(d string) bool {
	if !IsNumber(d) || same(d) {
		return false
	}
	return lowOrZero(descending(d[:9], 10)%11) == digitAt(d, 9) && lowOrZero(descending(d[:10], 11)%11) == digitAt(d, 10)
}

func isCNPJ(d string) bool {
	return digits.all(d[12:]) && lowOrZero(sum(d[:12], "543298765432")%11) == digitAt(d, 12) && lowOrZero(sum(d[:13], "6543298765432")%11) == digitAt(d, 13)
}

func isNIP(d string) bool {
	return IsNumber(d) && !same(d) && sum(d[:9], "657234567")%11 == digitAt(d, 9)
}

func isBSN(d string) bool {
	return IsNumber(d) && !same(d) && (descending(d[:8], 9)-digitAt(d, 8))%11 == 0
}

func isNINO(s string) bool {
	return pattern("AA999999A")(s) && s[8] <= 'D' && strings.IndexByte("DFIQUV", s[0]) < 0
}

func isSSN(d string) bool {
	if !IsNumber(d) || d[:3] == "000" || d[:3] == "666" {
		return false
	}
	return d[3:5] != "00" && d[5:] != "0000"
}

// isAadhaar checks by the algorithm of Verhoeff, which is the dihedral group of
// ten elements.
func isAadhaar(d string) bool {
	if !IsNumber(d) || d[0] < '2' {
		return false
	}
	permutation := [8]string{"0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"}
	c := 0
	for i := range len(d) {
		c = dihedral(c, digitAt(permutation[i%8], digitAt(d, len(d)-1-i)))
	}
	return c == 0
}

func dihedral(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return 5 + (a+b)%5
	case b < 5:
		return 5 + (a-b+5)%5
	}
	return (a - b + 5) % 5
}

const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

// isDNI checks the DNI and the NIE of Spain, in which X, Y and Z mean 0, 1 and
// 2.
func isDNI(s string) bool {
	d := s[:8]
	if k := strings.IndexByte("XYZ", s[0]); k >= 0 {
		d = string(rune('0'+k)) + s[1:8]
	}
	return IsNumber(d) && s[8] == dniLetters[decimal([]byte(d))%23]
}

func isCodiceFiscale(s string) bool {
	if !pattern("AAAAAAXXAXXAXXXA")(s) {
		return false
	}
	odd := [36]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	total := 0
	for i := range 15 {
		v := base36(s[i])
		switch {
		case i%2 == 0:
			total += odd[v]
		case v >= 10:
			total += v - 10
		default:
			total += v
		}
	}
	return int(s[15]-'A') == total%26
}

// base36 returns the value of a digit or of a capital, which is 10 for A.
func base36(c byte) int {
	if c >= 'A' {
		return int(c-'A') + 10
	}
	return int(c - '0')
}

// remainder returns the number d modulo m.
func remainder(d string, m int) (r int) {
	for i := range len(d) {
		r = (r*10 + digitAt(d, i)) % m
	}
	return r
}

func isNIR(s string) bool {
	department := strings.NewReplacer("2A", "19", "2B", "18").Replace(s[5:7])
	d := s[:5] + department + s[7:]
	return IsNumber(d) && strings.IndexByte("123478", d[0]) >= 0 && remainder(d[:13], 97)+remainder(d[13:], 100) == 97
}

func isPersonnummer(d string) bool { return isLuhn(d[len(d)-10:]) && isDayOrMore(d[len(d)-10:]) }

// isDayOrMore reports whether d starts with YYMMDD, where the day may be 60
// more for coordination numbers, and the month 20 more for organizations.
func isDayOrMore(d string) bool {
	month, day := remainder(d[2:4], 100)%20, remainder(d[4:6], 100)
	return month <= 12 && day%60 <= 31
}

func isFodselsnummer(d string) bool {
	if !IsNumber(d) || same(d) {
		return false
	}
	return sum(d, "37618945210")%11 == 0 && sum(d, "54327654321")%11 == 0
}

// startsWithDate returns a check that a number starts with a date.
func startsWithDate(layout string) func(string) bool {
	month, day := strings.Index(layout, "MM"), strings.Index(layout, "DD")
	return func(d string) bool {
		return IsNumber(d) && isDate([]byte(d[month:month+2]+d[day:day+2]))
	}
}

func isHETU(s string) bool {
	d := s[:6] + s[len(s)-4:len(s)-1]
	return IsNumber(d) && s[len(s)-1] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[remainder(d, 31)]
}

func isTFN(d string) bool {
	if !IsNumber(d) || same(d) {
		return false
	}
	if len(d) == 8 {
		return (10*digitAt(d, 0)+sum(d[1:], "7846351"))%11 == 0
	}
	return (sum(d[:8], "14375869")+10*digitAt(d, 8))%11 == 0
}

func isMedicare(d string) bool {
	return IsNumber(d) && d[0] >= '2' && d[0] <= '6' && sum(d[:8], "13791379")%10 == digitAt(d, 8)
}

// isMod1110 checks by ISO 7064, MOD 11,10.
func isMod1110(d string) bool {
	if !IsNumber(d) || same(d) {
		return false
	}
	product := 10
	for i := range len(d) - 1 {
		s := (product + digitAt(d, i)) % 10
		if s == 0 {
			s = 10
		}
		product = s * 2 % 11
	}
	return (product+digitAt(d, len(d)-1))%10 == 1
}

func isEGN(d string) bool {
	if !IsNumber(d) || same(d) {
		return false
	}
	return (sum(d, "248509736")+10*digitAt(d, 4))%11%10 == digitAt(d, 9)
}

func isCNP(d string) bool {
	return IsNumber(d) && d[0] != '0' && oneOfTen(sum(d[:12], "279146358279")%11) == digitAt(d, 12)
}

// oneOfTen returns 1 for 10.
func oneOfTen(rest int) int {
	if rest == 10 {
		return 1
	}
	return rest
}

func isMyNumber(d string) bool {
	return IsNumber(d) && !same(d) && lowOrZero(sum(d[:11], "65432765432")%11) == digitAt(d, 11)
}

func isChineseID(s string) bool {
	if !IsNumber(s[:17]) || !isDate([]byte(s[10:14])) {
		return false
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	total := 0
	for i, w := range weights {
		total += digitAt(s, i) * w
	}
	return s[17] == "10X98765432"[total%11]
}

func isNHS(d string) bool {
	return IsNumber(d) && !same(d) && (descending(d[:9], 10)+digitAt(d, 9))%11 == 0
}
