package redact

import (
	"fmt"
	"reflect"
	"regexp"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/sli"
)

// A Policy adjusts the default policy, which the package documentation
// describes, to one service. The zero value is the default policy.
type Policy struct {
	// Keys are further names whose values are secret, in any spelling:
	// "employee_number" covers employeeNumber and Employee-Number.
	Keys []string

	// Plain are names, in any spelling, whose values are not secret although the
	// default policy says so. The values are still scanned as text. A name that is
	// also in Keys is secret.
	Plain []string

	// Headers and Query are further names of HTTP headers and of query
	// parameters whose values may be shown.
	Headers, Query []string

	// Types are Go types whose values are secret wherever they occur.
	Types []reflect.Type

	// Rules are further rules for free text. They see every string, so each costs
	// one regular-expression search per string logged.
	Rules []Rule
}

// A Rule replaces the matches of a regular expression in text.
type Rule struct {
	// Name identifies the rule in errors.
	Name string

	// Pattern matches the secret. If it has groups, only the text of the first is
	// replaced, otherwise the whole match. It must not match the empty text.
	Pattern *regexp.Regexp
}

// Validate reports all mistakes in the policy at once, as joined
// [*sli.FieldError] values. A nil policy is the default policy and valid.
func (p *Policy) Validate() error {
	if p == nil {
		return nil
	}
	var errs sli.FieldErrors
	for _, l := range []struct {
		field string
		names []string
	}{{"Keys", p.Keys}, {"Plain", p.Plain}, {"Headers", p.Headers}, {"Query", p.Query}} {
		for i, n := range l.names {
			if name.Fold(n) == "" {
				errs.Addf(fmt.Sprintf("%s[%d]", l.field, i), "name %q has no letter or digit", n)
			}
		}
	}
	for i, t := range p.Types {
		if t == nil {
			errs.Addf(fmt.Sprintf("Types[%d]", i), "type is nil")
		}
	}
	for i, r := range p.Rules {
		path := fmt.Sprintf("Rules[%d].Pattern", i)
		if r.Pattern == nil {
			errs.Addf(path, "pattern of rule %q is nil", r.Name)
		} else if r.Pattern.MatchString("") {
			errs.Addf(path, "pattern %q of rule %q matches the empty text", r.Pattern, r.Name)
		}
	}
	return errs.Err()
}
