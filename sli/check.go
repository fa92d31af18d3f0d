package sli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/identifier"
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
		errs.Addf(path, "unknown %s %q: want one of %s", noun, value, quoteAll(known))
	}
}

func checkDuration(path string, d time.Duration, errs *FieldErrors) {
	if d < 0 {
		errs.Addf(path, "invalid duration %v: want zero or more", d)
	}
}

func quoteAll[T ~string](values []T) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = fmt.Sprintf("%q", v)
	}
	return strings.Join(quoted, ", ")
}
