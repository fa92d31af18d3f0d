package slo

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Share is a part of a whole, exactly, in definitions: "2%" of an error budget, half of the traffic.
// It is from 0 to 100 % in parts per billion, for the reason that [Target] is. Shares are comparable
// with ==. The zero Share is 0 %; where a field of that type has another default, it says so.
type Share struct{ ppb uint32 }

// ParseShare parses a percentage like "2%" or "12.5 %", or a ratio like "0.125", from 0 to 100 %. It
// returns an error that quotes the text for anything else, and for more digits than parts per billion
// can hold.
func ParseShare(text string) (Share, error) {
	ppb, err := parseParts(text, "shares", `"12.5%" or a ratio like "0.125"`)
	if err != nil {
		return Share{}, fmt.Errorf("slo: share %q: %w", text, err)
	}
	return Share{ppb}, nil
}

// parseParts parses a percentage or a ratio from 0 to 100 % into parts per billion. The noun and the
// examples are for its errors.
func parseParts(text, noun, examples string) (uint32, error) {
	number, percent := strings.CutSuffix(text, "%")
	places := decimals
	if percent {
		number = strings.TrimSuffix(number, " ")
		places -= 2
	}
	whole, fraction, point := strings.Cut(number, ".")
	if !digitsOnly(whole) || point && !digitsOnly(fraction) {
		return 0, errors.New("want a percentage like " + examples)
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > places {
		return 0, fmt.Errorf("has more than %d digits behind the point, and %s are in parts per billion", places, noun)
	}
	ppb, err := strconv.ParseUint(whole+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
	switch {
	case err != nil || ppb > billion && percent:
		return 0, errors.New("is more than 100%")
	case ppb > billion:
		return 0, fmt.Errorf("is more than 1; a percentage needs its sign, %q", text+"%")
	}
	return uint32(ppb), nil
}

// MustParseShare is ParseShare for constants in a program; it panics on an error.
func MustParseShare(text string) Share {
	s, err := ParseShare(text)
	if err != nil {
		panic(err)
	}
	return s
}

// PartsPerBillion returns the share in parts per billion.
func (s Share) PartsPerBillion() int64 { return int64(s.ppb) }

// Rat returns the share as an exact ratio.
func (s Share) Rat() *big.Rat { return big.NewRat(s.PartsPerBillion(), billion) }

// Decimal returns the share as a ratio in decimal digits, "0.02" for 2 %.
func (s Share) Decimal() string { return pointed(s.PartsPerBillion(), decimals) }

// String returns the share as a percentage with no more digits than it needs, "2%".
func (s Share) String() string { return pointed(s.PartsPerBillion(), decimals-2) + "%" }

// MarshalText returns String.
func (s Share) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText parses text as ParseShare does.
func (s *Share) UnmarshalText(text []byte) error {
	parsed, err := ParseShare(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}
