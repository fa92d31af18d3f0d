package logging

import (
	"errors"
	"log/slog"
	"slices"

	"github.com/sligo-go/sligo/logging/field"
)

// Err returns the error that the line is about, or nil. It looks for an
// attribute error_message, error or err that holds an error: outside any group,
// then in groups. Failing that, it looks for one that holds a text, such as
// err.Error(), and returns an error with that text.
func (l *Line) Err() error {
	if err := l.cause(errorOf); err != nil {
		return err
	}
	return l.cause(textError)
}

// cause returns the first error that read finds among the attributes of the
// error.
func (l *Line) cause(read func(slog.Value) error) error {
	for _, name := range errorKeys {
		if v, ok := l.Value(name); ok {
			if err := read(v); err != nil {
				return err
			}
		}
	}
	for _, a := range l.attrs {
		if err := causeIn(a, read); err != nil {
			return err
		}
	}
	for i := len(l.h.attrs) - 1; i >= 0; i-- {
		if err := causeIn(l.h.attrs[i].attr, read); err != nil {
			return err
		}
	}
	return nil
}

// causeIn is cause for an attribute and the members of its groups.
func causeIn(a slog.Attr, read func(slog.Value) error) error {
	if slices.Contains(errorKeys[:], a.Key) {
		if err := read(a.Value); err != nil {
			return err
		}
	}
	v := a.Value
	if v.Kind() == slog.KindLogValuer {
		v = v.Resolve()
	}
	if v.Kind() != slog.KindGroup {
		return nil
	}
	for _, member := range v.Group() {
		if err := causeIn(member, read); err != nil {
			return err
		}
	}
	return nil
}

// errorKeys are the names of attributes that may be the line's error, the best
// one first.
var errorKeys = [...]string{field.KeyError, "error", "err"}

// errorOf returns the error that a value holds, or nil.
func errorOf(v slog.Value) error {
	switch v.Kind() {
	case slog.KindAny, slog.KindLogValuer:
		err, _ := v.Any().(error)
		return err
	}
	return nil
}

// textError returns an error with the text that a value holds, or nil.
func textError(v slog.Value) error {
	if v.Kind() != slog.KindString || v.String() == "" {
		return nil
	}
	return errors.New(v.String())
}
