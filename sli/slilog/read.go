package slilog

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxLine bounds the lines that are read; what is longer is unreadable.
const maxLine = 1 << 20

// A lineRecorder records the event of one line; see Events.event.
type lineRecorder func(line []byte) (recorded bool, err error)

// ReadJSON records the events of lines that are JSON objects, until r ends. A line
// that is none is counted and skipped; the error is the reader's.
func (e *Events) ReadJSON(r io.Reader) (Result, error) {
	field, unit := e.durationField(), e.unit(time.Millisecond)
	return read(r, func(line []byte) (bool, error) {
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		var object map[string]any
		if err := d.Decode(&object); err != nil || object == nil {
			return false, errors.New("not a JSON object")
		}
		return e.record(func(name string) (string, bool) { return member(object, name) }, field, unit)
	})
}

// ReadCombined records the events of lines in the combined format, with or without
// values behind the user agent, until r ends. A line that is not in the format is
// counted and skipped; the error is the reader's.
func (e *Events) ReadCombined(r io.Reader) (Result, error) {
	place := e.fields.Duration
	if place == "" {
		place = "1"
	}
	if n, err := strconv.Atoi(place); place != none && (err != nil || n < 1) {
		return Result{}, fmt.Errorf("slilog: Duration is %q; in the combined format it is a place behind the user agent (\"1\"), or \"-\"", place)
	}
	unit := e.unit(time.Second)
	return read(r, func(line []byte) (bool, error) {
		c, ok := parseCombined(string(line))
		if !ok {
			return false, errors.New("not in the combined format")
		}
		return e.record(func(name string) (string, bool) {
			switch name {
			case e.fields.Status:
				return c.status, true
			case place:
				n, err := strconv.Atoi(place)
				if err != nil || n > len(c.extra) {
					return "", false
				}
				return strings.Trim(c.extra[n-1], `"`), true
			case e.fields.Method:
				return c.method, true
			case e.paths[0]:
				return c.path, true
			}
			return "", false
		}, place, unit)
	})
}

func (e *Events) record(get lookup, durationField string, unit time.Duration) (bool, error) {
	ev, ok, err := e.event(get, durationField, unit)
	if ok && err == nil {
		e.recorder.Record(ev)
	}
	return ok, err
}

// read calls f for each line. Empty lines do not count.
func read(r io.Reader, f lineRecorder) (Result, error) {
	var res Result
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		line, long, err := nextLine(in)
		if len(line) > 0 || long {
			res.Lines++
			recorded := false
			ferr := error(nil)
			if !long {
				recorded, ferr = f(line)
			}
			switch {
			case long || ferr != nil:
				res.Unreadable++
			case recorded:
				res.Events++
			default:
				res.Others++
			}
		}
		if errors.Is(err, io.EOF) {
			return res, nil
		}
		if err != nil {
			return res, fmt.Errorf("slilog: after %d lines: %w", res.Lines, err)
		}
	}
}

// nextLine reads a line without its end; one that is too long is read over.
func nextLine(in *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if !long {
			line = append(line, part...)
		}
		if len(line) > maxLine {
			line, long = nil, true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSpace(line), long, err
		}
	}
}

// member finds a dotted name in an object, also below additional_info.
func member(object map[string]any, name string) (string, bool) {
	if v, ok := descend(object, strings.TrimPrefix(name, "additional_info.")); ok {
		return v, true
	}
	if info, ok := object["additional_info"].(map[string]any); ok {
		return descend(info, strings.TrimPrefix(name, "additional_info."))
	}
	return "", false
}

func descend(object map[string]any, name string) (string, bool) {
	if v, ok := object[name]; ok {
		switch v := v.(type) {
		case string:
			return v, true
		case json.Number:
			return v.String(), true
		}
		return "", false
	}
	head, rest, ok := strings.Cut(name, ".")
	if !ok {
		return "", false
	}
	inner, ok := object[head].(map[string]any)
	if !ok {
		return "", false
	}
	return descend(inner, rest)
}
