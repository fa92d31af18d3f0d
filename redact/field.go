package redact

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// A field is one member of the JSON of a struct type, as encoding/json sees it,
// with the verdict on its names.
type field struct {
	name      string
	index     []int
	verdict   verdict
	omitEmpty bool
	omitZero  bool
	quoted    bool // the option "string"
	tagged    bool // its name comes from a tag
	isZero    func(reflect.Value) bool
}

// fieldsOf returns the fields of a struct type in order.
func (r *Redactor) fieldsOf(t reflect.Type) []field {
	if f, ok := r.fields.Load(t); ok {
		return f.([]field)
	}
	var all []field
	r.collect(t, nil, nil, &all)
	f := dominant(all)
	r.fields.Store(t, f)
	return f
}

// collect adds the fields of t, found at index, and of the structs it embeds.
func (r *Redactor) collect(t reflect.Type, index []int, outer []reflect.Type, all *[]field) {
	if slices.Contains(outer, t) {
		return // embeds itself
	}
	outer = append(outer[:len(outer):len(outer)], t)
	for i := range t.NumField() {
		sf := t.Field(i)
		name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if sf.Tag.Get("json") == "-" {
			continue
		}
		at := append(index[:len(index):len(index)], i)
		inner := sf.Type
		if sf.Anonymous && inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		hidden := hiddenByTag(sf.Tag)
		if sf.Anonymous && name == "" && inner.Kind() == reflect.Struct && !hidden {
			if sf.IsExported() || sf.Type.Kind() != reflect.Pointer {
				r.collect(inner, at, outer, all)
			}
			continue
		}
		if sf.IsExported() {
			*all = append(*all, r.newField(sf, name, options, at, hidden))
		}
	}
}

// hiddenByTag reports the tag `log:"redact"`, and the tags of other redactors: a
// type that has one of them means it.
func hiddenByTag(tag reflect.StructTag) bool {
	for _, word := range [...]string{"redact", "secret", "sensitive", "-"} {
		if hasWord(tag.Get("log"), word) {
			return true
		}
	}
	if hasWord(tag.Get("masq"), "secret") {
		return true
	}
	for _, key := range [...]string{"redact", "secret", "sensitive", "mask"} {
		if v := tag.Get(key); v != "" && v != "false" && v != "-" {
			return true
		}
	}
	return false
}

func (r *Redactor) newField(sf reflect.StructField, name, options string, index []int, hidden bool) field {
	f := field{
		name: name, index: index, tagged: name != "",
		omitEmpty: hasWord(options, "omitempty"), omitZero: hasWord(options, "omitzero"),
		quoted:  hasWord(options, "string") && quotable(sf.Type),
		verdict: r.judge(sf.Name),
	}
	if !validName(name) {
		f.name, f.tagged = sf.Name, false
	} else if v := r.judge(name); v != plain {
		f.verdict = v
	}
	if hidden {
		f.verdict = secret
	}
	if m, ok := sf.Type.MethodByName("IsZero"); ok && m.Type.NumIn() == 1 && m.Type.NumOut() == 1 && m.Type.Out(0).Kind() == reflect.Bool {
		f.isZero = func(v reflect.Value) bool {
			if v.Kind() == reflect.Pointer && v.IsNil() {
				return true
			}
			return v.Interface().(interface{ IsZero() bool }).IsZero()
		}
	}
	return f
}

// of returns the field's value in a struct; ok is false when it is left out.
func (f field) of(rv reflect.Value) (_ reflect.Value, ok bool) {
	for _, i := range f.index {
		if rv.Kind() == reflect.Pointer {
			if rv.IsNil() {
				return rv, false
			}
			rv = rv.Elem()
		}
		rv = rv.Field(i)
	}
	if f.omitEmpty && isEmpty(rv) || f.omitZero && (f.isZero == nil && rv.IsZero() || f.isZero != nil && f.isZero(rv)) {
		return rv, false
	}
	return rv, true
}

// dominant applies encoding/json's rule for fields of the same name: the least
// nested, among these the tagged, and none when that leaves two.
func dominant(all []field) []field {
	var out []field
	for _, f := range all {
		wins := true
		for _, g := range all {
			if f.name != g.name || slices.Equal(f.index, g.index) {
				continue
			}
			switch {
			case len(f.index) != len(g.index):
				wins = wins && len(f.index) < len(g.index)
			default:
				wins = wins && f.tagged && !g.tagged
			}
		}
		if wins {
			out = append(out, f)
		}
	}
	return out
}

func hasWord(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if w == word {
			return true
		}
	}
	return false
}

func quotable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return true
	}
	return false
}

// validName reports names that encoding/json takes from a tag.
func validName(s string) bool {
	if s == "" {
		return false
	}
	for _, c := range s {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return false
		}
	}
	return true
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
