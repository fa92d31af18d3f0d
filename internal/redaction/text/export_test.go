package text

import "slices"

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
