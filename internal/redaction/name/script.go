package name

import (
	"slices"
	"strings"
)

// ScriptNames returns the names of secrets in scripts that do not separate
// words, folded. The caller must not change the list.
func ScriptNames() []string { return scriptSecrets }

// scriptSecret reports whether a folded name in a script that does not separate
// words contains the name of a secret.
func scriptSecret(folded string) bool {
	for _, w := range scriptSecrets {
		if _, rest, ok := strings.Cut(folded, w); ok && !isScriptTail(rest) {
			return true
		}
	}
	return false
}

// isScriptTail reports whether rest turns the name of a secret before it into a
// fact about the secret: 비밀번호 변경 일시 (time of the password's change).
func isScriptTail(rest string) bool {
	return slices.ContainsFunc(scriptTails, func(tail string) bool {
		return strings.HasPrefix(rest, tail) || strings.HasSuffix(rest, tail)
	})
}

// composeHangul joins decomposed syllables (Unicode 3.12), as file systems and
// some keyboards produce them.
func composeHangul(s string) string {
	if isASCII(s) {
		return s
	}
	var out []rune
	for _, c := range s {
		if n := len(out); n > 0 {
			if joined, ok := composeJamo(out[n-1], c); ok {
				out[n-1] = joined
				continue
			}
		}
		out = append(out, c)
	}
	return string(out)
}

// composeJamo joins a consonant and a vowel, or a syllable and its final
// consonant.
func composeJamo(a, b rune) (rune, bool) {
	const lBase, vBase, tBase, sBase = 0x1100, 0x1161, 0x11A7, 0xAC00
	const lCount, vCount, tCount = 19, 21, 28
	within := func(c, base rune, count int) bool { return c >= base && c < base+rune(count) }
	switch {
	case within(a, lBase, lCount) && within(b, vBase, vCount):
		return sBase + ((a-lBase)*vCount+(b-vBase))*tCount, true
	case within(a, sBase, lCount*vCount*tCount) && (a-sBase)%tCount == 0 && within(b, tBase+1, tCount-1):
		return a + b - tBase, true
	}
	return 0, false
}
