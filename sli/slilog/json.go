package slilog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sligo-go/sligo/sli"
)

// infoKey is the object of package logging's schema that holds additional
// fields.
const infoKey = "additional_info"

// ReadJSON records the events of lines in [FormatJSON] until in ends. It counts
// and skips unreadable lines. The error is the error of in.
func (r *Reader) ReadJSON(in io.Reader) (Result, error) { return r.read(in, FormatJSON) }

func (r *Reader) parseJSON(line []byte) (sli.Event, bool, error) {
	object, err := parseObject(line)
	if err != nil {
		return sli.Event{}, false, err
	}
	return r.event(func(name string) (string, bool) { return member(object, name) })
}

func parseObject(line []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, fmt.Errorf("the line is not a JSON object: %w", err)
	}
	if _, err := d.Token(); object == nil || !errors.Is(err, io.EOF) {
		return nil, errors.New("the line is not one JSON object")
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
