package redact

import "strings"

// Values whose name stands apart from them: parts of a multipart form, elements of
// XML and HTML, pairs of a name and a value.

// isNameName reports names whose value is the name of another value.
func isNameName(name string) bool {
	switch strings.ToLower(name) {
	case "name", "key", "field", "param", "header", "variable":
		return true
	}
	return false
}

// namedValue handles the name of a value kept apart from it: a part of a
// multipart form, {"name":"password","value":"…"}, <input name= value=>.
func (sc *scanner) namedValue(start, sign, i int) {
	s := sc.s
	near := scanner{r: sc.r, s: s[:min(len(s), i+2*maxPairName)]} // no name is longer
	end := near.valueEnd(i)
	if sc.r.judge(strings.Trim(s[i:end], "\"'`\\")) == plain {
		return
	}
	rest := s[end:]
	sc.valueBefore(start)
	if start := partStart(s, end); start > 0 && s[sign] == '=' {
		stop := len(s)
		if e := strings.Index(s[start:], "\n--"); e >= 0 {
			stop = start + len(strings.TrimSuffix(s[start:start+e], "\r"))
		}
		sc.add(start, stop)
		return
	}
	if e := strings.IndexAny(rest[:min(len(rest), 64)], "<>"); e >= 0 && rest[e] == '>' { // <param name="password">x</param>
		start := end + e + 1
		stop := len(s)
		if e := strings.IndexByte(s[start:], '<'); e >= 0 {
			stop = start + e
		}
		sc.add(start, stop)
	}
	window := rest[:min(len(rest), 24)]
	if k := strings.Index(strings.ToLower(window), "val"); k >= 0 {
		if e := strings.IndexAny(rest[k:], ":="); e >= 0 && e <= 7 {
			start := sc.valueStart(end + k + e)
			sc.addValue(start, sc.valueEnd(start))
		}
	}
}

// valueBefore handles a value that stands before its name at i, in one object or
// element.
func (sc *scanner) valueBefore(i int) {
	s := sc.s
	low := max(0, i-1024)
	low += strings.LastIndexAny(s[low:i], "{<\n") + 1
	k := strings.LastIndex(strings.ToLower(s[low:i]), "val")
	if k < 0 {
		return
	}
	if e := strings.IndexAny(s[low+k:i], ":="); e >= 0 && e <= len("values\\\"") {
		start := sc.valueStart(low + k + e)
		sc.addValue(start, min(i, sc.valueEnd(start)))
	}
}

// partStart returns where the content of a multipart form's part starts, if one of
// its header lines ends at i; else 0.
func partStart(s string, i int) int {
	rest := strings.TrimLeft(s[i:min(len(s), i+256)], " ;")
	if !strings.HasPrefix(rest, "\r\n") && !strings.HasPrefix(rest, "\n") {
		return 0
	}
	for _, blank := range [...]string{"\r\n\r\n", "\n\n"} {
		if k := strings.Index(rest, blank); k >= 0 {
			return len(s[:i]) + len(s[i:min(len(s), i+256)]) - len(rest) + k + len(blank)
		}
	}
	return 0
}

// elements redacts the content of XML elements with a secret's name.
func (sc *scanner) elements() {
	s := sc.s
	for i := 0; i < len(s); {
		k := strings.IndexByte(s[i:], '<')
		if k < 0 {
			return
		}
		i += k + 1
		j := i
		for j < len(s) && (nameByte(s[j]) || s[j] == ':') {
			j++
		}
		if j == i || sc.r.judge(s[i:j]) == plain {
			continue
		}
		open := strings.IndexByte(s[j:], '>')
		if open < 0 || s[j+open-1] == '/' {
			continue
		}
		start := j + open + 1
		stop := len(s)
		if e := strings.Index(s[start:], "</"+s[i:j]); e >= 0 {
			stop = start + e
		}
		if !isConstant(s[start:stop]) {
			sc.add(start, stop)
		}
		i = stop
	}
}
