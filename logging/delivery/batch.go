package delivery

import (
	"bytes"
	"log/slog"
)

// A batch is a sequence of lines in one block of memory.
type batch struct {
	text   []byte       // the lines, each with its newline
	levels []slog.Level // of each line
}

// add appends text that consists of some lines of one level.
func (b *batch) add(level slog.Level, text []byte, lines uint64) {
	b.text = append(b.text, text...)
	for range lines {
		b.levels = append(b.levels, level)
	}
}

// each calls f for each line.
func (b *batch) each(f func(i int, line []byte)) {
	rest := b.text
	for i := range len(b.levels) {
		end := bytes.IndexByte(rest, '\n') + 1
		f(i, rest[:end])
		rest = rest[end:]
	}
}

// free drops lines below a level until need bytes are free: the lowest level
// first, and within a level the oldest line first. It returns how many lines it
// dropped. If all lines below the level have fewer bytes than that, it drops
// none and reports false.
func (b *batch) free(level slog.Level, need int) (dropped uint64, ok bool) {
	below, size := b.below(level)
	if size < need {
		return 0, false
	}
	for need > 0 {
		lowest := level
		for l := range below {
			lowest = min(lowest, l)
		}
		freed, lines := b.freeLevel(lowest, need)
		need -= freed
		dropped += lines
		delete(below, lowest)
	}
	return dropped, true
}

// below returns the levels of the lines below a level, and the lines' size in
// bytes.
func (b *batch) below(level slog.Level) (levels map[slog.Level]bool, size int) {
	levels = make(map[slog.Level]bool)
	b.each(func(i int, line []byte) {
		if l := b.levels[i]; l < level {
			levels[l] = true
			size += len(line)
		}
	})
	return levels, size
}

// freeLevel drops the oldest lines of one level until need bytes are free or no
// line of the level is left.
func (b *batch) freeLevel(level slog.Level, need int) (freed int, lines uint64) {
	text, levels := b.text[:0], b.levels[:0]
	b.each(func(i int, line []byte) {
		if l := b.levels[i]; l == level && freed < need {
			freed += len(line)
			lines++
		} else {
			text, levels = append(text, line...), append(levels, l)
		}
	})
	b.text, b.levels = text, levels
	return freed, lines
}
