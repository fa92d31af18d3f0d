package encode

import (
	"encoding"
	"encoding/json"
	"log/slog"
	"reflect"
	"slices"
	"strings"

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
		r.note("!ERROR:unsupported type " + rv.Type().String())
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
		r.note(cycle)
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
	for i := range rv.Len() {
		if i > 0 {
			r.buf = append(r.buf, ',')
		}
		switch {
		case r.isFull():
			r.note(text.Cut)
			r.buf = append(r.buf, ']')
			return
		case i > 0 && r.isArgument(rv.Index(i-1), rv.Index(i)):
			r.replace()
		default:
			r.elem(rv.Index(i), depth+1)
		}
	}
	r.buf = append(r.buf, ']')
}

// isFull reports whether a list or map must be cut.
func (r reflector) isFull() bool { return r.nodes > maxNodes || len(r.buf) > maxWritten }

// isArgument reports whether arg is the secret argument of a flag in a list of
// arguments: ["mysql", "--password", "…"].
func (r reflector) isArgument(flag, arg reflect.Value) bool {
	if flag.Kind() == reflect.Interface {
		flag, arg = flag.Elem(), arg.Elem()
	}
	if flag.Kind() != reflect.String || arg.Kind() != reflect.String {
		return false
	}
	return r.c.judge.Flag(flag.String()) && !strings.HasPrefix(arg.String(), "-")
}

// structure writes a struct.
func (r reflector) structure(rv reflect.Value, depth int) {
	r.buf = append(r.buf, '{')
	open := len(r.buf)
	var pair siblings
	for _, f := range r.c.fieldsOf(rv.Type()) {
		fv, ok := f.of(rv)
		if !ok {
			continue
		}
		if len(r.buf) > open {
			r.buf = append(r.buf, ',')
		}
		r.key(f.name)
		start := len(r.buf)
		r.field(&f, fv, depth+1)
		pair.note(f.name, start, len(r.buf))
	}
	pair.close(&r.writer)
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
