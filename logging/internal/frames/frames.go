// Package frames reads the stacks that errors carry.
package frames

import (
	"errors"
	"reflect"
)

// Of returns the program counters that err, or the innermost error it wraps that
// carries a stack, was made at; nil if none does. It knows the two forms in use:
// Callers() []uintptr, and StackTrace() of a slice of counters.
func Of(err error) []uintptr {
	var pcs []uintptr
	for depth := 0; err != nil && depth < 32; depth++ {
		if own := own(err); len(own) > 0 {
			pcs = own
		}
		err = errors.Unwrap(err)
	}
	return pcs
}

func own(err error) (pcs []uintptr) {
	defer func() {
		if recover() != nil {
			pcs = nil // a nil pointer behind the interface
		}
	}()
	if c, ok := err.(interface{ Callers() []uintptr }); ok {
		return c.Callers()
	}
	m := reflect.ValueOf(err).MethodByName("StackTrace")
	if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 {
		return nil
	}
	out := m.Type().Out(0)
	if out.Kind() != reflect.Slice || out.Elem().Kind() != reflect.Uintptr {
		return nil
	}
	trace := m.Call(nil)[0]
	for i := range trace.Len() {
		pcs = append(pcs, uintptr(trace.Index(i).Uint()))
	}
	return pcs
}
