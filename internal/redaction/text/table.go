package text

import "slices"

// A matcher is one row of the table: a kind of secret, and a function that
// finds it. Which of the functions is set decides where the matcher looks.
// At one place, the rows are tried in order until one is done or finds
// something.
type matcher struct {
	name string
	wake Traits // any of these in a text wakes the matcher

	text   func(sc *scan)                     // at the whole text
	sign   func(sc *scan, at int) (done bool) // at each '@'
	number func(g *groups) (end int)          // at each number
	word   func(s string, w word) span        // at each word
	after  func(sc *scan, w word) (done bool) // at the value after each word
}

// spoken are the traits of texts in which a word may be, or announce, a
// credential.
const spoken = worded | quoting | coded

// matchers is the table. The rows work in this order, and a later one does not
// look into text that an earlier one has found. Neighbors that look at the same
// places share one pass over the text.
var matchers = []matcher{
	{name: "PEM block", wake: worded | quoting, text: pemBlocks},
	{name: "pair", wake: pairing, text: pairs}, // see notations

	{name: "password in a URL", wake: at, sign: userinfo},
	{name: "e-mail address", wake: at, sign: mail},
	{name: "login", wake: at, sign: login},
	{name: "Oracle login", wake: at, sign: oracleLogin},

	{name: "sibling member", wake: pairing, text: kinds},
	{name: "list pair", wake: listed | quoting, text: listPairs},
	{name: "XML element", wake: angle, text: elements},
	{name: "XML sibling", wake: angle, text: markup},
	{name: "SQL insert", wake: quoting, text: inserts},

	{name: "payment card", wake: digits9, number: card},
	{name: "resident number", wake: digits9, number: residentNumber},
	{name: "Korean telephone", wake: digits9, number: koreanPhone},
	{name: "American telephone", wake: digits9, number: americanPhone},
	{name: "social security number", wake: digits9, number: socialSecurityNumber},
	{name: "international telephone", wake: digits9, number: internationalPhone},

	{name: "IBAN", wake: digits9 | worded, text: ibans},
	{name: "national number", wake: digits9 | worded | pairing, text: nationals},
	{name: "pgpass line", wake: pairing, text: pgpass},

	{name: "JSON Web Token", wake: spoken, word: jwt},
	{name: "vendor key", wake: spoken, word: vendorKey}, // see vendors.txt
	{name: "infix key", wake: spoken, word: infixKey},
	{name: "password hash", wake: spoken, word: passwordHash},
	{name: "prefixed random word", wake: spoken, word: prefixedRandom},
	{name: "bot token", wake: spoken, word: botToken},
	{name: "attached flag", wake: spoken, word: attachedFlag},
	{name: "login flag", wake: spoken, after: loginFlag},
	{name: "flag", wake: spoken, after: flag},
	{name: "authorization scheme", wake: spoken, after: authorizationScheme},
	{name: "announced literal", wake: spoken, after: announcedLiteral},
	{name: "SQL identified by", wake: spoken, after: identifiedBy},
	{name: "Oracle command", wake: spoken, after: oracleCommand},
	{name: "announced value", wake: spoken, after: announced},

	{name: "webhook", wake: pairing, text: webhooks},
	{name: "script", wake: wide, text: scripts},
	{name: "encoded text", wake: coded, text: encodedText}, // see encoding
}

// A pass is one walk over a text for matchers that look at the same places.
type pass struct {
	wake Traits
	run  func(sc *scan)
}

// plan groups rows into passes.
func plan(rows []matcher) []pass {
	var passes []pass
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && sharesPass(&rows[0], &rows[n]) {
			n++
		}
		passes = append(passes, newPass(slices.Clone(rows[:n])))
		rows = rows[n:]
	}
	return passes
}

func sharesPass(a, b *matcher) bool {
	switch {
	case a.sign != nil:
		return b.sign != nil
	case a.number != nil:
		return b.number != nil
	case a.word != nil || a.after != nil:
		return b.word != nil || b.after != nil
	}
	return false
}

func newPass(rows []matcher) pass {
	var p pass
	for i := range rows {
		p.wake |= rows[i].wake
	}
	switch first := &rows[0]; {
	case first.sign != nil:
		p.run = func(sc *scan) { walkSigns(sc, rows) }
	case first.number != nil:
		p.run = func(sc *scan) { walkNumbers(sc, rows) }
	case first.text != nil:
		p.run = first.text
	default:
		words := slices.DeleteFunc(slices.Clone(rows), func(m matcher) bool { return m.word == nil })
		afters := slices.DeleteFunc(rows, func(m matcher) bool { return m.after == nil })
		p.run = func(sc *scan) { walkWords(sc, words, afters) }
	}
	return p
}
