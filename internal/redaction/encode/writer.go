package encode

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

// A writer writes JSON of simple values to a buffer, redacted.
type writer struct {
	c     *Encoding
	buf   []byte
	hits  int // replacements
	level int // the number of texts that the values were found in
}

func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

func (w *writer) null() { w.raw("null") }

// comma separates a member from the one before it.
func (w *writer) comma() {
	if n := len(w.buf); n > 0 && w.buf[n-1] != '{' {
		w.buf = append(w.buf, ',')
	}
}

// key writes a name and its colon.
func (w *writer) key(name string) key {
	k := w.c.key(name)
	w.buf = append(w.buf, k.member...)
	return k
}

// replace writes the replacement of a secret.
func (w *writer) replace() {
	w.hits++
	w.raw(quotedReplacement)
}

// verbatim writes a text that is safe, without redacting it.
func (w *writer) verbatim(s string) { w.buf = appendQuoted(w.buf, s) }

// str writes a text, redacted.
func (w *writer) str(s string) {
	t := text.Inspect(s)
	if !w.c.finder.Clears(s, t) {
		out := w.c.finder.RedactNested(s, t, w.level)
		if out != s {
			w.hits++
		}
		w.buf = appendQuoted(w.buf, out)
		return
	}
	if t.Escapes() {
		w.buf = appendQuoted(w.buf, s)
		return
	}
	// Not by appendPlain, whose call takes longer than the work.
	buf := append(w.buf, '"')
	buf = append(buf, s...)
	w.buf = append(buf, '"')
}

func (w *writer) texts(values []string) {
	w.buf = append(w.buf, '[')
	for i, v := range values {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.str(v)
	}
	w.buf = append(w.buf, ']')
}

// bytes writes a byte slice: in base64 as encoding/json does, or as redacted
// text if there is a secret in it.
func (w *writer) bytes(b []byte) {
	if b == nil {
		w.null()
		return
	}
	s := string(b)
	if t := text.Inspect(s); !w.c.finder.Clears(s, t) {
		if out := w.c.finder.RedactNested(s, t, w.level); out != s {
			w.hits++
			w.verbatim(out)
			return
		}
	}
	w.buf = append(w.buf, '"')
	w.buf = base64.StdEncoding.AppendEncode(w.buf, b)
	w.buf = append(w.buf, '"')
}

// smallestCard is a number with 13 digits, the fewest that a payment card has.
const smallestCard = 1e12

func (w *writer) int(v int64) {
	start := len(w.buf)
	w.buf = strconv.AppendInt(w.buf, v, 10)
	if v >= smallestCard {
		w.dropCard(start)
	}
}

func (w *writer) uint(v uint64) {
	start := len(w.buf)
	w.buf = strconv.AppendUint(w.buf, v, 10)
	if v >= smallestCard {
		w.dropCard(start)
	}
}

func (w *writer) float(f float64, bits int) {
	start := len(w.buf)
	w.buf = appendFloat(w.buf, f, bits)
	if f >= smallestCard {
		w.dropCard(start)
	}
}

// number writes a number that is given as text.
func (w *writer) number(s string) {
	start := len(w.buf)
	w.raw(s)
	w.dropCard(start)
}

// dropCard replaces the number written since start if it is a card's.
func (w *writer) dropCard(start int) {
	if text.IsCard(string(w.buf[start:])) {
		w.buf = w.buf[:start]
		w.replace()
	}
}

func (w *writer) bool(v bool) { w.buf = strconv.AppendBool(w.buf, v) }

func (w *writer) time(t time.Time) {
	if y := t.Year(); y < 0 || y > 9999 {
		w.verbatim(t.String())
		return
	}
	w.buf = append(w.buf, '"')
	w.buf = t.AppendFormat(w.buf, time.RFC3339Nano)
	w.buf = append(w.buf, '"')
}
