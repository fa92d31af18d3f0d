package slo

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/sligo-go/sligo/internal/decimal"
)

// Share is an exact part of a whole in a definition, such as 2 % of an error
// budget or half of the traffic. It is from 0 to 100 %, in whole parts per
// billion like [Target]. Shares are comparable with ==. The zero Share is 0 %,
// unless a field documents another meaning.
type Share struct{ ppb uint32 }

// ParseShare parses a percentage such as "2%" or "12.5 %", or a ratio such as
// "0.125", from 0 to 100 %. It returns an error that quotes the text for
// anything else, and for more decimals than parts per billion can hold.
func ParseShare(text string) (Share, error) {
	ppb, err := parseParts(text, `"12.5%" or a ratio such as "0.125"`)
	if err != nil {
		return Share{}, fmt.Errorf("slo: invalid share %q: %w", text, err)
	}
	return Share{ppb}, nil
}

// parseParts parses a percentage or a ratio from 0 to 100 % into parts per
// billion. The examples are for its errors.
func parseParts(text, examples string) (uint32, error) {
	number, isPercent := strings.CutSuffix(text, "%")
	places := decimals
	if isPercent {
		number = strings.TrimSuffix(number, " ")
		places -= 2
	}
	ppb, err := decimal.Parse(number, places)
	switch {
	case err != nil || strings.HasPrefix(number, "-"):
		return 0, fmt.Errorf("want a percentage such as %s, in whole parts per billion", examples)
	case ppb > billion && isPercent:
		return 0, errors.New("more than 100%")
	case ppb > billion:
		return 0, fmt.Errorf("more than 1: want %q for a percentage", text+"%")
	}
	return uint32(ppb), nil
}

// percent returns parts per billion as a percentage.
func percent(ppb uint32) string { return decimal.Format(int64(ppb), decimals-2) + "%" }

// MustParseShare is like ParseShare, but panics on an error. It is for
// constants in a program.
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

// Decimal returns the share as a decimal ratio, "0.02" for 2 %.
func (s Share) Decimal() string { return decimal.Format(s.PartsPerBillion(), decimals) }

// String returns the share as a percentage without needless digits, "2%".
func (s Share) String() string { return percent(s.ppb) }

// MarshalText returns String.
func (s Share) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText parses a text like ParseShare.
func (s *Share) UnmarshalText(text []byte) error {
	parsed, err := ParseShare(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}
