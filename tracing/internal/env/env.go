// Package env reads OpenTelemetry's environment variables and collects what is wrong with them, where
// the SDK ignores, logs or panics.
package env

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Reader reads variables and collects the mistakes in them. A variable that is empty counts as not
// set, as OpenTelemetry's specification says.
type Reader struct {
	lookup func(string) (string, bool)
	errs   sli.FieldErrors
}

// NewReader returns a reader of the variables that lookup finds, as [os.LookupEnv] does. A nil lookup
// finds nothing.
func NewReader(lookup func(string) (string, bool)) *Reader {
	if lookup == nil {
		lookup = func(string) (string, bool) { return "", false }
	}
	return &Reader{lookup: lookup}
}

// Err returns the mistakes found so far, each with the name of its variable as the path.
func (r *Reader) Err() error { return r.errs.Err() }

// Reject adds a mistake in a variable.
func (r *Reader) Reject(name, format string, args ...any) { r.errs.Addf(name, format, args...) }

// String returns a variable without the space around it.
func (r *Reader) String(name string) (string, bool) {
	value, _ := r.lookup(name)
	value = strings.TrimSpace(value)
	return value, value != ""
}

// First returns the name and the value of the first of several variables that is set.
func (r *Reader) First(names ...string) (name, value string, ok bool) {
	for _, name := range names {
		if value, ok := r.String(name); ok {
			return name, value, true
		}
	}
	return "", "", false
}

// Word returns a variable in lower case: OpenTelemetry's specification has words in any case.
func (r *Reader) Word(name string) (string, bool) {
	value, ok := r.String(name)
	return strings.ToLower(value), ok
}

// Words returns the elements of a variable as [Reader.List] does, in lower case.
func (r *Reader) Words(name string) []string {
	all := r.List(name)
	for i, word := range all {
		all[i] = strings.ToLower(word)
	}
	return all
}

// Bool returns a variable that is "true" or "false" in any case.
func (r *Reader) Bool(name string) bool {
	value, ok := r.String(name)
	switch {
	case !ok, strings.EqualFold(value, "false"):
		return false
	case strings.EqualFold(value, "true"):
		return true
	}
	r.Reject(name, "%q is not true or false", value)
	return false
}

// Int sets p to a variable that is a whole number from least to most.
func (r *Reader) Int(p *int, least, most int, names ...string) {
	name, value, ok := r.First(names...)
	if !ok {
		return
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		r.Reject(name, "%q is not a whole number from %d to %d", value, least, most)
		return
	}
	*p = n
}

// Millis sets p to a variable that is a positive whole number of milliseconds.
func (r *Reader) Millis(p *time.Duration, names ...string) {
	name, value, ok := r.First(names...)
	if !ok {
		return
	}
	const most = 24 * 60 * 60 * 1000 // more than a day is a mistake in the unit
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 1 || n > most {
		r.Reject(name, "%q is not a whole number of milliseconds from 1 to %d", value, int64(most))
		return
	}
	*p = time.Duration(n) * time.Millisecond
}

// List returns the elements of a variable that is separated by commas, without the space around
// them and without empty ones.
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

// Pair is a key and a value of [Reader.Pairs].
type Pair struct {
	// Key is what is before the first "=".
	Key string
	// Value is decoded.
	Value string
}

// Pairs returns the pairs of a variable like "key=value,key2=value2", whose values are
// percent-encoded.
func (r *Reader) Pairs(names ...string) []Pair {
	name, _, ok := r.First(names...)
	if !ok {
		return nil
	}
	var all []Pair
	for i, element := range r.List(name) {
		key, value, found := strings.Cut(element, "=")
		key = strings.TrimSpace(key)
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		switch {
		case !found || key == "":
			// The element may hold a credential, and so is not quoted.
			r.Reject(name, "element %d is not key=value", i+1)
			continue
		case err != nil:
			r.Reject(name, "the value of %q is not percent-encoded", key)
		}
		all = append(all, Pair{key, decoded})
	}
	return all
}
