package logissue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/logging/internal/frames"
)

// version is part of every fingerprint, so that a change of the algorithm makes
// new issues and never mixes old ones.
const version = "1"

// DefaultFingerprint is a placeholder in the result of an error's method
// Fingerprint() []string. It means the fingerprint that the error would have
// without that method, so the other elements split its issue further instead
// of replacing its fingerprint.
const DefaultFingerprint = "{{default}}"

// Fingerprint returns the fingerprint of an error, 16 hexadecimal digits. The
// text is the error's text, redacted. The module is the import path of the
// service, which tells its stack frames from the frames of libraries. A nil
// error and an empty text have a fingerprint too.
//
// All errors that wrap [context.Canceled] have the same fingerprint, unless
// they name their own.
func Fingerprint(err error, text, module string) string {
	parts := []string{version}
	own, final := explicit(err)
	switch {
	case final:
		parts = append(parts, own...)
	case errors.Is(err, context.Canceled):
		// The caller canceled. It does not matter which operation noticed.
		parts = append(parts, "context.Canceled")
	default:
		parts = append(parts, own...)
		parts = chain(parts, err, 0)
		parts = append(parts, Normalize(text))
		parts = append(parts, places(frames.Of(err), module)...)
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// explicit returns the parts that the outermost error with a method Fingerprint
// returns, and whether they replace the default fingerprint.
func explicit(err error) (own []string, final bool) {
	var f interface {
		error
		Fingerprint() []string
	}
	if err == nil || !errors.As(err, &f) {
		return nil, false
	}
	var parts []string
	if guard.Call(func() { parts = f.Fingerprint() }) != nil {
		return nil, false
	}
	final = true
	for _, part := range parts {
		if part == DefaultFingerprint {
			final = false
			continue
		}
		own = append(own, part)
	}
	return own, final && len(own) > 0
}

const (
	maxDepth   = 16 // of the chain
	maxBreadth = 8  // of each joined error
	codePrefix = "code:"
)

// generic are the types that carry only a text or another error.
var generic = map[string]bool{
	"*errors.errorString": true, "*errors.joinError": true, "*fmt.wrapError": true, "*fmt.wrapErrors": true,
	"*github.com/pkg/errors.fundamental": true, "*github.com/pkg/errors.withMessage": true, "*github.com/pkg/errors.withStack": true,
}

// chain appends the types and codes of an error and of the errors that it
// wraps.
func chain(parts []string, err error, depth int) []string {
	if err == nil || depth >= maxDepth {
		return parts
	}
	if t := typeName(err); !generic[t] {
		parts = append(parts, t)
	}
	if c, ok := err.(interface{ Code() string }); ok {
		parts = append(parts, codePrefix+code(c))
	}
	switch w := err.(type) { //nolint:errorlint // visits each error
	case interface{ Unwrap() error }:
		return chain(parts, w.Unwrap(), depth+1)
	case interface{ Unwrap() []error }:
		joined := w.Unwrap()
		for _, e := range joined[:min(len(joined), maxBreadth)] {
			parts = chain(parts, e, depth+1)
		}
	}
	return parts
}

// code returns the error's code, or "" if the method panics.
func code(c interface{ Code() string }) (s string) {
	_ = guard.Call(func() { s = c.Code() })
	return s
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
