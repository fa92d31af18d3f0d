package sli

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// FieldError is one mistake in a value that a user defines. Every Validate,
// New and Start of this module reports all mistakes at once, joined as by
// [errors.Join]. [Mistakes] returns each of them.
type FieldError struct {
	// Path names the field that is wrong, as Go spells it, seen from the value
	// that was checked: "Good.Status[0]". A parameter's name begins a path in
	// lower case: "objectives[2].Window". It is empty if the whole value is
	// wrong.
	Path string
	// Err describes the mistake and quotes the value.
	Err error
}

// Error returns the path and the mistake.
func (e *FieldError) Error() string {
	if e.Path == "" {
		return e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *FieldError) Unwrap() error { return e.Err }

// fieldErrorJSON is the JSON form of a FieldError.
type fieldErrorJSON struct {
	Path string `json:"path,omitempty"`
	Err  string `json:"err"`
}

// MarshalJSON returns an object with the path and the text of Err.
func (e *FieldError) MarshalJSON() ([]byte, error) {
	return json.Marshal(fieldErrorJSON{e.Path, e.Err.Error()})
}

// UnmarshalJSON reads the object that MarshalJSON writes. Err then has the same
// text and no other type. It refuses unknown fields.
func (e *FieldError) UnmarshalJSON(text []byte) error {
	var wire fieldErrorJSON
	if err := strictjson.Unmarshal(text, &wire); err != nil || isNull(text) {
		return err
	}
	*e = FieldError{wire.Path, errors.New(wire.Err)}
	return nil
}

// FieldErrors collects the mistakes in a value, for Validate methods. The zero
// value is ready to use. It is not safe for concurrent use.
type FieldErrors struct{ errs []error }

// Addf adds a mistake at a path.
func (l *FieldErrors) Addf(path, format string, args ...any) {
	l.errs = append(l.errs, &FieldError{Path: path, Err: fmt.Errorf(format, args...)})
}

// Add adds the mistakes in err, as [Mistakes] returns them, with their paths
// moved below path.
func (l *FieldErrors) Add(path string, err error) {
	for _, m := range Mistakes(err) {
		l.errs = append(l.errs, &FieldError{Path: joinPath(path, m.Path), Err: m.Err})
	}
}

// Err returns all mistakes joined, or nil if there are none.
func (l *FieldErrors) Err() error { return errors.Join(l.errs...) }

// Mistakes returns the mistakes that err joins at any depth, such as the error
// of a Validate. An error that is not a [FieldError] becomes one without a
// path. Nil has no mistakes.
func Mistakes(err error) []*FieldError {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*FieldError
		for _, e := range joined.Unwrap() {
			all = append(all, Mistakes(e)...)
		}
		return all
	}
	//nolint:errorlint // An error that wraps a FieldError has its own text.
	if field, ok := err.(*FieldError); ok {
		return []*FieldError{field}
	}
	return []*FieldError{{Err: err}}
}

func joinPath(parent, child string) string {
	if parent == "" || child == "" || child[0] == '[' {
		return parent + child
	}
	return parent + "." + child
}
