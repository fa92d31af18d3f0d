package text

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Matchers returns the names of the rows of the table.
func Matchers() []string {
	names := make([]string, len(matchers))
	for i, m := range matchers {
		names[i] = m.name
	}
	return names
}

// Notations returns the names of the notations of pairs.
func Notations() []string {
	names := make([]string, len(notations))
	for i, n := range notations {
		names[i] = n.name
	}
	return names
}

// Only returns a finder with one row of the table.
func (f *Finder) Only(matcher string) *Finder {
	return f.with(func(name string) bool { return name == matcher }, notations)
}

// Without returns a finder without one row of the table.
func (f *Finder) Without(matcher string) *Finder {
	return f.with(func(name string) bool { return name != matcher }, notations)
}

// WithoutNotation returns a finder without one notation of pairs.
func (f *Finder) WithoutNotation(without string) *Finder {
	rest := slices.DeleteFunc(slices.Clone(notations), func(n notation) bool { return n.name == without })
	return f.with(func(string) bool { return true }, rest)
}

func (f *Finder) with(keep func(name string) bool, notations []notation) *Finder {
	c := *f
	rows := slices.DeleteFunc(slices.Clone(matchers), func(m matcher) bool { return !keep(m.name) })
	c.passes, c.notations = plan(rows), notations
	return &c
}

// SharedTraits reports whether matchers that share a pass have the same traits.
func SharedTraits() bool {
	for i := 1; i < len(matchers); i++ {
		if a, b := &matchers[i-1], &matchers[i]; sharesPass(a, b) && a.wake != b.wake {
			return false
		}
	}
	return true
}

// A Sample is a key of the form that a rule describes, and the name that has
// to precede it, if any.
// Every such key begins with Prefix.
type Sample struct{ Rule, Name, Prefix, Key string }

// Samples returns a key for each rule about the keys of vendors.
func Samples() (samples []Sample) {
	rules := vendorRules()
	random := rand.New(rand.NewPCG(1, 2))
	for _, all := range append(rules.prefixed[:], rules.named) {
		for i := range all {
			s := Sample{Rule: all[i].id, Prefix: all[i].form[0].text}
			if all[i].names != nil {
				s.Name = all[i].names[0]
			}
			for s.Key == "" || !all[i].isRandom(s.Key) || s.Name != "" && !hasDigit(s.Key) {
				s.Key = all[i].sample(random)
			}
			samples = append(samples, s)
		}
	}
	return samples
}

func (r *keyRule) sample(random *rand.Rand) string {
	var b strings.Builder
	for _, p := range r.form {
		b.WriteString(p.text)
		for range p.min {
			c := byte(random.IntN(128))
			for !p.set[c] {
				c = byte(random.IntN(128))
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}

// IsUUID reports whether a text is a UUID in lower case.
func IsUUID(s string) bool { return isUUID(s) }
