package redact

import "strings"

// parameter judges one parameter of a query, whose value starts at i.
func (sc *scanner) parameter(name string, i int) {
	end := i
	for end < len(sc.s) && sc.s[end] > ' ' && strings.IndexByte("&#\"'<>`", sc.s[end]) < 0 {
		end++
	}
	if value := sc.s[i:end]; !sc.r.showsParameter(name, value) {
		sc.add(i, end)
	}
}

// showsParameter reports whether a query parameter shows its value.
func (r *Redactor) showsParameter(name, value string) bool {
	if isConstant(value) {
		return true
	}
	if strings.IndexByte(name, '%') >= 0 {
		name = unescape(name, true).text
	}
	sq := squash(name)
	switch isSecret, listed := r.keys[sq]; {
	case listed:
		return !isSecret
	case r.query[sq]:
		return true // its value is scanned as all text is
	case secretParameters[sq]:
		return false
	}
	switch r.judge(name) {
	case plain:
		return ordinary(value)
	case counted:
		return isNumber(value)
	}
	return false
}

// ordinary reports values of a form no credential has: words, numbers, dates and
// versions of these, and UUIDs.
func ordinary(v string) bool {
	if len(v) > 128 {
		return false
	}
	if isUUID(v) {
		return true
	}
	for part := range strings.FieldsFuncSeq(v, func(c rune) bool { return strings.ContainsRune("-_.,:+/~|*!()", c) }) {
		if strings.IndexByte(part, '%') >= 0 {
			part = unescape(part, true).text
		}
		if !ordinaryWord(part) {
			return false
		}
	}
	return true
}

// ordinaryWord reports a word in one case or capitalised, a number, or a short
// mixture of both (12A, v2, p95).
func ordinaryWord(w string) bool {
	if len(w) <= 4 || isNumber(w) {
		return isNumber(w) && len(w) <= 12 || len(w) <= 4
	}
	if len(w) > 24 || hasDigit(w) || strings.ContainsAny(w, "@=&?#\\{}") {
		return false
	}
	rest := w[1:]
	return strings.ToLower(rest) == rest || strings.ToUpper(w) == w || len(split(w)) <= 3
}

func isUUID(v string) bool {
	if len(v) != 36 {
		return false
	}
	for i := range len(v) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (v[i] == '-') || !dash && !hexByte(v[i]) {
			return false
		}
	}
	return true
}
