package redact

import (
	"fmt"
	"io"
	"log/slog"
)

// A Secret is a text that never appears in output: fmt with any verb,
// encoding/json and log/slog write [Replacement] instead. Convert it back with
// string(s) where it is needed. The zero value is the empty secret.
type Secret string

// String returns [Replacement].
func (Secret) String() string { return Replacement }

// GoString returns [Replacement].
func (Secret) GoString() string { return Replacement }

// Format writes [Replacement] for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Replacement) }

// LogValue returns [Replacement].
func (Secret) LogValue() slog.Value { return slog.StringValue(Replacement) }

// MarshalText returns [Replacement]; encoding/json uses it for values and map
// keys alike.
func (Secret) MarshalText() ([]byte, error) { return []byte(Replacement), nil }
