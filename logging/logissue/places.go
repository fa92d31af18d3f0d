package logissue

import (
	"runtime"
	"strings"
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
	var own, all []string
	iter := runtime.CallersFrames(pcs)
	for more := true; more; {
		var f runtime.Frame
		f, more = iter.Next()
		name := function(f.Function)
		if name == "" || len(all) > 0 && all[len(all)-1] == name {
			continue
		}
		all = append(all, name)
		if belongs(name, module) {
			own = append(own, name)
		}
	}
	if len(own) == 0 {
		own = all
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
