// Package quotelist lists the values that an error asks for.
package quotelist

import (
	"strconv"
	"strings"
)

// Of returns the values in quotes: "page", "ticket".
func Of[T ~string](values []T) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = strconv.Quote(string(v))
	}
	return strings.Join(quoted, ", ")
}
