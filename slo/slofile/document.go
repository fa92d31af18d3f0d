package slofile

import (
	"reflect"
	"strings"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// document is a file with all its environments. The fields of document and of
// all types in it are the keys of the file.
type document struct {
	Version      string
	Service      string
	Matchers     []string
	Indicators   []sli.Indicator
	Objectives   []slo.Objective
	Policy       budget.Policy
	Exclusions   []ledger.Entry
	Environments map[string]environment
}

// environment is the difference of an environment from the rest of the file.
type environment struct {
	Matchers   []string
	Objectives map[string]override
	Exclusions []ledger.Entry
}

// override replaces the fields of an objective that are set.
type override struct {
	Target slo.Target
	Window slo.Window
}

// field is a key of a mapping and the field of the struct that it sets.
type field struct {
	key   string
	index int
	// reference says that the file has the name of an indicator, not the
	// indicator.
	reference bool
	// zero says that the zero value has a meaning of its own, which is not the
	// default.
	zero bool
}

// absent are the fields that no file has: text cannot hold a function, and an
// exclusion is never partial.
var absent = map[reflect.Type]string{
	reflect.TypeFor[sli.Condition](): "Func",
	reflect.TypeFor[ledger.Entry]():  "Degree",
}

// zeros are the fields whose zero value is not a default: the first step of a
// policy begins at 0%.
var zeros = map[reflect.Type]string{reflect.TypeFor[budget.Step](): "From"}

// fieldsOf returns the fields of a struct in the order of the struct, which is
// the order in which a file is written.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		name := t.Field(i).Name
		if name == absent[t] {
			continue
		}
		isIndicator := t.Field(i).Type == reflect.TypeFor[sli.Indicator]()
		fields = append(fields, field{key: snake(name), index: i, reference: isIndicator, zero: name == zeros[t]})
	}
	return fields
}

// snake returns a Go name in lower case with underscores, as in the JSON form:
// "depends_on" for DependsOn.
func snake(name string) string {
	var text strings.Builder
	for i, r := range name {
		if 'A' <= r && r <= 'Z' {
			if i > 0 {
				text.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		text.WriteRune(r)
	}
	return text.String()
}
