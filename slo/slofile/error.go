package slofile

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Error is one mistake in a file. Every function of this package returns all
// mistakes at once, joined as by [errors.Join] and in the order of the file.
type Error struct {
	// File is the name of the file.
	File string
	// Line and Column are the place of the mistake, from 1, in characters. Both
	// are zero if the mistake has no place.
	Line, Column int
	// Path names the value in the keys of the file:
	// "indicators[0].good.status[2]". It is empty if the whole file is wrong.
	Path string
	// Err describes the mistake and quotes the value.
	Err error
}

// Error returns "slo.yaml:19:13: objectives[2].target: " and the mistake.
func (e *Error) Error() string {
	text := e.File
	if e.Line > 0 {
		text += fmt.Sprintf(":%d:%d", e.Line, e.Column)
	}
	if e.Path != "" {
		text += ": " + e.Path
	}
	return text + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// errorJSON is the JSON form of an Error.
type errorJSON struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Path   string `json:"path,omitempty"`
	Err    string `json:"err"`
}

// MarshalJSON returns an object with the fields and the text of Err.
func (e *Error) MarshalJSON() ([]byte, error) {
	return json.Marshal(errorJSON{e.File, e.Line, e.Column, e.Path, e.Err.Error()})
}

// UnmarshalJSON reads the object that MarshalJSON writes. Err then has the same
// text and no other type. It refuses unknown fields.
func (e *Error) UnmarshalJSON(text []byte) error {
	var wire errorJSON
	if err := strictjson.Unmarshal(text, &wire); err != nil || string(text) == "null" {
		return err
	}
	*e = Error{wire.File, wire.Line, wire.Column, wire.Path, errors.New(wire.Err)}
	return nil
}

// mark is a place in a file, from 1.
type mark struct{ line, column int }

// maxErrors bounds the errors of one file. Nobody reads more at once.
const maxErrors = 100

// problems collects the mistakes in a file.
type problems struct {
	file string
	errs []*Error
	seen map[string]bool // texts
	more int
	// shown has the places of errs.
	shown map[place]bool
}

// place is where a mistake is: two mistakes with the same text have the same.
type place struct {
	at   mark
	path string
}

// full reports whether further mistakes are only counted.
func (p *problems) full() bool { return len(p.errs) == maxErrors }

// hides counts a mistake that is not shown, without its text, because there are
// enough others. It reports false if a shown one is at the same place: both may
// be the same.
func (p *problems) hides(at mark, path string) bool {
	if !p.full() || p.shown[place{at, shorten(path)}] {
		return false
	}
	p.more++
	return true
}

func (p *problems) add(at mark, path string, err error) {
	if p.hides(at, path) {
		return
	}
	e := &Error{File: p.file, Line: at.line, Column: at.column, Path: shorten(path), Err: err}
	if text := err.Error(); len(text) > maxText {
		e.Err = errors.New(shorten(text))
	}
	text := e.Error()
	if p.seen[text] {
		return
	}
	if p.full() {
		p.more++
		return
	}
	if p.seen == nil {
		p.seen, p.shown = make(map[string]bool), make(map[place]bool)
	}
	p.seen[text], p.shown[place{at, e.Path}] = true, true
	p.errs = append(p.errs, e)
}

// maxText is the maximum length of a path and of the text of a mistake in
// bytes.
const maxText = 1000

// shorten cuts the middle of a text that is too long to read.
func shorten(text string) string {
	if len(text) <= maxText {
		return text
	}
	const half = (maxText - len("…")) / 2
	return strings.ToValidUTF8(text[:half], "") + "…" + strings.ToValidUTF8(text[len(text)-half:], "")
}

func (p *problems) addf(at mark, path, format string, args ...any) {
	if !p.hides(at, path) {
		p.add(at, path, fmt.Errorf(format, args...))
	}
}

// err returns all mistakes in the order of the file, or nil.
func (p *problems) err() error {
	slices.SortStableFunc(p.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var all []error
	for _, e := range p.errs {
		all = append(all, e)
	}
	if p.more > 0 {
		all = append(all, &Error{File: p.file, Err: fmt.Errorf("too many mistakes: %d more are not shown", p.more)})
	}
	return errors.Join(all...)
}
