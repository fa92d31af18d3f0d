package canary

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// A Kind is the expectation of a case.
type Kind string

// The kinds of cases.
const (
	// KindMust forbids the case's secrets in the line.
	KindMust Kind = "must"
	// KindKeep requires the case's values in the line, unchanged.
	KindKeep Kind = "keep"
	// KindPolicy requires only a valid line. The policy of the redactor decides
	// about the value.
	KindPolicy Kind = "policy"
)

// A Case is one log call and the expectation of its line. Cases come from
// [Cases]; the zero Case has no call and cannot log.
type Case struct {
	// ID identifies the case, for example "U02".
	ID string
	// Kind says which of the expectations Check applies.
	Kind Kind
	// Section is the heading above the case in its file.
	Section string
	// Note describes the case. It is empty if the input describes itself.
	Note string
	// Secrets are the texts that the line must not show in a case of KindMust.
	Secrets []string
	// Keep is the JSON that the line must contain in a case of KindKeep.
	Keep []string

	call call
}

// A call logs once.
type call func(l *slog.Logger)

// NewJSONHandler returns log/slog's handler without the time. A time may
// contain the digits of a secret.
func NewJSONHandler(w io.Writer) slog.Handler {
	return slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime {
			return slog.Attr{}
		}
		return a
	}})
}

// Log makes the case's log call.
func (c Case) Log(l *slog.Logger) { c.call(l) }

// Check returns an error if the line does not meet the case's expectation or is
// not valid JSON. The line is everything that a handler wrote for the call.
func (c Case) Check(line []byte) error {
	if !json.Valid(line) {
		return c.errorf("the line is invalid JSON: %.300s", line)
	}
	var errs []error
	if c.Kind == KindMust && c.Shows(line) {
		errs = append(errs, c.errorf("the line shows one of %q: %.500s", c.Secrets, line))
	}
	for _, k := range c.Keep {
		if !strings.Contains(string(line), k) {
			errs = append(errs, c.errorf("the line does not contain %s: %.500s", k, line))
		}
	}
	return errors.Join(errs...)
}

// Shows reports whether the line contains a secret of the case: as it is, with
// JSON's escapes, or in base64.
func (c Case) Shows(line []byte) bool {
	for _, s := range c.Secrets {
		for _, e := range encodings(s) {
			if strings.Contains(string(line), e) {
				return true
			}
		}
	}
	return false
}

func (c Case) errorf(format string, args ...any) error {
	name := c.ID
	if c.Note != "" {
		name += " (" + c.Note + ")"
	}
	return fmt.Errorf("%s: "+format, append([]any{name}, args...)...)
}

// encodings returns the secret as it is, with JSON's escapes, and in base64 at
// each of the three offsets that it can have in a longer text.
func encodings(secret string) []string {
	html, err := json.Marshal(secret)
	if err != nil {
		panic(err) // strings always marshal
	}
	out := []string{secret, strings.Trim(literal(secret), `"`), strings.Trim(string(html), `"`)}
	if len(secret) < 8 {
		return out // its base64 is too short to be certain
	}
	for offset := range 3 {
		e := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + secret))
		// Leave out the digits that depend on the text before and after.
		out = append(out, e[(offset*4+2)/3:(len(secret)+offset)/3*4])
	}
	return out
}

// literal returns s as a JSON string in which <, > and & are not escaped.
func literal(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // strings always marshal
	}
	return strings.TrimSuffix(b.String(), "\n")
}
