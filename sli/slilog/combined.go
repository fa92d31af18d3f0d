package slilog

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// ReadCombined records the events of lines in the combined format, with or
// without values after the user agent, until in ends. It counts and skips
// unreadable lines. The error is the error of in, or says which option does
// not suit the format.
func (r *Reader) ReadCombined(in io.Reader) (Result, error) {
	place, err := r.combinedPlace()
	if err != nil {
		return Result{}, err
	}
	return read(in, func(line []byte) (bool, error) {
		c, ok := parseCombined(string(line))
		if !ok {
			return false, errors.New("slilog: the line is not in the combined format")
		}
		e, err := r.combinedEvent(c, place)
		if err != nil {
			return false, err
		}
		r.recorder.Record(e)
		return true, nil
	})
}

// combinedPlace returns the position of the duration among the values after
// the user agent, counted from 1, and 0 if lines have no duration.
func (r *Reader) combinedPlace() (int, error) {
	if r.options.Operation != "" {
		return 0, fmt.Errorf("slilog: Operation: invalid field %q: the combined format has no field for the operation", r.options.Operation)
	}
	if r.options.Group != "" {
		return 0, fmt.Errorf("slilog: Group: invalid field %q: the combined format has no field for the group", r.options.Group)
	}
	switch r.options.Duration {
	case noDuration:
		return 0, nil
	case "":
		return 1, nil
	}
	place, err := strconv.Atoi(r.options.Duration)
	if err != nil || place < 1 {
		return 0, fmt.Errorf("slilog: Duration: invalid position %q: want a position after the user agent such as \"1\", or %q for none",
			r.options.Duration, noDuration)
	}
	return place, nil
}

func (r *Reader) combinedEvent(c combined, place int) (sli.Event, error) {
	e, err := newEvent(c.status)
	if err != nil {
		return e, err
	}
	if place > len(c.extra) {
		return e, fmt.Errorf("slilog: the line has no value at position %d after the user agent", place)
	}
	if place > 0 {
		e.Duration, err = parseDuration(strings.Trim(c.extra[place-1], `"`), r.unit(time.Second))
	}
	e.Operation = r.match(c.method, c.path)
	return e, err
}

// A combined is a line of the combined format:
//
//	host ident user [time] "method path protocol" status bytes
//	  "referer" "user agent" extra…
//
// The common format lacks the referer and the user agent.
type combined struct {
	method, path, status string
	extra                []string // the values after the user agent
}

func parseCombined(line string) (c combined, ok bool) {
	fields, ok := splitCombined(line)
	if !ok || len(fields) < 7 || !strings.HasPrefix(fields[3], "[") {
		return c, false
	}
	request, ok := unquote(fields[4])
	if !ok {
		return c, false
	}
	c.status = fields[5]
	c.method, c.path, _ = strings.Cut(request, " ")
	c.path, _, _ = strings.Cut(c.path, " ")
	if len(fields) > 9 {
		c.extra = fields[9:]
	}
	return c, true
}

// splitCombined splits a line at spaces outside brackets and quotes.
func splitCombined(line string) (fields []string, ok bool) {
	for line = strings.TrimLeft(line, " "); line != ""; line = strings.TrimLeft(line, " ") {
		var end int
		switch line[0] {
		case '"':
			end = closingQuote(line)
		case '[':
			end = strings.IndexByte(line, ']')
		default:
			word, _, _ := strings.Cut(line, " ")
			end = len(word) - 1
		}
		if end < 0 {
			return nil, false
		}
		fields, line = append(fields, line[:end+1]), line[end+1:]
	}
	return fields, true
}

// closingQuote returns the index of the quote that ends s, or -1.
func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

func unquote(s string) (string, bool) {
	if len(s) < 2 || s[0] != '"' {
		return "", false
	}
	return s[1 : len(s)-1], true
}
