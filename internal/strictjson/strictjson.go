// Package strictjson reads JSON into structs and refuses fields that the struct
// does not have, so that a misspelled name is an error instead of a default. It
// writes durations as text.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Unmarshal decodes text, which must hold one JSON value, and stores it in
// dst. Unlike [json.Unmarshal], it returns an error for a field that T does
// not have, and sets every field of dst or, on an error, none. JSON's null
// changes nothing.
//
// The T of an UnmarshalJSON method is a type without that method:
//
//	func (s *Step) UnmarshalJSON(text []byte) error {
//		type plain Step
//		return strictjson.Unmarshal(text, (*plain)(s))
//	}
func Unmarshal[T any](text []byte, dst *T) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	value := new(T)
	if err := decoder.Decode(value); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("invalid JSON: want one value")
	}
	if string(bytes.TrimSpace(text)) != "null" {
		*dst = *value
	}
	return nil
}

// Duration is a time.Duration that JSON holds as text, such as "1h30m". It
// reads every text that [time.ParseDuration] does, and whole days in front:
// "3d12h".
type Duration time.Duration

// String returns the duration as [time.Duration.String] does, without units
// that are zero at the end: "1h" instead of "1h0m0s".
func (d Duration) String() string {
	text := time.Duration(d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// MarshalText returns String.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses a text such as "1h30m".
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, ok := parseDuration(string(text))
	if !ok {
		return fmt.Errorf("invalid duration %q: want a number with a unit such as \"90m\"", text)
	}
	*d = Duration(parsed)
	return nil
}

func parseDuration(text string) (time.Duration, bool) {
	const day = 24 * time.Hour
	number, rest, hasDays := strings.Cut(text, "d")
	if !hasDays {
		d, err := time.ParseDuration(text)
		return d, err == nil
	}
	days, err := strconv.ParseUint(number, 10, 16) // at most 179 years
	var below time.Duration
	if err == nil && rest != "" {
		below, err = time.ParseDuration(rest)
	}
	return time.Duration(days)*day + below, err == nil && 0 <= below && below < day
}
