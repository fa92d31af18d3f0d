package slofile

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/internal/targettext"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// isScalar reports whether a file holds the values of a type as text, numbers
// or true and false.
func isScalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map:
		return false
	case reflect.Struct:
		return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	}
	return true
}

// noun names the values of a type for errors.
func noun(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[slo.Target](), reflect.TypeFor[slo.Share]():
		return `a percentage such as "99.9%"`
	case reflect.TypeFor[slo.Window]():
		return `a window such as "30d"`
	case reflect.TypeFor[time.Duration]():
		return `a duration such as "100ms"`
	case reflect.TypeFor[time.Time]():
		return `a time such as "2024-11-16T12:00:00Z"`
	case reflect.TypeFor[sli.Rate]():
		return `a rate such as "500/s"`
	}
	switch t.Kind() {
	case reflect.Slice:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "a mapping"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Uint64:
		return "a whole number"
	}
	return "text"
}

// scalar reads text, a number, or true and false.
func (d *decoder) scalar(n *yaml.Node, path string, v reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.requireKind(n, yaml.ScalarNode, path, v)
		return
	}
	if err := setScalar(n, v); err != nil {
		d.addf(n, path, "%w", err)
	}
}

func setScalar(n *yaml.Node, v reflect.Value) error {
	switch dst := v.Addr().Interface().(type) {
	case *slo.Target:
		target, err := ParsePercentage(n.Value)
		*dst = target
		return err
	case *slo.Share:
		return setShare(n, dst)
	case *slo.Window:
		return setWindow(n, dst)
	case *time.Duration:
		return setDuration(n, dst)
	case *time.Time:
		return setTime(n, dst)
	case encoding.TextUnmarshaler:
		if err := dst.UnmarshalText([]byte(n.Value)); err != nil || n.Value == "" {
			return withoutPackage(err, n.Value, v.Type())
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Bool:
		return setBool(n, v)
	case reflect.Int, reflect.Uint64:
		return setNumber(n, v)
	}
	return setText(n, v)
}

// withoutPackage returns an error without the name of the package in front,
// which means nothing to the author of a file.
func withoutPackage(err error, value string, t reflect.Type) error {
	if err == nil {
		return fmt.Errorf("invalid value %q: want %s", value, noun(t))
	}
	text := err.Error()
	for _, name := range []string{"sli: ", "slo: ", "budget: "} {
		text = strings.TrimPrefix(text, name)
	}
	return errors.New(text)
}

// setText reads text. A plain number is also text, as it is written: a status
// 404, a tier 1. A plain true or date is more likely a mistake. An enumeration
// has a check of its own, which names the values.
func setText(n *yaml.Node, v reflect.Value) error {
	isEnumeration := v.Type() != reflect.TypeFor[string]()
	if isEnumeration || n.Tag == "!!str" || n.Tag == "!!int" || n.Tag == "!!float" {
		v.SetString(n.Value)
		return nil
	}
	return fmt.Errorf("invalid value %s: want text; did you mean %q?", n.Value, n.Value)
}

func setBool(n *yaml.Node, v reflect.Value) error {
	if n.Tag != "!!bool" {
		return fmt.Errorf("invalid value %q: want true or false", n.Value)
	}
	v.SetBool(strings.EqualFold(n.Value, "true"))
	return nil
}

// wholeNumber matches a whole number in decimal digits. YAML has other forms,
// in which 010 may mean 8.
var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// setNumber reads a whole number. The tag of one that overflows is !!float.
func setNumber(n *yaml.Node, v reflect.Value) error {
	numeric := n.Tag == "!!int" || n.Tag == "!!float"
	if !numeric || !wholeNumber.MatchString(n.Value) {
		return fmt.Errorf("invalid value %q: want a whole number", n.Value)
	}
	var err error
	if v.Kind() == reflect.Uint64 {
		var number uint64
		number, err = strconv.ParseUint(n.Value, 10, 64)
		v.SetUint(number)
	} else {
		var number int64
		number, err = strconv.ParseInt(n.Value, 10, v.Type().Bits())
		v.SetInt(number)
	}
	if err != nil {
		v.SetZero()
		return fmt.Errorf("invalid value %q: out of range", n.Value)
	}
	return nil
}

// ParsePercentage reads a target in the form that it has in a file, for flags
// and other input of people: a percentage from above 0% to below 100%, with or
// without its sign. A number of at most 1 without the sign is more likely a
// ratio, so the error asks for the percentage that was meant. [slo.ParseTarget]
// reads such a ratio, and a percentage only with its sign.
func ParsePercentage(text string) (slo.Target, error) {
	percent, mistake, meant := targettext.Read(text)
	switch mistake {
	case targettext.Ratio:
		return slo.Target{}, fmt.Errorf("%q is %s%%; did you mean %s?", text, text, meant)
	case targettext.Ambiguous:
		return slo.Target{}, fmt.Errorf("%q may be 1%% or 100%%: want a percentage such as \"99.9%%\"", text)
	case targettext.Zeros:
		return slo.Target{}, zerosError(text, meant)
	}
	target, err := slo.ParseTarget(percent)
	if err != nil {
		return slo.Target{}, percentError(err, text)
	}
	return target, nil
}

// percentError returns the reason for which a percentage is refused.
func percentError(err error, value string) error {
	if meant := targettext.Compact(value); meant != value {
		if share, err := slo.ParseShare(strings.TrimSuffix(meant, "%") + "%"); err == nil {
			return fmt.Errorf("invalid percentage %q; did you mean %v?", value, share)
		}
	}
	reason := withoutPackage(err, value, nil).Error()
	_, reason, _ = strings.Cut(reason, ": ")
	if strings.HasPrefix(reason, "want ") {
		reason = `want a percentage such as "99.95%", with at most 7 decimals`
	}
	return fmt.Errorf("invalid percentage %q: %s", value, reason)
}

// setShare reads a percentage with its sign. Without it, 0.5 may be a half or
// a half of one percent.
func setShare(n *yaml.Node, dst *slo.Share) error {
	text := n.Value
	if !strings.HasSuffix(text, "%") && text != "0" {
		switch meant := targettext.OfRatio(text); {
		case meant != "" && text != "1":
			return fmt.Errorf("%q has no unit; did you mean %s or %s%%?", text, meant, text)
		case isNumber(text):
			return fmt.Errorf("%q has no unit; did you mean %s%%?", text, text)
		}
	}
	if meant, ok := targettext.WithoutZeros(text); !ok {
		return zerosError(text, meant)
	}
	parsed, err := slo.ParseShare(text)
	if err != nil {
		return percentError(err, text)
	}
	*dst = parsed
	return nil
}

// zerosError reports zeros in front of a number. For some readers of YAML, 010
// is 8.
func zerosError(text, meant string) error {
	return fmt.Errorf("invalid percentage %q: a zero is in front; did you mean %s?", text, meant)
}

// isNumber accepts plain decimal numbers.
func isNumber(text string) bool {
	_, err := decimal.Parse(text, 7)
	return err == nil
}

// setWindow reads a length or a calendar period.
func setWindow(n *yaml.Node, dst *slo.Window) error {
	parsed, err := slo.ParseWindow(n.Value)
	if err == nil {
		*dst = parsed
		return nil
	}
	if _, err := slo.ParseWindow(n.Value + "d"); err == nil {
		return fmt.Errorf("%q has no unit; did you mean %sd?", n.Value, n.Value)
	}
	period, zone, _ := strings.Cut(strings.TrimSpace(n.Value), " ")
	calendar := strings.TrimSpace(strings.ToLower(period) + " " + strings.TrimSpace(zone))
	for _, meant := range []string{calendar, longUnits.Replace(targettext.Compact(n.Value))} {
		if _, err := slo.ParseWindow(meant); err == nil {
			return fmt.Errorf("invalid window %q; did you mean %s?", n.Value, meant)
		}
	}
	return withoutPackage(err, n.Value, reflect.TypeFor[slo.Window]())
}

// longUnits has the units of a window that people write in words.
var longUnits = strings.NewReplacer("days", "d", "day", "d", "weeks", "w", "week", "w", "hours", "h", "hour", "h")

// setDuration reads a number with a unit.
func setDuration(n *yaml.Node, dst *time.Duration) error {
	var parsed strictjson.Duration
	if err := parsed.UnmarshalText([]byte(n.Value)); err != nil {
		if isNumber(n.Value) {
			return fmt.Errorf("%q has no unit; did you mean %sms, %ss or %sm?", n.Value, n.Value, n.Value, n.Value)
		}
		if meant := targettext.Compact(n.Value); parsed.UnmarshalText([]byte(meant)) == nil {
			return fmt.Errorf("invalid duration %q; did you mean %s?", n.Value, meant)
		}
		return fmt.Errorf("invalid duration %q: want a number with a unit, such as 100ms, 10s or 3d", n.Value)
	}
	*dst = time.Duration(parsed)
	return nil
}

// setTime reads a time with its time zone.
func setTime(n *yaml.Node, dst *time.Time) error {
	parsed, err := time.Parse(time.RFC3339Nano, n.Value)
	if err != nil {
		return fmt.Errorf("invalid time %q: want a date, a time and an offset such as 2024-11-16T12:00:00Z or 2024-11-16T21:00:00+09:00", n.Value)
	}
	*dst = parsed
	return nil
}
