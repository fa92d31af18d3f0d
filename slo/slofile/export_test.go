package slofile

import "reflect"

// Document is the type of a file, and Fields the keys of a type in it.
var (
	Document = reflect.TypeFor[document]()
	IsScalar = isScalar
)

// Field is a key of a mapping.
type Field struct {
	Key       string
	Go        reflect.StructField
	Reference bool
}

// Fields returns the keys of a mapping.
func Fields(t reflect.Type) []Field {
	var all []Field
	for _, f := range fieldsOf(t) {
		all = append(all, Field{f.key, t.Field(f.index), f.reference})
	}
	return all
}

// MatcherSyntax is the syntax of matchers.
var MatcherSyntax = matcherSyntax.String()
