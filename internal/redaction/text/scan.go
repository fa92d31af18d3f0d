package text

import (
	"sort"
	"sync"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// A span is a part of a text that is secret.
type span struct{ start, end int }

// A scan is the run of the matchers over one text. They add spans, which may
// overlap.
type scan struct {
	s      string
	judge  *name.Judge
	finder *Finder
	spans  []span
	level  int    // how often the text has been decoded
	linked bool   // the text has a "://"; set for the matchers of '@'
	number groups // the current number
}

// scans keeps the memory of spans: most texts that look suspicious have none.
var scans = sync.Pool{New: func() any { return &scan{spans: make([]span, 0, 16)} }}

func newScan(f *Finder, s string, level int) *scan {
	sc := scans.Get().(*scan)
	sc.s, sc.judge, sc.finder, sc.level = s, f.judge, f, level
	return sc
}

func (sc *scan) release() {
	sc.s, sc.judge, sc.finder, sc.spans = "", nil, nil, sc.spans[:0]
	scans.Put(sc)
}

// run makes the passes that the traits wake, then looks for the policy's own
// patterns.
func (sc *scan) run(t Traits) {
	for i := range sc.finder.passes {
		if p := &sc.finder.passes[i]; t&p.wake != 0 {
			p.run(sc)
		}
	}
	for _, pattern := range sc.finder.patterns {
		for _, m := range pattern.FindAllStringSubmatchIndex(sc.s, -1) {
			if len(m) > 2 && m[2] >= 0 {
				m = m[2:]
			}
			sc.add(m[0], m[1])
		}
	}
}

func (sc *scan) add(start, end int) {
	if start < end {
		sc.spans = append(sc.spans, span{start, end})
	}
}

// addValue adds a value without the quotes around it.
func (sc *scan) addValue(start, stop int) {
	if start < stop && isQuote(sc.s[start]) {
		start++
		if stop > start && sc.s[stop-1] == sc.s[start-1] {
			stop--
		}
	}
	sc.add(start, stop)
}

// covered returns the end of the last span if it reaches beyond i, else i.
// Matchers use it to skip a part that is already replaced.
func (sc *scan) covered(i int) int {
	if n := len(sc.spans); n > 0 && sc.spans[n-1].start <= i {
		return max(i, sc.spans[n-1].end)
	}
	return i
}

// byStart sorts spans. A program with net/http has package sort, but an
// instance of slices.SortFunc adds ten kilobytes.
type byStart []span

func (s byStart) Len() int           { return len(s) }
func (s byStart) Less(i, j int) bool { return s[i].start < s[j].start }
func (s byStart) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

// merged returns the spans in order and without overlaps.
func (sc *scan) merged() []span {
	sort.Sort(byStart(sc.spans))
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
