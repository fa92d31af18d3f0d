package encode

import (
	"log/slog"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// siblings watches one object for members that tell the meaning of others: a
// name and its value that are two members, as in {"name":"DB_PASSWORD",
// "value":"…"}, or a kind, as in {"kty":"EC","d":"…"}.
type siblings struct {
	seen   role
	places [12]place // of the members with a role, except those that only tell
	n      int
}

// A place is where a member's value is in the buffer.
type place struct {
	role       role
	start, end int
}

// A role is the part that a member may have in its object.
type role uint32

const (
	naming      role = 1 << iota // "name": its value is the name of another
	labeling                     // "type": its value may be the name of another
	valued                       // "value"
	content                      // "data": the value, if its name is not a label
	privatePart                  // of a JSON Web Key
	exponent                     // "d", which also a Go key has
	primeP                       // "p" and "q", which are public in a DSA key
	pointX                       // "x", which is public in all but a DSA key
	pointY                       // "y", which is public
	primes                       // of an RSA key
	keyType                      // "kty"
	modulus                      // "n" of an RSA key
	curve                        // of an ECDSA key
	generator                    // "g" of a DSA key
	secretKind                   // {"kind":"Secret"}
	secretFlag                   // {"sensitive":true}
	items                        // of a list, also of secrets
)

var roles = map[string]role{
	"name": naming, "key": naming, "k": naming | privatePart, "field": naming, "param": naming, "header": naming,
	"parameterkey": naming, "parametername": naming, "parametervalue": valued, "variable": naming, "env": naming, "id": labeling, "label": labeling, "type": labeling,
	"value": valued, "val": valued, "v": valued, "values": valued, "content": content, "data": content,
	"stringdata": content, "default": content, "plaintext": content,
	"d": exponent, "p": primeP, "q": primeP, "dp": privatePart, "dq": privatePart, "qi": privatePart,
	"oth": privatePart, "primes": primes, "precomputed": privatePart, "x": pointX, "y": pointY,
	"kty": keyType, "n": modulus, "curve": curve, "g": generator, "kind": secretKind, "items": items,
	"sensitive": secretFlag, "secret": secretFlag, "masked": secretFlag, "is_secret": secretFlag, "issecret": secretFlag,
	"is_sensitive": secretFlag, "issensitive": secretFlag, "confidential": secretFlag,
}

// A kinship says which members are secret in an object that has certain others.
type kinship struct {
	told   role // all of these
	secret role
}

var kinships = []kinship{
	{keyType, exponent | primeP | privatePart},
	// The JSON of the standard library's keys: RSA, ECDSA, DSA.
	{modulus | primes | exponent, exponent | primes | privatePart},
	{curve | pointX | exponent, exponent},
	{generator | primeP | pointX | pointY, pointX},
	{secretKind, content | items},
	{secretFlag, valued | content},
}

// maxRole is the length of the longest key with a role.
const maxRole = len("parametervalue")

// roleOf returns the role of a member with a name.
func roleOf(key string) role {
	if len(key) > maxRole {
		return 0
	}
	return roles[strings.ToLower(key)]
}

// note sees a member, whose value is in w.buf[start:end].
func (p *siblings) note(w *writer, r role, start, end int) {
	switch {
	case r == 0:
		return
	case r == secretKind && !isSecretKind(w.text(start, end)), r == secretFlag && w.text(start, end) != "true":
		return
	}
	p.seen |= r
	if r&(keyType|modulus|curve|generator|pointY|secretKind|secretFlag) != 0 {
		return
	}
	if p.n < len(p.places) {
		p.places[p.n] = place{r, start, end}
		p.n++
	}
}

// isSecretKind reports whether the kind of a Kubernetes object is a secret, or
// a list of secrets.
func isSecretKind(kind string) bool { return kind == "Secret" || kind == "SecretList" }

// text returns a value in the buffer without its quotes.
func (w *writer) text(start, end int) string { return strings.Trim(string(w.buf[start:end]), `"`) }

// close replaces the values that their siblings make secret.
func (p *siblings) close(w *writer) {
	secret := p.secret(w)
	if secret == 0 {
		return
	}
	for i := p.n - 1; i >= 0; i-- {
		if p.places[i].role&secret != 0 {
			w.replaceBetween(p.places[i].start, p.places[i].end)
		}
	}
}

// secret returns the roles of the members that their siblings make secret.
func (p *siblings) secret(w *writer) role {
	if p.n == 0 {
		return 0
	}
	secret := p.namedValue(w)
	for _, k := range kinships {
		if p.seen&k.told == k.told {
			secret |= k.secret
		}
	}
	return secret
}

// namedValue returns the role of the value whose name makes it secret, or 0.
// A content is the value if there is no other, but only of a name, not of a
// label: {"type":"email","data":{}}.
func (p *siblings) namedValue(w *writer) role {
	value, names := valued, naming|labeling
	if p.seen&valued == 0 {
		value, names = content, naming
	}
	if p.seen&value == 0 {
		return 0
	}
	for _, pl := range p.places[:p.n] {
		if pl.role&names == 0 {
			continue
		}
		if n := w.text(pl.start, pl.end); n != "" && len(n) <= maxSiblingName && w.c.key(n).verdict != name.VerdictPlain {
			return value
		}
	}
	return 0
}

// maxSiblingName is the number of bytes that the name of a value may have.
const maxSiblingName = 64

// replaceBetween replaces a value that is already written, unless it reveals
// nothing, and returns how far the rest moved.
func (w *writer) replaceBetween(start, end int) (moved int) {
	switch value := string(w.buf[start:end]); {
	case value == "null", value == "true", value == "false", text.IsPlaceholder(strings.Trim(value, `"`)):
		return 0
	}
	tail := string(w.buf[end:])
	w.buf = w.buf[:start]
	w.replace()
	moved = len(w.buf) - end
	w.raw(tail)
	return moved
}

// mayRelate reports whether the key of an attribute tells that siblings may be
// secret, or may be their value.
func mayRelate(key string) bool {
	switch key {
	case "value", "Value", "ParameterValue", "val", "values", "v", "content", "data", "kind", "Kind", "kty", "sensitive", "secret":
		return true
	}
	return false
}

// relate replaces the members of the current object that their siblings make
// secret: "key", "DB_PASSWORD", "value", "…".
func (e *Encoder) relate() {
	members := e.members[e.base:]
	if !slices.ContainsFunc(members, func(m member) bool { return mayRelate(m.key) }) {
		return
	}
	var p siblings
	for _, m := range members {
		p.note(&e.writer, e.c.key(m.key).role, m.start+len(e.c.key(m.key).member), m.end)
	}
	secret := p.secret(&e.writer)
	for i := len(members) - 1; i >= 0; i-- {
		m := &members[i]
		if e.c.key(m.key).role&secret == 0 {
			continue
		}
		moved := e.replaceBetween(m.start+len(e.c.key(m.key).member), m.end)
		m.end += moved
		for k := range members[i+1:] {
			members[i+1+k].start += moved
			members[i+1+k].end += moved
		}
	}
}

// relateAttrs is relate for redacted copies of attributes.
func (c *Encoding) relateAttrs(attrs []slog.Attr) {
	if !slices.ContainsFunc(attrs, func(a slog.Attr) bool { return mayRelate(a.Key) }) {
		return
	}
	e := c.NewEncoder()
	for _, a := range attrs {
		e.Attr(a, 0)
	}
	var p siblings
	for _, m := range e.members {
		p.note(&e.writer, c.key(m.key).role, m.start+len(c.key(m.key).member), m.end)
	}
	secret := p.secret(&e.writer)
	for i := range attrs {
		a := &attrs[i]
		if roleOf(a.Key)&secret != 0 && hides(name.VerdictSecret, a.Value) {
			a.Value = slog.StringValue(text.Replacement)
		}
	}
}
