package encode

import (
	"encoding/json"
	"log/slog"
	"reflect"
	"slices"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// shapeOf returns the shape of an attribute's value.
func shapeOf(v slog.Value) name.Shape {
	switch v.Kind() {
	case slog.KindBool:
		return name.ShapeConstant
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindDuration:
		return name.ShapeNumber
	case slog.KindString:
		return textShape(v.String())
	case slog.KindGroup:
		return groupShape(v.Group())
	case slog.KindAny:
		return reflectShape(reflect.ValueOf(v.Any()), 0)
	}
	return name.ShapeText
}

// textShape returns the shape of a text. A text that takes the place of a
// secret reveals as little as null.
func textShape(s string) name.Shape {
	switch {
	case text.IsPlaceholder(s):
		return name.ShapeConstant
	case text.IsNumber(s):
		return name.ShapeDigits
	}
	return name.ShapeText
}

// hides reports whether a verdict hides the value of an attribute. Most
// verdicts are plain, for which the shape need not be known.
func hides(v name.Verdict, val slog.Value) bool {
	return v != name.VerdictPlain && v.Hides(shapeOf(val))
}

// hidesGroup is hides for the members of a group.
func hidesGroup(v name.Verdict, attrs []slog.Attr) bool {
	return v != name.VerdictPlain && v.Hides(groupShape(attrs))
}

// hidesValue is hides for the values that reflection sees.
func hidesValue(v name.Verdict, rv reflect.Value) bool {
	return v != name.VerdictPlain && v.Hides(reflectShape(rv, 0))
}

func groupShape(attrs []slog.Attr) name.Shape {
	if slices.ContainsFunc(attrs, func(a slog.Attr) bool { return !isCount(shapeOf(a.Value.Resolve())) }) {
		return name.ShapeCompound
	}
	return name.ShapeCounts
}

// isCount reports whether a value of this shape may be one of many counts:
// "tokens": {"input": 812, "output": 44}.
func isCount(s name.Shape) bool { return !name.VerdictCounted.Hides(s) }

// maxShapeDepth bounds the pointers and maps that are followed to learn a
// shape. A value may contain itself.
const maxShapeDepth = 8

var numberType = reflect.TypeFor[json.Number]()

// reflectShape is shapeOf for the values that reflection sees.
func reflectShape(v reflect.Value, depth int) name.Shape {
	for ; v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface; depth++ {
		if v.IsNil() {
			return name.ShapeConstant
		}
		if depth > maxShapeDepth {
			return name.ShapeCompound
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Invalid, reflect.Bool:
		return name.ShapeConstant
	case reflect.Map:
		return mapShape(v, depth)
	case reflect.Slice, reflect.Array:
		return listShape(v, depth)
	case reflect.Struct:
		return name.ShapeCompound
	case reflect.String:
		if v.Type() == numberType && text.IsNumber(v.String()) {
			return name.ShapeNumber
		}
		return textShape(v.String())
	}
	return name.ShapeNumber
}

// listShape returns the shape of a text for a list of texts and numbers.
func listShape(v reflect.Value, depth int) name.Shape {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return name.ShapeConstant
	}
	if kind := v.Type().Elem().Kind(); kind == reflect.String || isNumeric(kind) {
		return name.ShapeText
	}
	if depth > maxShapeDepth {
		return name.ShapeCompound
	}
	for i := range v.Len() {
		if reflectShape(v.Index(i), depth+1) >= name.ShapeCounts {
			return name.ShapeCompound
		}
	}
	return name.ShapeText
}

func mapShape(v reflect.Value, depth int) name.Shape {
	if v.IsNil() {
		return name.ShapeConstant
	}
	if depth > maxShapeDepth {
		return name.ShapeCompound
	}
	for iter := v.MapRange(); iter.Next(); {
		if !isCount(reflectShape(iter.Value(), depth+1)) {
			return name.ShapeCompound
		}
	}
	return name.ShapeCounts
}
