package encode

import (
	"encoding"
	"encoding/json"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// value writes the value of an attribute.
func (e *Encoder) value(v slog.Value, depth int) {
	switch v.Kind() {
	case slog.KindString:
		e.str(v.String())
	case slog.KindInt64:
		e.int(v.Int64())
	case slog.KindUint64:
		e.uint(v.Uint64())
	case slog.KindFloat64:
		e.float(v.Float64(), 64)
	case slog.KindBool:
		e.bool(v.Bool())
	case slog.KindDuration:
		e.int(int64(v.Duration()))
	case slog.KindTime:
		e.time(v.Time())
	case slog.KindLogValuer:
		e.value(v.Resolve(), depth+1)
	case slog.KindGroup:
		e.object(v.Group(), depth)
	default:
		e.any(v.Any(), depth)
	}
}

// object writes attributes as an object, unless it is nested too deeply.
func (e *Encoder) object(attrs []slog.Attr, depth int) {
	if depth >= maxDepth {
		e.verbatim(text.Cut)
		return
	}
	e.inValue++
	e.attrs(attrs, depth)
	e.inValue--
}

// any writes a value of any type. Registered types come first, then the types
// that this package knows, then the types with methods that write them, and
// finally all others, by their structure.
func (e *Encoder) any(v any, depth int) {
	if e.nodes++; depth >= maxDepth || e.nodes > maxNodes {
		e.verbatim(text.Cut)
		return
	}
	if len(e.c.types) > 0 && v != nil && e.c.types[reflect.TypeOf(v)] {
		e.replace()
		return
	}
	if !e.basic(v, depth) && !message(e, v) {
		e.guarded(v, depth)
	}
}

// basic writes values of basic types, and of log/slog's.
func (e *Encoder) basic(v any, depth int) bool {
	switch x := v.(type) {
	case nil:
		e.null()
	case string:
		e.str(x)
	case bool:
		e.bool(x)
	case int:
		e.int(int64(x))
	case int64:
		e.int(x)
	case float64:
		e.float(x, 64)
	case time.Time:
		e.time(x)
	case time.Duration:
		e.int(int64(x))
	case json.RawMessage:
		e.rawJSON(x, depth)
	case []byte:
		e.bytes(x)
	case slog.Value:
		e.value(x, depth+1)
	case slog.Attr:
		e.object([]slog.Attr{x}, depth)
	case []slog.Attr:
		e.object(x, depth)
	default:
		return false
	}
	return true
}

// guarded writes a value by its own methods or its structure. If a method
// panics, the text of the panic takes the place of the value.
func (e *Encoder) guarded(v any, depth int) {
	m := e.mark()
	if err := guard.Call(func() { e.custom(v, depth) }); err != nil {
		e.rewind(m)
		e.str("!PANIC" + strings.TrimPrefix(err.Error(), "panic"))
	}
}

func (e *Encoder) custom(v any, depth int) {
	if x, ok := v.(slog.LogValuer); ok {
		e.value(slog.AnyValue(x).Resolve(), depth+1)
		return
	}
	if rv := reflect.ValueOf(v); e.c.isSecretType(rv.Type()) && !isNil(rv) {
		e.replace()
		return
	}
	switch x := v.(type) {
	case json.Marshaler:
		b, err := x.MarshalJSON()
		if err != nil {
			e.failed(err)
			return
		}
		e.rawJSON(b, depth)
	case error:
		e.str(errorText(x))
	case encoding.TextMarshaler:
		b, err := x.MarshalText()
		if err != nil {
			e.failed(err)
			return
		}
		e.str(string(b))
	default:
		reflector{e}.write(reflect.ValueOf(v), depth)
	}
}

func isNil(rv reflect.Value) bool {
	switch rv.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return rv.IsNil()
	}
	return false
}

func (e *Encoder) failed(err error) { e.str("!ERROR:" + err.Error()) }

// errorText returns the text of an error. For a LogValue method that panicked,
// log/slog adds a stack with the paths of the machine that built the program.
func errorText(err error) string {
	s := err.Error()
	if head, _, ok := strings.Cut(s, "\n"); ok && head == "LogValue panicked" {
		return "!PANIC: " + head
	}
	return s
}

// rawJSON writes JSON that the value itself provides.
func (e *Encoder) rawJSON(b []byte, depth int) {
	switch {
	case b == nil:
		e.null()
	case len(b) > text.MaxText || !json.Valid(b):
		e.str(string(b))
	default:
		e.json(string(b), depth)
	}
}

// json writes a valid JSON text, compact and redacted.
func (e *Encoder) json(s string, depth int) {
	r := jsonReader{e: e, s: s}
	r.value(name.VerdictPlain, depth)
}
