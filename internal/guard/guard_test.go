package guard_test

import (
	"errors"
	"io"
	"testing"

	"github.com/sligo-go/sligo/internal/guard"
)

type loud struct{}

func (loud) String() string { panic("again") }
func (loud) Error() string  { panic("no text") }

func TestCall(t *testing.T) {
	called := false
	if err := guard.Call(func() { called = true }); err != nil || !called {
		t.Errorf("got %v, called: %t", err, called)
	}
	err := guard.Call(func() { panic(17) })
	var p *guard.Panic
	if !errors.As(err, &p) || p.Value != 17 || err.Error() != "panic: 17" {
		t.Errorf("got %v", err)
	}
	if err := guard.Call(func() { panic(nil) }); err == nil {
		t.Error("panic(nil) is no error")
	}
	if err := guard.Call(func() { panic(loud{}) }); err == nil || err.Error() == "" {
		t.Error("a value whose methods panic has no text")
	}
}

func TestDo(t *testing.T) {
	if err := guard.Do(func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want %v", err, io.EOF)
	}
	if err := guard.Do(func() error { panic("x") }); err == nil || err.Error() != "panic: x" {
		t.Errorf("got %v", err)
	}
}

func TestErrorText(t *testing.T) {
	if got := guard.ErrorText(io.EOF); got != "EOF" {
		t.Errorf("got %q", got)
	}
	if got := guard.ErrorText(loud{}); got != "panic: no text" {
		t.Errorf("got %q", got)
	}
}

func TestCallDoesNotAllocate(t *testing.T) {
	sum := 0
	if n := testing.AllocsPerRun(100, func() { _ = guard.Call(func() { sum++ }) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}
