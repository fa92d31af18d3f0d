package slo

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/sligo-go/sligo/internal/decimal"
)

// Target is the share of valid events that must be good, exactly: 99.95 % is
// 999 500 000 parts per billion. It is more than 0 %, which promises nothing,
// and less than 100 %, which no service keeps and which leaves no error
// budget for any change.
//
// Targets are comparable with ==. The zero Target is not valid; see
// [Target.IsValid].
type Target struct {
	// ppb is in parts per billion. They are finer than any objective in use:
	// 99.999 % is 10 000 parts short of 100 %.
	ppb uint32
}

const (
	billion  = 1_000_000_000 // 100 % in parts per billion
	decimals = 9             // the decimals of a part per billion as a ratio
)

// ParseTarget parses a percentage such as "99.95%" or "99.95 %", or a ratio
// such as "0.9995". It returns an error that quotes the text for anything
// else, for 0 % and 100 %, and for more decimals than parts per billion can
// hold.
func ParseTarget(text string) (Target, error) {
	t, err := parseTarget(text)
	if err != nil {
		return Target{}, fmt.Errorf("slo: invalid target %q: %w", text, err)
	}
	return t, nil
}

func parseTarget(text string) (Target, error) {
	ppb, err := parseParts(text, `"99.95%" or a ratio such as "0.9995"`)
	switch {
	case err != nil:
		return Target{}, err
	case ppb == 0:
		return Target{}, errors.New("0% promises nothing")
	case ppb == billion:
		return Target{}, errors.New("100% leaves no error budget")
	}
	return Target{ppb}, nil
}

// MustParseTarget is like ParseTarget, but panics on an error. It is for
// constants in a program.
func MustParseTarget(text string) Target {
	t, err := ParseTarget(text)
	if err != nil {
		panic(err)
	}
	return t
}

// TargetOf returns the target with the given good parts per billion, from 1 to
// 999 999 999.
func TargetOf(partsPerBillion int64) (Target, error) {
	if partsPerBillion <= 0 || partsPerBillion >= billion {
		return Target{}, fmt.Errorf("slo: invalid target of %d parts per billion: want 1 to %d", partsPerBillion, billion-1)
	}
	return Target{uint32(partsPerBillion)}, nil
}

// IsValid reports whether t came from a constructor. The zero Target did not.
func (t Target) IsValid() bool { return t.ppb != 0 }

// PartsPerBillion returns the target in parts per billion, and 0 for the zero
// Target.
func (t Target) PartsPerBillion() int64 { return int64(t.ppb) }

// BudgetPartsPerBillion returns the error budget, 100 % minus the target, in
// parts per billion. It is 0 for the zero Target.
func (t Target) BudgetPartsPerBillion() int64 {
	if !t.IsValid() {
		return 0
	}
	return billion - int64(t.ppb)
}

// Rat returns the target as an exact ratio, and 0 for the zero Target.
func (t Target) Rat() *big.Rat { return big.NewRat(t.PartsPerBillion(), billion) }

// Decimal returns the target as a decimal ratio, "0.9995" for 99.95 %, for
// configuration that other programs read.
func (t Target) Decimal() string { return decimal.Format(t.PartsPerBillion(), decimals) }

// BudgetDecimal returns the error budget as a decimal ratio, "0.0005" for
// 99.95 %.
func (t Target) BudgetDecimal() string { return decimal.Format(t.BudgetPartsPerBillion(), decimals) }

// String returns the target as a percentage without needless digits, "99.95%".
// The zero Target is "0%".
func (t Target) String() string { return percent(t.ppb) }

// MarshalText returns String, and an empty text for the zero Target.
func (t Target) MarshalText() ([]byte, error) {
	if !t.IsValid() {
		return []byte{}, nil
	}
	return []byte(t.String()), nil
}

// UnmarshalText parses a text like ParseTarget. An empty text is the zero
// Target.
func (t *Target) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*t = Target{}
		return nil
	}
	parsed, err := ParseTarget(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
