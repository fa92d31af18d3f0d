package promrules

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// YAML returns the rules as a rule file of Prometheus. The same objectives and
// options always give the same bytes.
func (r *Rules) YAML() []byte {
	var w writer
	w.groups(0, r.Groups)
	return w.Bytes()
}

// A writer writes the few forms of YAML that rules need. Every text of a user
// is a quoted scalar, or a part of an expression in a literal block, where it
// has no line break.
type writer struct{ bytes.Buffer }

func (w *writer) line(indent int, format string, args ...any) {
	w.text(indent, fmt.Sprintf(format, args...))
}

// text writes a line of parts.
func (w *writer) text(indent int, parts ...string) {
	w.WriteString(spaces[:indent])
	for _, part := range parts {
		w.WriteString(part)
	}
	w.WriteByte('\n')
}

const spaces = "                "

// grow makes room for rules, with about this many bytes beside the expressions.
func (w *writer) grow(groups []Group) {
	const others = 400
	size := 0
	for _, g := range groups {
		for _, r := range g.Rules {
			size += len(r.Expr) + others
		}
	}
	w.Grow(size)
}

// groups writes groups with more lines for each.
func (w *writer) groups(indent int, groups []Group, more ...string) {
	if len(groups) == 0 {
		w.line(indent, "groups: []")
		return
	}
	w.grow(groups)
	w.line(indent, "groups:")
	for _, g := range groups {
		w.group(indent, g, more...)
	}
}

func (w *writer) group(indent int, g Group, more ...string) {
	w.line(indent, "- name: %s", quote(g.Name))
	w.line(indent, "  interval: %s", scale(1).text(g.Interval))
	if g.QueryOffset != 0 {
		w.line(indent, "  query_offset: %s", scale(1).text(g.QueryOffset))
	}
	for _, line := range more {
		w.line(indent, "  %s", line)
	}
	w.line(indent, "  rules:")
	for _, rule := range g.Rules {
		w.rule(indent+2, rule)
	}
}

func (w *writer) rule(indent int, r Rule) {
	if r.Alert != "" {
		w.line(indent, "- alert: %s", r.Alert)
	} else {
		w.line(indent, "- record: %s", r.Record)
	}
	w.line(indent, "  expr: |-")
	for line := range strings.SplitSeq(r.Expr, "\n") {
		w.text(indent+4, line)
	}
	for _, d := range []struct {
		key   string
		value time.Duration
	}{{"for", r.For}, {"keep_firing_for", r.KeepFiringFor}} {
		if d.value != 0 {
			w.line(indent, "  %s: %s", d.key, scale(1).text(d.value))
		}
	}
	w.texts(indent+2, "labels", r.Labels)
	w.texts(indent+2, "annotations", r.Annotations)
}

// texts writes a mapping of texts, sorted, unless it is empty.
func (w *writer) texts(indent int, key string, texts map[string]string) {
	if len(texts) == 0 {
		return
	}
	w.line(indent, "%s:", key)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		w.text(indent+2, plain(name), ": ", quote(texts[name]))
	}
}

// plain returns a key, quoted unless it is a name that YAML takes for text.
func plain(name string) string {
	for _, r := range name {
		if r != '_' && (r < 'a' || r > 'z') {
			return quote(name)
		}
	}
	switch name {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return quote(name)
	}
	return name
}

// special reports whether a rune is written as an escape.
func special(r rune) bool {
	return r == '"' || r == '\\' || r >= 0x80 && r < 0xA0 || !unicode.IsPrint(r)
}

// quote returns a double-quoted scalar.
func quote(text string) string {
	if strings.IndexFunc(text, special) < 0 {
		return `"` + text + `"`
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case !special(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
