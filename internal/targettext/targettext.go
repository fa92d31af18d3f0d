// Package targettext understands percentages as people write them: some leave
// out the sign, write a ratio, or use a comma.
package targettext

import (
	"strings"

	"github.com/sligo-go/sligo/internal/decimal"
)

const (
	places = 7             // the decimals of a percentage in parts per billion
	whole  = 1_000_000_000 // 100 % in parts per billion
)

// Mistake is the kind of a mistake in the text of a target.
type Mistake int

// The mistakes. None, the zero Mistake, is of a text without one.
const (
	None       Mistake = iota
	Ratio              // a ratio such as "0.999" instead of a percentage
	Ambiguous          // "1" may be 1 % or 100 %
	Zeros              // a zero is in front of the number
	Spelling           // a comma, or a space too many
	Decimals           // more than seven decimals
	OutOfRange         // 0 % or less, or 100 % or more
	Unreadable         // not a number
)

// Read reads the text of a target, with or without its sign. It returns the
// percentage with its sign, or a mistake. Meant is the percentage that was
// probably meant, and empty if that is not clear.
func Read(text string) (percent string, m Mistake, meant string) {
	number, signed := strings.CutSuffix(text, "%")
	percent = number + "%"
	if !signed {
		switch meant = OfRatio(text); meant {
		case "":
		case "100%":
			return percent, Ambiguous, ""
		default:
			return percent, Ratio, meant
		}
	}
	if meant, ok := WithoutZeros(text); !ok {
		return percent, Zeros, meant
	}
	m = judge(strings.TrimSuffix(number, " "))
	if m == Unreadable {
		meant = strings.TrimSuffix(Compact(text), "%")
		if judge(meant) == None {
			return percent, Spelling, meant + "%"
		}
	}
	return percent, m, ""
}

// judge returns the mistake in a number of percent.
func judge(number string) Mistake {
	n, err := decimal.Parse(number, places)
	switch {
	case err == nil && (n <= 0 || n >= whole):
		return OutOfRange
	case err == nil:
		return None
	}
	head, tail, _ := strings.Cut(number, ".")
	if len(tail) > places && strings.Trim(tail, "0123456789") == "" {
		if _, err := decimal.Parse(head+"."+tail[:places], places); err == nil {
			return Decimals
		}
	}
	return Unreadable
}

// OfRatio returns the percentage that the author of a ratio meant: "99.9%" for
// "0.999". It is empty for 0, for a number above 1 and for other text.
func OfRatio(text string) string {
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	n, err := decimal.Parse(text, places+2)
	if err != nil || n <= 0 || n > whole {
		return ""
	}
	return decimal.Format(n, places) + "%"
}

// WithoutZeros reports whether no needless zero is in front of a number. If one
// is, it returns the number without it.
func WithoutZeros(text string) (meant string, ok bool) {
	rest := strings.TrimLeft(text, "0")
	isNumber := rest != "" && strings.Trim(rest[:1], "0123456789") == ""
	if zeros := len(text) - len(rest); zeros == 0 || zeros == 1 && !isNumber {
		return text, true
	}
	if !isNumber {
		rest = "0" + rest
	}
	return rest, false
}

// Compact returns a number in lower case, with a point and without spaces.
func Compact(text string) string {
	text = strings.ReplaceAll(strings.ToLower(text), ",", ".")
	return strings.Join(strings.Fields(text), "")
}
