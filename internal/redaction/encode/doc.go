// Package encode writes values as redacted JSON.
//
// It writes the same JSON as encoding/json with SetEscapeHTML(false), but
// field by field and key by key: a verdict needs the Go name of a field, its
// tag and its type, which the JSON text no longer has. The encoders of one
// policy share an [Encoding], which takes a name.Judge for the names and a
// text.Finder for the strings.
package encode
