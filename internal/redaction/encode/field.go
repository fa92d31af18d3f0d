package encode

import (
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// A field is a member of the JSON of a struct type, as encoding/json sees
// it, with the verdict on its names.
type field struct {
	name      string
	index     []int
	verdict   name.Verdict
	omitEmpty bool
	omitZero  bool
	quoted    bool // has the option "string"
	tagged    bool // its name comes from a tag
	isZero    func(reflect.Value) bool
}

// fieldsOf returns the fields of a struct type in order.
func (c *Encoding) fieldsOf(t reflect.Type) []field {
	if f, ok := c.fields.Load(t); ok {
		return f.([]field)
	}
	l := fieldList{judge: c.judge, isSecret: c.isSecretType}
	l.collect(t, nil, nil)
	f := l.dominant()
	c.fields.Store(t, f)
	return f
}

// A fieldList collects the fields of one type.
type fieldList struct {
	judge    *name.Judge
	isSecret func(reflect.Type) bool
	all      []field
}

// collect adds the fields of t, found at index, and of the structs it embeds.
func (l *fieldList) collect(t reflect.Type, index []int, outer []reflect.Type) {
	if slices.Contains(outer, t) {
		return // embeds itself
	}
	outer = append(outer[:len(outer):len(outer)], t)
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Tag.Get("json") == "-" {
			continue
		}
		at := append(index[:len(index):len(index)], i)
		switch inner, embedded := embeddedStruct(sf); {
		case !embedded || l.isSecret(inner):
			if sf.IsExported() {
				l.all = append(l.all, l.newField(sf, at))
			}
		case sf.IsExported() || sf.Type.Kind() != reflect.Pointer:
			l.collect(inner, at, outer)
		}
	}
}

// embeddedStruct returns the struct type of a field whose members belong to the
// struct around it.
func embeddedStruct(sf reflect.StructField) (t reflect.Type, embedded bool) {
	if !sf.Anonymous || isHiddenByTag(sf.Tag) {
		return nil, false
	}
	t = sf.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	tagged, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
	return t, tagged == "" && t.Kind() == reflect.Struct
}

// isHiddenByTag reports whether a field has the tag `log:"redact"`, or a tag of
// another redactor that means the same.
func isHiddenByTag(tag reflect.StructTag) bool {
	for _, word := range [...]string{"redact", "secret", "sensitive", "-"} {
		if hasWord(tag.Get("log"), word) {
			return true
		}
	}
	if hasWord(tag.Get("masq"), "secret") {
		return true
	}
	for _, key := range [...]string{"redact", "secret", "sensitive", "mask"} {
		switch tag.Get(key) {
		case "", "false", "-":
		default:
			return true
		}
	}
	return false
}

func (l *fieldList) newField(sf reflect.StructField, index []int) field {
	tagged, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
	f := field{
		name: sf.Name, index: index, isZero: zeroMethod(sf.Type),
		omitEmpty: hasWord(options, "omitempty"), omitZero: hasWord(options, "omitzero"),
		quoted:  hasWord(options, "string") && isQuotable(sf.Type),
		verdict: l.judge.Verdict(sf.Name),
	}
	if isValidName(tagged) {
		f.name, f.tagged = tagged, true
		if v := l.judge.Verdict(tagged); v != name.VerdictPlain {
			f.verdict = v
		}
	}
	if isHiddenByTag(sf.Tag) {
		f.verdict = name.VerdictSecret
	}
	return f
}

// zeroMethod returns a function that calls the IsZero method of a type, nil
// if it has none.
func zeroMethod(t reflect.Type) func(reflect.Value) bool {
	m, ok := t.MethodByName("IsZero")
	if !ok || m.Type.NumIn() != 1 || m.Type.NumOut() != 1 || m.Type.Out(0).Kind() != reflect.Bool {
		return nil
	}
	return func(v reflect.Value) bool {
		if v.Kind() == reflect.Pointer && v.IsNil() {
			return true
		}
		return v.Interface().(interface{ IsZero() bool }).IsZero()
	}
}

// of returns the field's value in a struct; ok is false if it is left out.
func (f *field) of(rv reflect.Value) (_ reflect.Value, ok bool) {
	for _, i := range f.index {
		if rv.Kind() == reflect.Pointer {
			if rv.IsNil() {
				return rv, false
			}
			rv = rv.Elem()
		}
		rv = rv.Field(i)
	}
	omitted := f.omitEmpty && isEmpty(rv) || f.omitZero && f.zero(rv)
	return rv, !omitted
}

func (f *field) zero(rv reflect.Value) bool {
	if f.isZero != nil {
		return f.isZero(rv)
	}
	return rv.IsZero()
}

// dominant applies the rule of encoding/json for fields of the same name: the
// least nested one counts, among several of these the tagged one, and none if
// there are still several.
func (l *fieldList) dominant() []field {
	var out []field
	for i := range l.all {
		f := &l.all[i]
		loses := func(g field) bool {
			return f.name == g.name && !slices.Equal(f.index, g.index) && !f.dominates(&g)
		}
		if !slices.ContainsFunc(l.all, loses) {
			out = append(out, *f)
		}
	}
	return out
}

func (f *field) dominates(g *field) bool {
	if len(f.index) != len(g.index) {
		return len(f.index) < len(g.index)
	}
	return f.tagged && !g.tagged
}

func hasWord(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if w == word {
			return true
		}
	}
	return false
}

// isQuotable reports whether the option "string" applies to a type.
func isQuotable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return true
	}
	return false
}

// isValidName reports whether encoding/json accepts a name from a tag.
func isValidName(s string) bool {
	invalid := func(c rune) bool {
		return !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}
	return s != "" && !strings.ContainsFunc(s, invalid)
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
