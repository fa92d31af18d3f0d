package slofile

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/sligo-go/sligo/internal/misspelling"
	"github.com/sligo-go/sligo/slo"
)

// maxNodes bounds the keys and values of a file after the expansion of its
// aliases, so that a small file cannot hold a large one. A file with 1,000
// objectives has about 50,000.
const maxNodes = 100_000

// maxValue bounds a key and a value in bytes. A mistake in a long name would
// otherwise be quoted by each value that has the name.
const maxValue = 4096

// decoder reads a tree of YAML nodes into Go values. It goes on after a
// mistake, and keeps the places of all values.
type decoder struct {
	*problems
	places map[string]mark // of values, by path
	names  map[string]mark // of keys that the author chooses, by path
	failed map[string]bool // paths of values with a mistake, left at zero
	nodes  int
}

func newDecoder(p *problems) *decoder {
	return &decoder{problems: p, places: make(map[string]mark), names: make(map[string]mark), failed: make(map[string]bool)}
}

func markOf(n *yaml.Node) mark { return mark{n.Line, n.Column} }

// addf adds a mistake in the value of a path.
func (d *decoder) addf(n *yaml.Node, path, format string, args ...any) {
	d.failed[path] = true
	d.problems.addf(markOf(n), path, format, args...)
}

// visit counts a node, and reports whether there may be more.
func (d *decoder) visit(n *yaml.Node) bool {
	if d.nodes > maxNodes {
		return false
	}
	if d.nodes++; d.nodes > maxNodes {
		d.problems.addf(markOf(n), "", "more than %d keys and values after all aliases are expanded", maxNodes)
		return false
	}
	return true
}

// value reads a node into a field.
func (d *decoder) value(n *yaml.Node, path string, v reflect.Value) {
	if !d.visit(n) {
		return
	}
	d.places[path] = markOf(n)
	n = target(n)
	switch {
	case len(n.Value) > maxValue:
		d.addf(n, path, "%d bytes: want at most %d", len(n.Value), maxValue)
	case isNull(n):
		d.addf(n, path, "no value: want %s, or no key", noun(v.Type()))
	case !slices.Contains(tags, n.Tag):
		d.addf(n, path, "unsupported tag %s%s", n.Tag, untagged(n, v.Type()))
	case isScalar(v.Type()):
		d.scalar(n, path, v)
	case v.Kind() == reflect.Slice:
		d.list(n, path, v)
	case v.Kind() == reflect.Map:
		d.entries(n, path, v)
	default:
		d.mapping(n, path, v)
	}
}

// tags are the tags that YAML gives to values without one, except null.
var tags = []string{"!!map", "!!seq", "!!str", "!!int", "!!float", "!!bool", "!!timestamp"}

// untagged returns "; did you mean x?" for text that needs quotes because of
// its "!", which excludes a status or a request.
func untagged(n *yaml.Node, t reflect.Type) string {
	if t.Kind() != reflect.String || n.Kind != yaml.ScalarNode || strings.HasPrefix(n.Tag, "!!") {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", strings.TrimSpace(n.Tag+" "+n.Value))
}

// isNull reports whether a node has no value: nothing, "~" or "null".
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// mapping reads the fields of a struct.
func (d *decoder) mapping(n *yaml.Node, path string, v reflect.Value) {
	if !d.requireKind(n, yaml.MappingNode, path, v) {
		return
	}
	fields := fieldsOf(v.Type())
	for _, p := range d.pairs(n, path, 0) {
		key := target(p.key)
		f, known := fieldOf(fields, key.Value)
		at := below(path, key.Value)
		switch {
		case !known:
			d.unknown(p.key, path, key.Value, fields)
		case f.reference:
			d.set(p.value, at, v.Field(f.index).FieldByName("Name"), f)
		default:
			d.set(p.value, at, v.Field(f.index), f)
		}
	}
}

// set reads the value of a key. Empty text, zero and an empty list would be the
// same as no key: "min_bad: 0" would mean 4, and "requests: []" all requests.
func (d *decoder) set(n *yaml.Node, path string, v reflect.Value, f field) {
	d.value(n, path, v)
	n = target(n)
	if n.Kind == yaml.MappingNode || d.failed[path] || d.nodes > maxNodes || !v.IsZero() {
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[[]slo.Objective]():
		return // it has its own check
	case n.Kind == yaml.SequenceNode:
		d.addf(n, path, "an empty list is the same as no key: want an entry, or no key")
	case v.Kind() == reflect.String:
		d.addf(n, path, "no value: want %s, or no key", noun(v.Type()))
	case n.Kind == yaml.ScalarNode && v.Kind() != reflect.Bool && !f.zero:
		d.addf(n, path, "%q is the same as no key: want another value, or no key", n.Value)
	}
}

func fieldOf(fields []field, key string) (field, bool) {
	for _, f := range fields {
		if f.key == key {
			return f, true
		}
	}
	return field{}, false
}

// unknown reports a key that the struct does not have. The key that its author
// may have meant counts as read, so that nothing reports it as missing.
func (d *decoder) unknown(n *yaml.Node, path, key string, fields []field) {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	if d.full() {
		d.more++
		return
	}
	if meant := nearest(key, keys); meant != "" {
		d.failed[below(path, meant)] = true
		d.addf(n, below(path, key), "unknown field; did you mean %s?", meant)
		return
	}
	d.addf(n, below(path, key), "unknown field: want one of %s", strings.Join(keys, ", "))
}

// nearest returns the key that the author of a misspelled one may have meant,
// and "" without one. "dependsOn" means "depends_on".
func nearest(key string, keys []string) string {
	best, distance := "", misspelling.MostEdits(key)+1
	if len(key) > 2*maxKey {
		return ""
	}
	for _, k := range keys {
		if plain(k) == plain(key) {
			return k
		}
		if edits := misspelling.Distance(key, k); edits < min(distance, len(k)) {
			best, distance = k, edits
		}
	}
	return best
}

// maxKey is the length of the longest key or name.
const maxKey = 127

func plain(key string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(key))
}

// maxEntries bounds a list, because some checks compare each entry with all
// others.
const maxEntries = 10_000

// list reads a list.
func (d *decoder) list(n *yaml.Node, path string, v reflect.Value) {
	if !d.requireKind(n, yaml.SequenceNode, path, v) || len(n.Content) == 0 {
		return
	}
	if len(n.Content) > maxEntries {
		d.addf(n, path, "%d entries: want at most %d", len(n.Content), maxEntries)
		return
	}
	items := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		d.value(item, fmt.Sprintf("%s[%d]", path, i), items.Index(i))
	}
	v.Set(items)
}

// entries reads a mapping with names as keys.
func (d *decoder) entries(n *yaml.Node, path string, v reflect.Value) {
	if !d.requireKind(n, yaml.MappingNode, path, v) || len(n.Content) == 0 {
		return
	}
	entries := reflect.MakeMap(v.Type())
	for _, p := range d.pairs(n, path, 0) {
		entry := reflect.New(v.Type().Elem()).Elem()
		key := target(p.key).Value
		d.names[below(path, key)] = markOf(p.key)
		d.value(p.value, below(path, key), entry)
		entries.SetMapIndex(reflect.ValueOf(key), entry)
	}
	v.Set(entries)
}

// requireKind reports whether a node has the kind that a field needs. If not,
// it adds a mistake.
func (d *decoder) requireKind(n *yaml.Node, kind yaml.Kind, path string, v reflect.Value) bool {
	if n.Kind == kind {
		return true
	}
	meant := ""
	if n.Kind == yaml.ScalarNode && v.Kind() == reflect.Slice && isScalar(v.Type().Elem()) {
		meant = fmt.Sprintf("; did you mean [%s]?", inBrackets(n.Value))
	}
	d.addf(n, path, "invalid value: want %s, got %s%s", noun(v.Type()), kindOf(n), meant)
	return false
}

// inBrackets returns a text as an entry of a list in brackets, with quotes if
// it may need them.
func inBrackets(text string) string {
	switch {
	case strings.Trim(text, wordCharacters+"./") == "":
		return text
	case strings.Contains(text, `"`) && !strings.Contains(text, "'"):
		return "'" + text + "'"
	}
	return strconv.Quote(text)
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", n.Value)
}

// below returns the path of a key.
func below(path, key string) string {
	switch {
	case key == "" || strings.Trim(key, wordCharacters) != "":
		return path + fmt.Sprintf("[%q]", key)
	case path == "":
		return key
	}
	return path + "." + key
}

const wordCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
