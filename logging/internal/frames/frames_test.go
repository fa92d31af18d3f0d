package frames_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/sligo-go/sligo/logging/internal/frames"
)

// withCallers carries a stack in the form of runtime.Callers.
type withCallers struct{ pcs []uintptr }

func (e *withCallers) Error() string      { return "with callers" }
func (e *withCallers) Callers() []uintptr { return e.pcs }

type counter uintptr

// withTrace carries a stack in the form of github.com/pkg/errors, which has a
// type of its own for counters.
type withTrace struct{ pcs []counter }

func (e withTrace) Error() string         { return "with trace" }
func (e withTrace) StackTrace() []counter { return e.pcs }

// withText has a method of the same name with another result.
type withText struct{}

func (withText) Error() string      { return "with text" }
func (withText) StackTrace() string { return "at main.main" }

// withParameter has a method of the same name that takes a parameter.
type withParameter struct{}

func (withParameter) Error() string            { return "with parameter" }
func (withParameter) StackTrace(int) []uintptr { return []uintptr{1} }

// wrapping wraps an error and carries a stack itself.
type wrapping struct {
	withCallers
	inner error
}

func (e *wrapping) Unwrap() error { return e.inner }

// multiple wraps several errors and carries a stack itself.
type multiple struct {
	withCallers
	inner []error
}

func (e *multiple) Unwrap() []error { return e.inner }

// broken has methods that panic.
type broken struct{}

func (broken) Error() string         { return "broken" }
func (broken) Unwrap() []error       { panic("unwrap") }
func (broken) StackTrace() []uintptr { panic("trace") }

// doubled wraps itself twice.
type doubled struct{}

func (doubled) Error() string     { return "doubled" }
func (d doubled) Unwrap() []error { return []error{d, d} }

// cycle wraps itself.
type cycle struct{}

func (cycle) Error() string   { return "cycle" }
func (c cycle) Unwrap() error { return c }

func TestOf(t *testing.T) {
	var null *withCallers
	var nothing *wrapping
	plain := errors.New("x")
	traced := withTrace{[]counter{3}}
	for name, tt := range map[string]struct {
		err  error
		want []uintptr
	}{
		"nil":                   {nil, nil},
		"no stack":              {errors.New("x"), nil},
		"Callers":               {&withCallers{[]uintptr{1, 2}}, []uintptr{1, 2}},
		"StackTrace":            {withTrace{[]counter{3, 4}}, []uintptr{3, 4}},
		"wrapped":               {fmt.Errorf("x: %w", withTrace{[]counter{3}}), []uintptr{3}},
		"innermost of two":      {&wrapping{withCallers{[]uintptr{1}}, withTrace{[]counter{3}}}, []uintptr{3}},
		"inner without a stack": {&wrapping{withCallers{[]uintptr{1}}, errors.New("x")}, []uintptr{1}},
		"empty inner stack":     {&wrapping{withCallers{[]uintptr{1}}, withTrace{}}, []uintptr{1}},
		"another result":        {withText{}, nil},
		"a parameter":           {withParameter{}, nil},
		"nil pointer":           {null, nil},
		"nil pointer, wrapping": {nothing, nil},
		"joined":                {errors.Join(plain, traced), []uintptr{3}},
		"joined, wrapped":       {fmt.Errorf("x: %w", errors.Join(plain, fmt.Errorf("y: %w", traced))), []uintptr{3}},
		"joined twice":          {errors.Join(errors.Join(plain, plain), errors.Join(plain, traced)), []uintptr{3}},
		"first of two joined":   {errors.Join(withTrace{[]counter{4}}, traced), []uintptr{4}},
		"two verbs":             {fmt.Errorf("%w: %w", plain, traced), []uintptr{3}},
		"innermost of joined":   {&multiple{withCallers{[]uintptr{1}}, []error{plain, traced}}, []uintptr{3}},
		"joined without stack":  {&multiple{withCallers{[]uintptr{1}}, []error{plain, nil}}, []uintptr{1}},
		"methods that panic":    {errors.Join(broken{}, traced), []uintptr{3}},
		"doubled":               {doubled{}, nil},
		"cycle":                 {cycle{}, nil},
	} {
		for range 2 { // the second time from the cache of types
			if got := frames.Of(tt.err); !slices.Equal(got, tt.want) {
				t.Errorf("%s: got %v, want %v", name, got, tt.want)
			}
		}
	}
}
