package text

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
)

// The formats of vendors' keys, as data: the rules that gitleaks maintains, and
// a list of ours.

//go:generate go run gen.go

var (
	//go:embed vendors.txt
	vendors string

	//go:embed gitleaks.txt
	gitleaks string
)

// A keyRule is a line of the data: the form of a vendor's key.
type keyRule struct {
	id      string
	entropy float64  // bits per byte that the key has at least
	names   []string // folded; one of them precedes the key, if there are any
	digit   bool     // the key has a digit, too
	second  byte     // of the fixed text that the form begins with, or 0
	form    []part
	min     int // least number of bytes
}

// A part is a fixed text, or a run of bytes of a set.
type part struct {
	text     string
	set      *charset
	min, max int
}

// keyRules are the rules by the first byte of their keys, and the rules for
// keys that only a name before them tells.
type keyRules struct {
	prefixed [256][]keyRule
	named    []keyRule
}

// vendorRules parses the data when a text needs it for the first time.
var vendorRules = sync.OnceValue(func() *keyRules {
	var rules keyRules
	sets := make(map[string]*charset)
	for line := range strings.Lines(vendors + gitleaks) {
		if line[0] == '#' {
			continue
		}
		r := parseRule(strings.TrimSuffix(line, "\n"), sets)
		if r.names != nil {
			rules.named = append(rules.named, r)
		} else {
			start := r.form[0].text
			first := start[0]
			if len(start) > 1 {
				r.second = start[1]
			}
			rules.prefixed[first] = append(rules.prefixed[first], r)
		}
	}
	return &rules
})

var separatorless = strings.NewReplacer("_", "", "-", "")

// parseDecimal parses a number without sign and exponent. Any other text is 0.
// Package strconv parses floats in twenty kilobytes.
func parseDecimal(s string) float64 {
	whole, fraction, _ := strings.Cut(s, ".")
	n, _ := strconv.Atoi(whole + fraction)
	return float64(n) / math.Pow10(len(fraction))
}

// parseRule parses a line: rule, entropy, names, form.
func parseRule(line string, sets map[string]*charset) keyRule {
	id, rest, _ := strings.Cut(line, " ")
	entropy, rest, _ := strings.Cut(rest, " ")
	names, form, _ := strings.Cut(rest, " ")
	r := keyRule{id: id, digit: entropy == "digit"}
	r.entropy = parseDecimal(entropy)
	if names != "-" {
		r.names = strings.Split(separatorless.Replace(names), ",")
	}
	r.form = make([]part, 0, 2*strings.Count(form, "[")+1)
	for form != "" {
		var p part
		p, form = parsePart(form, sets)
		r.form = append(r.form, p)
		r.min += p.min + len(p.text)
	}
	return r
}

// parsePart parses the part at the start of a form: a fixed text, [set]{n},
// [set]{min,max} or [set]{min,}.
func parsePart(form string, sets map[string]*charset) (p part, rest string) {
	spec, ok := strings.CutPrefix(form, "[")
	if !ok {
		end := strings.IndexByte(form, '[')
		if end < 0 {
			end = len(form)
		}
		return part{text: form[:end]}, form[end:]
	}
	spec, rest, _ = strings.Cut(spec, "]{")
	if sets[spec] == nil {
		sets[spec] = chars(spec)
	}
	p.set = sets[spec]
	bounds, rest, _ := strings.Cut(rest, "}")
	low, high, ranged := strings.Cut(bounds, ",")
	p.min, _ = strconv.Atoi(low)
	switch p.max, _ = strconv.Atoi(high); {
	case !ranged:
		p.max = p.min
	case high == "":
		p.max = maxKey
	}
	return p, rest
}

// maxKey is the number of bytes that a key has at most.
const maxKey = 1024

// match returns the end of the key at i, or 0. It reads a bounded number of
// bytes.
func (r *keyRule) match(s string, i int) int {
	if len(s)-i < r.min {
		return 0
	}
	for k := range r.form {
		p := &r.form[k]
		if p.set == nil {
			if !strings.HasPrefix(s[i:], p.text) {
				return 0
			}
			i += len(p.text)
			continue
		}
		next := ""
		if k+1 < len(r.form) {
			next = r.form[k+1].text
		}
		n := p.run(s[i:], next)
		if n < p.min {
			return 0
		}
		i += n
	}
	return i
}

// run returns the length of the part at the start of s, before the fixed text
// that follows it.
func (p *part) run(s, next string) int {
	s = s[:min(len(s), p.max+len(next))]
	n := min(p.set.skip(s, 0), p.max)
	if next == "" || p.min == p.max {
		return n
	}
	// The set may have the bytes of the text, too.
	if k := strings.Index(s[min(p.min, len(s)):], next); k >= 0 && p.min+k <= n {
		return p.min + k
	}
	return n
}

// vendorKey matches a key with a prefix that a rule describes, by the rule that
// covers most. The key may extend beyond the word.
func vendorKey(s string, w word) span {
	longest := 0
	rules := vendorRules().prefixed[s[w.start]]
	var second byte
	if w.start+1 < len(s) {
		second = s[w.start+1]
	}
	for k := range rules {
		if rules[k].second != 0 && rules[k].second != second {
			continue // most rules end here
		}
		longest = max(longest, rules[k].find(s, w.start))
	}
	if longest == 0 {
		return span{}
	}
	return span{w.start, longest}
}

// find returns the end of the key with a prefix at i, or 0.
func (r *keyRule) find(s string, i int) int {
	end := r.match(s, i)
	if end == 0 || !r.isRandom(s[i:end]) {
		return 0
	}
	if end < len(s) && wordBytes[s[end]] && len(r.form[0].text) < minPrefix {
		return 0
	}
	if last := r.form[len(r.form)-1]; last.max == maxKey {
		end = last.set.skip(s, end)
	}
	return wordBytes.skip(s, end)
}

// isRandom reports whether a text of the form is as random as a key is.
func (r *keyRule) isRandom(key string) bool {
	return (!r.digit || hasDigit(key[len(r.form[0].text):])) && (r.entropy == 0 || entropy(key) >= r.entropy)
}

// minPrefix is the number of bytes of a prefix from which a word that is longer
// than the key counts as one, too.
const minPrefix = 4

const (
	minNamed     = 15 // bytes of the shortest key without a prefix
	maxNamed     = 160
	minEntropy   = 2.5
	maxKeyNaming = 72 // bytes before a key that are searched for its vendor
)

var namedBytes = chars("0-9A-Za-z_+/=.%:-")

// namedKey returns the end of the value of a pair if the value has the form of
// a vendor's key and the text before it has the vendor's name, else 0. Such
// keys have no form of their own: 32 letters and digits.
func (p pair) namedKey() int {
	s, i := p.s, p.value
	if isQuote(s[i]) {
		i++
	}
	end := namedBytes.skip(s[:min(len(s), i+maxNamed)], i)
	if end-i < minNamed || !hasDigit(s[i:end]) || p.namesFact() {
		return 0
	}
	before := ""
	for k := range vendorRules().named {
		r := &vendorRules().named[k]
		if r.min > end-i || r.match(s, i) != end {
			continue
		}
		if before == "" {
			before = foldWords(s[max(0, p.sign-maxKeyNaming):p.sign])
		}
		if r.isNamed(before) && entropy(s[i:end]) >= max(r.entropy, minEntropy) {
			return end
		}
	}
	return 0
}

func (r *keyRule) isNamed(before string) bool {
	for _, name := range r.names {
		if strings.Contains(before, name) {
			return true
		}
	}
	return false
}

var facts = strings.Fields(`id ids sha sha1 sha256 md5 hash commit digest version name url uri path trace span etag
	checksum user ref branch tag host build revision object key_id`)

// namesFact reports whether the pair has the name of an identifier or of
// another fact about a vendor's object: jira_commit, fastly_request_id.
func (p pair) namesFact() bool {
	name := strings.ToLower(p.name())
	for _, w := range facts {
		if head, ok := strings.CutSuffix(name, w); ok && (head == "" || !letters[head[len(head)-1]]) {
			return true
		}
	}
	return strings.HasSuffix(p.name(), "Id") || strings.HasSuffix(p.name(), "ID")
}

// foldWords returns the letters and digits of the line that ends s, in lower
// case.
func foldWords(s string) string {
	s = s[strings.LastIndexByte(s, '\n')+1:]
	b := make([]byte, 0, maxKeyNaming)
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c|0x20)
		case alnum[c]:
			b = append(b, c)
		}
	}
	return string(b)
}

// entropy returns the entropy of the bytes of s, in bits per byte.
func entropy(s string) float64 {
	if s == "" {
		return 0
	}
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	sum := 0.0
	for _, n := range count {
		if n > 1 {
			sum += float64(n) * math.Log2(float64(n))
		}
	}
	return math.Log2(float64(len(s))) - sum/float64(len(s))
}
