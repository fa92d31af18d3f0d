package slofile

import (
	"fmt"
	"reflect"
)

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

// Comments returns the comments of a text, each with its place.
func Comments(text string) []string {
	var all []string
	for _, c := range comments(text) {
		all = append(all, fmt.Sprintf("%d:%d %s", c.at.line, c.at.column, c.text))
	}
	return all
}
