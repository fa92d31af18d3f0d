package text

import (
	"encoding/base64"
	"strings"
)

// jwtStart is the base64 of the two bytes that start a JSON object.
const jwtStart = "eyJ"

// jwt matches a JSON Web Token: two segments or more, the first of which is the
// base64 of a JSON object. The token may be cut.
func jwt(s string, w word) span {
	if !strings.HasPrefix(s[w.start:w.end], jwtStart) || !startsDot(s, w.end) {
		return span{}
	}
	b, err := base64.RawURLEncoding.DecodeString(s[w.start:w.end])
	if err != nil || len(b) < 2 || b[0] != '{' {
		return span{}
	}
	end := dottedBytes.skip(s, w.end)
	if end-w.end < len(".abcd") {
		return span{}
	}
	return span{w.start, end}
}
