package frames

import (
	"errors"
	"reflect"
	"sync"
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

// traced remembers for each type of error where its method is: to look for it by
// name costs more than the rest of a line.
var traced sync.Map // reflect.Type to int

// traceMethod returns the index of StackTrace in a type's methods, -1 if it has none
// that returns a slice of counters.
func traceMethod(t reflect.Type) int {
	if i, ok := traced.Load(t); ok {
		return i.(int)
	}
	i := -1
	if m, ok := t.MethodByName("StackTrace"); ok && m.Type.NumIn() == 1 && m.Type.NumOut() == 1 {
		if out := m.Type.Out(0); out.Kind() == reflect.Slice && out.Elem().Kind() == reflect.Uintptr {
			i = m.Index
		}
	}
	traced.Store(t, i)
	return i
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
	i := traceMethod(reflect.TypeOf(err))
	if i < 0 {
		return nil
	}
	trace := reflect.ValueOf(err).Method(i).Call(nil)[0]
	for i := range trace.Len() {
		pcs = append(pcs, uintptr(trace.Index(i).Uint()))
	}
	return pcs
}
