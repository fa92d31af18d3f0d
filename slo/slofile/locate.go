package slofile

import (
	"errors"
	"reflect"
	"regexp"
	"strings"

	"github.com/sligo-go/sligo/sli"
)

// Locate returns the mistakes of err, each as an [*Error] with its place in the
// file that was read. It is for mistakes that other packages find in the
// content of the file: paths begin with the name of a field of File, or with a
// parameter: "objectives[2].Window", "Options.Matchers[0]". A mistake without
// such a path has the place of the whole file. If the file was not read, Locate
// returns err.
func (f *File) Locate(err error) error {
	if f.source == nil || err == nil {
		return err
	}
	p := &problems{file: f.source.name}
	for _, e := range sli.Mistakes(err) {
		path := f.source.path(e.Path)
		if place := f.source.place(path); !p.hides(place, path) {
			p.add(place, path, reword(e.Err))
		}
	}
	return p.err()
}

// fileFields are the fields of File.
var fileFields = map[string]bool{"Objectives": true, "Policy": true, "Matchers": true, "Exclusions": true}

// beginning is the first name of a path.
var beginning = regexp.MustCompile(`^[A-Za-z]*`)

// path returns the path in the file of a path of Go fields. Values that come
// from another place, such as an environment, have moved.
func (s *source) path(goPath string) string {
	path := keys(goPath)
	if parameter, field, ok := strings.Cut(goPath, "."); ok && fileFields[beginning.FindString(field)] && !strings.Contains(parameter, "[") {
		path = keys(field)
	}
	for prefix := path; prefix != ""; prefix = parent(prefix) {
		if moved, ok := s.moved[prefix]; ok {
			return s.inherited(moved + strings.TrimPrefix(path, prefix))
		}
	}
	return s.inherited(path)
}

// inherited returns the path of the file's service for the service of an
// indicator without its own.
func (s *source) inherited(path string) string {
	_, own := s.places[path]
	_, file := s.places["service"]
	if !own && file && strings.HasPrefix(path, "indicators[") && strings.HasSuffix(path, "].service") {
		return "service"
	}
	return path
}

// place returns the place of a value, or of the nearest value that contains
// it.
func (s *source) place(path string) mark {
	for {
		if at, known := s.places[path]; known || path == "" {
			return at
		}
		path = parent(path)
	}
}

// segment is a key or an index at the end of a path.
var segment = regexp.MustCompile(`(?:\.?[^.\["]+|\["(?:[^"\\]|\\.)*"\]|\[[0-9]+\])$`)

// parent returns a path without its last key or index.
func parent(path string) string {
	if !strings.Contains(path, `"`) {
		return path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	if at := segment.FindStringIndex(path); at != nil && at[0] < len(path) {
		return path[:at[0]]
	}
	return ""
}

// keyInBrackets is a key of a map in a path, which needs no brackets in the
// file if it is a word.
var keyInBrackets = regexp.MustCompile(`\["([A-Za-z0-9_-]+)"\]`)

// keys returns a path of Go fields with the keys of the file.
func keys(goPath string) string {
	var path strings.Builder
	for i, part := range splitQuoted(keyInBrackets.ReplaceAllString(goPath, `.$1`)) {
		if i%2 == 0 {
			part = goName.ReplaceAllStringFunc(part, snake)
		}
		path.WriteString(part)
	}
	return path.String()
}

var goName = regexp.MustCompile(`\b[A-Z][A-Za-z]*\b`)

// fieldNames are the names of all Go fields of a file.
var fieldNames = names(reflect.TypeFor[document](), make(map[string]bool))

func names(t reflect.Type, known map[string]bool) map[string]bool {
	switch {
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
		names(t.Elem(), known)
	case t.Kind() == reflect.Struct && !isScalar(t):
		for _, f := range fieldsOf(t) {
			known[t.Field(f.index).Name] = true
			names(t.Field(f.index).Type, known)
		}
	}
	return known
}

// reword returns an error whose text has keys of the file in place of the
// names of Go fields.
func reword(err error) error {
	parts := splitQuoted(shorten(err.Error()))
	for i := 0; i < len(parts); i += 2 {
		parts[i] = goName.ReplaceAllStringFunc(parts[i], func(name string) string {
			if fieldNames[name] {
				return snake(name)
			}
			return name
		})
	}
	return errors.New(strings.Join(parts, ""))
}

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// splitQuoted splits a text into parts outside and inside of quotes, in turns.
func splitQuoted(text string) []string {
	var parts []string
	end := 0
	for _, at := range quoted.FindAllStringIndex(text, -1) {
		parts = append(parts, text[end:at[0]], text[at[0]:at[1]])
		end = at[1]
	}
	return append(parts, text[end:])
}
