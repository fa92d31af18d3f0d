package slilog

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// ReadEnvoy records the events of lines in [FormatEnvoy] until in ends. It
// counts and skips unreadable lines. The error is the error of in, or says
// which option does not suit the format. Lines of Envoy's JSON format are for
// [Reader.ReadJSON], with Options.Duration "duration" and Options.Path "path".
func (r *Reader) ReadEnvoy(in io.Reader) (Result, error) { return r.read(in, FormatEnvoy) }

// envoyParser returns the function that reads lines of Envoy.
func (r *Reader) envoyParser() (parseFunc, error) {
	if err := r.checkNoNames(FormatEnvoy); err != nil {
		return nil, err
	}
	unit := r.unitOf("", time.Millisecond)
	return func(line []byte) (sli.Event, bool, error) {
		v, ok := parseEnvoy(string(line))
		if !ok {
			return sli.Event{}, false, errors.New("the line is not in Envoy's default format")
		}
		e, err := newEvent(v.status)
		if err == nil && r.options.Duration != noDuration {
			e.Duration, err = parseDuration(v.duration, unit)
		}
		e.Canceled = e.Canceled || disconnected(v.flags)
		e.Operation = r.match(v.method, v.path)
		return e, err == nil, err
	}, nil
}

// An envoy is a line of Envoy's default format, in which Istio's has details
// of the response after the flags:
//
//	[time] "method path protocol" status flags details termination "failure"
//	  received sent duration upstream "forwarded" "user agent" "request id"
//	  "authority" "upstream host"…
type envoy struct {
	method, path, status, flags, duration string
}

func parseEnvoy(line string) (v envoy, ok bool) {
	fields, ok := splitCombined(line)
	if !ok || len(fields) < 12 || fields[0][0] != '[' || fields[1][0] != '"' {
		return v, false
	}
	request, ok := unquote(fields[1])
	if !ok {
		return v, false
	}
	v.status, v.flags = fields[2], fields[3]
	v.method, v.path, _ = strings.Cut(request, " ")
	v.path, _, _ = strings.Cut(v.path, " ")
	amounts := fields[4:]
	if !digits(amounts[0]) { // Istio's details
		amounts = fields[7:]
	}
	if !digits(amounts[0]) || !digits(amounts[1]) {
		return v, false
	}
	v.duration = amounts[2]
	return v, true
}

func digits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
