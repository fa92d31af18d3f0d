package slilog

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// infoKey is the object of package logging's schema that holds additional
// fields.
const infoKey = "additional_info"

// ReadJSON records the events of lines that are JSON objects, until in ends.
// It counts and skips unreadable lines. The error is the error of in.
func (r *Reader) ReadJSON(in io.Reader) (Result, error) {
	return read(in, func(line []byte) (bool, error) {
		object, err := parseObject(line)
		if err != nil {
			return false, err
		}
		e, ok, err := r.Event(func(name string) (string, bool) { return member(object, name) })
		if ok {
			r.recorder.Record(e)
		}
		return ok, err
	})
}

func parseObject(line []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, err
	}
	if _, err := d.Token(); object == nil || !errors.Is(err, io.EOF) {
		return nil, errors.New("slilog: the line is not one JSON object")
	}
	return object, nil
}

// member returns the text of a field with a dotted name, which may be below
// additional_info.
func member(object map[string]any, name string) (string, bool) {
	name = strings.TrimPrefix(name, infoKey+".")
	if text, ok := descend(object, name); ok {
		return text, true
	}
	info, _ := object[infoKey].(map[string]any)
	return descend(info, name)
}

func descend(object map[string]any, name string) (string, bool) {
	switch v := object[name].(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	head, rest, _ := strings.Cut(name, ".")
	inner, ok := object[head].(map[string]any)
	if !ok || rest == "" {
		return "", false
	}
	return descend(inner, rest)
}
