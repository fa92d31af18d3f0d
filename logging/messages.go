package logging

import (
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/sligo-go/sligo/redact"
)

// messages remembers texts that are clean. Messages are constants of the service,
// nearly always, and to compare one with a text known to be clean costs less than
// to look at each of its bytes. A text is looked for in one place only, which is
// that of the call that logs it, and where another replaces it now and then: no
// lock, no order, no growth, and hardly any garbage when messages do vary.
type messages struct {
	misses atomic.Uint32
	clean  [256]atomic.Pointer[string]
}

const maxMessage = 128 // longer ones are no constants

// place returns where the message of a record is looked for. Its length tells
// those apart that come through one helper, or from no known place.
func (m *messages) place(r *slog.Record) *atomic.Pointer[string] {
	const spread = 0x9E3779B97F4A7C15 // 2^64 divided by the golden ratio (Knuth, 6.4)
	return &m.clean[(uint64(r.PC)+uint64(len(r.Message)))*spread>>56]
}

// append writes the message of a record as a JSON string, scanned.
func (m *messages) append(dst []byte, redactor *redact.Redactor, r *slog.Record) []byte {
	s := r.Message
	if len(s) > maxMessage {
		return redactor.AppendText(dst, s)
	}
	place := m.place(r)
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
