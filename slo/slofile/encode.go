package slofile

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Marshal returns the file as YAML, in the form that Format gives. Parse reads
// the same File from it. The environments and comments of a file that was read
// are not in the result.
//
// Marshal returns the mistakes that Validate reports, and an error for each
// value that text cannot hold: a Func, text that is not UTF-8 or has more than
// 4,096 bytes, and more objectives than Parse reads.
func (f *File) Marshal() ([]byte, error) {
	if err := errors.Join(f.Validate(), f.functions()); err != nil {
		return nil, err
	}
	doc := document{
		Version: Version, Service: f.Objectives[0].Indicator.Service,
		Matchers: f.Matchers, Indicators: slo.Indicators(f.Objectives), Objectives: f.Objectives,
		Policy: f.Policy, Exclusions: f.Exclusions,
	}
	for i := range doc.Indicators {
		if doc.Indicators[i].Service == doc.Service {
			doc.Indicators[i].Service = ""
		}
	}
	e := encoder{service: doc.Service}
	root := e.value("", reflect.ValueOf(doc))
	if err := e.errs.Err(); err != nil {
		return nil, err
	}
	data, err := dump(root)
	if err != nil {
		return nil, err
	}
	// The bounds on the whole file remain.
	if _, err := Parse("", data, nil); err != nil {
		return nil, fmt.Errorf("slofile: the file would be refused%w", err)
	}
	return data, nil
}

// functions reports the functions of conditions.
func (f *File) functions() error {
	var errs sli.FieldErrors
	for i, o := range f.Objectives {
		path := fmt.Sprintf("Objectives[%d].Indicator.", i)
		if o.Indicator.Good.Func != nil {
			errs.Addf(path+"Good.Func", "a file cannot hold a function")
		}
		if o.Indicator.Valid.Func != nil {
			errs.Addf(path+"Valid.Func", "a file cannot hold a function")
		}
	}
	return errs.Err()
}

// encoder makes a tree of YAML nodes of Go values.
type encoder struct {
	service string // of names without a service
	errs    sli.FieldErrors
}

// value returns the node of a value.
func (e *encoder) value(path string, v reflect.Value) *yaml.Node {
	switch {
	case isScalar(v.Type()):
		return e.scalar(path, v)
	case v.Kind() == reflect.Slice:
		return e.list(path, v)
	case v.Kind() == reflect.Map:
		return e.entries(path, v)
	}
	return e.mapping(path, v)
}

// mapping returns the fields of a struct that are set.
func (e *encoder) mapping(path string, v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range fieldsOf(v.Type()) {
		value := v.Field(f.index)
		if isUnset(value) {
			continue
		}
		if f.reference {
			value = reflect.ValueOf(e.reference(value.Interface().(sli.Indicator)))
		}
		child := e.value(path+"."+v.Type().Field(f.index).Name, value)
		if child.Kind == yaml.MappingNode && len(child.Content) == 0 {
			continue
		}
		n.Content = append(n.Content, textNode(f.key), child)
	}
	return n
}

// isUnset reports whether a field has the value that it has without its key.
func isUnset(v reflect.Value) bool {
	if v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		return v.Len() == 0
	}
	return v.IsZero()
}

// reference returns the name of an indicator, with its service if it is not
// the file's.
func (e *encoder) reference(ind sli.Indicator) string {
	if ind.Service == e.service {
		return ind.Name
	}
	return ind.Service + "/" + ind.Name
}

func (e *encoder) list(path string, v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	width := 0
	for i := range v.Len() {
		item := e.value(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		n.Content = append(n.Content, item)
		width += len(item.Value) + len(", ")
	}
	if isScalar(v.Type().Elem()) && width <= maxFlow {
		n.Style = yaml.FlowStyle
	}
	return n
}

// maxFlow is the width of a list that is written on one line.
const maxFlow = 60

func (e *encoder) entries(path string, v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	values := v.Interface().(map[string]string)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		at := fmt.Sprintf("%s[%q]", path, key)
		n.Content = append(n.Content, textNode(key), e.scalar(at, reflect.ValueOf(values[key])))
	}
	return n
}

func (e *encoder) scalar(path string, v reflect.Value) *yaml.Node {
	switch value := v.Interface().(type) {
	case time.Duration:
		return textNode(durationText(value))
	case time.Time:
		if _, offset := value.Zone(); offset%60 != 0 {
			value = value.UTC() // text has no seconds of an offset
		}
		marshaled, err := value.MarshalText()
		if err != nil {
			e.errs.Addf(path[1:], "invalid time %v: want one from the year 0 to 9999", value)
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: string(marshaled)}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(value)}
	case int, uint64:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: fmt.Sprint(value)}
	case encoding.TextMarshaler:
		marshaled, err := value.MarshalText()
		e.errs.Add(path, err)
		return textNode(string(marshaled))
	}
	switch {
	case !utf8.ValidString(v.String()):
		e.errs.Addf(path[1:], "invalid text %q: want valid UTF-8", v.String())
	case v.Len() > maxValue:
		e.errs.Addf(path[1:], "%d bytes: want at most %d", v.Len(), maxValue)
	}
	return textNode(v.String())
}

// durationText returns a duration in days if it has whole ones: "3d".
func durationText(d time.Duration) string {
	const day, maxDays = 24 * time.Hour, 1<<16 - 1
	if d >= day && d%day == 0 && d/day <= maxDays {
		return fmt.Sprintf("%dd", d/day)
	}
	return strictjson.Duration(d).String()
}

// textNode returns the node of a text. It is quoted if it would be read as
// something else.
func textNode(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}
