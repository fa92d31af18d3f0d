package sli

import (
	"errors"
	"slices"
	"time"

	"github.com/sligo-go/sligo/internal/identifier"
	"github.com/sligo-go/sligo/internal/quotelist"
)

var errRequired = errors.New("required")

// checkName accepts a name that is not empty and has the syntax of names.
func checkName(name string) error {
	if name == "" {
		return errRequired
	}
	return identifier.Check(name)
}

// checkKnown accepts the empty value and the known ones.
func checkKnown[T ~string](path, noun string, value T, known []T, errs *FieldErrors) {
	if value != "" && !slices.Contains(known, value) {
		errs.Addf(path, "unknown %s %q: want one of %s", noun, value, quotelist.Of(known))
	}
}

func checkDuration(path string, d time.Duration, errs *FieldErrors) {
	if d < 0 {
		errs.Addf(path, "invalid duration %v: want zero or more", d)
	}
}
