package slilog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/sligo-go/sligo/sli"
)

// Reader turns lines into events and records them. Use [New]; the zero Reader
// is not valid. It is safe for concurrent use.
type Reader struct {
	recorder *sli.Recorder
	options  Options
	paths    []string
	routes   *http.ServeMux // nil without routes
}

// New returns a Reader that records in recorder. Nil options mean the
// defaults. New reports every mistake in the options at once, as joined
// [*sli.FieldError] values.
func New(recorder *sli.Recorder, options *Options) (*Reader, error) {
	r := &Reader{recorder: recorder, options: options.withDefaults()}
	var errs sli.FieldErrors
	if recorder == nil {
		errs.Addf("recorder", "required")
	}
	r.options.validate(recorder.Indicators(), &errs)
	r.routes = newMux(r.options.Routes, &errs)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	r.options.Routes = slices.Clone(r.options.Routes)
	r.paths = r.options.paths()
	return r, nil
}

// maxLine is the length in bytes from which a line is unreadable.
const maxLine = 1 << 20

// A recordFunc records the event of one line. It reports false if the line is
// not an event, and an error if the line is unreadable.
type recordFunc func(line []byte) (recorded bool, err error)

// read calls record for each line that is not empty. It returns the error of
// in.
func read(in io.Reader, record recordFunc) (Result, error) {
	var result Result
	lines := bufio.NewReaderSize(in, 64<<10)
	for {
		line, long, err := nextLine(lines)
		if long || len(line) > 0 {
			result.add(line, long, record)
		}
		if errors.Is(err, io.EOF) {
			return result, nil
		}
		if err != nil {
			return result, fmt.Errorf("slilog: after %d lines: %w", result.Lines, err)
		}
	}
}

// nextLine returns a line without surrounding space. It skips the rest of a
// line that is too long.
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
