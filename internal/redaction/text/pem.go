package text

import "strings"

// A fence is a pair of lines around a key.
type fence struct{ begin, end, dashes string }

var fences = [...]fence{
	{"-----BEGIN ", "-----END ", "-----"},
	{"---- BEGIN ", "---- END ", "----"}, // RFC 4716
}

// pemBlocks finds PEM blocks of keys and encrypted messages. Certificates and
// public keys are public. A block without an end extends to the end of the
// text.
func pemBlocks(sc *scan) {
	for i := range fences {
		fences[i].blocks(sc)
	}
	puttyKeys(sc)
}

func (f *fence) blocks(sc *scan) {
	s := sc.s
	for i := 0; ; {
		k := strings.Index(s[i:], f.begin)
		if k < 0 {
			return
		}
		start := i + k
		i = start + len(f.begin)
		label, _, _ := strings.Cut(s[i:min(len(s), i+maxLabel)], f.dashes)
		if isSecretLabel(label) {
			i = f.blockEnd(s, start)
			sc.add(start, i)
		}
	}
}

// maxLabel is the number of bytes of a label and the dashes after it.
const maxLabel = 72

func isSecretLabel(label string) bool {
	if len(label) > 64 || strings.Contains(label, "PUBLIC") {
		return false
	}
	return strings.Contains(label, "KEY") || strings.Contains(label, "MESSAGE")
}

func (f *fence) blockEnd(s string, start int) int {
	e := strings.Index(s[start:], f.end)
	if e < 0 {
		return len(s)
	}
	label := start + e + len(f.end)
	t := strings.Index(s[label:], f.dashes)
	if t < 0 {
		return len(s)
	}
	return label + t + len(f.dashes)
}

const puttyLines, puttyMAC = "Private-Lines: ", "Private-MAC: "

// puttyKeys finds the private lines of PuTTY's keys and the code that
// authenticates them.
func puttyKeys(sc *scan) {
	s := sc.s
	for i := 0; ; {
		k := strings.Index(s[i:], puttyLines)
		if k < 0 {
			return
		}
		i = lineEnd(s, i+k)
		mac := indexFrom(s, i, puttyMAC)
		sc.add(newlines.skip(s, i), newlines.trim(s, i, mac))
		if i = lineEnd(s, mac); mac < len(s) {
			sc.add(mac+len(puttyMAC), i)
		}
	}
}
