package slilog

import (
	"bufio"
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

// read records the events of lines in a format until in ends.
func (r *Reader) read(in io.Reader, format Format) (Result, error) {
	parse, err := r.parser(format)
	if err != nil {
		return Result{}, fmt.Errorf("slilog: %w", err)
	}
	s := r.newScan(parse)
	lines := bufio.NewReaderSize(in, 64<<10)
	var offset int64
	for {
		line, n, err := nextLine(lines)
		if offset += n; err == nil {
			s.add(line, n > maxLine)
			if !s.unfinished() {
				s.result.Offset = offset
			}
			continue
		}
		s.result.Rest = offset - s.result.Offset
		if errors.Is(err, io.EOF) {
			return s.result, nil
		}
		return s.result, fmt.Errorf("slilog: after %d lines: %w", s.result.Lines, err)
	}
}

// maxLine is the length in bytes from which a line is unreadable.
const maxLine = 1 << 20

// nextLine returns a line and its length with the newline. It keeps nothing of
// a line that is too long. A line without its newline comes with an error.
func nextLine(in *bufio.Reader) (line []byte, n int64, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if n += int64(len(part)); n <= maxLine {
			line = append(line, part...)
		} else {
			line = nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, n, err
		}
	}
}
