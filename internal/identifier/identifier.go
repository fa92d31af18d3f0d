// Package identifier holds the syntax of the names of indicators and
// objectives. They become parts of rule names, label values and file names.
package identifier

import (
	"fmt"
	"strings"
)

// maxLength is the maximum length of a name in bytes, as of the value of a
// Kubernetes label.
const maxLength = 63

const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

// Check returns an error that quotes the name if it is too long, has a
// character beyond the letters a-z and A-Z, digits, '-', '_' and '.', or begins
// or ends with one of the last three. It accepts an empty name.
func Check(name string) error {
	if len(name) > maxLength || strings.Trim(name, "-_.") != name || strings.Trim(name, characters) != "" {
		return fmt.Errorf("invalid name %q: want at most %d of the letters a-z and A-Z, digits, and between them '-', '_' and '.'", name, maxLength)
	}
	return nil
}
