package slo

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// Target is the share of valid events that must be good, exactly: 99.95 % is 999 500 000 parts per
// billion. It is more than 0 % and less than 100 %: an objective of nothing promises nothing, and one
// of everything leaves no error budget, forbids every change and cannot be kept.
//
// Targets are comparable with ==. The zero Target is not valid; see [Target.IsValid].
type Target struct {
	// ppb is in parts per billion, since a float64 cannot hold 0.999: what it leaves as the budget
	// would print as 0.0010000000000000009. A billionth is finer than any objective in
	// use; 99.999 % is 10 000 of them short of everything.
	ppb uint32
}

// billion is 100 % in parts per billion, and decimals how many places that is behind the point of a
// ratio.
const (
	billion  = 1_000_000_000
	decimals = 9
)

// ParseTarget parses a percentage like "99.95%" or "99.95 %", or a ratio like "0.9995". It returns an
// error that quotes the text for anything else, for 0 % and 100 %, and for more digits than parts per
// billion can hold.
func ParseTarget(text string) (Target, error) {
	t, err := parseTarget(text)
	if err != nil {
		return Target{}, fmt.Errorf("slo: target %q: %w", text, err)
	}
	return t, nil
}

func parseTarget(text string) (Target, error) {
	ppb, err := parseParts(text, "targets", `"99.95%" or a ratio like "0.9995"`)
	switch {
	case err != nil:
		return Target{}, err
	case ppb == 0:
		return Target{}, errors.New("0% promises nothing")
	case ppb == billion:
		return Target{}, errors.New("100% leaves no error budget: no service is always good, and nothing could ever be changed")
	}
	return Target{ppb}, nil
}

// MustParseTarget is ParseTarget for constants in a program; it panics on an error.
func MustParseTarget(text string) Target {
	t, err := ParseTarget(text)
	if err != nil {
		panic(err)
	}
	return t
}

// TargetOf returns the target of so many good parts in a billion, which must be from 1 to 999 999 999.
func TargetOf(partsPerBillion int64) (Target, error) {
	if partsPerBillion <= 0 || partsPerBillion >= billion {
		return Target{}, fmt.Errorf("slo: target of %d parts per billion: want more than 0 and less than %d", partsPerBillion, billion)
	}
	return Target{uint32(partsPerBillion)}, nil
}

// IsValid reports whether t came from one of the constructors, as opposed to the zero Target.
func (t Target) IsValid() bool { return t.ppb != 0 }

// PartsPerBillion returns the target in parts per billion, 0 for the zero Target.
func (t Target) PartsPerBillion() int64 { return int64(t.ppb) }

// BudgetPartsPerBillion returns the error budget, what the target leaves to 100 %, in parts per
// billion. It is 0 for the zero Target.
func (t Target) BudgetPartsPerBillion() int64 {
	if !t.IsValid() {
		return 0
	}
	return billion - int64(t.ppb)
}

// Rat returns the target as an exact ratio, 0 for the zero Target.
func (t Target) Rat() *big.Rat { return big.NewRat(t.PartsPerBillion(), billion) }

// Decimal returns the target as a ratio in decimal digits, "0.9995" for 99.95 %, for configuration
// that other programs read.
func (t Target) Decimal() string { return pointed(t.PartsPerBillion(), decimals) }

// BudgetDecimal returns the error budget as a ratio in decimal digits, "0.0005" for 99.95 %.
func (t Target) BudgetDecimal() string { return pointed(t.BudgetPartsPerBillion(), decimals) }

// String returns the target as a percentage with no more digits than it needs, "99.95%". The zero
// Target is "0%".
func (t Target) String() string { return pointed(t.PartsPerBillion(), decimals-2) + "%" }

// MarshalText returns String. The zero Target is an error.
func (t Target) MarshalText() ([]byte, error) {
	if !t.IsValid() {
		return nil, errors.New("slo: the zero Target has no text")
	}
	return []byte(t.String()), nil
}

// UnmarshalText parses text as ParseTarget does.
func (t *Target) UnmarshalText(text []byte) error {
	parsed, err := ParseTarget(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}

// pointed writes n with the given number of decimals, without zeros at the end.
func pointed(n int64, places int) string {
	digits := fmt.Sprintf("%0*d", places+1, n)
	whole, fraction := digits[:len(digits)-places], digits[len(digits)-places:]
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

func digitsOnly(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
