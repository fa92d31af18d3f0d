package wire

import (
	"strconv"

	"go.opentelemetry.io/otel/attribute"
)

type jsonAttributes struct {
	Attributes []jsonKeyValue `json:"attributes,omitempty"`
	Dropped    uint32         `json:"droppedAttributesCount,omitempty"`
}

type jsonKeyValue struct {
	Key   string    `json:"key"`
	Value jsonValue `json:"value"`
}

// jsonValue has at most one member, whose name is the type.
type jsonValue map[string]any

func jsonList(all []attribute.KeyValue, dropped int) jsonAttributes {
	return jsonAttributes{convert(all, jsonPair), count(dropped)}
}

func jsonPair(kv attribute.KeyValue) jsonKeyValue {
	return jsonKeyValue{valid(string(kv.Key)), jsonOfValue(kv.Value)}
}

func jsonOfValue(v attribute.Value) jsonValue {
	switch v.Type() {
	case attribute.EMPTY:
		return jsonValue{}
	case attribute.BOOL:
		return jsonBool(v.AsBool())
	case attribute.INT64:
		return jsonInt(v.AsInt64())
	case attribute.FLOAT64:
		return jsonFloat(v.AsFloat64())
	case attribute.BYTESLICE:
		// A nil slice would be null, which is not a value.
		return jsonValue{"bytesValue": append([]byte{}, v.AsByteSlice()...)}
	case attribute.STRINGSLICE:
		return jsonArray(v.AsStringSlice(), jsonText)
	case attribute.BOOLSLICE:
		return jsonArray(v.AsBoolSlice(), jsonBool)
	case attribute.INT64SLICE:
		return jsonArray(v.AsInt64Slice(), jsonInt)
	case attribute.FLOAT64SLICE:
		return jsonArray(v.AsFloat64Slice(), jsonFloat)
	case attribute.SLICE:
		return jsonArray(v.AsSlice(), jsonOfValue)
	case attribute.MAP:
		return jsonValue{"kvlistValue": map[string]any{"values": append([]jsonKeyValue{}, convert(v.AsMap(), jsonPair)...)}}
	default: // a text, or a type of a later version
		return jsonText(v.String())
	}
}

// jsonArray returns an ArrayValue. An empty one has an empty list, not null.
func jsonArray[T any](all []T, f func(T) jsonValue) jsonValue {
	return jsonValue{"arrayValue": map[string]any{"values": append([]jsonValue{}, convert(all, f)...)}}
}

func jsonText(s string) jsonValue { return jsonValue{"stringValue": valid(s)} }
func jsonBool(b bool) jsonValue   { return jsonValue{"boolValue": b} }
func jsonInt(n int64) jsonValue   { return jsonValue{"intValue": strconv.FormatInt(n, 10)} }

func jsonFloat(f float64) jsonValue {
	if name := notFinite(f); name != "" {
		return jsonText(name)
	}
	return jsonValue{"doubleValue": f}
}
