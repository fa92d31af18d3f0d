package frames

import (
	"errors"
	"reflect"
	"sync"

	"github.com/sligo-go/sligo/internal/guard"
)

const maxDepth = 32 // of wrapped errors; a chain may be a cycle

// Of returns the program counters of the stack that err carries, or nil if it
// carries none. If several errors in its chain carry a stack, the innermost one
// counts, which is closest to the fault. Of knows the two methods in use:
// Callers() []uintptr, and StackTrace() with a slice of counters.
func Of(err error) []uintptr {
	var pcs []uintptr
	for depth := 0; err != nil && depth < maxDepth; depth++ {
		if own := own(err); len(own) > 0 {
			pcs = own
		}
		err = errors.Unwrap(err)
	}
	return pcs
}

// own returns the stack of one error, not of the errors that it wraps. A method
// that panics, such as one of a nil pointer, counts as no stack.
func own(err error) (pcs []uintptr) {
	if guard.Call(func() { pcs = callers(err) }) != nil {
		return nil
	}
	return pcs
}

func callers(err error) []uintptr {
	if c, ok := err.(interface{ Callers() []uintptr }); ok {
		return c.Callers()
	}
	i := traceMethod(reflect.TypeOf(err))
	if i < 0 {
		return nil
	}
	trace := reflect.ValueOf(err).Method(i).Call(nil)[0]
	pcs := make([]uintptr, trace.Len())
	for i := range pcs {
		pcs[i] = uintptr(trace.Index(i).Uint())
	}
	return pcs
}

// traced caches the index of the method for each type of error. Finding a
// method by its name costs more than the rest of a line.
var traced sync.Map // reflect.Type to int

// traceMethod returns the index of the method StackTrace of a type, or -1 if
// the type has none that returns a slice of counters.
func traceMethod(t reflect.Type) int {
	if i, ok := traced.Load(t); ok {
		return i.(int)
	}
	i := -1
	if m, ok := t.MethodByName("StackTrace"); ok && returnsCounters(m.Type) {
		i = m.Index
	}
	traced.Store(t, i)
	return i
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
