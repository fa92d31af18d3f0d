package text

// A word is a run of letters, digits, '-' and '_' in a text. The word after
// it, if blanks separate the two, is its value.
type word struct {
	prev        int // where the word before starts
	start, end  int
	value, stop int // where the value after it starts and ends
}

// walkWords offers each word to the matchers of words. If none of them takes
// the whole word and a value follows, it then offers the value to the
// others.
func walkWords(sc *scan, itself, value []matcher) {
	s := sc.s
	w := word{}
	for i := 0; i < len(s); {
		if !wordBytes[s[i]] {
			i++
			continue
		}
		if c := sc.covered(i); c > i {
			i = c
			continue
		}
		w = word{prev: w.start, start: i, end: wordBytes.skip(s, i)}
		i = w.end
		if found := findInWord(s, w, itself); found.end > 0 {
			sc.add(found.start, found.end)
			if found.start == w.start {
				i = found.end
				continue
			}
		}
		if w.value = blanks.skip(s, w.end); w.value > w.end && w.value < len(s) {
			w.stop = announcedEnd(s, w.value)
			for m := range value {
				if value[m].after(sc, w) {
					break
				}
			}
		}
	}
}

func findInWord(s string, w word, matchers []matcher) span {
	for m := range matchers {
		if found := matchers[m].word(s, w); found.end > 0 {
			return found
		}
	}
	return span{}
}

// announcedEnd ends a value that a word announces, which may be quoted.
func announcedEnd(s string, i int) int {
	if s[i] == '"' {
		i++
	}
	return announcedBytes.skip(s, i)
}

var announcedBytes = except("\x00- \",;)]}")
