// Package loop finds handlers that would feed themselves.
package loop

import (
	"errors"
	"log/slog"
	"reflect"
)

// ErrDefault is the reason to refuse a handler that uses the initial handler
// of log/slog.
var ErrDefault = errors.New("handler writes to package log, which slog.SetDefault redirects to " +
	"the new default handler (golang/go#62424): want a handler of its own, such as slog.NewTextHandler")

// Check returns [ErrDefault] if h is or wraps the initial handler of log/slog:
// slog.Default().Handler() before slog.SetDefault. It follows the fields of
// wrappers and the elements of their slices and arrays. It cannot look into
// functions and maps.
func Check(h slog.Handler) error {
	s := search{seen: make(map[uintptr]bool)}
	if s.finds(reflect.ValueOf(h), 0) {
		return ErrDefault
	}
	return nil
}

// A search walks values. It only reads kinds and types, so that it works with
// fields that are not exported.
type search struct {
	seen map[uintptr]bool // pointers
	n    int              // values visited
}

func (s *search) finds(v reflect.Value, depth int) bool {
	const maxDepth, maxValues = 16, 10_000
	if s.n++; !v.IsValid() || depth > maxDepth || s.n > maxValues {
		return false
	}
	switch v.Kind() {
	case reflect.Interface:
		return s.finds(v.Elem(), depth)
	case reflect.Pointer:
		return s.followed(v, depth)
	case reflect.Struct:
		return s.fields(v, depth)
	case reflect.Slice, reflect.Array:
		return s.elements(v, depth)
	}
	return false
}

func (s *search) followed(v reflect.Value, depth int) bool {
	if t := v.Type().Elem(); t.PkgPath() == "log/slog" && t.Name() == "defaultHandler" {
		return true
	}
	if v.IsNil() || s.seen[v.Pointer()] {
		return false
	}
	s.seen[v.Pointer()] = true
	return s.finds(v.Elem(), depth+1)
}

func (s *search) fields(v reflect.Value, depth int) bool {
	for i := range v.NumField() {
		if s.finds(v.Field(i), depth+1) {
			return true
		}
	}
	return false
}

func (s *search) elements(v reflect.Value, depth int) bool {
	switch v.Type().Elem().Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Struct, reflect.Slice, reflect.Array:
	default:
		return false
	}
	for i := range v.Len() {
		if s.finds(v.Index(i), depth+1) {
			return true
		}
	}
	return false
}
