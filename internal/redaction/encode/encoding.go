package encode

import (
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/cowmap"
	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

const (
	maxDepth   = 32        // levels of nesting that are followed
	maxNodes   = 10_000    // values that are visited for one attribute
	maxName    = 256       // bytes of a name that are shown
	maxNested  = 6         // levels of JSON in strings in JSON that are followed
	maxWritten = 256 << 10 // bytes of one line beyond which lists and maps are cut
)

const quotedReplacement = `"` + text.Replacement + `"`

// An Encoding is the part of a policy that its encoders share. It is safe for
// concurrent use.
type Encoding struct {
	judge  *name.Judge
	finder *text.Finder
	types  map[reflect.Type]bool // values of these types are secret

	keys    cowmap.Map[string, key]
	misses  atomic.Uint32 // of keys
	fields  sync.Map      // reflect.Type to []field
	secrets sync.Map      // reflect.Type to whether its values are secret
}

// New returns an encoding. Values of the types are secret, wherever they occur.
// The finder's Config.Document should be the Document method of the result.
func New(judge *name.Judge, finder *text.Finder, types []reflect.Type) *Encoding {
	c := &Encoding{judge: judge, finder: finder, types: make(map[reflect.Type]bool)}
	for _, t := range types {
		c.types[t] = true
	}
	return c
}

// NewEncoder returns an encoder that has written nothing.
func (c *Encoding) NewEncoder() Encoder { return Encoder{writer: writer{c: c}} }

// A key is a name that encoders have met before.
type key struct {
	verdict name.Verdict
	clean   bool   // the name is shown as it is
	member  string // the shown name as a member of an object: "name":
	role    role   // of a member with this name among its siblings
}

// Services use a small set of names, but the number of map keys from outside
// is unbounded, so the cache stops growing at maxKeys. Adding a name copies the
// cache. Beyond fewKeys names, a growing number of misses adds one name, so a
// value with thousands of new names does not copy it thousands of times.
const maxKeys, fewKeys, maxKeyLen = 4096, 64, 64

// key judges a name.
func (c *Encoding) key(s string) key {
	known := c.keys.Load()
	if k, ok := known[s]; ok {
		return k
	}
	shown := c.shownName(s)
	k := key{c.judge.Verdict(s), shown == s, string(appendQuoted(nil, shown)) + ":", roleOf(s)}
	if len(s) <= maxKeyLen && len(known) < maxKeys && c.misses.Add(1)%(uint32(len(known))/fewKeys+1) == 0 {
		c.keys.TryEdit(func(next map[string]key) { next[strings.Clone(s)] = k })
	}
	return k
}

// IsSecret reports whether a value under a name may be secret.
func (c *Encoding) IsSecret(key string) bool { return c.key(key).verdict != name.VerdictPlain }

// shownName returns a name as it is shown. Names are data too: a secret in
// one is replaced.
func (c *Encoding) shownName(s string) string {
	if len(s) > maxName {
		return c.finder.Redact(s[:maxName]) + text.Cut
	}
	return c.finder.Redact(s)
}

// Document redacts a text that is a JSON object or array; ok is false for
// any other text. A document without a secret is returned as it is, with its
// blanks. Level is the number of texts that s was found in.
func (c *Encoding) Document(s string, level int) (redacted string, ok bool) {
	trimmed := strings.TrimLeft(s, " \t\r\n\ufeff")
	if !isDocument(trimmed) {
		return "", false
	}
	if level >= maxNested {
		return text.Cut, true
	}
	e := Encoder{writer: writer{c: c, level: level + 1}}
	e.json(trimmed, 0)
	if e.hits == 0 {
		return s, true
	}
	return string(e.buf), true
}

// AppendText appends a text as a JSON string, redacted.
func (c *Encoding) AppendText(dst []byte, s string) []byte {
	t := text.Inspect(s)
	if !c.finder.Clears(s, t) {
		return appendQuoted(dst, c.finder.RedactNested(s, t, 0))
	}
	if t.Escapes() {
		return appendQuoted(dst, s)
	}
	return appendPlain(dst, s)
}

// AppendID appends an identifier as a JSON string: as it is if text.Finder.IsID
// passes it, otherwise redacted and cut to 128 bytes.
func (c *Encoding) AppendID(dst []byte, s string) []byte {
	if c.finder.IsID(s) {
		return appendPlain(dst, s)
	}
	return appendQuoted(dst, c.finder.RedactID(s))
}
