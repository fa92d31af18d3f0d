package logissue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"runtime"
	"strings"

	"github.com/sligo-go/sligo/logging/internal/frames"
)

// version is part of every fingerprint: a change of the algorithm makes new groups
// rather than wrong ones.
const version = "1"

const (
	maxDepth   = 16 // of the chain that is followed
	maxBreadth = 8  // of the errors joined that are followed
	maxFrames  = 3  // the place of an error, not the way to it
)

// generic are the types that only carry a text or another error.
var generic = map[string]bool{
	"*errors.errorString": true, "*errors.joinError": true, "*fmt.wrapError": true, "*fmt.wrapErrors": true,
	"*github.com/pkg/errors.fundamental": true, "*github.com/pkg/errors.withMessage": true, "*github.com/pkg/errors.withStack": true,
}

// Fingerprint returns the identity of an error's group. text is what stands for
// its text: err.Error(), redacted. module is the import path below which frames
// are the service's own. The zero error and text have a fingerprint too.
func Fingerprint(err error, text, module string) string {
	parts := []string{version}
	own, isFinal := explicit(err)
	switch {
	case isFinal:
		parts = append(parts, own...)
	case errors.Is(err, context.Canceled):
		parts = append(parts, "context.Canceled") // a caller that went away, wherever it was noticed
	default:
		parts = append(parts, own...)
		parts = chain(parts, err, 0)
		parts = append(parts, Normalize(text))
		parts = append(parts, places(frames.Of(err), module)...)
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// Default in the result of an error's Fingerprint() []string stands for what the
// fingerprint would be without it: the error then refines its group instead of
// naming it.
const Default = "{{default}}"

// explicit returns the fingerprint that an error in the chain gives itself.
func explicit(err error) (own []string, isFinal bool) {
	var f interface {
		error
		Fingerprint() []string
	}
	if err == nil || !errors.As(err, &f) {
		return nil, false
	}
	defer func() {
		if recover() != nil {
			own, isFinal = nil, false
		}
	}()
	isFinal = true
	for _, part := range f.Fingerprint() {
		if part == Default {
			isFinal = false
			continue
		}
		own = append(own, part)
	}
	return own, isFinal && len(own) > 0
}

// chain adds the types and codes of an error and of all that it wraps.
func chain(parts []string, err error, depth int) []string {
	if err == nil || depth >= maxDepth {
		return parts
	}
	if t := typeName(err); !generic[t] {
		parts = append(parts, t)
	}
	if c, ok := err.(interface{ Code() string }); ok {
		parts = append(parts, "code:"+code(c))
	}
	switch w := err.(type) { //nolint:errorlint // each error of the chain by itself
	case interface{ Unwrap() error }:
		return chain(parts, w.Unwrap(), depth+1)
	case interface{ Unwrap() []error }:
		for i, e := range w.Unwrap() {
			if i == maxBreadth {
				break
			}
			parts = chain(parts, e, depth+1)
		}
	}
	return parts
}

func code(c interface{ Code() string }) (s string) {
	defer func() {
		if recover() != nil {
			s = ""
		}
	}()
	return c.Code()
}

// typeName is the type with its import path: two packages may both have an Error.
func typeName(err error) string {
	t := reflect.TypeOf(err)
	if t.Kind() != reflect.Pointer {
		return path(t)
	}
	return "*" + path(t.Elem())
}

func path(t reflect.Type) string {
	if t.Name() == "" {
		return t.String()
	}
	return t.PkgPath() + "." + t.Name()
}

// places returns the functions of the frames that are the service's own, or of all
// when none is: names without what a compiler adds, a recursion once.
func places(pcs []uintptr, module string) []string {
	if len(pcs) == 0 {
		return nil
	}
	var own, all []string
	iter := runtime.CallersFrames(pcs)
	for {
		f, more := iter.Next()
		name := function(f.Function)
		if name != "" && (len(all) == 0 || all[len(all)-1] != name) {
			all = append(all, name)
			if module != "" && (strings.HasPrefix(name, module+"/") || strings.HasPrefix(name, module+".") || strings.HasPrefix(name, "main.")) {
				own = append(own, name)
			}
		}
		if !more {
			break
		}
	}
	if len(own) == 0 {
		own = all
	}
	return own[:min(len(own), maxFrames)]
}

// function strips closures (.func1) and type arguments ([...]) off a name: they
// are renumbered when code around them changes.
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
