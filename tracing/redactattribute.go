package tracing

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	"github.com/sligo-go/sligo/redact"
)

// attributes returns the same attributes, or a copy if any has a secret.
func (r *redaction) attributes(all []attribute.KeyValue) []attribute.KeyValue {
	var redacted []attribute.KeyValue
	for i, kv := range all {
		value, changed := r.value(string(kv.Key), kv.Value)
		if !changed {
			continue
		}
		if redacted == nil {
			redacted = slices.Clone(all)
		}
		redacted[i].Value = value
	}
	if redacted == nil {
		return all
	}
	return redacted
}

// value redacts the value of an attribute and reports whether that changes it.
func (r *redaction) value(key string, v attribute.Value) (attribute.Value, bool) {
	if name, ok := headerName(key); ok && !r.redactor.ShowsHeader(name) {
		if v.Type() == attribute.STRINGSLICE {
			return attribute.StringSliceValue([]string{redact.Replacement}), true
		}
		return attribute.StringValue(redact.Replacement), true
	}
	switch v.Type() {
	case attribute.STRING:
		return r.text(key, v.AsString())
	case attribute.INT64, attribute.FLOAT64:
		return r.number(key, v)
	case attribute.STRINGSLICE:
		return r.texts(key, v.AsStringSlice())
	case attribute.INT64SLICE:
		return numbers(r, key, v.AsInt64Slice(), attribute.Int64Value)
	case attribute.FLOAT64SLICE:
		return numbers(r, key, v.AsFloat64Slice(), attribute.Float64Value)
	case attribute.BYTESLICE:
		return r.bytes(key, v)
	case attribute.SLICE, attribute.MAP:
		// A nested value with a secret becomes JSON, in which redact follows
		// it.
		return r.text(key, v.String())
	default: // a boolean reveals nothing
		return v, false
	}
}

func (r *redaction) text(key, text string) (attribute.Value, bool) {
	redacted := r.redactor.Attr(slog.String(key, text)).Value.String()
	return attribute.StringValue(redacted), redacted != text
}

func (r *redaction) number(key string, v attribute.Value) (attribute.Value, bool) {
	number := slog.Float64(key, v.AsFloat64())
	if v.Type() == attribute.INT64 {
		number = slog.Int64(key, v.AsInt64())
	}
	redacted := r.redactor.Attr(number).Value
	if redacted.Kind() == number.Value.Kind() {
		return v, false
	}
	return attribute.StringValue(redacted.String()), true
}

// numbers redacts a list of numbers. If one is secret, it becomes a list of
// texts.
func numbers[T any](r *redaction, key string, all []T, value func(T) attribute.Value) (attribute.Value, bool) {
	texts := make([]string, len(all))
	changed := false
	for i, number := range all {
		v, secret := r.number(key, value(number))
		texts[i] = v.String()
		changed = changed || secret
	}
	return attribute.StringSliceValue(texts), changed
}

// texts redacts a list of texts as a whole, because the element after
// "--password" is a secret.
func (r *redaction) texts(key string, all []string) (attribute.Value, bool) {
	redacted := r.redactor.Attr(slog.Any(key, all)).Value.String()
	var texts []string
	if err := json.Unmarshal([]byte(redacted), &texts); err != nil {
		texts = []string{redacted}
	}
	return attribute.StringSliceValue(texts), !slices.Equal(texts, all)
}

// bytes redacts bytes that are text. Any other bytes are secret only by their
// name.
func (r *redaction) bytes(key string, v attribute.Value) (attribute.Value, bool) {
	if text := v.AsByteSlice(); utf8.Valid(text) {
		return r.text(key, string(text))
	}
	return attribute.StringValue(redact.Replacement), r.redactor.IsSecret(key)
}

// headerPrefixes begin the names of attributes that hold values of a header.
var headerPrefixes = []string{
	"http.request.header.", "http.response.header.",
	"rpc.request.metadata.", "rpc.response.metadata.",
	"rpc.grpc.request.metadata.", "rpc.grpc.response.metadata.",
	"rpc.connect_rpc.request.metadata.", "rpc.connect_rpc.response.metadata.",
}

// headerName returns the name of the header whose values an attribute holds.
// Older conventions write its hyphens as underscores.
func headerName(key string) (string, bool) {
	if !strings.HasPrefix(key, "http.") && !strings.HasPrefix(key, "rpc.") {
		return "", false
	}
	for _, prefix := range headerPrefixes {
		if name, ok := strings.CutPrefix(key, prefix); ok {
			return strings.ReplaceAll(name, "_", "-"), true
		}
	}
	return "", false
}
