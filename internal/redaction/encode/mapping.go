package encode

import (
	"encoding"
	"log/slog"
	"reflect"
	"sort"
	"strconv"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// mapping writes a map in the order of its keys.
func (r reflector) mapping(rv reflect.Value, depth int) {
	r.buf = append(r.buf, '{')
	open, redacted := len(r.buf), 0
	var watch siblings
	for _, k := range r.mapKeys(rv) {
		if len(r.buf) > open {
			r.buf = append(r.buf, ',')
		}
		if r.isFull() {
			r.verbatim(text.Cut)
			r.raw(":null")
			break
		}
		v := r.mapKey(k, &redacted)
		start := len(r.buf)
		if hidesValue(v, k.value) {
			r.replace()
		} else {
			r.elem(k.value, depth+1)
		}
		watch.note(&r.writer, r.c.key(k.name).role, start, len(r.buf))
	}
	watch.close(&r.writer)
	r.buf = append(r.buf, '}')
}

// mapKey writes a key of a map and returns its verdict. Keys that redaction
// makes equal are numbered.
func (r reflector) mapKey(entry mapEntry, redacted *int) name.Verdict {
	k := r.c.key(entry.name)
	if k.clean && !entry.secret {
		r.raw(k.member)
		return k.verdict
	}
	r.hits++
	*redacted++
	shown := text.Replacement
	if !entry.secret {
		shown = r.c.shownName(entry.name)
	}
	if *redacted > 1 {
		shown += "-" + strconv.Itoa(*redacted)
	}
	r.buf = append(appendQuoted(r.buf, shown), ':')
	return k.verdict
}

type mapEntry struct {
	name   string
	secret bool // the type of the key is secret
	value  reflect.Value
}

// byName sorts entries. It adds less to a program than slices.SortFunc.
type byName []mapEntry

func (e byName) Len() int           { return len(e) }
func (e byName) Less(i, j int) bool { return e[i].name < e[j].name }
func (e byName) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }

func (r reflector) mapKeys(rv reflect.Value) []mapEntry {
	entries := make([]mapEntry, 0, min(rv.Len(), maxNodes))
	for iter := rv.MapRange(); iter.Next(); {
		if len(entries) > maxNodes {
			break
		}
		key := iter.Key()
		if key.Kind() == reflect.Interface {
			key = key.Elem()
		}
		secret := key.IsValid() && r.c.isSecretType(key.Type())
		entries = append(entries, mapEntry{keyText(key), secret, iter.Value()})
	}
	sort.Sort(byName(entries))
	numberEqual(entries)
	return entries
}

// numberEqual numbers keys with the same text, which keys with methods may
// have. Keys of a secret type are numbered when they are written.
func numberEqual(entries []mapEntry) {
	for i := 0; i < len(entries); {
		first := entries[i].name
		n := 1
		for i++; i < len(entries) && entries[i].name == first; i++ {
			if n++; !entries[i].secret {
				entries[i].name += "-" + strconv.Itoa(n)
			}
		}
	}
}

// keyText returns the text of a map key as encoding/json writes it. A key with
// a LogValue method is written by it, as a value is.
func keyText(k reflect.Value) string {
	if !k.IsValid() {
		return "!ERROR:unsupported key nil"
	}
	if k.CanInterface() {
		if v, ok := k.Interface().(slog.LogValuer); ok {
			return slog.AnyValue(v).Resolve().String()
		}
	}
	if k.Kind() == reflect.String {
		return k.String()
	}
	if k.CanInterface() {
		if t, ok := k.Interface().(encoding.TextMarshaler); ok {
			return marshaledKey(k, t)
		}
	}
	switch {
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10)
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10)
	}
	return "!ERROR:unsupported key " + k.Type().String()
}

func marshaledKey(k reflect.Value, t encoding.TextMarshaler) string {
	if k.Kind() == reflect.Pointer && k.IsNil() {
		return ""
	}
	b, err := t.MarshalText()
	if err != nil {
		return "!ERROR:" + err.Error()
	}
	return string(b)
}
