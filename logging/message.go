package logging

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"github.com/sligo-go/sligo/logging/redact"
)

// messages remembers texts that are clean. Messages are constants of the service,
// nearly always, and to compare one with a text known to be clean costs less than
// to look at each of its bytes. A text is looked for in one place only, where
// another replaces it now and then: no lock, no order, no growth, and hardly any
// garbage when messages do vary.
type messages struct {
	seed   maphash.Seed
	misses atomic.Uint32
	clean  [256]atomic.Pointer[string]
}

const maxMessage = 128 // longer ones are no constants

// append writes a message as a JSON string, scanned.
func (m *messages) append(dst []byte, r *redact.Redactor, s string) []byte {
	if len(s) > maxMessage {
		return r.AppendText(dst, s)
	}
	place := &m.clean[maphash.String(m.seed, s)%uint64(len(m.clean))]
	if known := place.Load(); known == nil || *known != s {
		if !r.Clean(s) {
			return r.AppendText(dst, s)
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
