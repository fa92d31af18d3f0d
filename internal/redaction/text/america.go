package text

// Numbers of North America.

// socialSecurityNumber matches 219-09-4821, by its dashes.
func socialSecurityNumber(g *groups) int {
	if !g.standsAlone() || !g.dashed || g.count != 3 || !g.bound(3) {
		return 0
	}
	if !g.has(0, 3, 2, 4) || g.all[0] == '9' || !isSSN(string(g.upTo(3))) {
		return 0
	}
	return g.end[2]
}

// americanPhone matches (415) 555-2671, 415-555-2671 and 1.415.555.2671: an
// area code, an exchange and a line. Groups with blanks between them only are
// more often counts.
func americanPhone(g *groups) int {
	first := 0
	if g.count == 4 && g.size[0] == 1 && g.all[0] == '1' {
		first = 1
	}
	if !g.standsAlone() || g.odd || !g.signed {
		return 0
	}
	if g.count != first+3 || !g.bound(g.count) || !g.has(first, 3, 3, 4) {
		return 0
	}
	d := g.all[first:]
	if d[0] < '2' || d[1] == '9' || d[3] < '2' {
		return 0
	}
	return g.end[g.count-1]
}
