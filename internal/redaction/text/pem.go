package text

import "strings"

const pemBegin, pemEnd, pemDashes = "-----BEGIN ", "-----END ", "-----"

// pemBlocks finds PEM blocks of keys and encrypted messages. Certificates are
// public. A block without an end extends to the end of the text.
func pemBlocks(sc *scan) {
	s := sc.s
	for i := 0; ; {
		k := strings.Index(s[i:], pemBegin)
		if k < 0 {
			return
		}
		start := i + k
		i = start + len(pemBegin)
		label, _, _ := strings.Cut(s[i:], pemDashes)
		if isSecretLabel(label) {
			i = pemBlockEnd(s, start)
			sc.add(start, i)
		}
	}
}

func isSecretLabel(label string) bool {
	return len(label) <= 64 && !strings.Contains(label, "PUBLIC") && (strings.Contains(label, "KEY") || strings.Contains(label, "MESSAGE"))
}

func pemBlockEnd(s string, start int) int {
	e := strings.Index(s[start:], pemEnd)
	if e < 0 {
		return len(s)
	}
	label := start + e + len(pemEnd)
	t := strings.Index(s[label:], pemDashes)
	if t < 0 {
		return len(s)
	}
	return label + t + len(pemDashes)
}
