package redact

import (
	"fmt"
	"io"
	"log/slog"
)

// A Secret is a text that does not appear in output: fmt with any verb,
// encoding/json and log/slog write [Replacement] instead. Convert it back with
// string(s) where it is needed. The zero value is the empty secret.
//
// Two places are out of reach of its methods: fmt does not call the methods of
// unexported struct fields, and encoding/json does not call MarshalText for the
// keys of a map whose type is a string. A [Redactor] redacts both.
type Secret string

// String returns [Replacement].
func (Secret) String() string { return Replacement }

// GoString returns [Replacement].
func (Secret) GoString() string { return Replacement }

// Format writes [Replacement] for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Replacement) }

// LogValue returns [Replacement].
func (Secret) LogValue() slog.Value { return slog.StringValue(Replacement) }

// MarshalText returns [Replacement].
func (Secret) MarshalText() ([]byte, error) { return []byte(Replacement), nil }
