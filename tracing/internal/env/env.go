// Package env reads OpenTelemetry's environment variables and collects the
// mistakes in them. The SDK ignores some mistakes, logs some, and panics at
// others.
package env

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Reader reads variables and collects the mistakes in them. An empty variable
// counts as not set, as OpenTelemetry's specification requires.
type Reader struct {
	lookup func(string) (string, bool)
	errs   sli.FieldErrors
}

// NewReader returns a reader of the variables that lookup finds, for example
// [os.LookupEnv]. A nil lookup finds nothing.
func NewReader(lookup func(string) (string, bool)) *Reader {
	if lookup == nil {
		lookup = func(string) (string, bool) { return "", false }
	}
	return &Reader{lookup: lookup}
}

// Err returns the mistakes found so far, as [sli.FieldError] values whose
// path is the name of the variable.
func (r *Reader) Err() error { return r.errs.Err() }

// Reject adds a mistake in a variable.
func (r *Reader) Reject(name, format string, args ...any) { r.errs.Addf(name, format, args...) }

// String returns a variable without the space around it, and whether it is set.
func (r *Reader) String(name string) (string, bool) {
	value, _ := r.lookup(name)
	value = strings.TrimSpace(value)
	return value, value != ""
}

// First returns the name and the value of the first variable that is set.
func (r *Reader) First(names ...string) (name, value string, ok bool) {
	for _, name := range names {
		if value, ok := r.String(name); ok {
			return name, value, true
		}
	}
	return "", "", false
}

// Words returns the elements of [Reader.List] in lower case. OpenTelemetry's
// specification allows words in any case.
func (r *Reader) Words(name string) []string {
	all := r.List(name)
	for i, word := range all {
		all[i] = strings.ToLower(word)
	}
	return all
}

// Parse passes the variables that are set to f, in order, until f accepts a
// value, and returns the name of that variable. It adds the error of f as a
// mistake. As OpenTelemetry's specification requires, an invalid variable
// counts as not set.
func (r *Reader) Parse(names []string, f func(value string) error) (name string, ok bool) {
	for _, name := range names {
		value, set := r.String(name)
		if !set {
			continue
		}
		err := f(value)
		if err == nil {
			return name, true
		}
		r.Reject(name, "%w", err)
	}
	return "", false
}

// Bool sets p to the first variable that is "true" or "false" in any case. It
// returns the name of that variable.
func (r *Reader) Bool(p *bool, names ...string) (name string, ok bool) {
	return r.Parse(names, func(value string) error {
		switch {
		case strings.EqualFold(value, "true"):
			*p = true
		case strings.EqualFold(value, "false"):
			*p = false
		default:
			return fmt.Errorf("invalid value %q: want true or false", value)
		}
		return nil
	})
}

// Int sets p to the first variable that is an integer from low to high, and
// returns the name of that variable.
func (r *Reader) Int(p *int, low, high int, names ...string) (name string, ok bool) {
	return r.Parse(names, func(value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < low || n > high {
			return fmt.Errorf("invalid number %q: want an integer from %d to %d", value, low, high)
		}
		*p = n
		return nil
	})
}

// NoLimit is the duration that [Reader.Timeout] sets for zero. It is the
// longest that OpenTelemetry's specification requires, about 25 days.
const NoLimit = math.MaxInt32 * time.Millisecond

// Delay sets p to the first variable that is an integer of milliseconds. Zero
// means a millisecond, the shortest delay.
func (r *Reader) Delay(p *time.Duration, names ...string) { r.millis(p, time.Millisecond, names) }

// Timeout sets p to the first variable that is an integer of milliseconds.
// Zero means [NoLimit], as in OpenTelemetry's specification.
func (r *Reader) Timeout(p *time.Duration, names ...string) { r.millis(p, NoLimit, names) }

func (r *Reader) millis(p *time.Duration, zero time.Duration, names []string) {
	r.Parse(names, func(value string) error {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 0 || n > math.MaxInt32 {
			return fmt.Errorf("invalid duration %q: want milliseconds as an integer from 0 to %d", value, math.MaxInt32)
		}
		*p = cmp.Or(time.Duration(n)*time.Millisecond, zero)
		return nil
	})
}

// List returns the elements of a variable that are separated by commas, without
// the space around them. It omits empty elements.
func (r *Reader) List(name string) []string {
	value, _ := r.String(name)
	var all []string
	for element := range strings.SplitSeq(value, ",") {
		if element = strings.TrimSpace(element); element != "" {
			all = append(all, element)
		}
	}
	return all
}

// Pair is an element of [Reader.Pairs].
type Pair struct {
	// Key is the text before the first "=".
	Key string
	// Value is the decoded text after it.
	Value string
}

// Pairs returns the valid pairs of the first variable that has any, and the
// name of that variable. Its form is "key=value,key2=value2" with
// percent-encoded values.
func (r *Reader) Pairs(names ...string) (name string, valid []Pair) {
	for _, name := range names {
		if valid := r.pairs(name); valid != nil {
			return name, valid
		}
	}
	return "", nil
}

func (r *Reader) pairs(name string) []Pair {
	var valid []Pair
	for i, element := range r.List(name) {
		key, value, found := strings.Cut(element, "=")
		key = strings.TrimSpace(key)
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		switch {
		case !found || key == "":
			// The element is not quoted because it may contain a credential.
			r.Reject(name, "element %d is not of the form key=value", i+1)
		case err != nil:
			r.Reject(name, "the value of %q is not percent-encoded", key)
		default:
			valid = append(valid, Pair{key, decoded})
		}
	}
	return valid
}
