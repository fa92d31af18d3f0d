package promtext

import (
	"regexp/syntax"
	"slices"
)

// OnlyEmpty reports whether a regular expression matches no text, or only the
// empty one. For Prometheus, a label with an empty value is a missing label. An
// invalid expression matches nothing.
func OnlyEmpty(pattern string) bool {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	return err != nil || !hasText(tree)
}

func hasText(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	}
	return slices.ContainsFunc(re.Sub, hasText)
}
