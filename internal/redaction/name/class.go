package name

import "strings"

// A class says under which conditions a word makes a name secret.
type class uint8

const (
	harmless class = iota
	always         // password
	plural         // tokens: numbers count them
	listing        // pins: a single number counts them
	last           // signature, pin: only as the last word
	owned          // pass, mobile: only alone or after the word for its owner
	contact        // email: as the last word, but not after words such as "via"
	scalar         // session: not if the value has members
)

// judgeWords looks for a word that makes the name secret.
func judgeWords(words []string) Verdict {
	words = withoutVersion(words)
	if v := judgeCompounds(words); v != VerdictPlain {
		return v
	}
	for i, w := range words {
		if v := classOf(w).inContext(words, i, i+1); v != VerdictPlain {
			return v
		}
	}
	return judgePairs(words)
}

// withoutVersion leaves out trailing numbers: password2, apiKeyV2.
func withoutVersion(words []string) []string {
	for n := len(words); n > 1; n-- {
		if w := words[n-1]; !isNumber(w) && w != "v" {
			return words[:n]
		}
	}
	return words[:min(1, len(words))]
}

// judgeCompounds looks for listed words that the name writes as two or three:
// api-key, pass_word, resident registration number.
func judgeCompounds(words []string) Verdict {
	var room [64]byte
	for n := min(3, len(words)); n > 1; n-- {
		for i := 0; i+n <= len(words); i++ {
			joined := room[:0]
			for _, w := range words[i : i+n] {
				joined = append(joined, w...)
			}
			if v := listed(string(joined)).inContext(words, i, i+n); v != VerdictPlain {
				return v
			}
		}
	}
	return VerdictPlain
}

// inContext returns the verdict of a class for words[i:j], given the words
// before and after.
func (c class) inContext(words []string, i, j int) Verdict {
	if c == harmless || j < len(words) && !c.survives(words[len(words)-1]) {
		return VerdictPlain
	}
	var before string
	if i > 0 {
		before = words[i-1]
	}
	switch {
	case c == contact && noOwners[before], c == owned && i > 0 && !owners[before]:
		return VerdictPlain
	case c.counts() && i > 0 && countHeads[words[0]]:
		return VerdictMeasured
	case c == plural:
		return VerdictCounted
	case c == listing:
		return VerdictListed
	case c == scalar:
		return VerdictScalar
	}
	return VerdictSecret
}

// survives reports whether a name with a word of this class stays secret if
// tail is the last word: password_hash does, password_length does not.
func (c class) survives(tail string) bool {
	switch {
	case metaTails[tail], c == owned, c == contact:
		return false
	case c == last, c == scalar:
		return carriers[tail]
	}
	return true
}

// listed returns the class of a word on the list, which may be in the plural
// and end in a number.
func listed(w string) class {
	if t := strings.TrimRight(w, "0123456789"); t != "" && secretWords[w] == harmless {
		w = t
	}
	if c := secretWords[w]; c != harmless || len(w) < 5 {
		return c
	}
	return secretWords[strings.TrimSuffix(w, "s")]
}

// classOf returns the class of one lower-case word, which may be several words
// run together.
func classOf(w string) class {
	if c := listed(w); c != harmless {
		return c
	}
	w = strings.TrimRight(w, "0123456789")
	for _, s := range secretSuffixes { // userpassword
		if len(w) > len(s)+1 && strings.HasSuffix(w, s) {
			return always
		}
	}
	for _, s := range lastSuffixes { // bindpw
		if len(w) > len(s)+1 && strings.HasSuffix(w, s) && !notPasswords[w] {
			return last
		}
	}
	for _, p := range secretPrefixes { // passwordhash, but not passwordlength
		if rest, ok := strings.CutPrefix(w, p); ok && rest != "" && !isMetaTail(rest) {
			return always
		}
	}
	return harmless
}

func isMetaTail(w string) bool { return metaTails[w] || metaTails[strings.TrimSuffix(w, "s")] }

// judgePairs judges two words that make a name secret only after certain
// others: "key" after the word for its lock (api key, but not sort key) and
// "number" after the word for its owner (card number, but not order number).
func judgePairs(words []string) Verdict {
	for i := 1; i < len(words); i++ {
		before, w := words[i-1], words[i]
		switch {
		case isNumberWord(w) && numberOwners[before]:
			return always.inContext(words, i-1, i+1)
		case isKeyWord(w) && keyOwners[before]:
			if i+1 < len(words) && !carriers[words[len(words)-1]] {
				return VerdictPlain
			}
			return VerdictSecret
		}
	}
	return VerdictPlain
}

func isKeyWord(w string) bool { return w == "key" || w == "keys" }

func isNumberWord(w string) bool {
	switch w {
	case "no", "num", "nr", "number":
		return true
	}
	return false
}

func isNumber(w string) bool { return strings.Trim(w, "0123456789") == "" }

// counts reports whether a number under a word of this class may count, if the
// head of the name says so: max_tokens, total_passwords.
func (c class) counts() bool { return c == plural || c == listing || c == always }
