package redact

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/textproto"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// under writes the value of a name with a verdict.
func (e *Encoder) under(v verdict, val slog.Value, depth int) {
	if v != plain && concealed(v, val) {
		e.replace()
		return
	}
	e.value(val, depth)
}

// concealed reports whether a verdict hides a value.
func concealed(v verdict, val slog.Value) bool {
	switch val.Kind() {
	case slog.KindBool:
		return false
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindDuration:
		return v != counted
	case slog.KindGroup:
		return v != scalar && (v != counted || !onlyCounts(val.Group()))
	case slog.KindAny:
		return hides(v, reflect.ValueOf(val.Any()))
	}
	return true
}

// hides is concealed for the values that reflection sees.
func hides(v verdict, rv reflect.Value) bool {
	for rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Interface {
		if rv.IsNil() {
			return false
		}
		rv = rv.Elem()
	}
	switch rv.Kind() {
	case reflect.Invalid, reflect.Bool:
		return false
	case reflect.Map:
		return v != scalar && !rv.IsNil() && (v != counted || !countsMap(rv))
	case reflect.Slice:
		return v != scalar && !rv.IsNil()
	case reflect.Struct, reflect.Array:
		return v != scalar
	case reflect.String:
		return v != counted || !isNumber(rv.String()) || rv.Type() != numberType
	}
	return v != counted
}

// countsMap reports a map of numbers: "tokens": {"input": 812, "output": 44}.
func countsMap(rv reflect.Value) bool {
	for iter := rv.MapRange(); iter.Next(); {
		if hides(counted, iter.Value()) {
			return false
		}
	}
	return true
}

// onlyCounts is countsMap for the attributes of a group.
func onlyCounts(attrs []slog.Attr) bool {
	return !slices.ContainsFunc(attrs, func(a slog.Attr) bool { return concealed(counted, a.Value.Resolve()) })
}

var numberType = reflect.TypeFor[json.Number]()

func (e *Encoder) replace() {
	e.hits++
	e.buf = append(e.buf, `"`+Replacement+`"`...)
}

func (e *Encoder) note(s string) { e.buf = appendQuoted(e.buf, s) }

// str writes a text, scanned.
func (e *Encoder) str(s string) {
	t := inspect(s)
	if t&suspicious != 0 || len(e.r.rules) > 0 || len(s) > maxText {
		out := e.r.text(s, t, e.level)
		if out != s {
			e.hits++
		}
		e.buf = appendQuoted(e.buf, out)
		return
	}
	if t&escapes != 0 {
		e.buf = appendQuoted(e.buf, s)
		return
	}
	e.buf = append(e.buf, '"') // not by a function: what one returns is stored with a write barrier
	e.buf = append(e.buf, s...)
	e.buf = append(e.buf, '"')
}

// appendClean writes a text in which there is nothing to redact.
func appendClean(dst []byte, s string, t traits) []byte {
	if t&escapes != 0 {
		return appendQuoted(dst, s)
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

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
		e.buf = strconv.AppendBool(e.buf, v.Bool())
	case slog.KindDuration:
		e.int(int64(v.Duration()))
	case slog.KindTime:
		e.time(v.Time())
	case slog.KindLogValuer:
		e.value(v.Resolve(), depth+1)
	case slog.KindGroup:
		e.attrs(v.Group(), depth)
	default:
		e.any(v.Any(), depth)
	}
}

// attrs writes attributes as an object of its own.
func (e *Encoder) attrs(attrs []slog.Attr, depth int) {
	if depth >= maxDepth {
		e.note(cutNote)
		return
	}
	m := e.mark()
	e.buf = append(e.buf, '{')
	e.base = len(e.members)
	for _, a := range attrs {
		e.attr(a, depth+1)
	}
	e.members, e.base = e.members[:m.members], m.base
	e.buf = append(e.buf, '}')
}

// A number of twelve digits or less is no card.
const smallestCard = 1e12

func (e *Encoder) int(v int64) {
	start := len(e.buf)
	e.buf = strconv.AppendInt(e.buf, v, 10)
	if v >= smallestCard {
		e.dropCard(start)
	}
}

func (e *Encoder) uint(v uint64) {
	start := len(e.buf)
	e.buf = strconv.AppendUint(e.buf, v, 10)
	if v >= smallestCard {
		e.dropCard(start)
	}
}

func (e *Encoder) float(f float64, bits int) {
	start := len(e.buf)
	e.buf = appendFloat(e.buf, f, bits)
	if f >= smallestCard {
		e.dropCard(start)
	}
}

// dropCard replaces the number written since start if it is a card's.
func (e *Encoder) dropCard(start int) {
	if d := e.buf[start:]; isNumber(string(d)) && isCard(d) {
		e.buf = e.buf[:start]
		e.replace()
	}
}

func (e *Encoder) time(t time.Time) {
	if y := t.Year(); y < 0 || y > 9999 {
		e.note(t.String())
		return
	}
	e.buf = append(e.buf, '"')
	e.buf = t.AppendFormat(e.buf, time.RFC3339Nano)
	e.buf = append(e.buf, '"')
}

// any writes a value of any type. The cases come in the order in which a type
// may have a say: a registered secret, a LogValuer, the types known here, the
// marshalers of encoding/json, and at last its structure.
func (e *Encoder) any(v any, depth int) {
	if e.nodes++; depth >= maxDepth || e.nodes > maxNodes {
		e.note(cutNote)
		return
	}
	if len(e.r.types) > 0 && v != nil && e.r.types[reflect.TypeOf(v)] {
		e.replace()
		return
	}
	if !e.basic(v, depth) && !e.message(v) {
		e.custom(v, depth)
	}
}

func (e *Encoder) basic(v any, depth int) bool {
	switch x := v.(type) {
	case nil:
		e.buf = append(e.buf, "null"...)
	case string:
		e.str(x)
	case bool:
		e.buf = strconv.AppendBool(e.buf, x)
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
		e.attrs([]slog.Attr{x}, depth)
	case []slog.Attr:
		e.attrs(x, depth)
	default:
		return false
	}
	return true
}

// message writes the types of HTTP messages and of URLs.
func (e *Encoder) message(v any) bool {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
		e.buf = append(e.buf, "null"...)
		return true
	}
	switch x := v.(type) {
	case http.Header:
		e.header(x)
	case textproto.MIMEHeader:
		e.header(http.Header(x))
	case url.Values:
		e.query(x)
	case url.URL:
		e.str(x.String())
	case *url.URL:
		e.str(x.String())
	case *http.Request:
		e.request(x)
	case *http.Response:
		e.response(x)
	case *http.Cookie:
		e.cookie(x)
	case http.Cookie:
		e.cookie(&x)
	default:
		return false
	}
	return true
}

// custom lets a type's own methods write it, or its structure.
func (e *Encoder) custom(v any, depth int) {
	defer e.rescue(e.mark())
	switch x := v.(type) {
	case slog.LogValuer:
		e.value(slog.AnyValue(x).Resolve(), depth+1)
	case json.Marshaler:
		b, err := x.MarshalJSON()
		if err != nil {
			e.str("!ERROR:" + err.Error())
			return
		}
		e.rawJSON(b, depth)
	case error:
		text := x.Error()
		if head, _, ok := strings.Cut(text, "\n"); ok && head == "LogValue panicked" {
			text = "!PANIC: " + head // slog adds a stack with the files of the machine that built it
		}
		e.str(text)
	case encoding.TextMarshaler:
		b, err := x.MarshalText()
		if err != nil {
			e.str("!ERROR:" + err.Error())
			return
		}
		e.str(string(b))
	default:
		e.reflect(reflect.ValueOf(v), depth)
	}
}

// rescue replaces what a panicking method left by the text of the panic.
func (e *Encoder) rescue(m mark) {
	if p := recover(); p != nil {
		e.rewind(m)
		e.str(panicText(p))
	}
}

func panicText(p any) (s string) {
	defer func() {
		if recover() != nil {
			s = "!PANIC"
		}
	}()
	return fmt.Sprintf("!PANIC: %v", p)
}

// bytes writes a byte slice: as encoding/json does in base64, or, if there is
// something to redact in it, as the redacted text.
func (e *Encoder) bytes(b []byte) {
	if b == nil {
		e.buf = append(e.buf, "null"...)
		return
	}
	s := string(b)
	t := inspect(s)
	if t&suspicious != 0 || len(e.r.rules) > 0 || len(s) > maxText {
		if out := e.r.text(s, t, e.level); out != s {
			e.hits++
			e.note(out)
			return
		}
	}
	e.buf = append(e.buf, '"')
	e.buf = base64.StdEncoding.AppendEncode(e.buf, b)
	e.buf = append(e.buf, '"')
}

// AppendText appends a text as a JSON string, scanned.
func (r *Redactor) AppendText(dst []byte, s string) []byte {
	if t := inspect(s); t&suspicious == 0 && len(r.rules) == 0 && len(s) <= maxText {
		return appendClean(dst, s, t)
	}
	return appendQuoted(dst, r.Text(s))
}

// Clean reports whether a text goes into a line as it is: nothing in it is
// redacted, cut or escaped.
func (r *Redactor) Clean(s string) bool {
	return inspect(s)&(suspicious|escapes) == 0 && len(r.rules) == 0 && len(s) <= maxText
}

// AppendID appends an identifier as a JSON string. Identifiers of requests,
// traces and users are random or counted, so the rules for numbers do not apply:
// an ID of 16 digits is not taken for a card. Whatever is longer than 128 bytes
// or has other characters than identifiers have is scanned as text and cut.
func (r *Redactor) AppendID(dst []byte, s string) []byte {
	const maxID = 128
	if len(s) <= maxID && len(r.rules) == 0 && isID(s) && (len(s) < longCredential || credentialAt(s, 0) == 0) {
		dst = append(dst, '"')
		dst = append(dst, s...)
		return append(dst, '"')
	}
	s = r.Text(s)
	if len(s) > maxID {
		n := maxID
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n] + cutNote
	}
	return appendQuoted(dst, s)
}

func isID(s string) bool {
	var all traits
	for i := range len(s) {
		all |= traitsOf[s[i]]
	}
	return all&^(wordly|pathlike) == 0
}
