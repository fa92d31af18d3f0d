package encode

import (
	"encoding"
	"encoding/json"
	"log/slog"
	"reflect"
	"slices"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// cycle marks a value that contains itself.
const cycle = "[cycle]"

// A reflector writes values by their structure.
type reflector struct{ *Encoder }

// write writes a value.
func (r reflector) write(rv reflect.Value, depth int) {
	switch rv.Kind() {
	case reflect.Bool:
		r.bool(rv.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		r.int(rv.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		r.uint(rv.Uint())
	case reflect.Float32, reflect.Float64:
		r.float(rv.Float(), rv.Type().Bits())
	case reflect.String:
		r.text(rv)
	case reflect.Array:
		r.list(rv, depth)
	case reflect.Struct:
		r.structure(rv, depth)
	case reflect.Interface:
		if rv.IsNil() {
			r.null()
			return
		}
		r.elem(rv.Elem(), depth)
	case reflect.Pointer, reflect.Map, reflect.Slice:
		r.reference(rv, depth)
	default:
		r.verbatim("!ERROR:unsupported type " + rv.Type().String())
	}
}

// text writes a string. A json.Number is a number.
func (r reflector) text(rv reflect.Value) {
	s := rv.String()
	if rv.Type() == numberType && json.Valid([]byte(s)) {
		r.number(s)
		return
	}
	r.str(s)
}

// elem writes a value found inside another one, by its own methods if it has
// some.
func (r reflector) elem(rv reflect.Value, depth int) {
	switch {
	case rv.IsValid() && r.c.types[rv.Type()]:
		r.replace()
	case hasMethods(rv):
		r.any(rv.Addr().Interface(), depth)
	case rv.CanInterface():
		r.any(rv.Interface(), depth)
	case r.c.isSecretType(rv.Type()):
		r.replace()
	default:
		r.write(rv, depth)
	}
}

// hasMethods reports whether the pointer to a value has methods that write it.
func hasMethods(rv reflect.Value) bool {
	if !rv.CanAddr() || rv.Kind() == reflect.Pointer || !rv.Addr().CanInterface() {
		return false
	}
	switch rv.Addr().Interface().(type) {
	case slog.LogValuer, json.Marshaler, encoding.TextMarshaler, error:
		return true
	}
	return false
}

// reference writes the value that a reference leads to. A value that is already
// being written contains itself and is not followed.
func (r reflector) reference(rv reflect.Value, depth int) {
	if rv.IsNil() {
		r.null()
		return
	}
	if rv.Kind() == reflect.Slice {
		r.slice(rv, depth)
		return
	}
	p := rv.Pointer()
	if slices.Contains(r.seen, p) {
		r.verbatim(cycle)
		return
	}
	r.seen = append(r.seen, p)
	if rv.Kind() == reflect.Map {
		r.mapping(rv, depth)
	} else {
		r.elem(rv.Elem(), depth+1)
	}
	r.seen = r.seen[:len(r.seen)-1]
}

func (r reflector) slice(rv reflect.Value, depth int) {
	if isBytes(rv.Type()) {
		r.bytes(rv.Bytes())
		return
	}
	r.list(rv, depth)
}

var (
	jsonType = reflect.TypeFor[json.Marshaler]()
	textType = reflect.TypeFor[encoding.TextMarshaler]()
)

// isBytes reports whether encoding/json writes a slice type in base64.
func isBytes(t reflect.Type) bool {
	elem := t.Elem()
	return elem.Kind() == reflect.Uint8 && !elem.Implements(jsonType) && !elem.Implements(textType)
}

func (r reflector) list(rv reflect.Value, depth int) {
	r.buf = append(r.buf, '[')
	mayTell := tellingKind(rv.Type().Elem().Kind())
	told := false // the element before says that this one is secret
	for i := range rv.Len() {
		if i > 0 {
			r.buf = append(r.buf, ',')
		}
		switch {
		case r.isFull():
			r.verbatim(text.Cut)
			r.buf = append(r.buf, ']')
			return
		case told:
			r.replace()
		default:
			r.elem(rv.Index(i), depth+1)
		}
		told = mayTell && !told && r.tellsNext(rv, i)
	}
	r.buf = append(r.buf, ']')
}

// tellingKind reports whether elements of this kind may be texts.
func tellingKind(k reflect.Kind) bool {
	return k == reflect.String || k == reflect.Interface || k == reflect.Pointer
}

// isFull reports whether a list or map must be cut.
func (r reflector) isFull() bool { return r.nodes > maxNodes || len(r.buf) > maxWritten }

// tellsNext reports whether the text at index i of a list is a flag or a name
// that makes the next element secret.
func (r reflector) tellsNext(rv reflect.Value, i int) bool {
	first := indirect(rv.Index(i))
	if first.Kind() != reflect.String || i+1 == rv.Len() {
		return false
	}
	p := listPair{name: first.String(), length: rv.Len()}
	isFlag := r.c.judge.Flag(p.name)
	if !isFlag && !p.mayName(r.c, i) {
		return false
	}
	next := indirect(rv.Index(i + 1))
	if p.isText = next.Kind() == reflect.String; p.isText {
		p.value = next.String()
	}
	if isFlag {
		return p.isArgument()
	}
	for k := i + 2; k < min(rv.Len(), maxPairList); k++ {
		v := indirect(rv.Index(k))
		s, isText := "", v.Kind() == reflect.String
		if isText {
			s = v.String()
		}
		p.note(k, s, isText)
	}
	return !isNull(next) && p.isSecret(r.c)
}

func indirect(rv reflect.Value) reflect.Value {
	for depth := 0; rv.Kind() == reflect.Interface || rv.Kind() == reflect.Pointer && depth < maxShapeDepth; depth++ {
		rv = rv.Elem()
	}
	return rv
}

// isNull reports whether a value reveals nothing: it is nil or a boolean.
func isNull(rv reflect.Value) bool { return !hidesValue(name.VerdictSecret, rv) }

// structure writes a struct.
func (r reflector) structure(rv reflect.Value, depth int) {
	r.buf = append(r.buf, '{')
	open := len(r.buf)
	var watch siblings
	for _, f := range r.c.fieldsOf(rv.Type()) {
		fv, ok := f.of(rv)
		if !ok {
			continue
		}
		if len(r.buf) > open {
			r.buf = append(r.buf, ',')
		}
		k := r.key(f.name)
		start := len(r.buf)
		r.field(&f, fv, depth+1)
		watch.note(&r.writer, k.role, start, len(r.buf))
	}
	watch.close(&r.writer)
	r.buf = append(r.buf, '}')
}

// field writes the value of a field.
func (r reflector) field(f *field, fv reflect.Value, depth int) {
	switch {
	case hidesValue(f.verdict, fv):
		r.replace()
	case f.quoted && fv.Kind() != reflect.Pointer:
		r.quoted(fv, depth)
	default:
		r.elem(fv, depth)
	}
}

// quoted writes a number, a boolean or a string with the option "string".
func (r reflector) quoted(fv reflect.Value, depth int) {
	start := len(r.buf)
	r.elem(fv, depth)
	inner := string(r.buf[start:])
	if inner == quotedReplacement {
		return
	}
	r.buf = appendQuoted(r.buf[:start], inner)
}
