package redact

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// A span is a stretch of text to replace.
type span struct{ start, end int }

// A scanner runs the matchers over one text. Each matcher looks at the whole
// text for one kind of secret and adds spans; they may overlap.
type scanner struct {
	r     *Redactor
	s     string
	spans []span
	level int // how often the text has been decoded
}

// scanners keeps the room for spans: most texts that look suspicious have none.
var scanners = sync.Pool{New: func() any { return &scanner{spans: make([]span, 0, 16)} }}

func (sc *scanner) release() {
	*sc = scanner{spans: sc.spans[:0]}
	scanners.Put(sc)
}

// maxDecoded is how often a text is decoded: a URL in a parameter of a URL is 2.
const maxDecoded = 3

func (sc *scanner) add(start, end int) {
	if start < end {
		sc.spans = append(sc.spans, span{start, end})
	}
}

// covered returns the end of the last span if it reaches beyond i, else i. The
// matchers use it to not look into what has gone already.
func (sc *scanner) covered(i int) int {
	if n := len(sc.spans); n > 0 && sc.spans[n-1].start <= i {
		return max(i, sc.spans[n-1].end)
	}
	return i
}

func (sc *scanner) run(t traits) {
	if t&worded != 0 || t&quoting != 0 {
		sc.blocks()
	}
	if t&pairing != 0 {
		sc.pairs()
	}
	if t&(at|pairing) != 0 {
		sc.addresses(t)
	}
	if t&angle != 0 {
		sc.elements()
	}
	if t&quoting != 0 {
		sc.inserts()
	}
	if t&digits9 != 0 {
		sc.numbers()
	}
	if t&(worded|quoting|coded) != 0 {
		sc.words()
	}
	if t&pairing != 0 && t&worded != 0 && strings.Contains(sc.s, "://") {
		sc.hooks()
	}
	if t&wide != 0 {
		sc.scripts()
	}
	if t&coded != 0 && sc.level < maxDecoded {
		sc.encoded()
	}
	for _, rule := range sc.r.rules {
		for _, m := range rule.Pattern.FindAllStringSubmatchIndex(sc.s, -1) {
			if len(m) > 2 && m[2] >= 0 {
				m = m[2:]
			}
			sc.add(m[0], m[1])
		}
	}
}

// encoded decodes the text once more, scans the result and maps what it finds
// back: https%3A%2F%2Fa.example%2F%3Ftoken%3D…, \"password\":\"…\".
func (sc *scanner) encoded() {
	slash := strings.IndexByte(sc.s, '\\') >= 0
	if slash {
		sc.decoded(unescape(sc.s, false))
	}
	if !slash || sc.level == 0 {
		sc.decoded(unescape(sc.s, true))
	}
}

func (sc *scanner) decoded(d decoded) {
	if d.at == nil {
		return
	}
	inner := scanner{r: sc.r, s: d.text, level: sc.level + 1}
	inner.run(inspect(d.text))
	for _, sp := range inner.spans {
		sc.add(d.at[sp.start], d.at[sp.end])
	}
}

// merged returns the spans in order and without overlaps.
func (sc *scanner) merged() []span {
	slices.SortFunc(sc.spans, func(a, b span) int { return a.start - b.start })
	out := sc.spans[:0]
	for _, sp := range sc.spans {
		if n := len(out); n > 0 && sp.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, sp.end)
			continue
		}
		out = append(out, sp)
	}
	return out
}

// Text returns s with what its scan finds replaced. Text that is JSON is treated
// as the values it holds. Text beyond 64 KiB is cut.
func (r *Redactor) Text(s string) string {
	t := inspect(s)
	if t&suspicious == 0 && len(r.rules) == 0 && len(s) <= maxText {
		return s
	}
	return r.text(s, t, 0)
}

func (r *Redactor) text(s string, t traits, level int) string {
	shown := len(s)
	if len(s) > maxText {
		s = s[:maxText]
		shown = maxText - overlap
		for shown > 0 && !utf8.RuneStart(s[shown]) {
			shown--
		}
		t = inspect(s)
	} else if out, ok := r.jsonText(s, level); ok {
		return out
	}
	sc := scanners.Get().(*scanner)
	defer sc.release()
	sc.r, sc.s = r, s
	sc.run(t)
	if len(sc.spans) == 0 && shown == len(s) {
		return s
	}
	return assemble(s, sc.merged(), shown)
}

// assemble writes s up to shown with the spans replaced.
func assemble(s string, spans []span, shown int) string {
	var b strings.Builder
	b.Grow(shown + len(cutNote))
	i := 0
	for _, sp := range spans {
		if sp.start >= shown {
			break
		}
		b.WriteString(s[i:sp.start])
		b.WriteString(Replacement)
		i = sp.end
	}
	if i < shown {
		b.WriteString(s[i:shown])
	}
	if shown < len(s) {
		b.WriteString(cutNote)
	}
	return b.String()
}
