package logissue

import (
	"runtime"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/logging/internal/frames"
)

// maxPlaces is how many functions of a stack count: the place of an error, not
// the path to it.
const maxPlaces = 3

// places returns the innermost functions of a stack that belong to the module,
// or the innermost functions if none of them does. A recursion counts once.
func places(pcs []uintptr, module string) []string {
	if len(pcs) == 0 {
		return nil
	}
	var names []string
	iter := runtime.CallersFrames(pcs)
	for more := true; more; {
		var f runtime.Frame
		f, more = iter.Next()
		names = append(names, function(f.Function))
	}
	return innermost(names, module)
}

// innermost is places for the names of functions.
func innermost(names []string, module string) []string {
	names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
	var own []string
	for _, name := range names {
		if belongs(name, module) {
			own = append(own, name)
		}
	}
	if len(own) == 0 {
		own = names
	}
	return own[:min(len(own), maxPlaces)]
}

// belongs reports whether a function belongs to the module. Stacks name the
// functions of a program's main package main, whatever its import path.
func belongs(name, module string) bool {
	if module == "" {
		return false
	}
	rest, ok := strings.CutPrefix(name, module)
	within := ok && (strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "."))
	return within || strings.HasPrefix(name, "main.")
}

// function returns a function's name without the suffixes of closures
// (.func1) and type arguments ([...]). The compiler numbers them, so they
// change with the code around them.
func function(name string) string {
	name = strings.ReplaceAll(name, "[...]", "")
	for {
		i := strings.LastIndexByte(name, '.')
		if i < 0 {
			return name
		}
		rest := strings.TrimPrefix(strings.TrimPrefix(name[i+1:], "func"), "gowrap")
		if strings.Trim(rest, "0123456789-") != "" {
			return name
		}
		name = name[:i]
	}
}

// A site is where an error was seen.
type site struct {
	message string // of the log call, redacted
	pc      uintptr
	trace   string // of a panic, perhaps
}

// place returns the parts of a fingerprint that the site contributes. For a
// panic that is being recovered, or whose trace the line carries, they are the
// functions that panicked. An error whose text names its operation has none, so
// that it may be logged anywhere. Any other error has the message and the
// function of the log call.
func (f *finder) place(err error, at site) []string {
	if panicked := places(panicking(), f.module); len(panicked) > 0 {
		return panicked
	}
	if panicked := innermost(panickedIn(at.trace), f.module); len(panicked) > 0 {
		return panicked
	}
	if len(frames.Of(err)) > 0 || namesOperation(f.title) {
		return nil
	}
	var parts []string
	if at.message != f.text {
		parts = append(parts, Normalize(at.message))
	}
	if at.pc != 0 {
		frame, _ := runtime.CallersFrames([]uintptr{at.pc}).Next()
		parts = append(parts, function(frame.Function))
	}
	return parts
}

// panicking returns the stack of the panic that is being recovered, without the
// functions of the runtime, or nil.
func panicking() []uintptr {
	var room [64]uintptr
	pcs := room[:runtime.Callers(2, room[:])]
	found := false
	for i, pc := range pcs {
		name := runtime.FuncForPC(pc - 1).Name()
		switch {
		case name == "runtime.gopanic":
			found = true
		case found && !strings.HasPrefix(name, "runtime."):
			return slices.Clone(pcs[i:])
		}
	}
	return nil
}

// namesOperation reports whether a normalized text says which operation of the
// program failed: "load the cart: EOF" and "order <v> is unpaid", but neither
// "EOF" nor "dial tcp <v>: i/o timeout", which may come from anywhere.
func namesOperation(text string) bool {
	clause, _, many := strings.Cut(text, ": ")
	if !many {
		return strings.Contains(text, variable) || strings.Contains(text, quotedValue)
	}
	first, rest, _ := strings.Cut(clause, " ")
	switch {
	case strings.HasPrefix(rest, quotedValue) && methods[first]: // of net/http
		return false
	case networkOperations[first]: // of net
		next, _, _ := strings.Cut(rest, " ")
		return !networks[next] && first != "lookup"
	}
	return !sources[strings.ToLower(first)]
}
