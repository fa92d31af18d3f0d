package text

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// Values in texts that a sibling tells: the data of a Kubernetes Secret, the
// private members of a JSON Web Key, the elements of a flat list.

// kinds finds the values of Kubernetes Secrets in YAML and in JSON that is
// within a text, and the private members of JSON Web Keys.
func kinds(sc *scan) {
	s := sc.s
	for i := 0; i < len(s); {
		k := strings.IndexByte(s[i:], 'k')
		if k < 0 {
			return
		}
		i += k + 1
		switch {
		case strings.HasPrefix(s[i-1:], "kind"):
			if v := kindValue(s, i-1+len("kind")); v == "Secret" || v == "SecretList" {
				i = max(i, secretManifest(sc, i-1))
			}
		case strings.HasPrefix(s[i-1:], "kty"):
			if kindValue(s, i-1+len("kty")) != "" {
				i = max(i, membersAround(sc, i-1, webKeyParts))
			}
		}
	}
}

// kindValue returns the value of the pair whose name ends at i.
func kindValue(s string, i int) string {
	i = quoteBytes.skip(s[:min(len(s), i+maxQuotes)], i)
	if i >= len(s) || s[i] != ':' && s[i] != '=' {
		return ""
	}
	start := kindGaps.skip(s, i+1)
	return s[start:alnum.skip(s, start)]
}

var kindGaps = chars(" \t\"'\\")

// secretManifest adds the values of the Secret whose kind is at i, and returns
// where its document ends.
func secretManifest(sc *scan, i int) (end int) {
	s := sc.s
	first := strings.LastIndexByte(s[:i], '\n') + 1
	if indent := s[first:i]; strings.Trim(indent, " -") == "" {
		return manifestLines(sc, i, len(indent))
	}
	return membersAround(sc, i, manifestParts)
}

var (
	manifestParts = set(`data stringData`)
	webKeyParts   = set(`d p q dp dq qi k oth`)
)

// manifestLines adds the values under data and stringData in the YAML document
// around i, in lines with the same indentation, and returns where it ends.
func manifestLines(sc *scan, i, indent int) (end int) {
	s := sc.s
	end = indexFrom(s, i, "\n---")
	start := strings.LastIndex(s[:i], "\n---") + 1
	within := false
	for at := start; at < end; {
		stop := min(end, lineEnd(s, at))
		text := space.skip(s[:stop], at)
		depth := text - at
		if strings.HasPrefix(s[text:stop], "- ") && depth < indent {
			text += len("- ")
			depth += len("- ")
		}
		switch {
		case text >= stop:
		case depth <= indent:
			key, _, _ := strings.Cut(s[text:stop], ":")
			within = depth == indent && (manifestParts[strings.ToLower(strings.TrimSpace(key))])
		case within:
			addLineValue(sc, text, stop)
		}
		at = stop + 1
	}
	return end
}

// addLineValue adds the value of a line of YAML, or the line itself if it goes
// on with a value.
func addLineValue(sc *scan, start, stop int) {
	line := sc.s[start:stop]
	if _, value, ok := strings.Cut(line, ": "); ok {
		value = strings.TrimSpace(value)
		start += strings.Index(line, ": ") + len(": ")
		if blockMarks[value] || isConstant(value) {
			return
		}
	} else if strings.HasSuffix(line, ":") {
		return
	}
	sc.addValue(blanks.skip(sc.s, start), stop)
}

var blockMarks = set(`| > |- >- |+ >+`)

// maxObject is the number of bytes before a member that are searched for the
// start of its object.
const maxObject = 6 << 10

// membersAround adds the values of the members with these names in the object
// around i, and returns where it ends.
func membersAround(sc *scan, i int, names map[string]bool) (end int) {
	s := sc.s
	start := objectStart(s, i)
	if start < 0 {
		return i
	}
	end = balancedEnd(s[:min(len(s), start+MaxText)], start)
	depth := 0
	for k := start; k < end; k++ {
		switch c := s[k]; {
		case opening[c]:
			depth++
		case closing[c]:
			depth--
		case c == ':' && depth == 1:
			p, ok := pairAt(s, k)
			if !ok || !names[strings.ToLower(p.name())] {
				continue
			}
			if stop := valueEnd(s, p.value); !isConstant(s[p.value:stop]) {
				sc.addValue(p.value, stop)
				k = stop - 1
			}
		}
	}
	return end
}

// objectStart returns the index of the bracket of the object around i, or -1.
func objectStart(s string, i int) int {
	depth := 0
	for k := i - 1; k >= max(0, i-maxObject); k-- {
		switch s[k] {
		case '}', ']':
			depth++
		case '{', '[':
			if depth--; depth < 0 {
				return k
			}
		}
	}
	return -1
}

// listPairs finds the value after a quoted name in a list or in the arguments
// of a call: ["token", "…"], ('password', '…'), define('DB_PASSWORD', '…').
func listPairs(sc *scan) {
	s := sc.s
	for i := 0; i < len(s); i++ {
		if s[i] != ',' || i == 0 {
			continue
		}
		last := blanks.back(s, i, maxAlignment)
		if last == 0 || !isQuote(s[last-1]) {
			continue
		}
		first := strings.LastIndexByte(s[max(0, last-maxPairName):last-1], s[last-1])
		if first < 0 {
			continue
		}
		first += max(0, last-maxPairName)
		open := blanks.back(s, first, maxAlignment)
		start := listGaps.skip(s, i+1)
		if open == 0 || !listOpening[s[open-1]] || start >= len(s) || !isQuote(s[start]) {
			continue
		}
		n, end := s[first+1:last-1], valueEnd(s, start)
		value := strings.Trim(s[start:end], "\"'`")
		if strings.Contains(n, " ") || !sc.judge.NamesCredential(n) || isConstant(value) || isListed(sc.judge, s, value, end) {
			continue
		}
		sc.addValue(start, end)
		i = end - 1
	}
}

var (
	listOpening = chars("[(")
	listGaps    = chars("\x00- ")
)

// isListed reports whether a value in a list, which ends at i, is a name in a
// list of names.
func isListed(judge *name.Judge, s, value string, i int) bool {
	if judge.IsFieldName(value) {
		return true
	}
	next := listGaps.skip(s, i)
	return next < len(s) && s[next] == ',' && !shaped(value) && !strings.Contains(value, " ")
}
