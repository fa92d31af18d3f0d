package canary_test

import (
	"context"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"reflect"
)

// A revealer is a handler that writes each text it finds in a record, even if
// log/slog's encoder hides it: the texts in unexported fields, of errors within
// values, and of the values that methods panic with.
type revealer struct{ w io.Writer }

func (revealer) Enabled(context.Context, slog.Level) bool { return true }

func (r revealer) Handle(ctx context.Context, record slog.Record) error {
	record.Attrs(func(a slog.Attr) bool {
		r.WithAttrs([]slog.Attr{a})
		return true
	})
	return slog.NewJSONHandler(r.w, nil).Handle(ctx, record)
}

func (r revealer) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		fmt.Fprintln(r.w, a.Key)
		r.reveal(reflect.ValueOf(a.Value.Any()), 0)
	}
	return r
}

func (r revealer) WithGroup(name string) slog.Handler {
	fmt.Fprintln(r.w, name)
	return r
}

// reveal writes the texts of a value. It follows cyclic values to a depth of
// 100, which is deeper than every other case.
func (r revealer) reveal(v reflect.Value, depth int) {
	if !v.IsValid() || depth == 100 {
		return
	}
	if v.CanInterface() {
		r.methods(v.Interface(), depth)
	}
	switch v.Kind() {
	case reflect.String:
		fmt.Fprintln(r.w, v.String())
	case reflect.Pointer, reflect.Interface:
		r.reveal(v.Elem(), depth+1)
	default:
		r.elements(v, depth)
	}
}

// elements reveals the elements of containers.
func (r revealer) elements(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			r.reveal(v.Field(i), depth+1)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			r.reveal(k, depth+1)
			r.reveal(v.MapIndex(k), depth+1)
		}
	case reflect.Slice, reflect.Array:
		if v.Type() == reflect.TypeFor[[]byte]() {
			fmt.Fprintf(r.w, "%s\n", v.Bytes())
			return
		}
		for i := range v.Len() {
			r.reveal(v.Index(i), depth+1)
		}
	}
}

// methods writes the results of a value's methods, and the value that a method
// panics with.
func (r revealer) methods(v any, depth int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintln(r.w, p)
		}
	}()
	switch v := v.(type) {
	case slog.LogValuer:
		r.reveal(reflect.ValueOf(v.LogValue().Any()), depth+1)
	case interface{ Load() *string }:
		fmt.Fprintln(r.w, *v.Load())
	case json.Marshaler:
		text, err := v.MarshalJSON()
		fmt.Fprintf(r.w, "%s %v\n", text, err)
	case encoding.TextMarshaler:
		text, err := v.MarshalText()
		fmt.Fprintf(r.w, "%s %v\n", text, err)
	case error, fmt.Stringer:
		fmt.Fprintln(r.w, v)
	}
}

// quote returns s as a JSON string.
func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(text)
}
