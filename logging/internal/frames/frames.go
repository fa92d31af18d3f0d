package frames

import (
	"reflect"
	"sync"

	"github.com/sligo-go/sligo/internal/guard"
)

// maxErrors is the maximum number of visited errors. A chain may be a cycle.
const maxErrors = 64

// Of returns the program counters of the stack that err carries, or nil if it
// carries none. If several errors in a chain carry a stack, the innermost one
// counts, which is closest to the fault. Among joined errors, the first one
// with a stack counts.
func Of(err error) []uintptr {
	left := maxErrors
	return of(err, &left)
}

func of(err error, left *int) []uintptr {
	if *left--; err == nil || *left < 0 {
		return nil
	}
	for _, inner := range Unwrap(err) {
		if pcs := of(inner, left); len(pcs) > 0 {
			return pcs
		}
	}
	return Own(err)
}

// Unwrap returns the errors that err wraps. It knows both forms of the method
// Unwrap. A method that panics, such as one of a nil pointer, wraps nothing.
func Unwrap(err error) (inner []error) {
	switch w := err.(type) { //nolint:errorlint // visits each error
	case interface{ Unwrap() error }:
		var e error
		if guard.Call(func() { e = w.Unwrap() }) == nil && e != nil {
			inner = []error{e}
		}
	case interface{ Unwrap() []error }:
		if guard.Call(func() { inner = w.Unwrap() }) != nil {
			return nil
		}
	}
	return inner
}

// Own returns the stack of one error, not of the errors that it wraps. It knows
// the two methods in use: Callers() []uintptr, and StackTrace() with a slice of
// counters. A method that panics counts as no stack.
func Own(err error) (pcs []uintptr) {
	if guard.Call(func() { pcs = callers(err) }) != nil {
		return nil
	}
	return pcs
}

func callers(err error) []uintptr {
	if c, ok := err.(interface{ Callers() []uintptr }); ok {
		return c.Callers()
	}
	if !isTraced(reflect.TypeOf(err)) {
		return nil
	}
	// By its constant name: the linker would keep every exported method of the
	// program for a method that is called by its index.
	trace := reflect.ValueOf(err).MethodByName("StackTrace").Call(nil)[0]
	pcs := make([]uintptr, trace.Len())
	for i := range pcs {
		pcs[i] = uintptr(trace.Index(i).Uint())
	}
	return pcs
}

// traced caches for each type of error whether it has the method. Finding a
// method by its name costs more than the rest of a line.
var traced sync.Map // reflect.Type to bool

// isTraced reports whether a type has a method StackTrace that returns a slice
// of counters.
func isTraced(t reflect.Type) bool {
	if known, ok := traced.Load(t); ok {
		return known.(bool)
	}
	m, ok := t.MethodByName("StackTrace")
	ok = ok && returnsCounters(m.Type)
	traced.Store(t, ok)
	return ok
}

// returnsCounters reports whether a method has no parameter except its receiver
// and returns only a slice of counters.
func returnsCounters(method reflect.Type) bool {
	if method.NumIn() != 1 || method.NumOut() != 1 {
		return false
	}
	out := method.Out(0)
	return out.Kind() == reflect.Slice && out.Elem().Kind() == reflect.Uintptr
}
