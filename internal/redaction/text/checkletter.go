package text

import "strings"

// isNRIC checks the NRIC and the FIN of Singapore.
func isNRIC(s string) bool {
	if !pattern("A9999999A")(s) {
		return false
	}
	total := sum(s[1:8], "2765432")
	switch s[0] {
	case 'S':
		return s[8] == "JZIHGFEDCBA"[total%11]
	case 'T':
		return s[8] == "JZIHGFEDCBA"[(total+4)%11]
	case 'F':
		return s[8] == "XWUTRQPNMLK"[total%11]
	case 'G':
		return s[8] == "XWUTRQPNMLK"[(total+4)%11]
	case 'M':
		return s[8] == "KLJNPQRTUWX"[10-(total+3)%11]
	}
	return false
}

// isHKID checks the identity card of Hong Kong: one or two letters, six digits
// and a check digit.
func isHKID(s string) bool {
	n := len(s)
	if !letters.all(s[:n-7]) || !IsNumber(s[n-7:n-1]) {
		return false
	}
	first := 36 // of a card with one letter
	if n == 9 {
		first = base36(s[0])
	}
	total := 9*first + 8*base36(s[n-8])
	total += descending(s[n-7:n-1], 7)
	return s[n-1] == "0A987654321"[total%11]
}

// isTaiwanID checks the identity card of Taiwan, whose letter means two digits.
func isTaiwanID(s string) bool {
	if !letters[s[0]] || !IsNumber(s[1:]) {
		return false
	}
	v := 10 + strings.IndexByte("ABCDEFGHJKLMNPQRSTUVXYWZIO", s[0])
	total := v/10 + 9*(v%10) + sum(s[1:], "876543211")
	return total%10 == 0
}

// isRUT checks the number of Chile, whose check digit may be K.
func isRUT(s string) bool {
	n := len(s) - 1
	if !IsNumber(s[:n]) {
		return false
	}
	total := 0
	for i := range n {
		total += digitAt(s, n-1-i) * (2 + i%6)
	}
	return s[n] == "0K987654321"[total%11]
}

func isCUIT(d string) bool {
	return IsNumber(d) && !same(d) && (11-sum(d[:10], "5432765432")%11)%11 == digitAt(d, 10)
}

// isRFC checks the form of the tax number of Mexico: letters and a date.
func isRFC(s string) bool {
	n := len(s) - 9
	return letters.all(s[:n]) && IsNumber(s[n:n+6]) && isDate([]byte(s[n+2:n+6]))
}

func isTCKimlik(d string) bool {
	if !IsNumber(d) || d[0] == '0' {
		return false
	}
	odd, even := 0, 0
	for i := range 9 {
		if i%2 == 0 {
			odd += digitAt(d, i)
		} else {
			even += digitAt(d, i)
		}
	}
	tenth := (7*odd - even + 70) % 10
	return tenth == digitAt(d, 9) && (odd+even+tenth)%10 == digitAt(d, 10)
}

// isBirthNumber checks the number of Czechs and Slovaks: a date of birth, with
// 50 or 20 more in the month, and a check digit in numbers of ten digits.
func isBirthNumber(d string) bool {
	if !IsNumber(d) {
		return false
	}
	month := remainder(d[2:4], 100) % 50 % 20
	return month >= 1 && month <= 12 && (len(d) == 9 || remainder(d, 11) == 0 || remainder(d[:9], 11) == 10)
}

func isAHV(d string) bool {
	return IsNumber(d) && strings.HasPrefix(d, "756") && sum(d, "1313131313131")%10 == 0
}

// isBaltic checks the personal codes of Estonia and Lithuania.
func isBaltic(d string) bool {
	if !IsNumber(d) || same(d) {
		return false
	}
	rest := sum(d[:10], "1234567891") % 11
	if rest == 10 {
		rest = sum(d[:10], "3456789123") % 11 % 10
	}
	return rest == digitAt(d, 10)
}

func isJMBG(d string) bool {
	return IsNumber(d) && !same(d) && lowOrZero(sum(d[:12], "765432765432")%11) == digitAt(d, 12)
}

// isPPS checks the number of Ireland: seven digits and one or two letters.
func isPPS(s string) bool {
	if !IsNumber(s[:7]) || !letters.all(s[7:]) {
		return false
	}
	total := descending(s[:7], 8)
	if len(s) == 9 {
		total += 9 * int(s[8]-'A'+1) % 23
	}
	return s[7] == "WABCDEFGHIJKLMNOPQRSTUV"[total%23]
}

func isThaiID(d string) bool {
	return IsNumber(d) && !same(d) && (11-descending(d[:12], 13)%11)%10 == digitAt(d, 12)
}

// isDocument reports whether s may be the number of a passport or of a license:
// most of it are digits.
func isDocument(s string) bool {
	n := 0
	for i := range len(s) {
		if digits[s[i]] {
			n++
		}
	}
	return n >= 5
}
