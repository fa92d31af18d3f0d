package slilog

import (
	"fmt"

	"github.com/sligo-go/sligo/sli"
)

// Format is the format of a log's lines. Each line may be in the envelope of a
// collector; see the package's documentation.
type Format string

const (
	// FormatJSON has one JSON object on each line.
	FormatJSON Format = "json"
	// FormatCombined is the combined, common or vhost_combined format of Apache
	// and nginx, with or without values after the user agent.
	FormatCombined Format = "combined"
	// FormatEnvoy is the default text format of Envoy or Istio.
	FormatEnvoy Format = "envoy"
)

// A parseFunc returns the event of one line. It reports false if the line is
// not an event, and an error if the line is unreadable.
type parseFunc func(line []byte) (e sli.Event, ok bool, err error)

// parser returns the function that reads lines of a format, or an error if the
// options do not suit the format.
func (r *Reader) parser(format Format) (parseFunc, error) {
	switch format {
	case FormatJSON:
		return r.parseJSON, nil
	case FormatCombined:
		return r.combinedParser()
	case FormatEnvoy:
		return r.envoyParser()
	}
	return nil, fmt.Errorf("unknown format %q: want %q, %q or %q", format, FormatJSON, FormatCombined, FormatEnvoy)
}

// checkNoNames returns an error if the options name fields that a format
// without names cannot have.
func (r *Reader) checkNoNames(format Format) error {
	if name := r.options.Operation; name != "" {
		return fmt.Errorf("the %s format has no field for the operation, and Options.Operation names %q", format, name)
	}
	if name := r.options.Group; name != "" {
		return fmt.Errorf("the %s format has no field for the group, and Options.Group names %q", format, name)
	}
	return nil
}
