package logging

import (
	"strings"
	"sync/atomic"

	"github.com/sligo-go/sligo/redact"
)

// messages remembers texts that need neither redaction nor escaping. Most
// messages are constants, and comparing one with a known text costs less than
// scanning it. Each text has one place, chosen by its call site, and a miss
// replaces it only now and then. So there is no lock and no growth, and varying
// messages make hardly any garbage.
type messages struct {
	misses atomic.Uint32
	clean  [256]atomic.Pointer[string]
}

const maxMessage = 128 // longer messages are rarely constants

// place returns the place of a line's message. The length tells messages apart
// that share a call site, such as a logging function, or have none.
func (m *messages) place(l *Line) *atomic.Pointer[string] {
	// 2^64 divided by the golden ratio spreads the sums evenly (Knuth, 6.4).
	const spread = 0x9E3779B97F4A7C15
	return &m.clean[(uint64(l.PC)+uint64(len(l.Message)))*spread>>56]
}

// append appends a line's message as a redacted JSON string.
func (m *messages) append(dst []byte, redactor *redact.Redactor, l *Line) []byte {
	s := l.Message
	if len(s) > maxMessage {
		return redactor.AppendText(dst, s)
	}
	place := m.place(l)
	if known := place.Load(); known == nil || *known != s {
		if !redactor.Clean(s) {
			return redactor.AppendText(dst, s)
		}
		if known == nil || m.misses.Add(1)%64 == 0 {
			own := strings.Clone(s)
			place.Store(&own)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}
