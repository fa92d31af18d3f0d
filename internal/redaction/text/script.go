package text

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// particles may follow a name in Korean, Japanese and Chinese.
var particles = [...]string{"는", "은", "가", "이", "를", "을", "는 ", "は", "が", "を", "是", "为"}

var (
	scriptGaps  = chars(" \t:=[('\"")
	scriptBytes = except("\x00- \"'),;]}<\x80-\xff")
)

// scripts finds values that follow the name of a secret in a script that
// does not separate words, where a particle may be between the two.
func scripts(sc *scan) {
	for _, n := range name.ScriptNames() {
		for i := 0; ; {
			k := strings.Index(sc.s[i:], n)
			if k < 0 {
				break
			}
			i += k + len(n)
			afterScript(sc, i)
		}
	}
}

// afterScript adds the value after a name that ends at i.
func afterScript(sc *scan, i int) {
	s := sc.s
	for _, p := range particles {
		if strings.HasPrefix(s[i:], p) {
			i += len(p)
			break
		}
	}
	i = scriptGaps.skip(s, i)
	value := strings.TrimRight(s[i:scriptBytes.skip(s, i)], ".:")
	if len(value) >= 3 && (shaped(value) || hasDigit(value)) {
		sc.add(i, i+len(value))
	}
}
