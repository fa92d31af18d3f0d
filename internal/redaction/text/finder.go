package text

import (
	"strings"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

const (
	// Replacement is written in place of a secret.
	Replacement = "REDACTED"

	// Cut marks a place where a bound kept content from being read.
	Cut = "[cut]"

	// MaxText is the number of bytes of a text that are scanned.
	MaxText = 64 << 10

	// overlap is the number of bytes scanned beyond the shown ones, so that a cut
	// cannot halve a secret.
	overlap = 512
)

// A Finder finds and replaces secrets in texts. It is safe for concurrent use.
type Finder struct {
	judge     *name.Judge
	patterns  []Pattern
	document  func(s string, level int) (redacted string, ok bool)
	passes    []pass
	notations []notation
}

// A Pattern matches secrets, as a *regexp.Regexp does. The finder does not name
// that type, so a program without patterns has no package regexp.
type Pattern interface {
	// FindAllStringSubmatchIndex returns the matches and their groups.
	FindAllStringSubmatchIndex(s string, n int) [][]int
}

// Config has the dependencies of a Finder.
type Config struct {
	// Judge judges the names in texts. It is required.
	Judge *name.Judge

	// Patterns match further secrets. If a pattern has groups, the text of the
	// first is the secret, otherwise the whole match.
	Patterns []Pattern

	// Document redacts a text that is a JSON object or array; ok is false for any
	// other text. Level is the number of texts that s was found in. Nil means
	// that documents are scanned as text.
	Document func(s string, level int) (redacted string, ok bool)
}

// NewFinder returns a finder with all matchers.
func NewFinder(c Config) *Finder {
	return &Finder{judge: c.Judge, patterns: c.Patterns, document: c.Document, passes: plan(matchers), notations: notations}
}

// Clears reports whether a text with these traits holds nothing to redact or to
// cut, so that no matcher has to look at it.
func (f *Finder) Clears(s string, t Traits) bool {
	return t&suspicious == 0 && len(f.patterns) == 0 && len(s) <= MaxText
}

// Redact returns s with its secrets replaced. A JSON document is treated as the
// values it holds. A text beyond MaxText is cut.
func (f *Finder) Redact(s string) string {
	t := Inspect(s)
	if f.Clears(s, t) {
		return s
	}
	return f.RedactNested(s, t, 0)
}

// RedactNested is Redact without the gate, for a text with traits t that was
// found in level other texts.
func (f *Finder) RedactNested(s string, t Traits, level int) string {
	shown := len(s)
	if len(s) > MaxText {
		s = s[:MaxText]
		shown = runeStart(s, MaxText-overlap)
		t = Inspect(s)
	} else if f.document != nil {
		if out, ok := f.document(s, level); ok {
			return out
		}
	}
	sc := newScan(f, s, 0)
	defer sc.release()
	sc.run(t)
	if len(sc.spans) == 0 && shown == len(s) {
		return s
	}
	return assemble(s, sc.merged(), shown)
}

// runeStart returns the last index up to i at which a character starts.
func runeStart(s string, i int) int {
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// assemble returns s up to shown with the spans replaced.
func assemble(s string, spans []span, shown int) string {
	var b strings.Builder
	b.Grow(shown + len(Cut))
	i := 0
	for _, sp := range spans {
		if sp.start >= shown {
			break
		}
		b.WriteString(s[i:sp.start])
		b.WriteString(Replacement)
		i = sp.end
	}
	if i < shown {
		b.WriteString(s[i:shown])
	}
	if shown < len(s) {
		b.WriteString(Cut)
	}
	return b.String()
}

// maxID is the number of bytes of an identifier that are shown.
const maxID = 128

// IsID reports whether s is an identifier that is shown as it is: it has the
// characters of identifiers, at most 128 bytes, and is not a credential of
// a known form. Identifiers are random or sequential, so the matchers of
// numbers do not apply: an ID of 16 digits is not mistaken for a card.
func (f *Finder) IsID(s string) bool {
	if len(s) > maxID || len(f.patterns) > 0 {
		return false
	}
	if isUUID(s) {
		return true
	}
	var all Traits
	for i := range len(s) {
		all |= traitsOf[s[i]]
	}
	if all&^(wordly|pathlike) != 0 {
		return false
	}
	if len(s) < longCredential {
		return true
	}
	if strings.HasPrefix(s, jwtStart) && jwt(s, word{end: wordBytes.skip(s, 0)}).end > 0 {
		return false
	}
	return vendorKey(s, word{}).end == 0
}

// RedactID redacts an identifier that IsID does not pass, and cuts it to 128
// bytes.
func (f *Finder) RedactID(s string) string {
	s = f.Redact(s)
	if len(s) > maxID {
		s = s[:runeStart(s, maxID)] + Cut
	}
	return s
}
