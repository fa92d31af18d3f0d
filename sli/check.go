package sli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxName is the maximum length of the value of a Kubernetes label. Names
// become such values.
const maxName = 63

const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

var errRequired = errors.New("required")

// checkName accepts a text that can be part of a rule's name, a label's value
// and part of a file name.
func checkName(name string) error {
	switch {
	case name == "":
		return errRequired
	case len(name) > maxName, strings.Trim(name, "-_.") != name, strings.TrimLeft(name, nameCharacters) != "":
		return fmt.Errorf("invalid name %q: want at most %d of the letters a-z and A-Z, digits, and between them '-', '_' and '.'", name, maxName)
	}
	return nil
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
