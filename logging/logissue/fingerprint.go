package logissue

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/sligo-go/sligo/internal/guard"
)

// version is part of every fingerprint, so that a change of the algorithm makes
// new issues and never mixes old ones.
const version = "2"

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
// All errors whose causes are [context.Canceled] have the same fingerprint,
// unless they name their own.
func Fingerprint(err error, text, module string) string {
	f := finder{module: module, text: text, title: Normalize(text), redact: func(s string) string { return s }}
	return f.fingerprint(err, nil)
}

// A finder finds the fingerprint of one error.
type finder struct {
	module string
	text   string // of the error, redacted
	title  string // the text, normalized
	redact func(string) string
}

// fingerprint returns the fingerprint of an error that was seen at a place.
func (f *finder) fingerprint(err error, place []string) string {
	parts := []string{version}
	own, final := explicit(err)
	switch {
	case final:
		parts = append(parts, own...)
	case isCanceled(err, f.text):
		// The caller canceled. It does not matter which operation noticed.
		parts = append(parts, "context.Canceled")
	default:
		parts = append(parts, own...)
		parts = append(parts, f.chain(err, 0)...)
		parts = append(parts, f.canonical(err, f.text, 0))
		parts = append(parts, place...)
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
