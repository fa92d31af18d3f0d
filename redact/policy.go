package redact

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
)

// Replacement is what stands where a secret stood.
const Replacement = "REDACTED"

const (
	maxDepth = 32        // levels of nesting that are followed
	maxNodes = 10_000    // values that are visited for one attribute
	maxText  = 64 << 10  // bytes of one text that are scanned
	overlap  = 512       // scanned beyond what is shown, so that a cut cannot halve a secret
	maxName  = 256       // bytes of a name that are shown
	cutNote  = "[cut]"   // stands for what a bound kept from being scanned
	cycle    = "[cycle]" // stands for a value that contains itself
)

// A Policy says what else is secret, and what is not, in one service. The zero
// value is the default policy; see the package documentation for it.
type Policy struct {
	// Keys are further names whose values are secret, in any spelling:
	// "employee_number" covers employeeNumber and Employee-Number.
	Keys []string

	// Plain are names whose values are not secret although the default says so,
	// in any spelling. Free-text rules still apply to the value.
	Plain []string

	// Headers and Query are further names of HTTP headers and of query
	// parameters whose values may be shown.
	Headers, Query []string

	// Types are Go types whose values are secret wherever they occur.
	Types []reflect.Type

	// Rules are further free-text rules. They see every string, so each costs
	// one regular-expression search per string logged.
	Rules []Rule
}

// A Rule replaces matches of a regular expression in text.
type Rule struct {
	// Name identifies the rule in errors.
	Name string

	// Pattern is what to look for. When it has groups only the text of the first
	// is replaced, otherwise the whole match.
	Pattern *regexp.Regexp
}

// Validate reports every mistake of the policy, each with the field and the
// value.
func (p *Policy) Validate() error {
	if p == nil {
		return nil
	}
	var errs []error
	lists := []struct {
		field string
		names []string
	}{{"Keys", p.Keys}, {"Plain", p.Plain}, {"Headers", p.Headers}, {"Query", p.Query}}
	for _, l := range lists {
		for i, n := range l.names {
			if squash(n) == "" {
				errs = append(errs, fmt.Errorf("redact: %s[%d]: %q has no letter or digit", l.field, i, n))
			}
		}
	}
	for i, t := range p.Types {
		if t == nil {
			errs = append(errs, fmt.Errorf("redact: Types[%d]: nil", i))
		}
	}
	for i, r := range p.Rules {
		if r.Pattern == nil {
			errs = append(errs, fmt.Errorf("redact: Rules[%d] %q: Pattern is nil", i, r.Name))
		} else if r.Pattern.MatchString("") {
			errs = append(errs, fmt.Errorf("redact: Rules[%d] %q: Pattern %q matches the empty text", i, r.Name, r.Pattern))
		}
	}
	return errors.Join(errs...)
}

// A Redactor applies one policy. Use [New]; the zero value is not valid.
type Redactor struct {
	names   nameCache
	keys    map[string]bool // squashed; true = secret, false = plain
	headers map[string]bool // lower case
	query   map[string]bool // squashed
	types   map[reflect.Type]bool
	rules   []Rule
	fields  sync.Map // reflect.Type to []field
}

// New returns the redactor of a policy; nil is the default policy.
func New(p *Policy) (*Redactor, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if p == nil {
		p = &Policy{}
	}
	r := &Redactor{
		keys:    make(map[string]bool),
		headers: set(plainHeaders, strings.ToLower),
		query:   set(plainParameters, squash),
		types:   make(map[reflect.Type]bool),
		rules:   append([]Rule(nil), p.Rules...),
	}
	for _, n := range p.Plain {
		r.keys[squash(n)] = false
	}
	for _, n := range p.Keys { // a name on both lists is secret
		r.keys[squash(n)] = true
	}
	for _, n := range p.Headers {
		r.headers[strings.ToLower(n)] = true
	}
	for _, n := range p.Query {
		r.query[squash(n)] = true
	}
	for _, t := range p.Types {
		r.types[t] = true
	}
	return r, nil
}

// Default returns a redactor with the default policy.
func Default() *Redactor {
	r, err := New(nil)
	if err != nil {
		panic(err) // the default policy is valid
	}
	return r
}

func set(words string, fold func(string) string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[fold(w)] = true
	}
	return m
}
