package logissue

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/logging/internal/frames"
)

const (
	maxChain   = 16 // errors in a chain
	maxBreadth = 8  // different errors of each joined error
	maxJoined  = 64 // errors of each joined error that are visited
)

// generic are the types that carry only a text or another error.
var generic = map[string]bool{
	"*errors.errorString": true, "*errors.joinError": true, "*fmt.wrapError": true, "*fmt.wrapErrors": true,
	"*github.com/pkg/errors.fundamental": true, "*github.com/pkg/errors.withMessage": true, "*github.com/pkg/errors.withStack": true,
	"*golang.org/x/xerrors.errorString": true, "*golang.org/x/xerrors.wrapError": true, "*golang.org/x/xerrors.noWrapError": true,
	"*github.com/hashicorp/go-multierror.Error": true, "github.com/hashicorp/go-multierror.chain": true,
	"*go.uber.org/multierr.multiError": true, "context.deadlineExceededError": true,
}

// chain returns the types and codes of an error and of the errors that it
// wraps, and the functions of the innermost stack. The order of joined errors
// does not matter.
func (f *finder) chain(err error, depth int) []string {
	var parts, at []string
	for ; err != nil && depth < maxChain; depth++ {
		if t := typeName(err); !generic[t] {
			parts = append(parts, t)
		}
		parts = append(parts, codes(err)...)
		if p := places(frames.Own(err), f.module); len(p) > 0 {
			at = p
		}
		inner := frames.Unwrap(err)
		if len(inner) > 1 {
			joined := f.joined(inner, depth+1)
			return append(append(parts, joined...), at...)
		}
		if err = nil; len(inner) == 1 {
			err = inner[0]
		}
	}
	return append(parts, at...)
}

// joined returns the parts of joined errors, one part for each different error.
func (f *finder) joined(errs []error, depth int) []string {
	var parts []string
	for _, err := range errs[:min(len(errs), maxJoined)] {
		if part := strings.Join(f.chain(err, depth), "\x01"); part != "" {
			parts = append(parts, part)
		}
	}
	slices.Sort(parts)
	parts = slices.Compact(parts)
	return parts[:min(len(parts), maxBreadth)]
}

// canonical returns the normalized text of an error. It sorts the texts of
// joined errors within it, unless words between them tell their roles.
func (f *finder) canonical(err error, text string, depth int) string {
	for ; err != nil && depth < maxChain; depth++ {
		inner := frames.Unwrap(err)
		if len(inner) > 1 {
			if before, list, after, ok := f.split(inner, text, depth+1); ok {
				return strings.Trim(Normalize(before)+"\x01"+strings.Join(list, "\n")+"\x01"+Normalize(after), "\x01")
			}
			break
		}
		if err = nil; len(inner) == 1 {
			err = inner[0]
		}
	}
	if text == f.text {
		return sortLines(f.title)
	}
	return sortLines(Normalize(text))
}

// split finds the texts of joined errors in a text. It returns them in
// canonical form and sorted, with the text before and after them.
func (f *finder) split(errs []error, text string, depth int) (before string, list []string, after string, ok bool) {
	errs = errs[:min(len(errs), maxJoined)]
	rest := text
	for i, err := range errs {
		if err == nil {
			return "", nil, "", false
		}
		own := f.redact(guard.ErrorText(err))
		between, behind, found := strings.Cut(rest, own)
		switch {
		case !found || own == "":
			return "", nil, "", false
		case i == 0:
			before = between
		case strings.ContainsFunc(between, func(r rune) bool { return r > ' ' && !strings.ContainsRune(",;:|/*-&+", r) }):
			return "", nil, "", false
		}
		list = append(list, f.canonical(err, own, depth))
		rest = behind
	}
	slices.Sort(list)
	return before, slices.Compact(list), rest, true
}

// isCanceled reports whether every cause of an error is context.Canceled. If
// there is no error, or if it carries only a text, the text decides.
func isCanceled(err error, text string) bool {
	if err == nil || !errors.Is(err, context.Canceled) {
		isText := err == nil || generic[typeName(err)] && len(frames.Unwrap(err)) == 0
		return isText && (text == context.Canceled.Error() || strings.HasSuffix(text, ": "+context.Canceled.Error()))
	}
	return onlyCanceled(err, 0)
}

func onlyCanceled(err error, depth int) bool {
	if err == context.Canceled || depth > maxChain { //nolint:errorlint // visits each error
		return true
	}
	inner := frames.Unwrap(err)
	for _, e := range inner {
		if e != nil && !onlyCanceled(e, depth+1) {
			return false
		}
	}
	return len(inner) > 0 || errors.Is(err, context.Canceled)
}

// codes returns the codes that the methods of one error return.
func codes(err error) (parts []string) {
	add := func(code string) {
		if code != "" {
			parts = append(parts, codePrefix+code)
		}
	}
	_ = guard.Call(func() {
		switch c := err.(type) { //nolint:errorlint // visits each error
		case interface{ Code() string }:
			add(c.Code())
		case interface{ Code() int }:
			add(strconv.Itoa(c.Code()))
		case interface{ ErrorCode() string }:
			add(c.ErrorCode())
		case interface{ SQLState() string }:
			add(c.SQLState())
		}
	})
	_ = guard.Call(func() {
		switch c := err.(type) { //nolint:errorlint // visits each error
		case interface{ StatusCode() int }:
			add(strconv.Itoa(c.StatusCode()))
		case interface{ HTTPStatusCode() int }:
			add(strconv.Itoa(c.HTTPStatusCode()))
		}
	})
	return parts
}

const codePrefix = "code:"

// specificType returns the innermost type in the chain that is not generic.
func specificType(err error) (specific string) {
	for depth := 0; err != nil && depth < maxChain; depth++ {
		if t := typeName(err); !generic[t] {
			specific = t
		}
		inner := frames.Unwrap(err)
		if err = nil; len(inner) > 0 {
			err = inner[0]
		}
	}
	return specific
}

// typeName returns the error's type with its full import path: two packages may
// both have a type Error.
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
