// Package fielderr collects the mistakes of a definition with the path of each, so that a user sees
// all of them at once and where they are.
package fielderr

import (
	"errors"
	"fmt"
	"strconv"
)

// Error is one mistake in a definition. Validate methods report all mistakes at once, joined as by
// [errors.Join]: [errors.As] finds the first, and the joined error's Unwrap() []error returns each.
type Error struct {
	// Path is where the mistake is, like "indicators[2].good.status[0]".
	Path string
	// Err is the mistake, and quotes the value.
	Err error
}

// Error returns the path and the mistake.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// List collects mistakes. Its zero value is ready to use.
type List struct{ errs []error }

// Addf adds a mistake at a path.
func (l *List) Addf(path, format string, args ...any) {
	l.errs = append(l.errs, &Error{Path: path, Err: fmt.Errorf(format, args...)})
}

// Add adds the mistakes in err, which may be joined, with their paths moved below path. It adds
// nothing for nil.
func (l *List) Add(path string, err error) {
	for _, e := range flatten(err) {
		under := &Error{Path: path, Err: e}
		if field, ok := e.(*Error); ok { //nolint:errorlint // what wraps an Error has said more than its path
			under = &Error{Path: join(path, field.Path), Err: field.Err}
		}
		l.errs = append(l.errs, under)
	}
}

// Err returns all mistakes joined, and nil when there is none.
func (l *List) Err() error { return errors.Join(l.errs...) }

// Index returns the path of element i of the list at path.
func Index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func flatten(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

func join(parent, child string) string {
	if parent == "" || child == "" || child[0] == '[' {
		return parent + child
	}
	return parent + "." + child
}
