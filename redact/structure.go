package redact

import (
	"encoding"
	"encoding/json"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Structures are written as encoding/json writes them, but field by field and
// key by key, because a verdict needs what the JSON text no longer has: the Go
// name of a field, its tag, its type.

// reflect writes a value by its structure.
func (e *Encoder) reflect(rv reflect.Value, depth int) {
	switch rv.Kind() {
	case reflect.Bool:
		e.buf = strconv.AppendBool(e.buf, rv.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.int(rv.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.uint(rv.Uint())
	case reflect.Float32, reflect.Float64:
		e.float(rv.Float(), rv.Type().Bits())
	case reflect.String:
		e.named(rv, func() { e.text(rv) })
	case reflect.Interface:
		if rv.IsNil() {
			e.buf = append(e.buf, "null"...)
			return
		}
		e.elem(rv.Elem(), depth)
	case reflect.Pointer:
		e.following(rv, func() { e.elem(rv.Elem(), depth+1) })
	case reflect.Map:
		e.following(rv, func() { e.mapping(rv, depth) })
	case reflect.Slice:
		e.following(rv, func() { e.slice(rv, depth) })
	case reflect.Array:
		e.list(rv, depth)
	case reflect.Struct:
		e.structure(rv, depth)
	default:
		e.note("!ERROR:unsupported type " + rv.Type().String())
	}
}

// text writes a string; a json.Number is a number.
func (e *Encoder) text(rv reflect.Value) {
	if s := rv.String(); rv.Type() == numberType && json.Valid([]byte(s)) {
		start := len(e.buf)
		e.buf = append(e.buf, s...)
		e.dropCard(start)
		return
	}
	e.str(rv.String())
}

// named hides texts of a type with a secret's name: type Password string.
func (e *Encoder) named(rv reflect.Value, write func()) {
	if t := rv.Type(); t.PkgPath() != "" && e.r.name(strings.TrimSuffix(t.Name(), "Bytes")).verdict == secret {
		e.replace()
		return
	}
	write()
}

// elem writes a value found inside another, with its own methods if it has some.
func (e *Encoder) elem(rv reflect.Value, depth int) {
	if len(e.r.types) > 0 && rv.IsValid() && e.r.types[rv.Type()] {
		e.replace()
		return
	}
	if rv.CanAddr() && rv.Kind() != reflect.Pointer && rv.Addr().CanInterface() {
		switch p := rv.Addr().Interface().(type) {
		case slog.LogValuer, json.Marshaler, encoding.TextMarshaler, error:
			e.any(p, depth)
			return
		}
	}
	if rv.CanInterface() {
		e.any(rv.Interface(), depth)
		return
	}
	e.reflect(rv, depth)
}

// following writes what a reference leads to, unless it leads back to itself.
func (e *Encoder) following(rv reflect.Value, write func()) {
	if rv.IsNil() {
		e.buf = append(e.buf, "null"...)
		return
	}
	p := rv.Pointer()
	if rv.Kind() == reflect.Slice && rv.Len() == 0 {
		p = 0
	}
	if p != 0 && rv.Kind() != reflect.Slice && slices.Contains(e.seen, p) {
		e.note(cycle)
		return
	}
	e.seen = append(e.seen, p)
	write()
	e.seen = e.seen[:len(e.seen)-1]
}

func (e *Encoder) slice(rv reflect.Value, depth int) {
	if rv.Type().Elem().Kind() == reflect.Uint8 && !rv.Type().Elem().Implements(jsonType) && !rv.Type().Elem().Implements(textType) {
		e.named(rv, func() { e.bytes(rv.Bytes()) })
		return
	}
	e.list(rv, depth)
}

var (
	jsonType = reflect.TypeFor[json.Marshaler]()
	textType = reflect.TypeFor[encoding.TextMarshaler]()
)

func (e *Encoder) list(rv reflect.Value, depth int) {
	e.buf = append(e.buf, '[')
	for i := range rv.Len() {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if e.nodes > maxNodes || len(e.buf) > maxWritten {
			e.note(cutNote)
			break
		}
		if i > 0 && e.flagged(rv.Index(i-1), rv.Index(i)) {
			e.replace()
			continue
		}
		e.elem(rv.Index(i), depth+1)
	}
	e.buf = append(e.buf, ']')
}

// flagged reports the argument after a flag in a list of arguments:
// ["mysql", "--password", "…"].
func (e *Encoder) flagged(flag, arg reflect.Value) bool {
	if flag.Kind() == reflect.Interface {
		flag, arg = flag.Elem(), arg.Elem()
	}
	return flag.Kind() == reflect.String && arg.Kind() == reflect.String &&
		isSecretFlag(e.r, flag.String()) && !strings.HasPrefix(arg.String(), "-")
}

// maxWritten bounds the members of one line. Lists, maps and groups that go
// beyond are cut.
const maxWritten = 256 << 10

func (e *Encoder) mapping(rv reflect.Value, depth int) {
	keys := mapKeys(rv)
	e.buf = append(e.buf, '{')
	open, redacted := len(e.buf), 0
	var pair namedPair
	for _, k := range keys {
		if len(e.buf) > open {
			e.buf = append(e.buf, ',')
		}
		if e.nodes > maxNodes || len(e.buf) > maxWritten {
			e.note(cutNote)
			e.buf = append(e.buf, ":null"...)
			break
		}
		j := e.mapKey(k.name, &redacted)
		start := len(e.buf)
		if hidden := j.verdict != plain && hides(j.verdict, k.value); hidden {
			e.replace()
		} else {
			e.elem(k.value, depth+1)
		}
		pair.note(k.name, start, len(e.buf))
	}
	pair.close(e)
	e.buf = append(e.buf, '}')
}

// mapKey writes a key of a map. Keys that redaction makes equal are numbered.
func (e *Encoder) mapKey(name string, redacted *int) judged {
	j := e.r.name(name)
	if j.clean {
		return e.key(name)
	}
	shown := e.r.shownName(name)
	if shown != name {
		e.hits++
		if *redacted++; *redacted > 1 {
			shown += "-" + strconv.Itoa(*redacted)
		}
	}
	e.buf = append(appendQuoted(e.buf, shown), ':')
	return j
}

type mapEntry struct {
	name  string
	value reflect.Value
}

func mapKeys(rv reflect.Value) []mapEntry {
	entries := make([]mapEntry, 0, min(rv.Len(), maxNodes))
	for iter := rv.MapRange(); iter.Next(); {
		if len(entries) > maxNodes {
			break
		}
		entries = append(entries, mapEntry{keyText(iter.Key()), iter.Value()})
	}
	slices.SortFunc(entries, func(a, b mapEntry) int { return strings.Compare(a.name, b.name) })
	return entries
}

// keyText returns the text of a map key as encoding/json writes it.
func keyText(k reflect.Value) string {
	if k.Kind() == reflect.String {
		return k.String()
	}
	if k.CanInterface() {
		if t, ok := k.Interface().(encoding.TextMarshaler); ok {
			if k.Kind() == reflect.Pointer && k.IsNil() {
				return ""
			}
			b, err := t.MarshalText()
			if err == nil {
				return string(b)
			}
			return "!ERROR:" + err.Error()
		}
	}
	switch {
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10)
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10)
	case k.Kind() == reflect.Interface && !k.IsNil():
		return keyText(k.Elem())
	}
	return "!ERROR:unsupported key " + k.Type().String()
}

func (e *Encoder) structure(rv reflect.Value, depth int) {
	e.buf = append(e.buf, '{')
	open := len(e.buf)
	var pair namedPair
	for _, f := range e.r.fieldsOf(rv.Type()) {
		fv, ok := f.of(rv)
		if !ok {
			continue
		}
		if len(e.buf) > open {
			e.buf = append(e.buf, ',')
		}
		e.key(f.name)
		start := len(e.buf)
		switch {
		case f.verdict != plain && hides(f.verdict, fv):
			e.replace()
		case f.quoted && fv.Kind() != reflect.Pointer:
			e.quotedField(fv, depth+1)
		default:
			e.elem(fv, depth+1)
		}
		pair.note(f.name, start, len(e.buf))
	}
	pair.close(e)
	e.buf = append(e.buf, '}')
}

// quotedField writes a number, a boolean or a string with the option "string".
func (e *Encoder) quotedField(fv reflect.Value, depth int) {
	start := len(e.buf)
	e.elem(fv, depth)
	inner := string(e.buf[start:])
	e.buf = e.buf[:start]
	if inner == `"`+Replacement+`"` {
		e.buf = append(e.buf, inner...)
		return
	}
	e.buf = appendQuoted(e.buf, inner)
}
