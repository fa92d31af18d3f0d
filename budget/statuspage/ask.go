package statuspage

import "github.com/sligo-go/sligo/internal/guard"

// ask returns the result of a function of the options. If the function panics,
// ask logs that once and returns the zero value: the page must not take the
// service down.
func ask[T any](v *view, name string, f func() T) T {
	var result T
	if err := guard.Call(func() { result = f() }); err != nil {
		if _, told := v.panics.LoadOrStore(name, true); !told {
			v.options.Logger.Error("Status page: a function of the options panicked", "function", name, "error", err.Error())
		}
	}
	return result
}
