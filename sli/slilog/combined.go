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

// ReadCombined records the events of lines in [FormatCombined] until in ends.
// It counts and skips unreadable lines. The error is the error of in, or says
// which option does not suit the format.
func (r *Reader) ReadCombined(in io.Reader) (Result, error) { return r.read(in, FormatCombined) }

// combinedParser returns the function that reads lines in the combined format.
func (r *Reader) combinedParser() (parseFunc, error) {
	if err := r.checkNoNames(FormatCombined); err != nil {
		return nil, err
	}
	find, err := newFinder(r.options.Duration)
	if err != nil {
		return nil, err
	}
	unit := r.unitOf(r.options.Duration, time.Second)
	return func(line []byte) (sli.Event, bool, error) {
		c, ok := parseCombined(string(line))
		if !ok {
			return sli.Event{}, false, errors.New("the line is not in the combined format")
		}
		e, err := newEvent(c.status)
		if err == nil && !find.none {
			e.Duration, err = find.duration(c.extra, unit)
		}
		e.Operation = r.match(c.method, c.path)
		return e, err == nil, err
	}, nil
}

// A finder finds the duration among the values after the user agent.
type finder struct {
	none  bool
	place int    // counted from 1, or 0 to search for the name
	name  string // of a value name=…
}

// newFinder reads Options.Duration as the combined format understands it.
func newFinder(option string) (finder, error) {
	switch option {
	case noDuration:
		return finder{none: true}, nil
	case "":
		return finder{place: 1}, nil
	}
	place, err := strconv.Atoi(option)
	if err != nil && nameOfValue(option) {
		return finder{name: option}, nil
	}
	if place < 1 {
		return finder{}, fmt.Errorf("invalid position %q in Options.Duration: "+
			"want a position after the user agent such as \"1\", a name such as \"rt\", or %q for none", option, noDuration)
	}
	return finder{place: place}, nil
}

// nameOfValue reports whether a text can be the name in name=value.
func nameOfValue(text string) bool {
	return !strings.ContainsAny(text, "\" =,;") && !strings.ContainsAny(text[:1], "+-.0123456789")
}

func (f finder) duration(values []string, unit time.Duration) (time.Duration, error) {
	if f.place > len(values) {
		return 0, fmt.Errorf("the line has no value at position %d after the user agent", f.place)
	}
	if f.place > 0 {
		value := values[f.place-1]
		if name, rest, ok := strings.Cut(value, "="); ok && !strings.Contains(name, `"`) {
			value = rest
		}
		return parseDuration(bare(value), unit)
	}
	for _, value := range values {
		if rest, ok := strings.CutPrefix(value, f.name+"="); ok {
			return parseDuration(bare(rest), unit)
		}
	}
	return 0, fmt.Errorf("the line has no value %s= after the user agent", f.name)
}

// bare returns a value without its quotes and the separator behind it.
func bare(value string) string { return strings.Trim(strings.TrimRight(value, ",;"), `"`) }

// A combined is a line of the combined format:
//
//	host ident user [time] "method path protocol" status bytes
//	  "referer" "user agent" extra…
//
// The common format lacks the referer and the user agent. vhost_combined has
// the virtual host in front.
type combined struct {
	method, path, status string
	extra                []string // the values after the user agent
}

func parseCombined(line string) (c combined, ok bool) {
	fields, ok := splitCombined(line)
	if !ok {
		return c, false
	}
	at := 4 // of the request; a virtual host or a user with spaces moves it
	for at < len(fields) && (fields[at-1][0] != '[' || fields[at][0] != '"') {
		at++
	}
	if at+2 >= len(fields) {
		return c, false
	}
	request, ok := unquote(fields[at])
	if !ok {
		return c, false
	}
	c.status = fields[at+1]
	c.method, c.path, _ = strings.Cut(request, " ")
	c.path, _, _ = strings.Cut(c.path, " ")
	c.extra = fields[at+3:]
	if len(c.extra) > 0 && c.extra[0][0] == '"' {
		c.extra = c.extra[min(2, len(c.extra)):]
	}
	c.extra = joinLists(c.extra)
	return c, true
}

// joinLists joins the values of lists without quotes: 0.010, 0.020 : 0.300.
func joinLists(values []string) []string {
	var joined []string
	start := 0
	for i, value := range values {
		if i > 0 && !continues(values[i-1], value) {
			joined = append(joined, strings.Join(values[start:i], " "))
			start = i
		}
	}
	if len(values) > 0 {
		joined = append(joined, strings.Join(values[start:], " "))
	}
	return joined
}

// continues reports whether a value continues the list of the value before.
func continues(before, value string) bool {
	if strings.Contains(value, "=") {
		return false
	}
	return value == ":" || strings.ContainsAny(before[len(before)-1:], ",:")
}

// splitCombined splits a line at spaces outside brackets and quotes.
func splitCombined(line string) (fields []string, ok bool) {
	for line = strings.TrimLeft(line, " "); line != ""; line = strings.TrimLeft(line, " ") {
		end := fieldEnd(line)
		if end < 0 {
			return nil, false
		}
		fields, line = append(fields, line[:end+1]), line[end+1:]
	}
	return fields, true
}

// fieldEnd returns the index of the last byte of the field at the beginning of
// a line, or -1 if its quote or bracket does not end.
func fieldEnd(line string) int {
	switch line[0] {
	case '"':
		return closingQuote(line)
	case '[':
		return strings.IndexByte(line, ']')
	}
	word, _, _ := strings.Cut(line, " ")
	quote := strings.Index(word, `="`) + 1
	if quote == 0 {
		return len(word) - 1
	}
	end := closingQuote(line[quote:])
	if end < 0 {
		return -1
	}
	return quote + end
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
