package statuspage

import (
	"strconv"
	"strings"
)

// languageOf returns the language with a code, and nil for any other.
func languageOf(code string) *language {
	for _, l := range languages {
		if l.code == code {
			return l
		}
	}
	return nil
}

// preferred returns the language that an Accept-Language header prefers, and
// English if it names none that the page has.
//
// Source: RFC 9110, section 12.5.4, with the basic filtering of RFC 4647: "ko"
// includes "ko-KR".
func preferred(header string) *language {
	best, weight := english, 0.0
	for item := range strings.SplitSeq(header, ",") {
		tag, parameter, _ := strings.Cut(item, ";")
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		if l := languageOf(strings.ToLower(primary)); l != nil {
			if q := quality(parameter); q > weight {
				best, weight = l, q
			}
		}
	}
	return best
}

// quality returns the weight of an item: 1 without one, 0 for an invalid one.
//
// Source: RFC 9110, section 5.6.6: names of parameters are case-insensitive.
func quality(parameter string) float64 {
	name, text, _ := strings.Cut(strings.TrimSpace(parameter), "=")
	if !strings.EqualFold(name, "q") {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return q
}
