package text

import "strings"

// koreanPhone matches mobile numbers in any notation, and other numbers with
// separators.
func koreanPhone(g *groups) int {
	if !g.standsAlone() || g.odd {
		return 0
	}
	for n := 1; n <= min(g.count, len(koreanForms)); n++ {
		if !g.bound(n) || n < g.count && g.size[n] > 2 {
			continue
		}
		if koreanForms[n-1](g, len(g.upTo(n))) {
			return g.end[n-1]
		}
	}
	return 0
}

// koreanForms are the forms of telephone numbers in one group, in two, three
// and four. Total is the number of digits.
var koreanForms = [...]func(g *groups, total int) bool{
	func(g *groups, total int) bool { // 01098765432
		return isMobile(g.all[:]) && g.all[2] == '0' && total == 11
	},
	func(g *groups, total int) bool { // 010-98765432
		return isMobile(g.all[:]) && g.size[0] == 3 && (total == 10 || total == 11)
	},
	func(g *groups, _ int) bool { // 02-345-6789
		return hasAreaCode(g) && (g.size[1] == 3 || g.size[1] == 4) && g.size[2] == 4
	},
	func(g *groups, total int) bool { // 82-10-9876-5432
		return isKorea(string(g.all[:g.size[0]])) && total >= 11 && g.size[1] <= 2 && g.size[3] == 4
	},
}

func isKorea(countryCode string) bool { return countryCode == "82" || countryCode == "0082" }

func isMobile(d []byte) bool {
	return d[0] == '0' && d[1] == '1' && strings.IndexByte("016789", d[2]) >= 0
}

// hasAreaCode reports whether the first group is an area code (02, 03x to
// 06x), a service (050, 070, 080) or the code of a mobile network.
func hasAreaCode(g *groups) bool {
	if g.all[0] != '0' || g.size[0] < 2 || g.size[0] > 4 {
		return false
	}
	return isMobile(g.all[:]) || g.all[1] >= '2' && g.all[1] <= '8'
}

// internationalPhone matches E.164 numbers: a plus and 9 to 15 digits.
func internationalPhone(g *groups) int {
	if !g.plus || g.joined || g.odd {
		return 0
	}
	if g.total > 15 || g.all[0] == '0' || !g.bound(g.count) {
		return 0
	}
	return g.end[g.count-1]
}
