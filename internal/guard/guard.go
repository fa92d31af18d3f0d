package guard

import "fmt"

// Panic is the error of a call that panicked.
type Panic struct {
	// Value is the value that the call panicked with.
	Value any
}

// Error returns "panic: " and the value, even if the value's own methods panic.
func (p *Panic) Error() string {
	text := "panic"
	_ = Call(func() { text = fmt.Sprintf("panic: %v", p.Value) })
	return text
}

// Call calls f and returns nil, or a [*Panic] if f panics. It does not allocate
// unless f panics. It does not stop [runtime.Goexit].
func Call(f func()) (err error) {
	returned := false
	defer func() {
		if returned {
			return // without the cost of recover
		}
		if value := recover(); value != nil {
			err = &Panic{Value: value}
		}
	}()
	f()
	returned = true
	return nil
}

// Do calls f and returns its error, or a [*Panic] if f panics.
func Do(f func() error) (err error) {
	if p := Call(func() { err = f() }); p != nil {
		return p
	}
	return err
}

// ErrorText returns err.Error(), or the text of its [Panic] if that panics.
// Typed nil pointers often do.
func ErrorText(err error) (text string) {
	if p := Call(func() { text = err.Error() }); p != nil {
		return p.Error()
	}
	return text
}
